"""What `doctor google` looks at: whether a tenant lets meetload read, and what exactly is missing where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.errors import Denied, MailboxError, Misconfigured, NoCalendar, NoMailbox
from connectors.google.directory import DirectoryReader
from connectors.google.settings import DIRECTORY_SCOPES, EVENTS, GROUPS, ROOMS, SCAN_SCOPES, USERS, WHY, GoogleSettings
from connectors.google.wire import PRIMARY, DelegatedWire, OwnWire, decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.oauth2.credentials import Credentials

    from connectors.google.wire import Answer, Question

_TOPICS = {USERS: "people", ROOMS: "rooms", GROUPS: "groups"}
_LOOK: Question = {"singleEvents": True, "maxResults": 50, "fields": "items(attendees(self))"}
_TIMES: Question = {"singleEvents": True, "maxResults": 1, "fields": "items(start,end)"}


@dataclass(frozen=True)
class Finding:
    """One check in words: what was looked at, whether it holds, and if not, what to do."""

    topic: str
    ok: bool
    sentence: str


def check_own(credentials: Credentials, settings: GoogleSettings, *, hours_only: bool = False) -> list[Finding]:
    """Whether one's own calendar can be read."""
    with OwnWire(credentials, settings) as wire:
        try:
            decoded(wire.page(PRIMARY, _TIMES if hours_only else _LOOK))
        except (MailboxError, Misconfigured) as error:
            return [Finding("calendar", False, str(error))]
    return [Finding("calendar", True, "your own calendar can be read")]


def check_organisation(key: Mapping[str, Any], admin: str, mailbox: str, settings: GoogleSettings) -> list[Finding]:
    """Whether the directory can be read as the administrator, and the mailbox as its owner, guests included."""
    reader = DirectoryReader(key, admin, settings)
    with DelegatedWire(key, settings, SCAN_SCOPES) as wire:
        return [*(_directory(reader, scope, key) for scope in DIRECTORY_SCOPES), *_calendar(wire, mailbox, key)]


def _directory(reader: DirectoryReader, scope: str, key: Mapping[str, Any]) -> Finding:
    topic = _TOPICS[scope]
    try:
        reader.probe(scope)
    except NoMailbox as error:
        return Finding(topic, False, f"{error}: {reader.admin}; name an administrator with --admin")
    except Denied as error:
        advice = f"{_delegate(scope, key)}, and let {reader.admin} be an administrator who may read it"
        return Finding(topic, False, f"{error}. {advice}")
    except (MailboxError, Misconfigured) as error:
        return Finding(topic, False, f"{error} (Admin SDK API)")
    return Finding(topic, True, f"meetload may {WHY[scope]}")


def _calendar(wire: DelegatedWire, mailbox: str, key: Mapping[str, Any]) -> list[Finding]:
    try:
        page = decoded(wire.page(mailbox, _LOOK))
    except (NoMailbox, NoCalendar) as error:
        return [Finding("calendar", False, f"{error}: {mailbox}; try another mailbox")]
    except Denied as error:
        missing = Finding("delegation", False, f"{error}. {_delegate(EVENTS, key)}")
        return [missing, *_without_delegation(wire, mailbox)]
    except (MailboxError, Misconfigured) as error:
        return [Finding("calendar", False, f"{error} (Google Calendar API)")]
    return [Finding("calendar", True, f"meetload may {WHY[EVENTS]}"), _guests(page)]


def _without_delegation(wire: DelegatedWire, mailbox: str) -> list[Finding]:
    """Sharing a calendar with the service account looks like a way out, but Google then hides every guest."""
    try:
        page = decoded(wire.ask("", mailbox, _LOOK))
    except (MailboxError, Misconfigured):
        return []
    events = page.get("items") or []
    with_guests = sum(bool(event.get("attendees")) for event in events)
    sentence = (
        f"{mailbox} is shared with the service account itself, but {with_guests} of its {len(events)} events show "
        "a guest that way, so nobody would know who met; only domain-wide delegation shows them"
    )
    return [Finding("guests", False, sentence)]


def _guests(page: Answer) -> Finding:
    events = page.get("items") or []
    with_guests = sum(bool(event.get("attendees")) for event in events)
    if events and not with_guests:
        sentence = (
            f"none of the {len(events)} events looked at shows a guest: this mailbox has no meetings, or Google hides "
            "them because there is no domain-wide delegation; try another mailbox"
        )
        return Finding("guests", False, sentence)
    return Finding("guests", True, f"guests are visible in {with_guests} of the {len(events)} events looked at")


def _delegate(scope: str, key: Mapping[str, Any]) -> str:
    return (
        f"In the Admin console, Security, API controls, Domain-wide delegation, give client {key.get('client_id')} "
        f"the scope {scope}"
    )
