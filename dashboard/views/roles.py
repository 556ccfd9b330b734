"""Designing or coordinating, in sentences and sheets: everything the page says comes from one `RolesSeen`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.roles.mix import ROLES
from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.time import Bar, Part
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.habits import Habit, Habits
    from analysis.roles.mix import Mix
    from analysis.roles.roleweeks import RoleWeek
    from analysis.roles.standing import Standing
    from dashboard.words import Words
    from privacy.ownwork import RolesSeen
    from privacy.viewer import Role

QUESTIONS: dict[Role, str] = {
    "self": message("Am I designing or coordinating?"),
    "mt": message("Are we designing or coordinating?"),
    "hr": message("Do people design or coordinate?"),
}
HEADLINES: dict[Role, str] = {
    "self": message("You spend {coordination} of your working time coordinating and {design} designing."),
    "mt": message("We spend {coordination} of our working time coordinating and {design} designing."),
    "hr": message("People spend {coordination} of their working time coordinating and {design} designing."),
}
# What is said where design is too little, or rests on too few people, to be told apart.
ALONE: dict[Role, str] = {
    "mt": message("We spend {coordination} of our working time coordinating; designing is not told apart."),
    "hr": message("People spend {coordination} of their working time coordinating; designing is not told apart."),
}
SIDES = {
    "line": message("Coordination in the line"),
    "process": message("Coordination across teams"),
    "unsided": message("Coordination of which it is not known"),
}
HABITS = {
    "back_to_back": (message("Back to back"), message("begins within five minutes of the one before")),
    "after_hours": (message("Outside office hours"), message("before nine, after five, at weekends and on holidays")),
    "short_notice": (message("At short notice"), message("called less than a day ahead")),
    "double_booking": (message("Two at once"), message("you were expected in two meetings at the same time")),
    "three_levels": (message("Three levels in one room"), message("three layers of the organisation or more")),
    "endless_series": (message("Without an end"), message("series older than half a year that still meet")),
}
OF_MANY = message(
    "A calendar shows meetings. Somebody who designs alone at a desk, or settles things between meetings, counts here "
    "as doing the work, and so do leave and meetings without a label: both designing and coordinating may be more than "
    "this. These are rounded figures of an audited release, in which escalations and incidents of few people are told "
    "under other meetings. And another mix than elsewhere is no fault: it says that the function on paper and the days "
    "differ."
)
MOST_SUBJECTS = 6
PURE, MIXED = 0.6, 0.3


@dataclass(frozen=True)
class RolesView:
    """The page's headline and its parts; days, habits and subjects are a person's own."""

    headline: str
    second: str
    mix: Part
    sides: Part | None
    weeks: Part | None
    day: Part | None
    habits: Part | None
    subjects: Part | None
    counter_voice: str

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts there are."""
        found = (self.mix, self.sides, self.weeks, self.day, self.habits, self.subjects)
        return tuple(part for part in found if part is not None)


def roles_view(seen: RolesSeen, words: Words, role: Role) -> RolesView:
    """All that the page says about roles and habits."""
    mix, own = seen.mix, role == "self"
    return RolesView(
        headline=_headline(mix, words, role),
        second=" ".join(filter(None, (_lately(seen, words), _standing(seen, words)))),
        mix=_mix(seen, words),
        sides=_sides(mix, words) if mix.line + mix.process else None,
        weeks=_weeks(seen, words) if own else _weeks_of_many(seen, words),
        day=_day(mix, words) if own else None,
        habits=_habits(seen.lately, seen.usually, words) if seen.lately else None,
        subjects=_subjects(seen, words) if seen.both_sides else None,
        counter_voice=_counter_voice(seen.lately, words) if seen.lately else words(OF_MANY),
    )


def _headline(mix: Mix, words: Words, role: Role) -> str:
    coordination = words.percent(mix.coordination_share or 0.0)
    if mix.design_share is None and mix.coordination_share is not None:
        return words(ALONE[role], coordination=coordination)
    return words(HEADLINES[role], coordination=coordination, design=words.percent(mix.design_share or 0.0))


def _lately(seen: RolesSeen, words: Words) -> str:
    recent, usual = seen.weeks.recent, seen.weeks.usual
    if usual is None or not recent.shares or not usual.shares:
        return words("There are no earlier weeks to compare this with.")
    return words(
        "In the last {recent} weeks coordinating took {now}; in the {usual} weeks before, {then}.",
        recent=recent.period.weeks,
        usual=usual.period.weeks,
        now=words.percent(recent.shares["coordination"]),
        then=words.percent(usual.shares["coordination"]),
    )


def _standing(seen: RolesSeen, words: Words) -> str:
    found = next((each for each in seen.standing if each.role == "coordination"), None)
    if found is None:
        return ""
    same = {
        "level and function": message(
            "Of the {peers} others with your function and level, the middle half is between {low} and {high}."
        ),
        "level": message("Of the {peers} others at your level, the middle half is between {low} and {high}."),
    }
    return words(same[found.among], peers=found.peers, low=words.percent(found.low), high=words.percent(found.high))


