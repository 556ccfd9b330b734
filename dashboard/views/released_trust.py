"""How far a release can be trusted, in sentences and sheets: the data, the labels, the audit, and what is not told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.quality import PARTS, model_card
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.words import Words
    from privacy.released_trust import Looked, ReleasedTrust, Signed, Suppressed

SOURCES = {
    "model": message("The model"),
    "person": message("People here"),
    "file": message("Labels that came with the data"),
}
MORE = {
    "unsure": message("Labels the model is unsure about"),
    "missing titles": message("Titles that are missing"),
    "generic titles": message("Titles that say nothing about the subject"),
}
APPROVAL = ("approver", "notice_date", "works_council")
MEASURES = {
    "contract": message("contract hours"),
    "working": message("contract hours less leave"),
    "focus": message("focus time"),
    "forums": message("standing tables"),
    "ties": message("ties between departments"),
    "series": message("series that began or ended"),
    "sides": message("coordination in the line and across teams"),
    "levels": message("bands of levels"),
    "dependence": message("on how few people it depends"),
    "functions": message("functions that meetings wait for"),
    "escalations": message("where escalations begin and end"),
    "conflicts": message("conflicts between agendas"),
    "hanging": message("how many pairs of teams hang on one person"),
    "stalling": message("standing meetings that would stall"),
    "quality": message("whose word the labels are"),
}


@dataclass(frozen=True)
class ReleasedTrustView:
    """What the page says of a release: its data, the model, sentences about labels, the audit, and what is not told."""

    data: Shown | None
    model: Shown | None
    audit: Shown
    labels: tuple[str, ...]
    untold: tuple[str, ...]
    chain: tuple[str, ...]


def released_trust_view(found: ReleasedTrust, words: Words) -> ReleasedTrustView:
    """All that the page says about a release."""
    return ReleasedTrustView(
        data=_data(found, words),
        model=model_card(found.model, words) if found.model else None,
        audit=_audit(found.looked, found.quarter, words),
        labels=_labels(found, words),
        untold=_untold(found.suppressed, words),
        chain=_chain(found, words),
    )


def _data(found: ReleasedTrust, words: Words) -> Shown | None:
    """The parts that are told, as released: rounded to 5 or 10 per cent."""
    names = PARTS | MORE
    known = [(words(names[name]), value) for name, value in found.parts.items() if name in names]
    if not known:
        return None
    head = (words("What the figures rest on"), words("Released, rounded"))
    rows = tuple((Cell(name), Cell(value, "percent")) for name, value in known)
    sheet = Sheet(words("How good the data are"), head, rows)
    strokes = tuple(Stroke(name, 100 * value, words.percent(value)) for name, value in known)
    sentence = words(
        "No score is released: these are its parts that are told of everybody in {quarter}.", quarter=found.quarter
    )
    if found.coverage:
        sentence += " " + words("Of the people on the chart {share} have a calendar to read.", share=found.coverage)
    return Shown("quality", words("How good the data are"), sentence, sheet, strokes)


def _labels(found: ReleasedTrust, words: Words) -> tuple[str, ...]:
    lines = []
    if found.sources:
        said = ", ".join(f"{_source(name, words)}: {words.percent(value)}" for name, value in found.sources.items())
        lines.append(words("Whose word the labels are, by meeting hours. {said}.", said=said))
    if found.reviewed:
        lines.append(
            words(
                "People checked at least {count} labels drawn at random here: about {share} were right (between {low} "
                "and {high}).",
                count=words.count(found.reviewed.questions),
                share=words.percent(found.reviewed.share),
                low=words.percent(found.reviewed.low),
                high=words.percent(found.reviewed.high),
            )
        )
    else:
        lines.append(words("No check of labels by people here is released: too few were drawn at random, or none."))
    return tuple(lines)


def _source(name: str, words: Words) -> str:
    """A source, or several that are told as one."""
    return words(" or ").join(words(SOURCES[each]) for each in name.split(" or "))


def _audit(looked: Looked, quarter: str, words: Words) -> Shown:
    head = (words("What the audit looked at"), words("Count"))
    rows = (
        (Cell(words("Groups that are told")), Cell(looked.groups, "count")),
        (Cell(words("Figures about their hours")), Cell(looked.figures, "count")),
        (Cell(words("Bounds worked out")), Cell(looked.bounds, "count")),
        (Cell(words("Earlier releases looked at together with it")), Cell(looked.earlier, "count")),
        (Cell(words("Leaks planted to test it")), Cell(looked.planted, "count")),
        (Cell(words("Planted leaks found")), Cell(looked.found, "count")),
    )
    sentence = words(
        "Before {quarter} was signed, {planted} leaks were planted in copies of it to test the audit, and {found} were "
        "found. Nothing else was: a release with a finding is not written.",
        quarter=quarter,
        planted=words.count(looked.planted),
        found=words.count(looked.found),
    )
    return Shown("audit", words("The audit of this release"), sentence, Sheet(words("The audit"), head, rows))


def _untold(found: Suppressed, words: Words) -> tuple[str, ...]:
    """What is not told and why, by counts; no group is named."""
    lines = []
    if found.together:
        lines.append(
            words.many(
                "{joined} departments or teams are told as {count} group: alone they have too few people, or a few "
                "have nearly all hours.",
                "{joined} departments or teams are told as {count} groups: alone they have too few people, or a few "
                "have nearly all hours.",
                found.together,
                joined=words.count(found.joined),
            )
        )
    if found.folded:
        lines.append(
            words.many(
                "In {count} group not every label is told: those that few people make up are in “other”.",
                "In {count} groups not every label is told: those that few people make up are in “other”.",
                found.folded,
            )
        )
    lines.append(
        words(
            "Told by the quarter only: {quarterly} of {all} groups. Weeks and four weeks take more people, and nobody "
            "or enough of them coming and going.",
            quarterly=words.count(found.quarterly),
            all=words.count(found.quarterly + found.finer),
        )
    )
    if found.untold:
        lines.append(left_out(found.untold, words))
    lines += [words("Tried and not told: {what}.", what=each) for each in found.tried]
    return tuple(lines)


def left_out(measures: Iterable[str], words: Words) -> str:
    """The measures of which a quarter tells nothing."""
    return words(
        "Not told this quarter, since it is told once a year, too few people are behind it, or too few came and went "
        "since it was last told: {names}.",
        names=", ".join(words(MEASURES.get(name, name)) for name in measures),
    )


def _chain(found: ReleasedTrust, words: Words) -> tuple[str, ...]:
    """Every release with who answers for it; this process checked all signatures and the chain before it started."""
    whole = words.many(
        "{count} signed release; its signature was checked before these pages opened.",
        "{count} signed releases, each with the hash of the one before; all were checked before these pages opened.",
        len(found.chain),
    )
    return (whole, *(_signed(each, words) for each in found.chain))


def _signed(release: Signed, words: Words) -> str:
    given = release.approval
    name = f"{release.quarter} ({release.digest})"
    # A demo is approved by nobody.
    if len({given.get(key) for key in APPROVAL}) == 1:
        return f"{name}."
    return words(
        "{name}: approved by {who}, people told {when}, works council {council}.",
        name=name,
        **{blank: given.get(key, "?") for blank, key in zip(("who", "when", "council"), APPROVAL, strict=True)},
    )
