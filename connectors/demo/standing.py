"""Meetings that come back, week by week: held, moved, called off or quietly missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.demo.grid import DAYS, Meeting
from connectors.demo.organisation import MANAGEMENT
from connectors.demo.series import Planner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.demo.series import Series
    from connectors.demo.world import Week, World

# How the chance of a series being skipped follows an empty week.
SKIPPED = {"standup": 0.1, "allhands": 1.0}
BILAS = {"bila", "bila_up"}


class Standing:
    """The occurrences of all series of the agency."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.series = Planner(world).series

    def hold(self, week: Week) -> Iterator[Meeting]:
        """The occurrences of one week, put into its calendars."""
        for series in self.series:
            if series.meets(week.number):
                people = self._members(series, week)
                for weekday in series.weekdays:
                    meeting = self._occurrence(series, week, weekday, people)
                    if meeting is not None:
                        yield meeting

    def _members(self, series: Series, week: Week) -> list[int]:
        level = week.roster.level
        if series.team != MANAGEMENT:
            return [series.organizer, *(p for p in week.roster.members[series.team] if p != series.organizer)]
        if series.department >= 0:
            leads = [t.lead for t in self.world.teams(week.number) if t.department == series.department]
            return [series.organizer, *leads]
        return [person for person in series.people if person in level]

    def _occurrence(self, series: Series, week: Week, weekday: int, people: list[int]) -> Meeting | None:
        if len(people) < 2:
            return None
        organizer = series.organizer if series.organizer in people else people[0]
        meeting = Meeting(
            series.purpose,
            series.title,
            organizer,
            list(people),
            series.length,
            series=series.number,
            topic=series.topic,
            room=series.room,
            planned=(week.number * DAYS + weekday, series.slot),
        )
        once = len(series.weekdays) == 1
        if self.world.presence.closed[week.number * DAYS + weekday]:
            return self._elsewhere(meeting, week, weekday) if once and self.world.dice.chance(0.3) else None
        if series.purpose in BILAS and any(week.grid.out[weekday][person] for person in people):
            return self._missed_bila(meeting, week, weekday)
        return self._usually_held(meeting, week, weekday, once=once)

    def _usually_held(self, meeting: Meeting, week: Week, weekday: int, *, once: bool) -> Meeting | None:
        dice = self.world.dice
        if dice.chance((1 - week.season) * SKIPPED.get(meeting.purpose, 0.25)):
            return self._called_off(meeting)
        if dice.chance(0.26 if meeting.organizer in self.world.cast.cancels else 0.03):
            return self._called_off(meeting)
        if once and dice.chance(0.035):
            return self._elsewhere(meeting, week, weekday)
        return self._as_planned(meeting, week, weekday)

    def _as_planned(self, meeting: Meeting, week: Week, weekday: int) -> Meeting:
        team = week.roster.team_of.get(meeting.organizer, MANAGEMENT)
        week.grid.book(meeting, weekday, meeting.planned[1] if meeting.planned else meeting.slot)
        if meeting.purpose == "team":
            week.line_slots.setdefault(team, []).append((weekday, meeting.slot))
        return meeting

    def _elsewhere(self, meeting: Meeting, week: Week, weekday: int) -> Meeting | None:
        everybody = list(meeting.people)
        others = [day for day in range(DAYS) if day != weekday]
        placed = week.grid.place(meeting, self.world.dice.sample(others, 4))
        meeting.people = everybody
        return meeting if placed else self._called_off(meeting)

    def _missed_bila(self, meeting: Meeting, week: Week, weekday: int) -> Meeting | None:
        roll = self.world.dice.roll()
        if roll < 0.2:
            return self._as_planned(meeting, week, weekday)
        meeting.required = frozenset(meeting.people)
        return self._elsewhere(meeting, week, weekday) if roll < 0.5 else self._called_off(meeting)

    def _called_off(self, meeting: Meeting) -> Meeting | None:
        """Half of what is called off leaves a trace; the rest was deleted."""
        if self.world.dice.chance(0.5) or meeting.planned is None:
            return None
        meeting.day, meeting.slot = meeting.planned
        meeting.cancelled = True
        return meeting
