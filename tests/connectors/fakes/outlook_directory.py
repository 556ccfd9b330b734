"""People, rooms and groups at the fake Graph."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson

from tests.connectors.fakes.graph_contract import ROOM
from tests.connectors.fakes.outlook_answers import Answer, Answers
from tests.connectors.fakes.outlook_world import World


class Directory(Answers):
    """The part of the fake that knows who works there."""

    world: World
    roles: tuple[str, ...]
    url: str
    origin: str

    def _of_tenant(self, path: str, query: dict[str, str], headers: Any, principal: str) -> Answer:
        kind = path.removeprefix("/v1.0/").partition("/")[0]
        self._count(kind)
        selected = query.get("$select")
        if kind == "me" and principal != "app":
            own = next(each for each in self.world.users if each["id"] == self.world.user_id(principal))
            shown = _chosen(own, selected)
            self._held("user", shown)
            return 200, {}, orjson.dumps(shown)
        needed = {"users": "User.Read.All", "places": "Place.Read.All", "groups": "GroupMember.Read.All"}.get(kind)
        if needed is None:
            return self._refused(400, "BadRequest", "Resource not found for the segment.")
        if principal != "app" or needed not in self.roles:
            return self._refused(
                403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
            )
        rows = {"users": self.world.users, "places": self.world.rooms, "groups": self.world.groups}[kind]
        expands = query.get("$expand") == "manager($select=id)"
        size = min(int(query.get("$top", 100)), 100 if expands or kind == "places" else 999)
        at = int(query.get("$skiptoken", 0))
        shown = [_chosen(each, selected, ("manager",) if expands else ()) for each in rows[at : at + size]]
        for each in shown:
            if kind == "users":
                self._held("user", each)
            assert kind != "places" or set(each) <= ROOM, each
        body: dict[str, Any] = {"@odata.context": f"{self.url}/$metadata#{kind}", "value": shown}
        if at + size < len(rows):
            body["@odata.nextLink"] = f"{self.origin}{path}?{urlencode({**query, '$skiptoken': str(at + size)})}"
        return 200, {}, orjson.dumps(body)


def _chosen(row: dict[str, Any], selected: str | None, more: tuple[str, ...] = ()) -> dict[str, Any]:
    names = {*selected.split(","), "id", *more} if selected else set(row) - {"manager"}
    return {name: value for name, value in row.items() if name in names}
