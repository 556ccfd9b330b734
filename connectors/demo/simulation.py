"""The weeks of the agency, one after the other, and what each leaves in the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.demo import world as worlds
from connectors.demo.chains import Chains
from connectors.demo.daily import Daily, absence_items
from connectors.demo.dice import Dice
from connectors.demo.grid import DAYS
from connectors.demo.standing import Standing

if TYPE_CHECKING:
    from connectors.demo.grid import Meeting
    from connectors.demo.world import World

TEAM_TABLES = frozenset({"team", "standup"})
MOST_OF_WEEK, WITHOUT_LEAD = 3, 0.9


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
    """What a team's table plans for a week in which a lead whom nobody replaces is away, is called off mostly."""
    dice, presence = Dice(world.organisation.seed, 6), world.presence
    called_off: dict[tuple[int, int], bool] = {}
    for meeting in made:
        week = meeting.day // DAYS
        if waits_for_lead(meeting, world) and presence.days_at_work(meeting.organizer, week) < MOST_OF_WEEK:
            # One word for the whole week: a daily one is not called off day by day.
            called_off.setdefault((meeting.series, week), dice.chance(WITHOUT_LEAD))
            meeting.cancelled = meeting.cancelled or called_off[meeting.series, week]


def waits_for_lead(meeting: Meeting, world: World) -> bool:
    """Whether a meeting is at a team's table that stands still while its lead is away."""
    return meeting.purpose in TEAM_TABLES and meeting.organizer in world.cast.leads_alone
