"""Forgetting a source's secrets, with proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.secrets.places import Secrets


@dataclass(frozen=True)
class Forgotten:
    """The keys whose secrets were taken out; that nothing of them is left has been looked up afterwards."""

    source: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        if not self.keys:
            return f"there were no secrets of {self.source}"
        return f"removed and found gone: {', '.join(self.keys)}"


def forget(source: str, places: Iterable[Secrets]) -> Forgotten:
    """Take all secrets of a source out of every place, then look again; raises `Unreachable` if one is still there."""
    removed: dict[str, None] = {}
    for place in places:
        values = {key: place.load(key) for key in _keys(source, place)}
        for key in values:
            place.forget(key)
        left = sorted({*_keys(source, place), *place.left_of(values)})
        if left:
            raise Unreachable(f"secrets of {source} could not be removed: {', '.join(left)}")
        removed.update(dict.fromkeys(values))
    return Forgotten(source, tuple(removed))


def _keys(source: str, place: Secrets) -> list[str]:
    there = place.keys()
    return [key for key in there if key == source or key.startswith(source + "/")]
