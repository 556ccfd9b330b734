"""What can go wrong at Google: how often by chance, and the words in which it refuses."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

SECRET = "geheim"


@dataclass
class Faults:
    """How often what goes wrong, as shares of requests. `on` switches all of it off; `plan` names single requests."""

    seed: int = 1
    throttled: float = 0.0
    retry_after: str | None = "1"
    server_errors: float = 0.0
    dropped: float = 0.0
    expired: float = 0.0
    short_pages: float = 0.0
    empty_pages: float = 0.0
    duplicates: float = 0.0
    reordered: bool = False
    on: bool = True
    plan: dict[int, str] = field(default_factory=dict)

    def strikes(self, box: str, number: int) -> str | None:
        """What goes wrong with this mailbox's so-many-th request."""
        if not self.on:
            return None
        if number in self.plan:
            return self.plan[number]
        dice = random.Random(f"{self.seed}/{box}/{number}").random()
        for kind in ("throttled", "server_errors", "dropped", "expired"):
            dice -= getattr(self, kind)
            if dice < 0:
                return kind
        return None

    def bends(self, kind: str, box: str, number: int) -> bool:
        """Whether a page of this mailbox is bent that way."""
        return self.on and random.Random(f"{self.seed}/{kind}/{box}/{number}").random() < getattr(self, kind)


class Refused(Exception):  # noqa: N818
    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers or {}

    def body(self) -> dict[str, Any]:
        error = {"domain": "global", "reason": self.reason, "message": f"{SECRET} in woorden"}
        return {"error": {"code": self.status, "message": error["message"], "errors": [error]}}


class NoToken(Exception):  # noqa: N818
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status, self.answer = status, {"error": error, "error_description": description}


def refusal(status: int, reason: str, **headers: str) -> Refused:
    """An error as Google words it, for `GoogleFake.refuse`."""
    return Refused(status, reason, {name.replace("_", "-"): value for name, value in headers.items()})


def no_token(error: str, description: str = "", status: int = 400) -> NoToken:
    """A refusal of the token service, for `GoogleFake.refuse_sign_in`."""
    return NoToken(error, description, status)
