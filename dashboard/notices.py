"""When there is nothing to show: why, in a friendly sentence, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.refusal import Refusal

REFUSALS = {
    "not_permitted": message("This view is not open to you. Choose one of the views above."),
    "group_too_small": message(
        "This group is too small to show. We only speak about groups of {minimum} people or more, because in a smaller "
        "one a figure soon points at a person."
    ),
    "own_labels_only": message(
        "Labels are corrected by the person whose calendar it is, because the titles are in view. Choose your own view."
    ),
    "own_view_only": message(
        "This page is for one person at a time, about their own calendar, and nobody else gets figures of it. Choose "
        "your own view."
    ),
    "own_titles_only": message(
        "Titles are for the person whose calendar it is. Choose your own view to see the meetings behind a subject."
    ),
    "for_groups": message(
        "This page speaks about teams, never about one person. Choose the view of a management team or of HR above."
    ),
    "hr_only": message(
        "This page lays the groups of the whole organisation side by side, for HR only. Everybody else has pages about "
        "their own work, or about their own group: choose one from the menu, or the view of HR above."
    ),
    "not_released": message(
        "This is not in what was released. Choose a longer period, or the whole organisation: small groups are told by "
        "whole quarters only, and some questions not at all."
    ),
    "names_of_own_unit": message("People are named to their own unit's management at most, never to anybody else."),
    "names_not_set": message(
        "Nobody is named: the policy of this release keeps each card with the person it is about, who may share it."
    ),
    "names_need_sign_in": message(
        "This release names people to their own unit's management, who must sign in first: every look is written down."
    ),
    "no_titles": message("This store keeps no titles, so nobody can tell here whether a label is right."),
    "not_on_chart": message(
        "You are not on the chart of the organisation in this store, so there is nobody to hold your calendar against."
    ),
}
NOT_SHOWN = message("This cannot be shown.")
NO_MEETINGS = message("There are no meetings here yet.")
TRY_DEMO = message(
    "Bring in a calendar with `meetload import`, or look around in a made-up organisation with `meetload demo`."
)
NO_VIEWER = message(
    "There are meetings here, but nobody to show them to: the store does not say whose calendar it is. Management "
    "teams and HR read releases: `meetload release`, then `meetload serve --release`."
)
NOTHING_THEN = message("There are no meetings in this period. What is available runs from {dates}.")
NO_LABELS = message(
    "The meetings have no labels yet, so you see them as one kind. Run `meetload classify` and reload this page."
)
BROKEN = message("Something went wrong on our side.")
BROKEN_WHAT_NOW = message(
    "Nothing is lost. Reload the page; if it happens again, this number finds it in the log: {reference}"
)
NO_PAGE = message("There is no page at this address.")


def refusal(words: Words, why: Refusal) -> str:
    """Why a viewer gets no answer."""
    return words(REFUSALS.get(why.code, NOT_SHOWN), **why.numbers)


def no_viewer(words: Words) -> str:
    """Why nobody may look."""
    return words(NO_VIEWER)