def _mix(seen: RolesSeen, words: Words) -> Part:
    mix, weeks = seen.mix, seen.weeks
    others = {each.role: each for each in seen.standing}
    head = [words("Role"), words("Share of working time"), words("Hours")]
    if weeks.usual:
        head += [
            words("Last {count} weeks", count=weeks.recent.period.weeks),
            words("{count} weeks before", count=weeks.usual.period.weeks),
        ]
    if others:
        head += [words("Others, lower quarter"), words("Others, middle"), words("Others, upper quarter")]
    told = _told(mix)
    rows = tuple(_mix_row(seen, words, role, others.get(role)) for role in told)
    bars = tuple(
        Bar(
            palette.role(words, role),
            palette.role_meaning(words, role),
            _of(mix, role),
            words.percent(_of(mix, role)),
            palette.ROLES[role],
        )
        for role in told
    )
    return Part("mix", _mix_sentence(mix, words), Sheet(words("Working time by role"), tuple(head), rows), bars)


def _told(mix: Mix) -> tuple[str, ...]:
    """All roles, but for design where only the others have a share."""
    return tuple(role for role in ROLES if role != "design" or mix.design_share is not None or not mix.execution_share)


def _mix_row(seen: RolesSeen, words: Words, role: str, others: Standing | None) -> tuple[Cell, ...]:
    weeks, hours = seen.weeks, _hours(seen.mix, role)
    cells = [Cell(palette.role(words, role)), Cell(_of(seen.mix, role), "percent"), Cell(hours, "number")]
    if weeks.usual:
        cells += [Cell(span.shares.get(role), "percent") for span in (weeks.recent, weeks.usual)]
    if others:
        cells += [Cell(value, "percent") for value in (others.low, others.middle, others.high)]
    return tuple(cells)


def _of(mix: Mix, role: str) -> float:
    return {"design": mix.design_share, "coordination": mix.coordination_share}.get(role, mix.execution_share) or 0.0


def _hours(mix: Mix, role: str) -> float:
    coordination = mix.line + mix.process + mix.unsided + mix.escalation + mix.incident
    return {"design": mix.design, "coordination": coordination}.get(role, mix.execution)


def _mix_sentence(mix: Mix, words: Words) -> str:
    design, coordination = mix.design_share or 0.0, mix.coordination_share or 0.0
    if "design" not in _told(mix):
        return words("Designing is too little to be told apart here; it is counted as doing the work.")
    if not coordination:
        return words("No coordination was found in this period.")
    if not design:
        return words("No design was found in this period.")
    return words(
        "For every hour of designing there are {times} hours of coordinating.",
        times=words.number(coordination / design),
    )


def _sides(mix: Mix, words: Words) -> Part:
    """How coordination divides between the line and the process."""
    hours = {side: getattr(mix, side) for side in SIDES if getattr(mix, side)}
    total = sum(hours.values())
    head = (words("Coordination"), words("Share of coordination"), words("Hours"))
    rows = tuple(
        (Cell(words(SIDES[side])), Cell(spent / total, "percent"), Cell(spent, "number"))
        for side, spent in hours.items()
    )
    bars = tuple(
        Bar(words(SIDES[side]), "", spent / total, words.percent(spent / total), palette.COLOURS["coordination"])
        for side, spent in hours.items()
    )
    sentence = words(
        "Of coordination {line} is in the line, between a manager and their people, and {process} goes across teams.",
        line=words.percent(mix.line / total),
        process=words.percent(mix.process / total),
    )
    return Part("sides", sentence, Sheet(words("Line or process"), head, rows), bars)


def _weeks_sheet(seen: RolesSeen, words: Words) -> Sheet:
    head = (words("Week"), words("Monday"), *(palette.role(words, role) for role in ROLES), words("Together"))
    rows = tuple(
        (
            Cell(week.week, "week"),
            Cell(week.week, "date"),
            *(Cell(week.hours[role], "number") for role in ROLES),
            Cell(sum(week.hours.values()), "number"),
        )
        for week in seen.weeks.weeks
    )
    return Sheet(words("Hours by role, week by week"), head, rows)


def _weeks_of_many(seen: RolesSeen, words: Words) -> Part | None:
    """The weeks of a group, each with the figures of the stretch of time it is told in."""
    shares = [week.hours["coordination"] / (sum(week.hours.values()) or 1.0) for week in seen.weeks.weeks]
    if not shares:
        return None
    low, high = (words.percent(share) for share in (min(shares), max(shares)))
    text = (
        words("These weeks are told together: coordinating took {share} of working time.", share=low)
        if low == high
        else words("Coordinating took between {low} and {high} of working time.", low=low, high=high)
    )
    return Part("weeks", text, _weeks_sheet(seen, words))


