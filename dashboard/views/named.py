"""The people on whom work waits, by name, in sentences: what each of them has read on the own card, and no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.views.dependence import disrupted_sentence
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.dependence import Reason
    from dashboard.words import Words
    from privacy.naming import NamedPeople, NamedPerson
    from privacy.released_cards import SharedCard

SWITCH = message("People by name")
WITHOUT = message("Nobody by name (as it comes)")
WITH = message("By name, to this unit's management")


@dataclass(frozen=True)
class PersonLines:
    """One person and the sentences of evidence."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class NamedView:
    """What the policy says, what it rests on, and the people in the order of the alphabet."""

    policy: str
    evidence: str
    people: tuple[PersonLines, ...]
    nobody: str


def named_view(found: NamedPeople, words: Words) -> NamedView:
    """All that is said by name."""
    return NamedView(
        policy=words(
            "The policy is names: mt. Only this unit's management reads this, HR never does; each of these people has "
            "seen the same card before and can object. The order is that of the alphabet: it says nothing."
        ),
        evidence=_evidence(found, words),
        people=tuple(_person(each, words) for each in found.people),
        nobody="" if found.people else words("There is nobody here on whom work was seen to wait."),
    )


def shared_lines(cards: Sequence[SharedCard], words: Words) -> tuple[PersonLines, ...]:
    """The cards that people chose to share, by name of the alphabet, each with the day on which that ends."""
    return tuple(
        PersonLines(
            words("{name}, shared until {day}", name=each.name, day=words.day(each.until)), _said(each.reasons, words)
        )
        for each in cards
    )


def _evidence(found: NamedPeople, words: Words) -> str:
    if found.made_up:
        return words(
            "Nobody here is real. With real people this takes a legal basis, the works council's agreement and a "
            "notice to each person, all written down in the release."
        )
    return words(
        "Legal basis: {basis}. Works council: {council}. That you looked is written down.",
        basis=found.legal_basis,
        council=found.works_council,
    )


def _person(person: NamedPerson, words: Words) -> PersonLines:
    return PersonLines(person.name, _said(person.reasons, words))


def _said(reasons: Sequence[Reason], words: Words) -> tuple[str, ...]:
    return tuple(SENTENCES[each.code](each.numbers, words) for each in reasons if each.code in SENTENCES)


def _away(numbers: dict[str, float], words: Words) -> str:
    return words.many(
        "Away {count} working day; that is the experiment this rests on.",
        "Away {count} working days; that is the experiment this rests on.",
        numbers["days_away"],
    )


def _still(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In {still} of {absences} absences hardly anything on these subjects took place.",
        still=words.count(numbers["stood_still"]),
        absences=words.count(numbers["absences"]),
    )


def _after_return(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In the weeks after the return {held} meetings on these subjects were held; {expected} would be usual.",
        held=words.number(numbers["held"]),
        expected=words.number(numbers["expected"]),
    )


def _replaced(numbers: dict[str, float], words: Words) -> str:
    return words(
        "At {replaced} of the {held} meetings that were held somebody else stood in.",
        replaced=words.count(numbers["replaced"]),
        held=words.count(numbers["held"]),
    )


def _not_replaced(_numbers: dict[str, float], words: Words) -> str:
    return words("Nobody appeared only during the absence: nobody stood in.")


def _leans(numbers: dict[str, float], words: Words) -> str:
    return words(
        "In an ordinary week {number} meetings lean on this person being there.",
        number=words.number(numbers["meetings_a_week"], 2),
    )


def _tied(numbers: dict[str, float], words: Words) -> str:
    return words.many(
        "{count} pair of teams meets through this person alone.",
        "{count} pairs of teams meet through this person alone.",
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
