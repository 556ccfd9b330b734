"""Google's Directory: people, rooms and groups, page by page."""

from __future__ import annotations

from typing import Any

from connectors.google.settings import GROUPS, ROOMS, USERS
from tests.connectors.fakes.google_calendar import mask_of, projected
from tests.connectors.fakes.google_faults import Refused
from tests.connectors.fakes.google_world import Event, World


class Directory:
    """The part of the fake that knows who works there."""

    world: World
    switched_off: set[str]
    refuse: Refused | None

    def directory(self, what: str, header: str, query: dict[str, list[str]]) -> dict[str, Any]:
        _, scopes = self.signed_in(header)
        needed, name, rows = {
            "users": (USERS, "users", self._users(query)),
            "groups": (GROUPS, "groups", [{"email": each} for each in self.world.groups]),
            "rooms": (ROOMS, "items", [{"resourceEmail": each, "resourceName": "Zaal"} for each in self.world.rooms]),
        }[what]
        if "admin" in self.switched_off:
            raise Refused(403, "accessNotConfigured")
        if self.refuse:
            raise self.refuse
        if needed not in scopes:
            raise Refused(403, "insufficientPermissions")
        start, size = int(query.get("pageToken", ["0"])[0]), int(query["maxResults"][0])
        page: dict[str, Any] = {name: rows[start : start + size]}
        if start + size < len(rows):
            page["nextPageToken"] = str(start + size)
        return projected(page, mask_of(query["fields"][0]), {})

    def _users(self, query: dict[str, list[str]]) -> list[Event]:
        active = query.get("query") == ["isSuspended=false"]
        return [each for each in self.world.users if not (active and each.get("suspended"))]
