"""Which rules are in force, what the audits found, and how right the labels are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.paper.parts import Grid, Text
from dashboard.words import message
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.labelerror import LabelError
    from dashboard.pack.running import Labelling, Running
    from dashboard.paper.parts import Part
    from dashboard.words import Words
    from privacy.release.file import Release

MEANINGS = {
    "k_hr": message("Fewest people in a group that HR sees"),
    "k_mt_unit": message("Fewest people in a group that a management team sees"),
    "k_mt_self": message("Fewest members of a management team that looks at its own meetings"),
    "k_count_hr": message("Fewest people in a group of which HR gets counts of people"),
    "k_count_mt": message("Fewest people in a group of which a management team gets counts of people"),
    "k_graph": message("Fewest people on either side of a tie between groups"),
    "graph_pairs": message("Fewest pairs of people behind a tie"),
    "contributors": message("Fewest people who add to a figure"),
    "p_percent": message("What must stay unknown of the largest part in a figure, in per cent of it"),
    "dominance_percent": message("Most of a figure that comes from two people, in per cent"),
    "top_percent": message("Most of a figure that comes from one person, in per cent"),
    "colluders": message("How many people may pool what they know of themselves"),
    "protection": message("How far the bounds of a hidden figure lie away on both sides, as a part of it"),
    "cap_hours": message("Most hours a week that are counted of one person"),
    "four_weekly_from": message("Fewest people for figures by four weeks"),
    "weekly_from": message("Fewest people for figures by week"),
    "rounding_small": message("Rounding of small groups, in hours a person and week"),
    "rounding": message("Rounding of larger groups, in hours a person and week"),
    "finely_from": message("Fewest people for the finest rounding"),
    "rounding_large": message("Rounding of the largest groups, in hours a person and week"),
    "cohort_change": message("Fewest people who come or go before finer time is told"),
    "least_active": message("Part of a group that must be at work in a week that is told"),
}


def rules(running: Running, words: Words) -> tuple[Part, ...]:
    """The policy: of the last release where there is one, else the usual one."""
    whence = (
        words("These rules held for the release of {quarter}.", quarter=running.releases[-1].quarter)
        if running.releases
        else words("No release yet: these are the rules the first one will be made with, unless stricter ones are set.")
    )
    rows = tuple((words(MEANINGS[name]), _value(value, words)) for name, value in running.policy.as_json().items())
    ratchet = words(
        "Rules become stricter at once; looser only with the works council's agreement, from the next quarter."
    )
    noise = words(
        "Figures with noise may use an epsilon of {quarter} a quarter and {year} a year.",
        quarter=words.number(running.noise[0]),
        year=words.number(running.noise[1]),
    )
    return (
        Text(whence),
        Grid(words("Rules in force"), (words("Rule"), words("Number")), rows),
        Text(ratchet),
        Text(noise),
    )


def _value(value: float, words: Words) -> str:
    return words.count(value) if float(value).is_integer() else words.number(value, 2)


def audits(running: Running, words: Words) -> tuple[Part, ...]:
    """What the audit of every release looked at and found."""
    if not running.releases:
        return (Text(words("No release yet, so nothing was audited.")),)
    return tuple(part for release in running.releases for part in _audit(release, words))


def _audit(release: Release, words: Words) -> Iterator[Part]:
    found = release.audit
    yield Grid(
        words("Audit of {quarter}", quarter=release.quarter),
        (words("What was looked at"), words("Number")),
        (
            (words("Published groups"), words.count(found["groups"])),
            (words("Smallest sets of people that can be told apart"), words.count(found["atoms"])),
            (words("Figures told"), words.count(found["figures"])),
            (words("Bounds worked out"), words.count(found["bounds"])),
            (words("Earlier releases audited together with it"), words.count(found["earlier"])),
            (words("Leaks planted to test the audit"), words.count(found["controls_planted"])),
            (words("Of those found"), words.count(found["controls_found"])),
            (words("Ways to work somebody out"), words.count(len(found["findings"]))),
        ),
    )
    yield Text(
        words(
            "Approved by {approver}; people told: {told}; works council: {council}.",
            approver=release.approval["approver"],
            told=release.approval["notice_date"],
            council=release.approval["works_council"],
        )
    )


def labels(running: Running, words: Words) -> tuple[Part, ...]:
    """How right the labels are, by the model's card and by the error the store corrects with."""
    if running.holding is None:
        return (Text(words("Made without a store: which model labels, and how right it is, is not known here.")),)
    found = running.holding.labelling
    rest = (_errors(found.error, words),) if found.error else (Text(words("Label error: not measured here.")),)
    return (
        Text(words("Labels are made by a model, and a part of them is wrong. Figures by label carry that doubt.")),
        Grid(words("The model"), (words("What"), words("Number")), _card(found, words)),
        *rest,
    )


def _card(found: Labelling, words: Words) -> tuple[tuple[str, str], ...]:
    return (
        (words("Version"), found.version),
        (words("Made on"), found.made),
        (words("Titles it learnt from"), words.count(found.titles)),
        (words("Titles it had not seen, labelled right"), words.percent(found.correct)),
        (words("The same as a mean over the labels (macro F1)"), words.number(found.macro_f1, 2)),
        (words("A label is called unsure below a probability of"), words.number(found.unsure_below, 2)),
        (words("Meetings labelled here"), words.count(found.meetings)),
        (words("Of those unsure"), words.count(found.unsure)),
        (words("Own rules of this organisation"), words.count(found.own_rules)),
    )


def _errors(error: LabelError, words: Words) -> Grid:
    rows = tuple(
        (palette.name(words, label), words.count(float(row.sum())), words.percent(float(right)))
        for label, row, right in zip(LABELS, error.table, error.matrix.diagonal(), strict=True)
    )
    caption = words("How often each kind is recognised, on held-out titles or reviewed meetings")
    return Grid(caption, (words("What it truly is"), words("Asked"), words("Labelled right")), rows)
