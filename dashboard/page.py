"""One page, from address to components: read who looks at what, ask the door, frame the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, g, has_request_context, request

from dashboard import notices, spans
from dashboard.address import Asked, Selection, read
from dashboard.signin import current_identity
from dashboard.viewing import LOOKED
from dashboard.words import DEFAULT_LANGUAGE, LANGUAGES, Words
from privacy.identity import can_look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.period import Period
    from dashboard.sheets import Sheet
    from privacy.door import Door
    from privacy.overview import Overview
    from privacy.refusal import Refusal
    from privacy.viewer import Role, Viewer

DOOR = "MEETLOAD_DOOR"
GATED = "MEETLOAD_GATED"
TAKES_IN = "MEETLOAD_TAKES_IN"
PRODUCT = "meetload"
EVERY_ROLE: tuple[Role, ...] = ("self", "mt", "hr")
SELF_ONLY: tuple[Role, ...] = ("self",)
GROUPS_ONLY: tuple[Role, ...] = ("mt", "hr")
TEAMS_ONLY: tuple[Role, ...] = ("mt",)
HR_ONLY: tuple[Role, ...] = ("hr",)
# The pages that an address can narrow to one department; elsewhere it says nothing.
NARROWED = ("/escalations", "/ties")


@dataclass(frozen=True)
class Look:
    """What one request looks at: a permitted viewer, a period with data in it, and the words to say it in."""

    door: Door
    words: Words
    selection: Selection
    overview: Overview
    viewer: Viewer
    period: Period
    path: str

    def file(self, page: str, sheet: str) -> str:
        """The address of a sheet as a file."""
        return self.selection.link(f"/numbers/{page}/{sheet}.csv")


@dataclass(frozen=True)
class Stop:
    """Why there is nothing to look at; `status` is what a file request gets."""

    sentence: str
    status: int
    hint: str = ""


@dataclass(frozen=True)
class Page:
    """A page: its name, where it stands, its question, what it shows and hands out, and whether a report holds it.

    `group` is the part of the menu it stands in: own, organisation or trust; `roles` are those it has an answer for.
    """

    name: str
    path: str
    short: str
    question: Callable[[Words, Viewer | None], str]
    content: Callable[[Look], list[Any]]
    sheets: Callable[[Look], dict[str, Sheet] | Refusal]
    on_paper: bool = True
    group: str = "organisation"
    roles: tuple[Role, ...] = EVERY_ROLE


def door() -> Door:
    """The door of the app that serves this request."""
    found: Door = current_app.config[DOOR]
    return found


def is_gated() -> bool:
    """Whether people sign in here; on one's own machine nobody does."""
    return bool(current_app.config.get(GATED))


def takes_in() -> bool:
    """Whether whoever sits here may bring files in."""
    return bool(current_app.config.get(TAKES_IN))


def permitted(door: Door, viewer: Viewer) -> bool:
    """Whether whoever sent this request may look as this viewer."""
    return door.may(viewer) and (not is_gated() or can_look(current_identity(), viewer))


def offered(door: Door) -> tuple[Viewer, ...]:
    """The views that whoever sent this request may choose from, the usual one first; one's own where one signed in."""
    identity = current_identity() if is_gated() else None
    known = dict.fromkeys((*(identity.viewers if identity else ()), *door.viewers()))
    return tuple(viewer for viewer in known if permitted(door, viewer))


def asked(query: Mapping[str, object]) -> Asked:
    """What this request asks for, in the reader's own language where the address names none."""
    return read(query, _readers_language())


def look(door: Door, found: Asked, words: Words, path: str) -> Look | Stop:
    """A checked look, or the reason why not."""
    available = door.overview().period
    if available is None:
        return Stop(words(notices.NO_MEETINGS), 404, words(notices.TRY_DEMO))
    if found.viewer_is_wrong:
        return Stop(words(found.complaints[0]), 403)
    viewers = offered(door)
    if found.selection.viewer is None and not viewers:
        return Stop(notices.no_viewer(words), 403)
    viewer = found.selection.viewer or viewers[0]
    if not permitted(door, viewer):
        return Stop(words(notices.REFUSALS["not_permitted"]), 403)
    overview = door.overview(viewer)
    available = overview.period or available
    period = shown_period(overview, found.selection.period)
    if period is None:
        return Stop(words(notices.NOTHING_THEN, dates=words.dates(available)), 404)
    unit = found.selection.unit if path in NARROWED else ""
    seen = Look(door, words, found.selection.but(viewer=viewer, unit=unit), overview, viewer, period, path)
    setattr(g, LOOKED, seen)
    return seen


def shown_period(overview: Overview, key: str) -> Period | None:
    """The part of a span that there is something to see of; of releases that is whole quarters."""
    period = spans.within(key, overview.period) if overview.period else None
    if period is None or not overview.released:
        return period
    return spans.told(period, [each.period for each in overview.released])


def name_page(title: str) -> None:
    """Remember the title of the page being built, for the browser's tab."""
    g.page_title = f"{title} · {PRODUCT}"


def page_title() -> str:
    """The title of the page that this request built."""
    return str(g.get("page_title", PRODUCT)) if has_request_context() else PRODUCT


def _readers_language() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT_LANGUAGE) or DEFAULT_LANGUAGE
