"""People, rooms and groups of an organisation, from Google's Directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connectors.errors import Denied, Misconfigured
from connectors.google.settings import GROUPS, ROOMS, USERS, GoogleSettings
from connectors.google.wire import client, execute, service_account_of
from connectors.identity import address
from store.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.google.wire import Answer

_USER = (
    "id,primaryEmail,name(fullName),aliases,nonEditableAliases,orgUnitPath,suspended,archived,isMailboxSetup,"
    "relations,organizations"
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Directory:
    """Who works there. `people` are rows for the chart, `aliases` further addresses and whose they are."""

    people: tuple[Row, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    rooms: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def mailboxes(self, org_unit: str = "/") -> list[str]:
        """The calendars to scan: of everybody in the unit and those below it who is active and has a mailbox."""
        below = org_unit.rstrip("/") + "/"
        return sorted(
            row["person_id"]
            for row in self.people
            if not row["suspended"] and row["mailbox"] and f"{row['org_unit'] or ''}/".startswith(below)
        )


def _at_once(ask: Callable[[], Answer]) -> Answer:
    return ask()


def _nothing() -> None:
    pass


class DirectoryReader:
    """Reads a directory as an administrator; `patiently` runs every request and may run it again."""

    def __init__(
        self,
        key: Mapping[str, Any],
        admin: str,
        settings: GoogleSettings,
        *,
        before_request: Callable[[], None] = _nothing,
        patiently: Callable[[Callable[[], Answer]], Answer] = _at_once,
    ) -> None:
        self._key, self.admin, self._settings = key, admin, settings
        self._before_request, self._patiently = before_request, patiently

    def read(self, *, suspended: bool = False) -> Directory:
        """Everybody, and the rooms and groups where the administrator opened those lists; the suspended on request."""
        rows, problems = self._people(suspended=suspended)
        rooms, without_rooms = self._addresses(self._rooms, "rooms", ROOMS)
        groups, without_groups = self._addresses(self._groups, "groups", GROUPS)
        aliases = {alias: row["person_id"] for row in rows for alias in row["aliases"]}
        for row in rows:
            row["manager"] = aliases.get(row["manager"], row["manager"])
        return Directory(tuple(rows), aliases, rooms, groups, (*problems, *without_rooms, *without_groups))

    def probe(self, scope: str) -> None:
        """Ask one row of the list that the scope opens; raises one of `connectors.errors`."""
        asked = {USERS: self._users_of, ROOMS: self._rooms_of, GROUPS: self._groups_of}[scope]
        with self._service(scope) as service:
            self._ask(asked(service, {"maxResults": 1}))

    def _people(self, *, suspended: bool) -> tuple[list[Row], list[Problem]]:
        rows: list[Row] = []
        problems: list[Problem] = []
        query = {} if suspended else {"query": "isSuspended=false"}
        asked = query | {"maxResults": self._settings.directory_page_size}
        for page in self._pages(USERS, self._users_of, asked):
            for user in page.get("users") or []:
                row = person(user)
                if row is None:
                    problems.append(Problem("directory", "a person without an address was left out"))
                else:
                    rows.append(row)
        return rows, problems

    def _addresses(
        self, read: Callable[[], Iterator[str]], what: str, scope: str
    ) -> tuple[frozenset[str], tuple[Problem, ...]]:
        try:
            return frozenset(address(each) for each in read()), ()
        except (Denied, Misconfigured):
            name = scope.rpartition("/")[2]
            return frozenset(), (Problem("directory", f"the {what} are not open to read ({name})", rejected=False),)

    def _rooms(self) -> Iterator[str]:
        for page in self._pages(ROOMS, self._rooms_of, {"maxResults": 500}):
            yield from (each["resourceEmail"] for each in page.get("items") or [] if each.get("resourceEmail"))

    def _groups(self) -> Iterator[str]:
        for page in self._pages(GROUPS, self._groups_of, {"maxResults": 200}):
            for each in page.get("groups") or []:
                yield from (found for found in (each.get("email"), *(each.get("aliases") or ())) if found)

    def _users_of(self, service: Any, more: Row) -> Any:
        fields = f"nextPageToken,users({_USER})"
        return service.users().list(customer="my_customer", projection="full", fields=fields, **more)

    def _rooms_of(self, service: Any, more: Row) -> Any:
        fields = "nextPageToken,items(resourceEmail)"
        return service.resources().calendars().list(customer="my_customer", fields=fields, **more)

    def _groups_of(self, service: Any, more: Row) -> Any:
        return service.groups().list(customer="my_customer", fields="nextPageToken,groups(email,aliases)", **more)

    def _service(self, scope: str) -> Any:
        # One scope at a time: a token for several is refused as a whole when one of them is not delegated.
        credentials = service_account_of(self._key, (scope,), self.admin)
        return client("admin", "directory_v1", self._settings.directory_url, credentials, self._settings)

    def _pages(self, scope: str, request: Callable[[Any, Row], Any], asked: Row) -> Iterator[Answer]:
        with self._service(scope) as service:
            while True:
                page = self._ask(request(service, asked))
                yield page
                if not page.get("nextPageToken"):
                    return
                asked = asked | {"pageToken": page["nextPageToken"]}

    def _ask(self, request: Any) -> Answer:
        def once() -> Answer:
            self._before_request()
            return execute(request, self._settings, delegated=True)

        return self._patiently(once)


def person(user: Mapping[str, Any]) -> Row | None:
    """A row for the chart; relations and organisations are free text in Google, so nothing about them is believed."""
    own = address(_text(user.get("primaryEmail")))
    if not own:
        return None
    post = _primary(_dicts(user.get("organizations")))
    others = {address(_text(each)) for name in ("aliases", "nonEditableAliases") for each in user.get(name) or ()}
    return {
        "person_id": own,
        "name": _text((user.get("name") or {}).get("fullName")) or None,
        "email": own,
        "manager": _manager(_dicts(user.get("relations"))),
        "department": _text(post.get("department")) or None,
        "function": _text(post.get("title")) or None,
        "aliases": sorted(others - {own, ""}),
        "org_unit": _text(user.get("orgUnitPath")) or None,
        "suspended": bool(user.get("suspended") or user.get("archived")),
        "mailbox": user.get("isMailboxSetup") is not False,
    }


def _manager(relations: list[Row]) -> str | None:
    found = (address(_text(each.get("value"))) for each in relations if each.get("type") == "manager")
    return next((each for each in found if "@" in each), None)


def _primary(posts: list[Row]) -> Row:
    return next((post for post in posts if post.get("primary")), posts[0] if posts else {})


def _dicts(value: Any) -> list[Row]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
