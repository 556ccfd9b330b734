"""What a viewer gets in place of an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why a viewer does not get an answer; `code` picks the sentence, `numbers` fill it."""

    code: str
    numbers: dict[str, int]
