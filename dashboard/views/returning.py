"""What keeps coming back, in sentences and sheets: everything the page says comes from one `Signals`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.time import Bar, Part
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.signals import DesignTest, Signal, Signals, TopicMeeting
    from dashboard.words import Words
    from privacy.viewer import Role

QUESTIONS: dict[Role, str] = {
    "self": message("What keeps coming back on my table?"),
    "mt": message("What keeps coming back on our table?"),
    "hr": message("What keeps coming back?"),
}
DESIGNS = {
    "none": message("never designed"),
    "works": message("designed, and it helps much"),
    "helps": message("designed, and it helps some"),
    "not landed": message("designed, but it did not land"),
    "too early": message("designed, too early to tell"),
}
ADVICE = {
    "none": message(
        "No meeting about how to do this was found, only meetings to get through it. One agreement on who decides "
        "what, and when, may save more than the next meeting does."
    ),
    "works": message("After the design meeting there were far fewer of these meetings. Keep that agreement alive."),
    "helps": message("After the design meeting there were somewhat fewer of these meetings; something is still open."),
    "not landed": message(
        "There was a design meeting, but afterwards people met about it as often as before. The agreement may not be "
        "known, not be kept, or not be about what goes wrong."
    ),
    "too early": message("There was a design meeting, but there are too few weeks around it to tell whether it helps."),
}
SHOWN = 8
YEAR = 52


@dataclass(frozen=True)
class ReturningView:
    """The page's headline, its subjects as a picture and a sheet, and what they may save."""

    headline: str
    second: str
    subjects: Part
    saving: Part
    counter_voice: str


def name_of(signal: Signal, words: Words) -> str:
    """What a subject is called: by its words for oneself, by its rank for a group."""
    return signal.topic or words("Subject {number}", number=signal.topic_id)


def returning_view(found: Signals, words: Words, role: Role) -> ReturningView:
    """All that the page says about the subjects that come back."""
    ranked = sorted(found.topics, key=lambda each: (-each.hours, each.topic_id))
    return ReturningView(
        headline=_headline(found, ranked, words, role),
        second=_second(found, words),
        subjects=_subjects(found, ranked, words, role),
        saving=_saving(found, words),
        counter_voice=_counter_voice(found, words),
    )


def _headline(found: Signals, ranked: list[Signal], words: Words, role: Role) -> str:
    if not ranked:
        return words("Nothing keeps coming back in this period.")
    most = ranked[0]
    told = {
        "self": message("“{subject}” keeps coming back: {meetings} meetings in {weeks} weeks, {hours} hours of yours."),
        "mt": message("One subject came back in {meetings} meetings in {weeks} weeks and took {hours} hours of ours."),
        "hr": message("One subject came back in {meetings} meetings in {weeks} weeks and took {hours} person-hours."),
    }
    return words(
        told[role],
        subject=most.topic,
        meetings=words.count(most.meetings),
        weeks=found.window.weeks,
        hours=words.number(most.hours),
    )


def _second(found: Signals, words: Words) -> str:
    if not found.topics:
        return ""
    open_ones = [each for each in found.topics if each.design not in {"works", "helps"}]
    count = words.many("{count} subject comes back", "{count} subjects come back", len(found.topics))
    if not open_ones:
        return words("{count}; each was designed, and that helps.", count=count)
    undesigned = sum(each.design == "none" for each in found.topics)
    return words("{count}; {undesigned} of them were never designed.", count=count, undesigned=undesigned)


def _subjects(found: Signals, ranked: list[Signal], words: Words, role: Role) -> Part:
    longest = max((each.hours for each in ranked), default=1.0) or 1.0
    rows = tuple(_row(each, found, words, role) for each in ranked)
    sheet = Sheet(words("Subjects that come back"), _head(words, role), rows)
    if not ranked:
        return Part("subjects", words("No subject was met on three times or more."), sheet)
    bars = tuple(
        Bar(
            name_of(each, words),
            _meaning(each, found, words),
            each.hours / longest,
            words("{hours} h", hours=words.number(each.hours)),
            palette.COLOURS["design" if each.design in {"works", "helps"} else "coordination"],
        )
        for each in ranked[:SHOWN]
    )
    together = sum(each.hours for each in ranked)
    sentence = words(
        "Subjects that come back take {hours} hours, {share} of the hours in meetings outside series that are not "
        "about design.",
        hours=words.number(together),
        share=words.percent(together / found.hours if found.hours else 0.0),
    )
    return Part("subjects", sentence, sheet, bars)