def _weeks(seen: RolesSeen, words: Words) -> Part:
    sheet = _weeks_sheet(seen, words)
    most = max((week for week in seen.weeks.weeks if week.hours["design"]), key=_design_share, default=None)
    if most is None:
        return Part("weeks", words("There is no week with design in it."), sheet)
    sentence = words(
        "{without} of {weeks} weeks had no design at all; {week} had the most.",
        without=sum(not week.hours["design"] for week in seen.weeks.weeks),
        weeks=len(seen.weeks.weeks),
        week=words.week(most.week),
    )
    return Part("weeks", sentence, sheet)


def _design_share(week: RoleWeek) -> float:
    return week.hours["design"] / (sum(week.hours.values()) or 1.0)


def _day(mix: Mix, words: Words) -> Part:
    rows = (
        (Cell(words("Changes of role in a working day")), Cell(mix.switches, "number")),
        (Cell(words("Purity: 100 is one role only, 0 is three equal parts")), Cell(_hundred(mix.purity), "count")),
        (Cell(words("Working days counted")), Cell(mix.days, "count")),
    )
    sheet = Sheet(words("How pure the roles are"), (words("What"), words("Value")), rows)
    if mix.switches is None or mix.purity is None:
        return Part("day", words("There is too little to say how pure the roles are."), sheet)
    kind = (
        message("Each day goes from one role to another {switches} times, though one role prevails.")
        if mix.purity >= PURE
        else message("Each day goes from one role to another {switches} times; the roles are mixed.")
        if mix.purity >= MIXED
        else message("Each day goes from one role to another {switches} times; the roles are strongly mixed.")
    )
    return Part("day", words(kind, switches=words.number(mix.switches)), sheet)


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _habits(lately: Habits, usually: Habits | None, words: Words) -> Part:
    usual = {habit.code: habit for habit in usually.habits} if usually else {}
    found = sorted((habit for habit in lately.habits if habit.code in HABITS), key=lambda each: -each.share)
    rows = tuple(_habit_row(habit, usual.get(habit.code), words, lately.period.weeks) for habit in found)
    head = (words("Habit"), words("Share of meeting hours"), words("As usual"), words("Hours a week"))
    sheet = Sheet(words("Habits of the last {count} weeks", count=lately.period.weeks), head, rows)
    bars = tuple(_habit_bar(habit, usual.get(habit.code), words) for habit in found)
    if not found or not found[0].share:
        return Part("habits", words("None of these habits was found."), sheet)
    sentence = words(
        "The strongest habit of the last {weeks} weeks: {habit}, {share} of meeting hours.",
        weeks=lately.period.weeks,
        habit=words(HABITS[found[0].code][0]).lower(),
        share=words.percent(found[0].share),
    )
    return Part("habits", sentence, sheet, bars)


def _habit_row(habit: Habit, usual: Habit | None, words: Words, weeks: int) -> tuple[Cell, ...]:
    return (
        Cell(words(HABITS[habit.code][0])),
        Cell(habit.share, "percent"),
        Cell(usual.share if usual else None, "percent"),
        Cell(habit.hours / weeks, "number"),
    )


def _habit_bar(habit: Habit, usual: Habit | None, words: Words) -> Bar:
    name, meaning = HABITS[habit.code]
    said = words(meaning)
    if usual:
        said = words("{meaning}; usually {share}", meaning=said, share=words.percent(usual.share))
    return Bar(words(name), said, habit.share, words.percent(habit.share), palette.COLOURS["coordination"])


def _subjects(seen: RolesSeen, words: Words) -> Part:
    most = seen.both_sides[:MOST_SUBJECTS]
    longest = max(side.hours for side in most) or 1.0
    rows = tuple(
        (
            Cell(side.topic),
            Cell(side.design_meetings, "count"),
            Cell(side.other_meetings, "count"),
            Cell(side.hours, "number"),
        )
        for side in seen.both_sides
    )
    head = (words("Subject"), words("Design meetings"), words("Other meetings"), words("Hours"))
    sheet = Sheet(words("Subjects that you both design and carry out"), head, rows)
    bars = tuple(
        Bar(
            side.topic,
            words(
                "{design} on how it will be done, {other} to do it",
                design=side.design_meetings,
                other=side.other_meetings,
            ),
            side.hours / longest,
            words("{hours} h", hours=words.number(side.hours)),
            palette.COLOURS["design"],
        )
        for side in most
    )
    sentence = words.many(
        "On {count} subject you both say how it will be done and do it.",
        "On {count} subjects you both say how it will be done and do it.",
        len(seen.both_sides),
    )
    return Part("subjects", sentence, sheet, bars)


def _counter_voice(lately: Habits, words: Words) -> str:
    return words(
        "A calendar shows meetings. Somebody who designs alone at a desk, or settles things between meetings, counts "
        "here as doing the work, so both designing and coordinating may be more than this. Holidays and leave are "
        "taken out of working time and cannot explain it. {labelled} of the meeting hours have a label; a wrong one "
        "moves hours from one role to another. And another mix than others have is no fault: it says that the function "
        "on paper and the days differ.",
        labelled=words.percent(lately.coverage.labelled),
    )
