"""What was ever published of whom: the memberships that the audit of the next release needs.

It names people, so it lies beside the store, for its owner alone, and never in a release.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from privacy.release.statements import Said
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Published:
    """One release as the audit remembers it: the people of every group, and the groups told finer than by quarter.

    `said` is what the other measures rest on.
    """

    quarter: str
    begins: str
    ends: str
    people: frozenset[str]
    groups: Mapping[str, frozenset[str]]
    fine: frozenset[str]
    said: tuple[Said, ...] = ()
    digest: str = ""

    def under(self, name: Callable[[str], str]) -> Published:
        """The same memberships with everybody under another name."""
        return replace(
            self,
            people=frozenset(map(name, self.people)),
            groups={key: frozenset(map(name, members)) for key, members in self.groups.items()},
            said=tuple(each.under(name) for each in self.said),
        )

    def overlaps(self, other: Published) -> bool:
        """Whether both speak about some of the same weeks."""
        return self.begins < other.ends and other.begins < self.ends


def ledger_of(store: Path) -> Path:
    """Where the memberships of a store's releases lie."""
    return store.with_name(store.name + ".audit")


def read_ledger(path: Path) -> tuple[Published, ...]:
    """Every release ever written down, the oldest first; none where there is no file."""
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8") as lines:
            return tuple(_published(json.loads(line)) for line in lines)
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path} cannot be read; without the memberships of earlier releases no release can be audited"
        ) from error


def add_to_ledger(path: Path, published: Published) -> None:
    """Write one release down behind the others, in a file for the owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(json.dumps(_as_json(published), ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _published(entry: dict[str, object]) -> Published:
    groups = entry["groups"]
    if not isinstance(groups, dict):
        raise TypeError("groups")
    people, fine, said = entry["people"], entry["fine"], entry["said"]
    return Published(
        quarter=str(entry["quarter"]),
        begins=str(entry["begins"]),
        ends=str(entry["ends"]),
        people=_names(people if isinstance(people, list) else ()),
        groups={str(key): _names(members) for key, members in groups.items()},
        fine=_names(fine if isinstance(fine, list) else ()),
        said=tuple(_said(each) for each in said if isinstance(each, dict)) if isinstance(said, list) else (),
        digest=str(entry["digest"]),
    )


def _as_json(published: Published) -> dict[str, object]:
    return {
        "quarter": published.quarter,
        "begins": published.begins,
        "ends": published.ends,
        "people": sorted(published.people),
        "groups": {key: sorted(members) for key, members in published.groups.items()},
        "fine": sorted(published.fine),
        "said": [_as_said(each) for each in published.said],
        "digest": published.digest,
    }


def _said(entry: dict[str, Any]) -> Said:
    return Said(
        measure=str(entry["measure"]),
        begins=str(entry["begins"]),
        ends=str(entry["ends"]),
        sets={str(key): _names(things) for key, things in entry["sets"].items()},
        behind={sys.intern(thing): _names(people) for thing, people in entry["behind"].items()},
    )


def _names(found: Iterable[str]) -> frozenset[str]:
    """Names, each of them once in memory: everybody is in a hundred sets and more."""
    # Of a dict a set knows how many come, and so takes two thirds of the memory.
    return frozenset(dict.fromkeys(map(sys.intern, found)))


def _as_said(said: Said) -> dict[str, Any]:
    return {
        "measure": said.measure,
        "begins": said.begins,
        "ends": said.ends,
        "sets": {key: sorted(things) for key, things in said.sets.items()},
        "behind": {thing: sorted(people) for thing, people in said.behind.items()},
    }
