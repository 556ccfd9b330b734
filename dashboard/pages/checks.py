"""The page that asks whether the figures can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import blocks
from dashboard.page import Look, Page
from dashboard.views.trust import Finding, question, trust_view
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.words import Words
    from privacy.door import Refusal
    from privacy.viewer import Viewer


def _question(words: Words, _viewer: Viewer | None) -> str:
    return question(words)


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    return {"checks": trust_view(seen.door.checks(seen.viewer, seen.period), seen.words).sheet}


def _content(seen: Look) -> list[Any]:
    words = seen.words
    view = trust_view(seen.door.checks(seen.viewer, seen.period), words)
    findings = [_finding(finding, words) for finding in view.findings]
    return [
        blocks.headline(view.headline),
        html.Ul(findings, className="findings"),
        html.P(
            html.A(words("Download the checks (CSV)"), href=seen.file("checks", "checks"), download=""),
            className="small-print",
        ),
        html.Section(
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
        ),
    ]


def _finding(finding: Finding, words: Words) -> html.Li:
    state = words("Holds") if finding.holds else words("Does not hold")
    return html.Li(
        [
            html.Span(state, className="state good" if finding.holds else "state bad"),
            html.Div([html.H2(finding.why), html.P(finding.sentence)]),
        ],
        className="card",
    )


PAGE = Page("checks", "/checks", message("Checks"), _question, _content, _sheets)
