"""Whether the figures can be trusted, in sentences: every self-check with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.labelerror import REVIEWED
from analysis.selfcheck import MOST_HOURS
from dashboard.sheets import Cell, Sheet
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.selfcheck import Check
    from dashboard.words import Words

QUESTION = message("Can we trust this?")
WHY = {
    "hours_per_day": message("No day has more hours than a day has"),
    "shares_sum": message("The shares make a whole"),
    "known_series": message("A series counts as often as it meets"),
    "coverage": message("Most people have a calendar to read"),
    "label_error": message("Shares can be corrected for wrong labels"),
}


@dataclass(frozen=True)
class Finding:
    """One check as people read it: whether it holds, what it found, and why it is asked."""

    code: str
    holds: bool
    sentence: str
    why: str


@dataclass(frozen=True)
class TrustView:
    """The headline, every finding, and the sheet of them."""

    headline: str
    findings: tuple[Finding, ...]
    sheet: Sheet


def trust_view(checks: tuple[Check, ...], words: Words) -> TrustView:
    """All that the page says about the checks."""
    findings = tuple(_finding(check, words) for check in checks)
    failed = sum(not finding.holds for finding in findings)
    if not findings:
        headline = words("No check is told of this period.")
    elif not failed:
        headline = words.many("The one check holds.", "All {count} checks hold.", len(findings))
    else:
        headline = words.many(
            "{count} check does not hold; read it before you believe a figure.",
            "{count} checks do not hold; read them before you believe a figure.",
            failed,
        )
    head = (words("Check"), words("Holds"), words("Found"))
    rows = tuple(
        (Cell(finding.why), Cell(words("yes") if finding.holds else words("no")), Cell(finding.sentence))
        for finding in findings
    )
    return TrustView(headline, findings, Sheet(words("The checks"), head, rows))


def seen_share(checks: tuple[Check, ...]) -> float | None:
    """The share of people with a calendar to read, for the line under every page."""
    share = next((check.numbers.get("share") for check in checks if check.code == "coverage"), None)
    return None if share is None else float(share)


def _finding(check: Check, words: Words) -> Finding:
    known: dict[str, Callable[[Check, Words], tuple[str, str]]] = {
        "hours_per_day": _hours,
        "shares_sum": _shares,
        "known_series": _series,
        "coverage": _coverage,
        "label_error": _labels,
    }
    if not check.numbers:
        return _told(check, words)
    sentence, why = known[check.code](check, words) if check.code in known else (check.code, check.code)
    return Finding(check.code, check.holds, sentence, why)


def _told(check: Check, words: Words) -> Finding:
    """A check as a release tells it."""
    why = words(WHY[check.code]) if check.code in WHY else check.code
    if check.holds:
        return Finding(
            check.code, True, words("It held in every quarter of this period; its numbers are not told."), why
        )
    return Finding(check.code, False, words("It did not hold in one quarter or more; its numbers are not told."), why)


def _hours(check: Check, words: Words) -> tuple[str, str]:
    sentence = words(
        "The longest day of meetings of anybody is {most} hours; more than {limit} would mean that time is "
        "counted twice.",
        most=words.number(float(check.numbers["most"])),
        limit=words.count(MOST_HOURS),
    )
    return sentence, words(WHY["hours_per_day"])


def _shares(check: Check, words: Words) -> tuple[str, str]:
    sentence = words(
        "The shares of all kinds of meeting add up to {sum}.", sum=words.percent(float(check.numbers["sum"]), 1)
    )
    return sentence, words(WHY["shares_sum"])


def _series(check: Check, words: Words) -> tuple[str, str]:
    why = words(WHY["known_series"])
    numbers = check.numbers
    if not numbers.get("occurrences"):
        return words("There is no series of meetings to count in this period."), why
    sentence = words(
        "The longest series has {occurrences} meetings in {weeks} weeks, with {a_week} in a usual week and {twice} "
        "listed twice.",
        occurrences=words.count(float(numbers["occurrences"])),
        weeks=words.count(float(numbers["weeks"])),
        a_week=words.count(float(numbers["a_week"])),
        twice=words.count(float(numbers["twice"])),
    )
    return sentence, why


def _coverage(check: Check, words: Words) -> tuple[str, str]:
    sentence = words(
        "{seen} of {people} people on the chart ({share}) appear in a calendar in this period.",
        seen=words.count(float(check.numbers["seen"])),
        people=words.count(float(check.numbers["people"])),
        share=words.percent(float(check.numbers["share"])),
    )
    return sentence, words(WHY["coverage"])


def _labels(check: Check, words: Words) -> tuple[str, str]:
    accuracy, questions = (
        words.percent(float(check.numbers["accuracy"])),
        words.count(float(check.numbers["questions"])),
    )
    why = words(WHY["label_error"])
    if check.numbers["source"] == REVIEWED:
        sentence = words(
            "{accuracy} of the labels were right in {questions} reviewed series and meetings, drawn at random here.",
            accuracy=accuracy,
            questions=questions,
        )
    else:
        sentence = words(
            "{accuracy} of the labels were right on {questions} held-out titles of other organisations; nobody has "
            "reviewed enough meetings here yet.",
            accuracy=accuracy,
            questions=questions,
        )
    return sentence, why
