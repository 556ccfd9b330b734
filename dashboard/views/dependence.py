"""On whom it depends, in sentences and sheets: one's own card, or how it is spread over a large group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.dependence import Card, Reason
    from dashboard.words import Words
    from privacy.group_dependence import GroupDependence, OwnCard

# The rules of analysis.dependence, as the page says them.
NEEDED_DAYS = 10
BANDS = {
    "0-4": message("Fewer than five people carry work that waits while they are away."),
    "5-9": message("Between five and nine people carry work that waits while they are away."),
    "10+": message("Ten people or more carry work that waits while they are away."),
}
BAND_NAMES = {"0-4": message("0 to 4"), "5-9": message("5 to 9"), "10+": message("10 or more")}
IS_NOT = message(
    "This is no measure of how good or how important somebody is. A high number says that an agreement is missing: "
    "nobody else may decide, or nobody else knows how."
)
QUESTION = message("On whom does it depend?")


@dataclass(frozen=True)
class Range:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Amount:
    """One bar of the picture: a name and a number of meetings; a quiet one is there to compare with."""

    name: str
    value: float
    quiet: bool = False


@dataclass(frozen=True)
class DependenceView:
    """The page's headline, picture and sheets; `range` is only there for one's own card."""

    headline: str
    second: str
    enough: bool
    picture_sentence: str
    amounts: tuple[Amount, ...]
    range: Range | None
    reasons: tuple[str, ...]
    sheets: dict[str, Sheet]
    is_not: str
    counter_voice: str


def own_view(own: OwnCard, words: Words) -> DependenceView:
    """All that the page says about one's own card."""
    card = own.card
    return DependenceView(
        headline=_own_headline(card, words),
        second=_own_second(card, words),
        enough=card.enough_data,
        picture_sentence=_held_sentence(card, words),
        amounts=_held(card, words),
        range=Range(card.waiting.meetings, card.waiting.low, card.waiting.high) if card.enough_data else None,
        reasons=tuple(sentence for reason in card.reasons if (sentence := _reason(reason, words))),
        sheets={"card": _own_sheet(card, words)},
        is_not=words(IS_NOT),
        counter_voice=_own_counter_voice(card, words),
    )


def group_view(group: GroupDependence, words: Words) -> DependenceView:
    """All that the page says about a large group; no person is in it."""
    amounts = tuple(Amount(f"{each.function}, {each.department}", each.waiting_meetings) for each in group.functions)
    return DependenceView(
        headline=words(BANDS[group.at_risk]),
        second=_concentration(group, words),
        enough=group.measurable > 0,
        picture_sentence=_functions_sentence(group, words),
        amounts=amounts,
        range=None,
        reasons=(),
        sheets={"spread": _spread_sheet(group, words), "functions": _functions_sheet(group, words)},
        is_not=words(IS_NOT),
        counter_voice=words(
            "Only an absence shows what waits, and {unknown} of {people} people were away too briefly to tell: they "
            "are unknown, not safe. Quiet weeks are taken out, since the whole organisation's rhythm sets what was "
            "expected.",
            unknown=words.count(group.people - group.measurable),
            people=words.count(group.people),
        ),
    )


def _own_headline(card: Card, words: Words) -> str:
    if not card.enough_data:
        return words("There is too little to go on to say what waits for you.")
    if round(card.waiting.meetings, 1) <= 0:
        return words("Hardly anything seems to wait when you are away.")
    return words(
        "About {number} meetings wait for every week you are away.", number=words.number(card.waiting.meetings)
    )


def _own_second(card: Card, words: Words) -> str:
    if not card.enough_data:
        return _too_little(card, words)
    return words(
        "Most likely between {low} and {high}.",
        low=words.number(card.waiting.low),
        high=words.number(card.waiting.high),
    )


def _too_little(card: Card, words: Words) -> str:
    away = words.many(
        "You were away {count} working day in this period.",
        "You were away {count} working days in this period.",
        _any_number(card, "days_away") or 0.0,
    )
    needed = words(
        "It takes {days} days of absence, and meetings that would normally have fallen in them, to see a difference. "
        "Unknown is not the same as safe.",
        days=words.count(NEEDED_DAYS),
    )
    return f"{away} {needed}"


def _numbers(card: Card) -> dict[str, float]:
    return next((dict(reason.numbers) for reason in card.reasons if reason.code == "held_while_away"), {})


def _held(card: Card, words: Words) -> tuple[Amount, ...]:
    numbers = _numbers(card)
    if not numbers:
        return ()
    return (
        Amount(words("Expected while you were away"), numbers["expected"], quiet=True),
        Amount(words("Held while you were away"), numbers["held"]),
    )


def _held_sentence(card: Card, words: Words) -> str:
    numbers = _numbers(card)
    if not numbers:
        return ""
    return words(
        "While you were away, {held} of the {expected} expected meetings on your subjects took place.",
        held=words.number(numbers["held"]),
        expected=words.number(numbers["expected"]),
    )


def _reason(reason: Reason, words: Words) -> str:
    say = SENTENCES.get(reason.code)
    return say(reason.numbers, words) if say else ""


def _away(numbers: dict[str, float], words: Words) -> str:
    return words.many(
        "You were away {count} working day; that is the experiment this rests on.",
        "You were away {count} working days; that is the experiment this rests on.",
        numbers["days_away"],
    )


