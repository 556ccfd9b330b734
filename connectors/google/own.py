"""One's own calendar as a source, and the calendars that others share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.errors import Misconfigured
from connectors.google.settings import GoogleSettings
from connectors.google.source import GoogleSource
from connectors.google.wire import PRIMARY, OwnWire, decoded
from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.oauth2.credentials import Credentials

    from connectors.google.wire import Answer
    from connectors.identity import Known

_WHO = "summary,items(organizer(email,self),attendees(email,self))"
# Who may only see when somebody is busy reads no events; calendars of teams, rooms and holidays belong to nobody.
_READABLE = {"reader", "writer", "writerWithoutPrivateAccess", "owner"}
_NOBODYS = "calendar.google.com"


def _nothing(*_: object) -> None:
    pass


def own_source(
    credentials: Credentials,
    settings: GoogleSettings | None = None,
    *,
    me: str | None = None,
    shared: bool = False,
    hours_only: bool = False,
    home: str = "Europe/Amsterdam",
    known: Known | None = None,
    after_page: Callable[[int], None] = _nothing,
) -> GoogleSource:
    """The own calendar, and with `shared` those of colleagues; asks Google whose it is where `me` does not say.

    `known` is who the owner is where another calendar of theirs is there already.
    """
    chosen = settings or GoogleSettings()
    mine = address(me) if me else _asked_whose(credentials, chosen)
    wire = OwnWire(credentials, chosen, mine)
    others = [each for each in shared_with(wire) if each != mine] if shared else []
    aliases = known.aliases(mine) if known else {}
    return GoogleSource(
        wire, (mine, *others), chosen, home=home, aliases=aliases, hours_only=hours_only, after_page=after_page
    )


def _asked_whose(credentials: Credentials, settings: GoogleSettings) -> str:
    with OwnWire(credentials, settings) as wire:
        return whose(wire)


def whose(wire: OwnWire) -> str:
    """The address of the own calendar: Google marks the owner in the events; else it is what the calendar is called."""
    page = decoded(wire.page(PRIMARY, {"singleEvents": True, "maxResults": 50, "fields": _WHO}))
    marked = (who for event in page.get("items") or [] for who in _people(event) if who.get("self"))
    for found in (*(who.get("email", "") for who in marked), page.get("summary", "")):
        if "@" in found:
            return address(found)
    raise Misconfigured("it cannot be told whose calendar this is; name your own address with --me")


def shared_with(wire: OwnWire) -> list[str]:
    """The calendars of colleagues that the owner may read, in a stable order; each is that colleague's mailbox."""
    found: set[str] = set()
    page_token: str | None = None
    while True:
        page = wire.calendars(page_token)
        found |= {address(each["id"]) for each in page.get("items") or [] if _is_a_colleagues(each)}
        page_token = page.get("nextPageToken")
        if not page_token:
            return sorted(found)


def _people(event: Answer) -> list[dict[str, Any]]:
    return [event.get("organizer") or {}, *(event.get("attendees") or [])]


def _is_a_colleagues(calendar: Answer) -> bool:
    named = calendar.get("id", "")
    return (
        "@" in named
        and not named.endswith(_NOBODYS)
        and not calendar.get("primary")
        and calendar.get("accessRole") in _READABLE
    )
