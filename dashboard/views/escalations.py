"""Where escalations come from and where they end, in sentences and sheets: all of it from one `GroupEscalations`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Kind, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.escalations.conflicts import Settled
    from dashboard.words import Words
    from privacy.group_flows import Flow, GroupEscalations, Stretch

MOST_BARS = 8


@dataclass(frozen=True)
class EscalationsView:
    """The page's two headline sentences, what it shows, and the counter-voice."""

    headline: str
    second: str
    parts: tuple[Shown, ...]
    counter_voice: str


QUESTION = message("Where do escalations come from and where do they end?")


def escalations_view(found: GroupEscalations, words: Words) -> EscalationsView:
    """All that the page says about a group's escalations."""
    settled = (_settled(found.settled, words),) if found.settled and found.settled.pairs else ()
    levels, departments = (
        (part,) if part.sheet.rows else () for part in (_levels(found, words), _departments(found, words))
    )
    return EscalationsView(
        headline=_headline(found, words),
        second=_second(found, words),
        parts=(*levels, *settled, *departments, _then_and_now(found, words)),
        counter_voice=_counter_voice(found, words),
    )


def levels_name(name: str, words: Words) -> str:
    """A group of levels as people call it.

    Levels are written as rows have them: `4`, `1-2`.
    """
    if "-" in name:
        return words("levels {name}", name=name.replace("-", "–"))
    return words("level {name}", name=name)


def _headline(found: GroupEscalations, words: Words) -> str:
    gap = words.number(found.gap.mean or 0.0)
    if found.at_top is None:
        return words("Escalations end {gap} levels above the lowest level that met on the subject before.", gap=gap)
    return words(
        "{share} of escalations end at {top}, on average {gap} levels above the lowest level that met on the subject "
        "before.",
        share=words.percent(found.at_top),
        top=levels_name(_top(found), words),
        gap=gap,
    )


def _top(found: GroupEscalations) -> str:
    band = found.bands[0]
    return str(band[0]) if len(band) == 1 else f"{band[0]}-{band[-1]}"


def _second(found: GroupEscalations, words: Words) -> str:
    before, lately = found.before, found.lately
    if before is None or lately is None:
        return words(
            "{cases} were followed from an earlier meeting to the last one; it takes {days} days on average.",
            cases=words.count(found.cases),
            days=words.count(found.days.mean or 0.0),
        )
    return words(
        "{lately} a week of late, against {before} a week in the stretch before.",
        lately=words.number(lately.a_week),
        before=words.number(before.a_week),
    )


def _flow_name(flow: Flow, words: Words, levels: bool) -> str:
    if not flow.origin:
        return words("All other ways")
    ends = [levels_name(name, words) if levels else name for name in (flow.origin, flow.end)]
    return f"{ends[0]} → {ends[1]}"


def _sheet(flows: tuple[Flow, ...], caption: str, words: Words, levels: bool) -> Sheet:
    head = (
        words("From"),
        words("To"),
        words("Escalations"),
        words("Hours"),
        words("People where it began"),
        words("People where it ended"),
    )
    rows = tuple(
        (
            *(Cell(name) for name in _ends(flow, words, levels)),
            Cell(flow.cases, "count"),
            Cell(flow.hours, "count"),
            Cell(flow.origin_people, "count"),
            Cell(flow.end_people, "count"),
        )
        for flow in flows
    )
    return Sheet(caption, head, rows)


def _ends(flow: Flow, words: Words, levels: bool) -> tuple[str, str]:
    if not flow.origin:
        return words("All other ways"), words("All other ways")
    first, last = (levels_name(name, words) if levels else name for name in (flow.origin, flow.end))
    return first, last


def _bars(flows: tuple[Flow, ...], words: Words, levels: bool) -> tuple[Stroke, ...]:
    """The largest flows, and all others together at the end."""
    named = [flow for flow in flows if flow.origin]
    bars = [
        Stroke(_flow_name(flow, words, levels), float(flow.cases), words.count(flow.cases))
        for flow in named[:MOST_BARS]
    ]
    rest = sum(flow.cases for flow in (*named[MOST_BARS:], *(flow for flow in flows if not flow.origin)))
    return (*bars, *([Stroke(words("All other ways"), float(rest), words.count(rest), quiet=True)] if rest else []))


