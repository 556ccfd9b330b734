"""The weeks of the agency, one after the other, and what each leaves in the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.demo import world as worlds
from connectors.demo.chains import Chains
from connectors.demo.daily import Daily, absence_items
from connectors.demo.grid import DAYS
from connectors.demo.standing import Standing

if TYPE_CHECKING:
    from connectors.demo.grid import Meeting
    from connectors.demo.world import World

MOST_OF_WEEK = 3


def meetings(world: World) -> list[Meeting]:
    """Every entry of every calendar, in the order in which the weeks filled up."""
    standing, chains, daily = Standing(world), Chains(world), Daily(world)
    made: list[Meeting] = []
    for number in range(world.story.weeks):
        week = worlds.week(world, number)
        for maker in (standing.hold, chains.hold, daily.hold, daily.blocks):
            made += maker(week)
    _call_off_without_lead(made, world)
    made += absence_items(world)
    return made


def _call_off_without_lead(made: list[Meeting], world: World) -> None:
    """What a team's table plans for a week in which a lead whom nobody replaces is away, is called off."""
    for meeting in made:
        away = world.presence.days_at_work(meeting.organizer, meeting.day // DAYS) < MOST_OF_WEEK
        if away and waits_for_lead(meeting, world):
            meeting.cancelled = True


def waits_for_lead(meeting: Meeting, world: World) -> bool:
    """Whether a meeting is at a team's table that stands still while its lead is away."""
    return meeting.purpose == "team" and meeting.organizer in world.cast.leads_alone