def _meaning(each: Signal, found: Signals, words: Words) -> str:
    return ", ".join(
        (
            words.many("{count} meeting", "{count} meetings", each.meetings),
            *((_usual(each, words),) if found.history >= YEAR else ()),
            words(DESIGNS[each.design]),
        )
    )


def _usual(each: Signal, words: Words) -> str:
    """A month of this half year against a month of the half year before."""
    return words(
        "{now} a month, was {then}",
        now=words.number(_a_month(each)),
        then=words.number(_a_month_before(each)),
    )


def _a_month(each: Signal) -> float:
    return each.half_year.meetings / each.half_year.blocks


def _a_month_before(each: Signal) -> float:
    blocks = each.year.blocks - each.half_year.blocks
    return (each.year.meetings - each.half_year.meetings) / blocks if blocks > 0 else 0.0


def _head(words: Words, role: Role) -> tuple[str, ...]:
    own = (words("Highest level"),) if role == "self" else ()
    return (
        words("Subject"),
        words("Was it designed?"),
        words("Meetings"),
        words("Hours"),
        words("Months with a meeting"),
        words("Meetings a month"),
        words("In the half year before"),
        words("Teams"),
        words("Follow-ups and escalations"),
        *own,
        words("A week before the design"),
        words("A week after it"),
        words("Hours a year to be saved"),
        words("At least"),
        words("At most"),
    )


def _row(each: Signal, found: Signals, words: Words, role: Role) -> tuple[Cell, ...]:
    test = each.test
    own = (Cell(each.highest_level, "count"),) if role == "self" else ()
    return (
        Cell(name_of(each, words)),
        Cell(words(DESIGNS[each.design])),
        Cell(each.meetings, "count"),
        Cell(each.hours, "number"),
        Cell(each.half_year.persistence, "percent"),
        Cell(_a_month(each), "number"),
        Cell(_a_month_before(each) if found.history >= YEAR else None, "number"),
        Cell(len(each.teams), "count"),
        Cell(each.returning, "percent"),
        *own,
        Cell(test.before if test else None, "number"),
        Cell(test.after if test else None, "number"),
        Cell(each.saved.hours, "count"),
        Cell(each.saved.low, "count"),
        Cell(each.saved.high, "count"),
    )


def _saving(found: Signals, words: Words) -> Part:
    most = [each for each in found.topics if each.saved.hours >= 1][:SHOWN]
    longest = max((each.saved.high for each in most), default=1.0) or 1.0
    rows = tuple(
        (
            Cell(name_of(each, words)),
            Cell(each.saved.hours, "count"),
            Cell(each.saved.low, "count"),
            Cell(each.saved.high, "count"),
        )
        for each in most
    )
    head = (words("Subject"), words("Hours a year to be saved"), words("At least"), words("At most"))
    sheet = Sheet(words("What an agreement may save in a year"), head, rows)
    if not most:
        return Part("saving", words("There is little to be saved here by agreeing on it once."), sheet)
    bars = tuple(
        Bar(
            name_of(each, words),
            words("from {low} to {high}", low=words.count(each.saved.low), high=words.count(each.saved.high)),
            each.saved.hours / longest,
            words("{hours} h", hours=words.count(each.saved.hours)),
            palette.COLOURS["design"],
        )
        for each in most
    )
    first = most[0]
    sentence = words(
        "Agreeing once on “{subject}” may save up to {hours} hours a year.",
        subject=name_of(first, words),
        hours=words.count(first.saved.high),
    )
    return Part("saving", sentence, sheet, bars)


