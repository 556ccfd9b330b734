"""Who is looking. Every question that leaves the store's rooms starts with one of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.errors import BadInput

Role = Literal["self", "mt", "hr"]


@dataclass(frozen=True)
class Viewer:
    """A person looking at their own time, a management team at its unit, or HR at the organisation."""

    role: Role
    person_id: str | None = None
    unit: str | None = None

    @property
    def key(self) -> str:
        """How a viewer is written in an address: `self:p12`, `mt:Vergunningen`, `hr`."""
        subject = self.person_id if self.role == "self" else self.unit
        return f"{self.role}:{subject}" if subject else self.role


def parse_viewer(text: str) -> Viewer:
    """A viewer from its written form.

    >>> parse_viewer("mt:Intake")
    Viewer(role='mt', person_id=None, unit='Intake')
    """
    role, _, subject = text.partition(":")
    if role == "self" and subject:
        return Viewer("self", person_id=subject)
    if role == "mt":
        return Viewer("mt", unit=subject or None)
    if role == "hr" and not subject:
        return Viewer("hr")
    raise BadInput(f"{text!r} is not a viewer; write self:PERSON, mt, mt:DEPARTMENT or hr")
