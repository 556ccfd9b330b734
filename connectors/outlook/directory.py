"""People, rooms and groups of an organisation, as Microsoft Graph lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.identity import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.outlook.client import Graph

_PERSON = (
    "id",
    "displayName",
    "userPrincipalName",
    "mail",
    "proxyAddresses",
    "department",
    "jobTitle",
    "accountEnabled",
    "userType",
)
_MAIL_KINDS = ("smtp", "x500")


@dataclass(frozen=True)
class DirectoryPerson:
    """One account: `manager` is their person_id, `user_id` what Graph calls them, `function` their job title."""

    person_id: str
    user_id: str
    name: str | None = None
    email: str | None = None
    manager: str | None = None
    department: str | None = None
    function: str | None = None
    aliases: tuple[str, ...] = ()
    enabled: bool = True
    user_type: str = "Member"


def people(graph: Graph) -> list[DirectoryPerson]:
    """Every account of the organisation, guests and switched-off ones included, in the order of their ids."""
    params = {
        "$select": ",".join(_PERSON),
        # With managers a page holds at most 100, whatever is asked for; the links to the next ones are followed.
        "$expand": "manager($select=id)",
        "$top": str(graph.settings.directory_page),
    }
    users = {user["id"]: user for page in graph.pages("/users", params) for user in page["value"] if user.get("id")}
    ids = {key: _person_id(user) for key, user in users.items()}
    return sorted((_person(user, ids) for user in users.values()), key=lambda each: (each.person_id, each.user_id))


def me(graph: Graph) -> DirectoryPerson:
    """Whoever is signed in."""
    return _person(graph.get("/me", {"$select": ",".join(_PERSON)}), {})


def rooms(graph: Graph) -> frozenset[str]:
    """The addresses of all meeting rooms; raises `Denied` where the permission Place.Read.All is missing."""
    params = {"$select": "emailAddress", "$top": "100"}
    pages = graph.pages("/places/microsoft.graph.room", params)
    return frozenset(address(room["emailAddress"]) for page in pages for room in page["value"] if _mail(room))


def groups(graph: Graph) -> frozenset[str]:
    """The addresses of all groups; raises `Denied` where the permission GroupMember.Read.All is missing."""
    params = {"$select": "mail,proxyAddresses", "$top": str(graph.settings.directory_page)}
    found = (group for page in graph.pages("/groups", params) for group in page["value"])
    return frozenset(each for group in found for each in _addresses(group))


def aliases(known: Iterable[DirectoryPerson]) -> dict[str, str]:
    """Every further address of a person; an address two accounts claim belongs to the one whose main address it is."""
    listed = list(known)
    main = {person.person_id for person in listed}
    taken: dict[str, str] = {}
    for person in listed:
        for each in person.aliases:
            if each not in main:
                taken.setdefault(each, person.person_id)
    return taken


def mailboxes(known: Iterable[DirectoryPerson]) -> dict[str, str]:
    """The accounts that can have a calendar of their own, address -> Graph's id: no guests, nobody switched off."""
    return {
        person.person_id: person.user_id
        for person in known
        if person.enabled and person.user_type != "Guest" and person.email
    }


def _person(user: dict[str, Any], ids: dict[str, str]) -> DirectoryPerson:
    manager = user.get("manager") or {}
    person_id = _person_id(user)
    return DirectoryPerson(
        person_id=person_id,
        user_id=user["id"],
        name=user.get("displayName") or None,
        email=address(user["mail"]) if user.get("mail") else None,
        manager=ids.get(manager.get("id") or ""),
        department=user.get("department") or None,
        function=user.get("jobTitle") or None,
        aliases=tuple(sorted(_addresses(user) - {person_id})),
        enabled=user.get("accountEnabled") is not False,
        user_type=user.get("userType") or "Member",
    )


def _person_id(user: dict[str, Any]) -> str:
    return address(user.get("mail") or user.get("userPrincipalName") or user["id"])


def _addresses(account: dict[str, Any]) -> set[str]:
    """Every address of an account; old Exchange ones (X500) too, since old invitations carry them."""
    found = {address(each) for each in (account.get("mail"), account.get("userPrincipalName")) if each}
    for each in account.get("proxyAddresses") or ():
        kind, _, value = (each or "").partition(":")
        if kind.lower() in _MAIL_KINDS and value:
            found.add(address(value))
    return found


def _mail(room: dict[str, Any]) -> str | None:
    return room.get("emailAddress") or None