def _counter_voice(found: Signals, words: Words) -> str:
    share = found.without_topic / found.meetings if found.meetings else 0.0
    return words(
        "Coming back is not always a fault: some work is a new case every time, and then meeting about it is the work. "
        "That is why a subject weighs less here when its meetings are not follow-ups or escalations, come in one "
        "burst, or became fewer after a design. For {share} of these meetings the title does not tell the subject, and "
        "people who agree things at the coffee machine leave no design meeting behind. The hours to be saved are a "
        "rough range, resting on {designed} subjects here where a design took hold.",
        share=words.percent(share),
        designed=found.designed,
    )


@dataclass(frozen=True)
class TopicView:
    """One subject opened: what it is, whether designing it helped, and one's own meetings on it."""

    headline: str
    advice: str
    facts: Part
    meetings: Part


def topic_view(signal: Signal, found: Signals, meetings: tuple[TopicMeeting, ...], words: Words) -> TopicView:
    """All that the page says about one subject."""
    return TopicView(
        headline=words(
            "“{subject}”: {meetings} meetings in {weeks} weeks, {hours} hours of yours, {teams} teams.",
            subject=signal.topic,
            meetings=words.count(signal.meetings),
            weeks=found.window.weeks,
            hours=words.number(signal.hours),
            teams=len(signal.teams),
        ),
        advice=words(ADVICE[signal.design]),
        facts=_facts(signal, words),
        meetings=_meetings(meetings, words),
    )


def _facts(signal: Signal, words: Words) -> Part:
    rows: list[tuple[Cell, ...]] = [
        (Cell(words("Meetings")), Cell(signal.meetings, "count")),
        (Cell(words("Hours of yours")), Cell(signal.hours, "number")),
        (Cell(words("Teams")), Cell(len(signal.teams), "count")),
        (Cell(words("Months with a meeting")), Cell(signal.half_year.persistence, "percent")),
        (Cell(words("Escalations")), Cell(signal.escalations, "count")),
        (Cell(words("Follow-ups")), Cell(signal.follow_ups, "count")),
        (Cell(words("Highest level")), Cell(signal.highest_level, "count")),
        (Cell(words("Hours a year to be saved")), Cell(signal.saved.hours, "count")),
    ]
    rows += _tested(signal.test, words)
    sheet = Sheet(words("This subject in numbers"), (words("What"), words("Value")), tuple(rows))
    return Part("topic", _test_sentence(signal.test, words), sheet)


def _tested(test: DesignTest | None, words: Words) -> list[tuple[Cell, ...]]:
    if test is None:
        return []
    dated: list[tuple[Cell, ...]] = [(Cell(words("First design meeting")), Cell(test.first, "date"))]
    if test.before is None:
        return dated
    return [
        *dated,
        (Cell(words("Meetings a week before it")), Cell(test.before, "number")),
        (Cell(words("Meetings a week after it")), Cell(test.after, "number")),
    ]


def _test_sentence(test: DesignTest | None, words: Words) -> str:
    if test is None:
        return words("You were in no design meeting on this.")
    if test.tested is None or test.before is None or test.after is None or test.low is None or test.high is None:
        return words("You were in a design meeting on this; whether it helped cannot be told yet.")
    return words(
        "Around the design meeting of {day} it went from {before} to {after} meetings a week; {low} to {high} times as "
        "many, allowing for chance.",
        day=words.day(test.tested),
        before=words.number(test.before),
        after=words.number(test.after),
        low=words.number(test.low),
        high=words.number(test.high),
    )


def _meetings(meetings: tuple[TopicMeeting, ...], words: Words) -> Part:
    rows = tuple(
        (
            Cell(each.title or words("(no title)")),
            Cell(each.day, "date"),
            Cell(palette.name(words, each.label)),
            Cell(each.hours, "number"),
        )
        for each in meetings
    )
    head = (words("Meeting"), words("Day"), words("Kind of meeting"), words("Hours"))
    sentence = words.many(
        "You were in {count} meeting on this in the whole period, those about design included.",
        "You were in {count} meetings on this in the whole period, those about design included.",
        len(meetings),
    )
    return Part("meetings", sentence, Sheet(words("Your meetings on this subject"), head, rows))
