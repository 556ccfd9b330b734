"""The weeks of the agency, one after the other, and what each leaves in the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.demo import world as worlds
from connectors.demo.chains import Chains
from connectors.demo.daily import Daily, absence_items
from connectors.demo.standing import Standing

if TYPE_CHECKING:
    from connectors.demo.grid import Meeting
    from connectors.demo.world import World


def meetings(world: World) -> list[Meeting]:
    """Every entry of every calendar, in the order in which the weeks filled up."""
    standing, chains, daily = Standing(world), Chains(world), Daily(world)
    made: list[Meeting] = []
    for number in range(world.story.weeks):
        week = worlds.week(world, number)
        for maker in (standing.hold, chains.hold, daily.hold, daily.blocks):
            made += maker(week)
    made += absence_items(world)
    return made
