"""On whom it depends, in sentences and sheets: one's own card, or how it is spread over a large group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.stalling import MISSED, looked_at, none_waits, own_lines, own_tables, tables_of_group
from dashboard.words import message
from privacy.policy import FLOORS
from privacy.release.others import SHARES, WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.dependence import Card, Reason
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.group_dependence import FunctionRisk, GroupDependence, OwnCard

# The rules of analysis.dependence, as the page says them.
NEEDED_DAYS = 10
# How many people a band above the lowest speaks of, whatever the policy.
FEWEST = FLOORS["contributors"]
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
EXPECTED, HELD = message("Meetings expected while away"), message("Meetings held while away")
LEANING = message("Meetings a week that lean on you")
IN_BANDS = message(
    "Of groups and functions only the lower end of a band is told. A function reaches a band when what waits for those "
    "who hold it adds up to it, nobody counted for more than one part in {fewest}."
)


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
    """The page's headline, picture and sheets; `range` and `topic_id` are only there for one's own card.

    `topic_id` is the subject of which most meetings lean on whoever looks.
    """

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
    weeks: int
    tables: Shown | None = None
    table_lines: tuple[str, ...] = ()
    tables_rest: str = ""
    topic_id: str = ""

    def on_subjects(self, words: Words) -> tuple[bool, ...]:
        """Which rows of one's own sheet count meetings on one's subjects."""
        names = {words(each) for each in (EXPECTED, HELD, LEANING)}
        return tuple(row[0].value in names for row in self.sheets["card"].rows)


def own_view(own: OwnCard, words: Words) -> DependenceView:
    """All that the page says about one's own card."""
    card, tables = own.card, own_tables(own, words)
    return DependenceView(
        headline=_own_headline(own, words),
        second=_own_second(card, words),
        enough=card.enough_data,
        picture_sentence=_held_sentence(card, words),
        amounts=_held(card, words),
        range=Range(card.waiting.meetings, card.waiting.low, card.waiting.high) if card.enough_data else None,
        reasons=tuple(
            each for each in (*(_reason(one, words) for one in card.reasons), none_waits(own, words)) if each
        ),
        sheets={"card": _own_sheet(card, words)} | _sheet_of(tables),
        is_not=words(IS_NOT),
        counter_voice=_with_missed(_own_counter_voice(card, words), tables, words),
        weeks=own.period.weeks,
        tables=tables,
        table_lines=own_lines(own, words),
        topic_id=next((reason.topic_id for reason in card.reasons if reason.topic_id), ""),
    )


def group_view(group: GroupDependence, words: Words) -> DependenceView:
    """All that the page says about a large group, in bands; no person is in it."""
    amounts = tuple(Amount(each.function, each.waiting_meetings) for each in _at_risk(group))
    tables = tables_of_group(group.tables, words) if group.tables else None
    return DependenceView(
        headline=words(BANDS[group.at_risk]),
        second=_concentration(group, words),
        enough=group.measurable > 0,
        picture_sentence=_functions_sentence(group, words),
        amounts=amounts,
        range=None,
        reasons=(),
        sheets={"spread": _spread_sheet(group, words), "functions": _functions_sheet(group, words)} | _sheet_of(tables),
        is_not=words(IS_NOT),
        counter_voice=_with_missed(_group_counter_voice(group, words), tables, words),
        weeks=group.period.weeks,
        tables=tables,
        tables_rest=looked_at(group.tables, words) if group.tables else "",
    )


def _group_counter_voice(group: GroupDependence, words: Words) -> str:
    return words(
        "Only an absence shows what waits, and of at least {people} people at least {measurable} were away long "
        "enough to tell: the others are unknown, not safe. Quiet weeks are taken out, since the whole "
        "organisation's rhythm sets what was expected. And what waits for a few of a function only does not show "
        "here: at least {fewest} people carry whatever is said of one.",
        people=words.count(group.people),
        measurable=words.count(group.measurable),
        fewest=words.count(FEWEST),
    )


def _with_missed(counter_voice: str, tables: Shown | None, words: Words) -> str:
    return f"{counter_voice} {words(MISSED)}" if tables else counter_voice


def _sheet_of(shown: Shown | None) -> dict[str, Sheet]:
    return {shown.key: shown.sheet} if shown else {}


def _own_headline(own: OwnCard, words: Words) -> str:
    card = own.card
    if not card.enough_data:
        return words("There is too little to go on to say what waits for you.")
    if round(card.waiting.meetings, 1) <= 0 and own.tables:
        return words.many(
            "{count} of your standing meetings hardly takes place without you. Besides, hardly anything seems to wait.",
            "{count} of your standing meetings hardly take place without you. Besides, hardly anything seems to wait.",
            len(own.tables),
        )
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


def disrupted_sentence(numbers: dict[str, float], words: Words) -> str:
    """What became of the meetings that were planned in absences; the same of oneself and of another."""
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
    "moved_or_cancelled": disrupted_sentence,
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
        (words(EXPECTED), Cell(_any_number(card, "expected"), "number")),
        (words(HELD), Cell(numbers.get("held"), "number")),
        (words("Share that did not take place"), Cell(card.waiting.stall if card.enough_data else None, "percent")),
        (words(LEANING), Cell(card.waiting.volume, "fine")),
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


def _at_risk(group: GroupDependence) -> list[FunctionRisk]:
    return [each for each in group.functions if each.waiting_meetings]


def _concentration(group: GroupDependence, words: Words) -> str:
    if group.top_share is None:
        return words("Too little waits to say whether it rests on a few.")
    if not group.top_share:
        return words(
            "The three per cent on whom most rests account for less than {share} of all that waits.",
            share=words.percent(SHARES[1]),
        )
    return words(
        "The three per cent on whom most rests account for {share} or more of all that waits.",
        share=words.percent(group.top_share),
    )


def _functions_sentence(group: GroupDependence, words: Words) -> str:
    if not group.functions:
        return words("No function is told: too few people hold it, or too few would be left beside those who do.")
    risky = _at_risk(group)
    if not risky:
        return words.many(
            "For the one function that is told fewer than {least} meetings a week of absence wait.",
            "For none of the {count} functions that are told {least} meetings or more wait in a week of absence.",
            len(group.functions),
            least=words.count(WAITING[1]),
        )
    return words(
        "Most waits for the function {function}: {number} meetings or more in a week of absence.",
        function=risky[0].function,
        number=words.count(risky[0].waiting_meetings),
    )


def _spread_sheet(group: GroupDependence, words: Words) -> Sheet:
    rows = (
        (words("People, at least"), Cell(group.people, "count")),
        (words("People away long enough to tell, at least"), Cell(group.measurable, "count")),
        (words("People on whom meetings wait"), Cell(words(BAND_NAMES[group.at_risk]))),
        (
            words("Waiting meetings, a week of absence of each added up, at least"),
            Cell(group.waiting_meetings, "count"),
        ),
        (words("Share that rests on the top three per cent, at least"), Cell(group.top_share, "percent")),
    )
    return Sheet(
        words("How dependence is spread"),
        (words("What"), words("Number")),
        tuple((Cell(name), cell) for name, cell in rows),
    )


def _functions_sheet(group: GroupDependence, words: Words) -> Sheet:
    head = (words("Function"), words("People, at least"), words("Meetings that wait in a week of absence, at least"))
    rows = tuple(
        (Cell(each.function), Cell(each.people, "count"), Cell(each.waiting_meetings, "count"))
        for each in group.functions
    )
    return Sheet(words("Functions at risk, in the whole organisation"), head, rows)
