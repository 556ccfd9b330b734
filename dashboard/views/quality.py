"""How far labels and calendars can be trusted, in sentences and sheets: everything comes from one `Trusted`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality import ENOUGH
from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.quality import Quality
    from dashboard.words import Words
    from privacy.trusting import JournalState, ModelCard, Trusted

PARTS = {
    "coverage": message("People with a calendar"),
    "chart": message("People with a level, a department and a manager"),
    "leave": message("Leave that is in a calendar"),
    "titles": message("Titles that say something"),
    "answers": message("Invitations that were answered"),
    "timestamps": message("Meetings entered before they ended"),
    "labels": message("Labels that were right when people checked them"),
}


@dataclass(frozen=True)
class QualityView:
    """What the page says besides its checks: the score with its parts, the labels, the model and the journal."""

    score: Shown
    labels: tuple[str, ...]
    model: Shown | None
    journal: str


def quality_view(found: Trusted, words: Words) -> QualityView:
    """All that the page says about labels, model and journal."""
    return QualityView(
        score=_score(found.quality, words),
        labels=_labels(found.quality, words),
        model=model_card(found.model, words) if found.model else None,
        journal=_journal(found.journal, words),
    )


def _score(found: Quality, words: Words) -> Shown:
    trust = found.trust
    seen = {part.name: part for part in trust.parts}
    head = (words("What the figures rest on"), words("Seen here"), words("Counts for"))
    rows = tuple(
        (Cell(words(name)), Cell(seen[key].seen, "percent"), Cell(seen[key].counts, "percent"))
        for key, name in PARTS.items()
        if key in seen
    )
    total = (Cell(words("Score, all parts multiplied")), Cell(None), Cell(trust.score / 100, "percent"))
    sheet = Sheet(words("How good the data are"), head, (*rows, total), has_total=True)
    strokes = tuple(
        Stroke(words(PARTS[part.name]), 100 * part.seen, words.percent(part.seen))
        for part in trust.parts
        if part.seen is not None
    )
    return Shown("quality", words("How good the data are"), _score_sentence(found, words), sheet, strokes)


def _score_sentence(found: Quality, words: Words) -> str:
    score, checked = found.trust.score / 100, found.reviewed or found.held_out
    if checked is None:
        return words(
            "The data score {score}, but nobody has checked labels yet: take the figures for a description, no proof.",
            score=words.percent(score),
        )
    if score < ENOUGH / 100:
        return words(
            "The data score {score}; below {enough} the figures describe and prove nothing.",
            score=words.percent(score),
            enough=words.percent(ENOUGH / 100),
        )
    return words("The data score {score}, which is enough to build on.", score=words.percent(score))


def _labels(found: Quality, words: Words) -> tuple[str, ...]:
    titles = found.titles
    lines = []
    if found.reviewed:
        lines.append(
            words(
                "People checked {count} labels drawn at random here: {share} were right (between {low} and {high}).",
                count=words.count(found.reviewed.questions),
                share=words.percent(found.reviewed.share),
                low=words.percent(found.reviewed.low),
                high=words.percent(found.reviewed.high),
            )
        )
    else:
        lines.append(words("Nobody has checked a random sample of labels here yet; `meetload review` asks for one."))
    if found.unsure is not None:
        lines.append(words("The model is unsure about {share} of the meetings.", share=words.percent(found.unsure)))
    lines.append(
        words(
            "Of the titles {missing} are missing, {private} private and {generic} say nothing about the subject.",
            missing=words.percent(titles.missing),
            private=words.percent(titles.private),
            generic=words.percent(titles.generic),
        )
    )
    return tuple(lines)


def model_card(found: ModelCard, words: Words) -> Shown:
    """What is known of the model that labels."""
    head = (words("Figure"), words("Value"))
    rows = (
        (Cell(words("Titles it learnt from")), Cell(found.titles, "count")),
        (Cell(words("Right on titles it had not seen")), Cell(found.accuracy, "percent")),
        (Cell(words("Titles it is sure about")), Cell(found.sure, "percent")),
        (Cell(words("Right when it is sure")), Cell(found.accuracy_sure, "percent")),
        *(
            (Cell(words("How well it tells {label}", label=palette.name(words, label).lower())), Cell(value, "percent"))
            for label, value in found.by_label.items()
        ),
        (Cell(words("Version")), Cell(found.version)),
    )
    sheet = Sheet(words("The model that labels"), head, rows)
    sentence = words(
        "On titles of other organisations that it had not seen, the model is right in {accuracy}; where it is sure, in "
        "{sure}.",
        accuracy=words.percent(found.accuracy),
        sure=words.percent(found.accuracy_sure),
    )
    strokes = tuple(
        Stroke(palette.name(words, label), 100 * value, words.percent(value)) for label, value in found.by_label.items()
    )
    return Shown("model", words("The model that labels"), sentence, sheet, strokes)


def _journal(found: JournalState, words: Words) -> str:
    if not found.entries:
        return words("Nothing stands in the journal yet.")
    if found.faults:
        return words.many(
            "The journal does not hold in {count} place; `meetload journal verify` says where.",
            "The journal does not hold in {count} places; `meetload journal verify` says where.",
            found.faults,
        )
    last = words.day(found.last) if found.last else ""
    return words.many(
        "The journal has {count} entry, of {last}, and it is whole.",
        "The journal has {count} entries, the last of {last}, and none was changed or taken out.",
        found.entries,
        last=last,
    )
