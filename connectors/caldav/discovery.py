"""Which calendars a user has (RFC 5397, RFC 4791 6.2.1, RFC 6764 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from connectors.caldav.server import NoDavError, Reply, Server
from connectors.errors import Denied, Misconfigured, NoCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"
_PRINCIPAL = "{DAV:}current-user-principal"
_HOME = "{urn:ietf:params:xml:ns:caldav}calendar-home-set"
_KIND, _NAME, _OWNER = "{DAV:}resourcetype", "{DAV:}displayname", "{DAV:}owner"
_PARTS = "{urn:ietf:params:xml:ns:caldav}supported-calendar-component-set"


@dataclass(frozen=True)
class Calendar:
    """One calendar: its address, its name, and whether it is the user's own or one that somebody shares."""

    url: str
    name: str
    own: bool = True


def calendars(server: Server) -> list[Calendar]:
    """Every calendar with events that the user sees, in the server's order; one only when its own address was given."""
    principal, direct = _entrance(server)
    if direct is not None:
        return [direct]
    homes = server.properties(principal, [_HOME])
    found: list[Calendar] = []
    for home in _listed(_first(homes).get(_HOME)):
        reply = server.properties(_absolute(homes, home), [_KIND, _NAME, _PARTS, _OWNER], depth=1)
        found.extend(_calendars_in(reply, principal))
    return found


def _entrance(server: Server) -> tuple[str, Calendar | None]:
    """The user's principal, and the calendar itself where the given address already is one."""
    for url in (server.url, urljoin(server.url, "/.well-known/caldav")):
        try:
            reply = server.properties(url, [_PRINCIPAL, _KIND, _NAME])
        except (NoCalendar, Denied, NoDavError):
            continue
        values = _first(reply)
        if _CALENDAR in _listed(values.get(_KIND)):
            return "", Calendar(reply.url, str(values.get(_NAME) or ""))
        if values.get(_PRINCIPAL):
            return _absolute(reply, str(values[_PRINCIPAL])), None
    raise Misconfigured(
        f"{server.host} has no CalDAV at this address; docs/connect-caldav.md lists the addresses of common servers"
    )


def _calendars_in(reply: Reply, principal: str) -> Iterator[Calendar]:
    for found in reply.properties():
        values = found.properties
        parts = _listed(values.get(_PARTS)) or ["VEVENT"]
        if _CALENDAR in _listed(values.get(_KIND)) and "VEVENT" in parts:
            owner = values.get(_OWNER)
            own = not isinstance(owner, str) or _path(_absolute(reply, owner)) == _path(principal)
            yield Calendar(reply.url_of(found.href), str(values.get(_NAME) or ""), own)


def _first(reply: Reply) -> dict[str, Any]:
    found = reply.properties()
    return dict(found[0].properties) if found else {}


def _absolute(reply: Reply, href: str) -> str:
    return urljoin(reply.url, quote(href.strip(), safe="/~:@!$&'()*+,;=%?[]"))


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/")


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
