"""What every part of the fake Graph needs to answer: counting, refusing, and honesty."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import orjson

from tests.connectors.fakes.graph_contract import faults

Answer = tuple[int, dict[str, str], bytes]


class Answers:
    """Counts what is asked and holds every body against Microsoft's published schema."""

    counts: Counter[str]
    _lock: threading.Lock

    def _refused(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
        self._count(str(status))
        body = {"error": {"code": code, "message": message, "innerError": {"request-id": "0"}}}
        return status, headers or {}, orjson.dumps(body)

    def _held(self, name: str, value: dict[str, Any]) -> None:
        wrong = faults(name, value)
        assert not wrong, f"the fake is about to say what Microsoft never would: {wrong}"

    def _count(self, kind: str) -> None:
        with self._lock:
            self.counts[kind] += 1