def _leans(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In an ordinary week {number} meetings lean on your being there.",
        number=words.number(numbers["meetings_a_week"], 2),
    )


def _still(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In {still} of {absences} absences hardly anything on your subjects took place; for others as long away that "
        "is {share}.",
        still=words.count(numbers["stood_still"]),
        absences=words.count(numbers["absences"]),
        share=words.percent(numbers["others_share"]),
    )


def _disrupted(numbers: dict[str, float], words: Words) -> str:
    return words(
        "Of {planned} planned meetings that fell in them, {disrupted} were moved or cancelled; {usual} would be usual.",
        planned=words.number(numbers["planned"]),
        disrupted=words.number(numbers["disrupted"]),
        usual=words.number(numbers["usual"]),
    )


def _after_return(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In the weeks after your return {held} meetings on your subjects were held; {expected} would be usual.",
        held=words.number(numbers["held"]),
        expected=words.number(numbers["expected"]),
    )


def _replaced(numbers: dict[str, float], words: Words) -> str:
    return words(
        "Somebody stood in at {replaced} of the {held} meetings that were held.",
        replaced=words.count(numbers["replaced"]),
        held=words.count(numbers["held"]),
    )


def _not_replaced(_numbers: dict[str, float], words: Words) -> str:
    return words("Nobody appeared only while you were away: nobody stood in.")


def _tied(numbers: dict[str, float], words: Words) -> str:
    return words.many(
        "{count} pair of teams meets through you alone.",
        "{count} pairs of teams meet through you alone.",
        numbers["pairs"],
    )


SENTENCES: dict[str, Callable[[dict[str, float], Words], str]] = {
    "held_while_away": _away,
    "stood_still": _still,
    "moved_or_cancelled": _disrupted,
    "after_return": _after_return,
    "stood_in": _replaced,
    "nobody_stood_in": _not_replaced,
    "leans_on": _leans,
    "tied_alone": _tied,
}


def _own_sheet(card: Card, words: Words) -> Sheet:
    numbers = _numbers(card)
    rows: list[tuple[str, Cell]] = [
        (
            words("Meetings that wait in a week without you"),
            Cell(card.waiting.meetings if card.enough_data else None, "number"),
        ),
        (words("At least"), Cell(card.waiting.low if card.enough_data else None, "number")),
        (words("At most"), Cell(card.waiting.high if card.enough_data else None, "number")),
        (words("Working days away"), Cell(_any_number(card, "days_away"), "count")),
        (words("Meetings expected while away"), Cell(_any_number(card, "expected"), "number")),
        (words("Meetings held while away"), Cell(numbers.get("held"), "number")),
        (words("Share that did not take place"), Cell(card.waiting.stall if card.enough_data else None, "percent")),
        (words("Meetings a week that lean on you"), Cell(card.waiting.volume, "fine")),
    ]
    return Sheet(
        words("What the number is made of"),
        (words("What"), words("Number")),
        tuple((Cell(name), cell) for name, cell in rows if cell.value is not None),
    )


def _own_counter_voice(card: Card, words: Words) -> str:
    if not card.enough_data:
        return words(
            "Only an absence shows what waits, and yours was too short to tell, however many meetings you have."
        )
    return words(
        "Chance: {expected} meetings were expected while you were away, and the range is as wide as that number makes "
        "it. Quiet weeks are already taken out, since the whole organisation's rhythm sets what was expected. If "
        "colleagues planned around your leave, the real number is higher than this one.",
        expected=words.number(_any_number(card, "expected") or 0.0),
    )


def _any_number(card: Card, name: str) -> float | None:
    return next((reason.numbers[name] for reason in card.reasons if name in reason.numbers), None)


def _concentration(group: GroupDependence, words: Words) -> str:
    if group.top_share is None:
        return words("Too little waits to say whether it rests on a few.")
    return words(
        "The three per cent on whom most rests account for {share} of all that waits.",
        share=words.percent(group.top_share),
    )


def _functions_sentence(group: GroupDependence, words: Words) -> str:
    if not group.functions:
        return words("No function held by two people or more has meetings waiting for it.")
    first = group.functions[0]
    return words(
        "Most waits for the function {function} in {department}: {number} meetings a week of absence.",
        function=first.function,
        department=first.department,
        number=words.number(first.waiting_meetings),
    )


def _spread_sheet(group: GroupDependence, words: Words) -> Sheet:
    rows = (
        (words("People"), Cell(group.people, "count")),
        (words("People away long enough to tell"), Cell(group.measurable, "count")),
        (words("People on whom meetings wait"), Cell(words(BAND_NAMES[group.at_risk]))),
        (words("Waiting meetings, a week of absence of each added up"), Cell(group.waiting_meetings, "count")),
        (words("Share that rests on the top three per cent"), Cell(group.top_share, "percent")),
    )
    return Sheet(
        words("How dependence is spread"),
        (words("What"), words("Number")),
        tuple((Cell(name), cell) for name, cell in rows),
    )


def _functions_sheet(group: GroupDependence, words: Words) -> Sheet:
    head = (words("Function"), words("Department"), words("Meetings that wait in a week of absence"))
    rows = tuple(
        (Cell(each.function), Cell(each.department), Cell(each.waiting_meetings, "number")) for each in group.functions
    )
    return Sheet(words("Functions at risk"), head, rows)
