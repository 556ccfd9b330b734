"""Who signed in, and as whom that person may look: nobody may look as anybody unless it is written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from privacy.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Identity:
    """A person who signed in (`subject` as the provider names them) and the views they are entitled to."""

    subject: str
    viewers: tuple[Viewer, ...]


@dataclass(frozen=True)
class Grant:
    """One line of the list of rights: whoever has this value in the claim, or is this person, may look as `viewer`."""

    value: str
    viewer: Viewer
    personal: bool = False


@dataclass(frozen=True)
class Grants:
    """The list of rights of one deployment.

    `claim` names the claim whose values give roles (usually `groups` or `roles`); `own_claim` names the claim that
    holds the person's own `person_id`, where the provider knows it. Both are read from a signed token only. `known_as`
    is who a person is in the store, where people go by other names there.
    """

    lines: tuple[Grant, ...]
    claim: str = "groups"
    own_claim: str = ""
    known_as: Callable[[str], str] | None = None

    def of(self, claims: Mapping[str, Any]) -> Identity:
        """The views of one signed-in person; none where no line fits."""
        roles, names = _texts(claims.get(self.claim)), _names(claims)
        granted = [line.viewer for line in self.lines if line.value in (names if line.personal else roles)]
        own = claims.get(self.own_claim) if self.own_claim else None
        if isinstance(own, str) and own:
            granted.insert(0, Viewer("self", person_id=own))
        if self.known_as:
            granted = [self._in_store(viewer) for viewer in granted]
        return Identity(str(claims["sub"]), tuple(dict.fromkeys(granted)))

    def _in_store(self, viewer: Viewer) -> Viewer:
        known = viewer.person_id and self.known_as and self.known_as(viewer.person_id)
        return replace(viewer, person_id=known) if known else viewer


def can_look(identity: Identity | None, viewer: Viewer) -> bool:
    """Whether this identity may look as this viewer; without an identity nobody may."""
    return identity is not None and viewer in identity.viewers


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    return {each for each in value if isinstance(each, str)} if isinstance(value, list | tuple) else set()


def _names(claims: Mapping[str, Any]) -> set[str]:
    """What identifies the person: the provider's own ids, and the address only where the provider vouches for it."""
    names = {str(claims[name]) for name in ("sub", "oid") if claims.get(name)}
    if claims.get("email_verified") is True and isinstance(claims.get("email"), str):
        names.add(claims["email"].lower())
    return names
