"""What `doctor outlook` finds out: which permission, consent, certificate, scope or mailbox is missing, by name.

Every finding is the answer to one question put to the tenant; nothing that is read is kept.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from connectors.errors import Denied, MailboxError, Misconfigured
from connectors.outlook.settings import SELECT
from store import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from connectors.outlook.client import Graph, SignIn
    from connectors.outlook.login import Certificate

_CALENDARS = {"Calendars.ReadBasic.All", "Calendars.Read", "Calendars.ReadBasic", "Calendars.ReadWrite"}
_PEOPLE = {"User.Read.All", "Directory.Read.All"}
_TOO_MUCH = {"Calendars.ReadWrite", "Mail.Read", "Mail.ReadWrite", "Directory.ReadWrite.All", "User.ReadWrite.All"}
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Finding:
    """The answer to one question: `ok` is None where it could not be found out or is only worth knowing."""

    topic: str
    ok: bool | None
    sentence: str


def check_own(graph: Graph, sign_in: SignIn) -> Iterator[Finding]:
    """Whether one's own calendar can be read."""
    claims = yield from _signed_in(sign_in)
    if claims is not None:
        yield from _granted(claims, organisation=False)
        yield from _calendar(graph, "/me", "your calendar")


def check_organisation(
    graph: Graph,
    sign_in: SignIn,
    certificate: Certificate,
    *,
    mailboxes: Sequence[str] = (),
    outside: Sequence[str] = (),
    now: datetime | None = None,
) -> Iterator[Finding]:
    """Whether an organisation can be scanned; `outside` are mailboxes that must stay closed to us."""
    yield _valid(certificate, now or datetime.now(UTC))
    claims = yield from _signed_in(sign_in)
    if claims is None:
        return
    yield from _granted(claims, organisation=True)
    yield _asked("people", lambda: graph.get("/users", {"$select": "id", "$top": "1"}), _PEOPLE_MISSING)
    yield _asked(
        "rooms", lambda: graph.get("/places/microsoft.graph.room", {"$top": "1"}), _ROOMS_MISSING, needed=False
    )
    for mailbox in mailboxes:
        yield from _calendar(graph, f"/users/{mailbox}", mailbox)
    if not mailboxes:
        yield Finding("calendar", None, "name a mailbox with --mailbox to see whether its calendar can be read")
    for mailbox in outside:
        yield _closed(graph, mailbox, claims)


_PEOPLE_MISSING = "grant User.Read.All (application) and give admin consent: departments and managers come from there"
_ROOMS_MISSING = "without Place.Read.All rooms that were invited as people are counted as people"


def _valid(certificate: Certificate, now: datetime) -> Finding:
    end = certificate.runs_out
    if end <= now:
        return Finding("certificate", False, f"it ran out on {end:%Y-%m-%d}; make a new one and upload it to the app")
    soon = "; replace it soon" if end - now < _SOON else ""
    return Finding("certificate", True, f"it is valid until {end:%Y-%m-%d}{soon}")


def _signed_in(sign_in: SignIn) -> Generator[Finding, None, dict[str, Any] | None]:
    try:
        token = sign_in.token()
    except (MailboxError, Misconfigured) as error:
        yield Finding("sign-in", False, str(error))
        return None
    yield Finding("sign-in", True, "Microsoft accepts the sign-in")
    return claims_of(token)


def claims_of(token: str) -> dict[str, Any]:
    """What a word of access says about itself; empty where it does not say it in the open (nothing promises that)."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = orjson.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _permissions(claims: dict[str, Any]) -> set[str]:
    return {*(claims.get("roles") or ()), *str(claims.get("scp") or "").split()}


def _granted(claims: dict[str, Any], *, organisation: bool) -> Iterator[Finding]:
    held = _permissions(claims)
    if not claims:
        yield Finding("permissions", None, "the sign-in does not say which permissions it carries; see the tries below")
        return
    yield Finding("permissions", None, "granted: " + (", ".join(sorted(held)) or "none"))
    for each in sorted(held & _TOO_MUCH):
        yield Finding("permissions", None, f"{each} is more than meetload needs; take it away")
    if not held & _CALENDARS:
        wanted = "Calendars.ReadBasic.All (application)" if organisation else "Calendars.ReadBasic (delegated)"
        scoped = ", unless RBAC for Applications opens chosen mailboxes" if organisation else ""
        yield Finding("permissions", None if organisation else False, f"{wanted} is not granted{scoped}")
    if organisation and not held & _PEOPLE:
        yield Finding("permissions", False, _PEOPLE_MISSING)


def _asked(topic: str, ask: Callable[[], object], missing: str, *, needed: bool = True) -> Finding:
    try:
        ask()
    except Denied:
        return Finding(topic, False if needed else None, missing)
    except (MailboxError, Misconfigured) as error:
        return Finding(topic, False, str(error))
    return Finding(topic, True, f"the list of {topic} can be read")


def _calendar(graph: Graph, path: str, who: str) -> Iterator[Finding]:
    now = clock.now().replace(microsecond=0)
    params = {
        "startDateTime": (now - timedelta(days=14)).isoformat() + "Z",
        "endDateTime": (now + timedelta(days=14)).isoformat() + "Z",
        "$select": ",".join(SELECT),
    }
    try:
        events = graph.get(f"{path}/calendarView", params)["value"]
    except Denied as error:
        advice = "grant Calendars.ReadBasic.All with admin consent, or add the mailbox to the RBAC scope"
        yield Finding("calendar", False, f"{who}: {error}; {advice}")
        return
    except (MailboxError, Misconfigured) as error:
        yield Finding("calendar", False, f"{who}: {error}")
        return
    yield Finding("calendar", True, f"{who}: the calendar can be read ({len(events)} events in four weeks)")
    if events:
        yield _filled(
            events,
            "attendees",
            "guest lists come through",
            "no guest list came through; if there should be any, grant Calendars.Read",
        )
        yield _filled(
            events,
            "createdDateTime",
            "creation times come through",
            "creation times do not come through: lead times stay unknown",
        )


def _filled(events: list[dict[str, Any]], name: str, good: str, bad: str) -> Finding:
    return (
        Finding("calendar", True, good) if any(event.get(name) for event in events) else Finding("calendar", None, bad)
    )


def _closed(graph: Graph, mailbox: str, claims: dict[str, Any]) -> Finding:
    """A mailbox outside the scope must be refused; permissions add up, so one wide consent opens everything."""
    try:
        graph.get(f"/users/{mailbox}/calendarView", _minute())
    except Denied:
        return Finding("scope", True, f"{mailbox} is closed to the app, as it should be")
    except (MailboxError, Misconfigured) as error:
        return Finding("scope", None, f"{mailbox}: {error}")
    wide = sorted(_permissions(claims) & _CALENDARS)
    why = f"take away the consent to {' and '.join(wide)} in Entra" if wide else "narrow the management scope"
    return Finding("scope", False, f"{mailbox} can be read although it should not; {why}")


def _minute() -> dict[str, str]:
    now = clock.now().replace(microsecond=0)
    later = now + timedelta(minutes=1)
    return {"startDateTime": now.isoformat() + "Z", "endDateTime": later.isoformat() + "Z", "$select": "id"}
