"""Where escalations come from and where they end, in sentences and sheets: all of it from one `GroupEscalations`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Kind, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.openended import Sentences, at_least, part_cell, part_sentence
from dashboard.views.units import department_name, is_joined
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.released_escalations import Flow, GroupEscalations, Settled, Stretch

MOST_BARS = 8
HUNDRED = 100
END_AT = Sentences(
    message(
        "{share} of escalations end at {top}, on average {gap} levels above the lowest level that met on the subject "
        "before."
    ),
    message(
        "At least {share} of escalations end at {top}, on average {gap} levels above the lowest level that met on the "
        "subject before."
    ),
    message(
        "At most {share} of escalations end at {top}, on average {gap} levels above the lowest level that met on the "
        "subject before."
    ),
)
END_AT_OF = Sentences(
    message(
        "{share} of the escalations of {unit} end at {top}, on average {gap} levels above the lowest level that met on "
        "the subject before."
    ),
    message(
        "At least {share} of the escalations of {unit} end at {top}, on average {gap} levels above the lowest level "
        "that met on the subject before."
    ),
    message(
        "At most {share} of the escalations of {unit} end at {top}, on average {gap} levels above the lowest level "
        "that met on the subject before."
    ),
)


@dataclass(frozen=True)
class EscalationsView:
    """The page's two headline sentences, what it shows, and the counter-voice."""

    headline: str
    second: str
    parts: tuple[Shown, ...]
    counter_voice: str


QUESTION = message("Where do escalations come from and where do they end?")


def escalations_view(found: GroupEscalations, words: Words, unit: str = "") -> EscalationsView:
    """All that the page says about a group's escalations; `unit` is the department that it was narrowed to."""
    settled = (_settled(found.settled, words),) if found.settled else ()
    levels, departments = (
        (part,) if part.sheet.rows else () for part in (_levels(found, words), _departments(found, words))
    )
    return EscalationsView(
        headline=_headline(found, words, department_name(unit, words)),
        second=_second(found, words),
        parts=(*levels, *settled, *departments, _then_and_now(found, words)),
        counter_voice=_counter_voice(words),
    )


def levels_name(name: str, words: Words) -> str:
    """A group of levels as people call it.

    Levels are written as rows have them: `4`, `1-2`.
    """
    if "-" in name:
        return words("levels {name}", name=name.replace("-", "–"))
    return words("level {name}", name=name)