def _levels(found: GroupEscalations, words: Words) -> Shown:
    flows = found.by_levels
    named = [flow for flow in flows if flow.origin]
    if named:
        sentence = words(
            "The most travelled way is {way}: {cases} of {all}.",
            way=_flow_name(named[0], words, levels=True),
            cases=words.count(named[0].cases),
            all=words.count(found.cases),
        )
    else:
        sentence = words("The ways between levels hold too few people to be told apart.")
    sheet = _sheet(flows, words("Escalations from level to level"), words, levels=True)
    return Shown("levels", words("From level to level"), sentence, sheet, _bars(flows, words, levels=True))


def _departments(found: GroupEscalations, words: Words) -> Shown:
    flows = found.by_departments
    inside = sum(flow.cases for flow in flows if flow.origin and flow.origin == flow.end)
    across = sum(flow.cases for flow in flows if flow.origin and flow.origin != flow.end)
    sentence = words(
        "Of the ways that may be told apart, {inside} escalations stayed in one department and {across} crossed a "
        "border.",
        inside=words.count(inside),
        across=words.count(across),
    )
    sheet = _sheet(flows, words("Escalations from department to department"), words, levels=False)
    return Shown("departments", words("From department to department"), sentence, sheet, _bars(flows, words, False))


def _then_and_now(found: GroupEscalations, words: Words) -> Shown:
    before, lately = found.before, found.lately
    stretches = [each for each in (before, lately) if each]
    head = (
        words("Figure"),
        words("Whole period"),
        *((words("Stretch before"), words("Of late")) if len(stretches) == 2 else ()),
    )
    rows: list[tuple[Cell, ...]] = []

    def row(name: str, whole: float | None, kind: Kind, values: list[float | None]) -> None:
        rows.append((Cell(name), Cell(whole, kind), *(Cell(each, kind) for each in values)))

    weeks = found.period.weeks
    row(words("Escalations a week"), found.cases / weeks, "number", [each.a_week for each in stretches])
    row(words("Levels climbed"), found.gap.mean, "number", [each.gap for each in stretches])
    row(words("Days from first to last meeting"), found.days.mean, "count", [each.days for each in stretches])
    if found.at_top is not None:
        name = words("Part that ends at {top}", top=levels_name(_top(found), words))
        row(name, found.at_top, "percent", [each.at_top for each in stretches])
    row(words("Part up one line of managers"), found.line, "percent", [each.line for each in stretches])
    sheet = Sheet(words("Escalations, on average"), head, tuple(rows))
    return Shown("summary", words("What it takes"), _takes(found, before, lately, words), sheet)


def _takes(found: GroupEscalations, before: Stretch | None, lately: Stretch | None, words: Words) -> str:
    if before and lately and before.days is not None and lately.days is not None:
        return words(
            "From the first meeting to the last takes {lately} days of late, against {before} days before.",
            lately=words.count(lately.days),
            before=words.count(before.days),
        )
    return words("From the first meeting to the last takes {days} days.", days=words.count(found.days.mean or 0.0))


def _settled(found: Settled, words: Words) -> Shown:
    """What people say no to when line and process ask at the same time."""
    parts = (
        (words("Declined the meeting of the line"), found.line_declined),
        (words("Declined the meeting of the process"), found.process_declined),
        (words("Declined both"), found.both_declined),
        (words("Declined neither"), found.unsettled),
    )
    rows = tuple((Cell(name), Cell(count, "count"), Cell(count / found.pairs, "percent")) for name, count in parts)
    sheet = Sheet(
        words("Asked by the line and by the process at the same time"),
        (words("What they did"), words("Times"), words("Part of all")),
        rows,
    )
    sentence = words(
        "{times} times somebody was asked by the line and by the process at once; {share} declined neither.",
        times=words.count(found.pairs),
        share=words.percent(found.unsettled / found.pairs),
    )
    strokes = tuple(Stroke(name, float(count), words.count(count)) for name, count in parts)
    return Shown("settled", words("Line or process?"), sentence, sheet, strokes)


def _counter_voice(found: GroupEscalations, words: Words) -> str:
    proper = words(
        "To escalate is often the right thing: some decisions belong higher up. What is worth asking is why the same "
        "way is travelled again and again."
    )
    unknown = words(
        "Of {all} escalation meetings {history} had no earlier meeting that we can see and {topic} no subject that we "
        "can tell; talks outside the calendar are not in it.",
        all=words.count(found.escalations),
        history=words.count(found.without_history),
        topic=words.count(found.without_topic),
    )
    return f"{proper} {unknown}"
