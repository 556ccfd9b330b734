"""The page that asks whether the figures can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import blocks, notices
from dashboard.page import Look, Page
from dashboard.showing import card, question_of
from dashboard.views.quality import quality_view
from dashboard.views.released_trust import released_trust_view
from dashboard.views.trust import QUESTION, Finding, trust_view
from dashboard.words import message
from privacy.refusal import Refusal
from privacy.released_trust import ReleasedTrust

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.views.finding import Shown
    from dashboard.words import Words
    from privacy.trusting import Trusted

NAME = "checks"
# Pages that say at their foot how their figures are computed, and what of.
COMPUTED = {
    "/": message("Hours, shares and focus time"),
    "/roles": message("Designing, coordinating and doing"),
    "/returning": message("Subjects that keep coming back"),
    "/stopping": message("What stopping a series would free"),
    "/scan": message("All groups side by side, for HR"),
    "/coordination": message("How coordination moved, and which explanations were tested"),
    "/dependence": message("On whom it depends"),
    "/escalations": message("Escalations from beginning to end"),
    "/ties": message("Ties between departments"),
    "/forums": message("Standing tables"),
    "/labels": message("Labels"),
}


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    sheets = {"checks": trust_view(seen.door.checks(seen.viewer, seen.period), seen.words).sheet}
    answer = seen.door.trusted(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return sheets
    return sheets | {part.key: part.sheet for part in _parts(answer, seen.words)}


def _parts(answer: Trusted | ReleasedTrust, words: Words) -> tuple[Shown, ...]:
    if isinstance(answer, ReleasedTrust):
        told = released_trust_view(answer, words)
        return tuple(part for part in (told.data, told.model, told.audit) if part)
    view = quality_view(answer, words)
    return tuple(part for part in (view.score, view.model) if part)


def _content(seen: Look) -> list[Any]:
    words = seen.words
    view = trust_view(seen.door.checks(seen.viewer, seen.period), words)
    return [
        blocks.headline(view.headline),
        html.Ul([_finding(finding, words) for finding in view.findings], className="findings"),
        html.P(
            html.A(words("Download the checks (CSV)"), href=seen.file(NAME, "checks"), download=""),
            className="small-print",
        ),
        *_trusted(seen),
        _unseen(words),
        _computed(seen),
    ]


def _trusted(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.trusted(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.notice(notices.refusal(words, answer), kind="notice small")]
    cards = [card(seen, NAME, part) for part in _parts(answer, words)]
    said = _of_release(answer, words) if isinstance(answer, ReleasedTrust) else _of_store(answer, words)
    return [html.Div(cards, className="cards"), *(_section(title, lines) for title, lines in said)]


def _of_store(answer: Trusted, words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    view = quality_view(answer, words)
    return (
        (words("Labels and titles"), view.labels),
        (words("The journal: who did what"), (view.journal,)),
    )


def _of_release(answer: ReleasedTrust, words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
    view = released_trust_view(answer, words)
    return (
        (words("Labels"), view.labels),
        (words("What is not told, and why"), view.untold),
        (words("The releases: who answers for them"), view.chain),
    )


def _section(title: str, lines: tuple[str, ...]) -> html.Section:
    said = html.P(lines[0]) if len(lines) == 1 else html.Ul([html.Li(line) for line in lines])
    return html.Section([html.H2(title, className="kicker"), said], className="counter-voice")


def _unseen(words: Words) -> html.Section:
    return html.Section(
        [
            html.H2(words("What these checks do not see"), className="kicker"),
            html.P(
                words(
                    "They catch wrong totals, not wrong labels. The labels are a model's best guess, and a meeting "
                    "in a calendar is no proof that it took place."
                )
            ),
        ],
        className="counter-voice",
    )


def _computed(seen: Look) -> html.Details:
    words = seen.words
    links = [
        html.Li(blocks.link(words(text), seen.selection.but(show="").link(path))) for path, text in COMPUTED.items()
    ]
    return blocks.disclosure(
        words("How is this computed?"),
        html.P(
            words(
                "Each page says at its foot how its figures are computed and which explanations were tested. The "
                "formulas stand in docs/measures.md, the rules on groups in docs/privacy.md."
            )
        ),
        html.Ul(links),
    )


def _finding(finding: Finding, words: Words) -> html.Li:
    state = words("Holds") if finding.holds else words("Does not hold")
    return html.Li(
        [
            html.Span(state, className="state good" if finding.holds else "state bad"),
            html.Div([html.H2(finding.why), html.P(finding.sentence)]),
        ],
        className="card",
    )


PAGE = Page(NAME, "/checks", message("Checks"), question_of(QUESTION), _content, _sheets, group="trust")
