"""A vendor's published types in a contract file, each made into a check the first time it is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Check = Callable[[Any, str], list[str]]
Schema = dict[str, Any]

CONTRACTS = Path(__file__).parents[1] / "contracts"
# What JSON Schema calls a value, in Python; a bool is an int there only for Python.
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def types_of(file: str) -> Schema:
    """The types a contract file defines, by name."""
    definitions: Schema = json.loads((CONTRACTS / file).read_text(encoding="utf-8"))["$defs"]
    return definitions


class Checkers:
    """The check of every type, compiled by `compiled` once."""

    def __init__(self, definitions: Callable[[], Schema], compiled: Callable[[Schema], Check]) -> None:
        self._definitions, self._compiled = definitions, compiled
        self._made: dict[str, Check] = {}

    def __call__(self, name: str) -> Check:
        if name not in self._made:
            self._made[name] = self._compiled(self._definitions()[name])
        return self._made[name]


def referred(schema: Schema) -> str:
    """The name of the type that a `$ref` points at."""
    return str(schema["$ref"]).rpartition("/")[2]


def of_kind(kinds: str | list[str]) -> Check:
    """Whether a value is of one of these kinds."""
    names = [kinds] if isinstance(kinds, str) else kinds
    allowed = frozenset(kind for name in names for kind in TYPES[name])
    return lambda value, where: [] if type(value) in allowed else [f"{where}: {type(value).__name__}, not {names}"]