def drawn(flows: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """The ways that have a bar of their own, the largest; all others together are the last bar."""
    return tuple(flow for flow in flows if flow.origin)[:MOST_BARS]


def _headline(found: GroupEscalations, words: Words, unit: str) -> str:
    gap, top = words.number(found.whole.gap or 0.0), levels_name(_top(found), words)
    if found.whole.at_top is not None and unit:
        return part_sentence(found.whole.at_top, END_AT_OF, words, unit=unit, top=top, gap=gap)
    if found.whole.at_top is not None:
        return part_sentence(found.whole.at_top, END_AT, words, top=top, gap=gap)
    if unit:
        return words(
            "The escalations of {unit} end {gap} levels above the lowest level that met on the subject before.",
            unit=unit,
            gap=gap,
        )
    return words("Escalations end {gap} levels above the lowest level that met on the subject before.", gap=gap)


def _top(found: GroupEscalations) -> str:
    band = found.bands[0]
    return str(band[0]) if len(band) == 1 else f"{band[0]}-{band[-1]}"


def _second(found: GroupEscalations, words: Words) -> str:
    before, lately = found.before, found.lately
    if before is None or lately is None:
        return words(
            "About {cases} were followed from an earlier meeting to the last one; it takes {days} days on average.",
            cases=words.count(found.whole.cases),
            days=words.count(found.whole.days or 0.0),
        )
    return words(
        "{lately} a week of late, against {before} a week in the stretch before.",
        lately=words.number(lately.a_week),
        before=words.number(before.a_week),
    )


def _flow_name(flow: Flow, words: Words, levels: bool) -> str:
    if not flow.origin:
        return words("All other ways")
    return " → ".join(_ends(flow, words, levels))


def _ends(flow: Flow, words: Words, levels: bool) -> tuple[str, str]:
    if not flow.origin:
        return words("All other ways"), words("All other ways")
    first, last = (_side_name(name, words, levels) for name in (flow.origin, flow.end))
    return first, last


def _side_name(name: str, words: Words, levels: bool) -> str:
    if not name:
        return words("various")
    if levels:
        return levels_name(name, words)
    return department_name(name, words)


def _sheet(flows: tuple[Flow, ...], caption: str, words: Words, levels: bool) -> Sheet:
    head = (words("From"), words("To"), words("Part of all"))
    rows = ((*(Cell(name) for name in _ends(flow, words, levels)), Cell(at_least(flow.part, words))) for flow in flows)
    return Sheet(caption, head, tuple(rows))


def _bars(flows: tuple[Flow, ...], words: Words, levels: bool) -> tuple[Stroke, ...]:
    """The largest flows, and all others together at the end."""
    alone = drawn(flows)
    bars = [Stroke(_flow_name(flow, words, levels), HUNDRED * flow.part, at_least(flow.part, words)) for flow in alone]
    rest = sum(flow.part for flow in flows if flow not in alone)
    others = Stroke(words("All other ways"), HUNDRED * rest, words.percent(rest), quiet=True)
    return (*bars, *([others] if rest else []))


def _levels(found: GroupEscalations, words: Words) -> Shown:
    flows = found.by_levels
    named = [flow for flow in flows if flow.origin]
    sentence = (
        words(
            "The most travelled way is {way}: {share} of all.",
            way=_flow_name(named[0], words, levels=True),
            share=at_least(named[0].part, words),
        )
        if named
        else words("The ways between levels hold too few people to be told apart.")
    )
    sheet = _sheet(flows, words("Escalations from level to level"), words, levels=True)
    return Shown("levels", words("From level to level"), sentence, sheet, _bars(flows, words, levels=True))


def _departments(found: GroupEscalations, words: Words) -> Shown:
    flows = found.by_departments
    sheet = _sheet(flows, words("Escalations from department to department"), words, levels=False)
    bars = _bars(flows, words, levels=False)
    return Shown("departments", words("From department to department"), _begin_in(flows, words), sheet, bars)


def _begin_in(flows: tuple[Flow, ...], words: Words) -> str:
    """Where most of those begin that are told apart, whichever way they went."""
    parts: dict[str, float] = {}
    for flow in flows:
        if flow.origin and not is_joined(flow.origin):
            parts[flow.origin] = parts.get(flow.origin, 0.0) + flow.part
    if not parts:
        return words("The ways between departments hold too few people to be told apart.")
    most = max(parts, key=lambda name: parts[name])
    return words(
        "Of the ways that may be told apart, most begin in {department}: about {share} of all.",
        department=most,
        share=words.percent(min(1.0, parts[most])),
    )


def _then_and_now(found: GroupEscalations, words: Words) -> Shown:
    whole, before, lately = found.whole, found.before, found.lately
    stretches = [each for each in (whole, before, lately) if each]
    head = (
        words("Figure"),
        words("Whole period"),
        *((words("Stretch before"), words("Of late")) if before and lately else ()),
    )
    rows: list[tuple[Cell, ...]] = []

    def row(name: str, kind: Kind, values: list[float | None]) -> None:
        cells = (part_cell(each, words) if kind == "percent" else Cell(each, kind) for each in values)
        rows.append((Cell(name), *cells))

    row(words("Escalations a week"), "number", [each.a_week for each in stretches])
    row(words("Levels climbed"), "number", [each.gap for each in stretches])
    row(words("Days from first to last meeting"), "count", [each.days for each in stretches])
    if whole.at_top is not None:
        name = words("Part that ends at {top}", top=levels_name(_top(found), words))
        row(name, "percent", [each.at_top for each in stretches])
    row(words("Part up one line of managers"), "percent", [each.line for each in stretches])
    sheet = Sheet(words("Escalations, on average"), head, tuple(rows))
    return Shown("summary", words("What it takes"), _takes(whole, before, lately, words), sheet)


def _takes(whole: Stretch, before: Stretch | None, lately: Stretch | None, words: Words) -> str:
    if before and lately and before.days is not None and lately.days is not None:
        return words(
            "From the first meeting to the last takes {lately} days of late, against {before} days before.",
            lately=words.count(lately.days),
            before=words.count(before.days),
        )
    return words("From the first meeting to the last takes {days} days.", days=words.count(whole.days or 0.0))


def _settled(found: Settled, words: Words) -> Shown:
    """What people say no to when line and process ask at the same time."""
    parts = (
        (words("Declined the meeting of the line"), found.line_declined),
        (words("Declined the meeting of the process"), found.process_declined),
        (words("Declined both or neither"), found.both_or_neither),
    )
    sheet = Sheet(
        words("Asked by the line and by the process at the same time"),
        (words("What they did"), words("Part of all")),
        tuple((Cell(name), Cell(part, "percent")) for name, part in parts),
    )
    sentence = words(
        "About {times} times somebody was asked by the line and by the process at once: {line} declined the line and "
        "{process} the process.",
        times=words.count(found.times),
        line=words.percent(found.line_declined),
        process=words.percent(found.process_declined),
    )
    strokes = tuple(Stroke(name, HUNDRED * part, words.percent(part)) for name, part in parts)
    return Shown("settled", words("Line or process?"), sentence, sheet, strokes)


def _counter_voice(words: Words) -> str:
    proper = words(
        "To escalate is often the right thing: some decisions belong higher up. What is worth asking is why the same "
        "way is travelled again and again."
    )
    outside = words("Talks outside the calendar, and meetings whose subject nobody can tell, are not in it.")
    return f"{proper} {outside}"
