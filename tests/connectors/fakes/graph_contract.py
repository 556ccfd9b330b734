"""Microsoft's published schema, compiled once so that every event a fake sends can be held against it.

`faults` gives the same verdict as jsonschema (a test compares them) and is quick enough for a campaign.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.connectors.fakes.contract_file import CONTRACTS, Check, Checkers, Schema, of_kind, referred, types_of

SCHEMA = CONTRACTS / "graph_subset.schema.json"
_WORDS = {"type", "enum", "anyOf", "$ref", "items", "properties", "additionalProperties", "patternProperties"}
# Places are not in Microsoft's cut; these are the properties of a room that the connector may ask for.
ROOM = {"@odata.type", "id", "displayName", "emailAddress", "capacity", "building"}


@cache
def definitions() -> Schema:
    return types_of(SCHEMA.name)


def faults(name: str, value: Any) -> list[str]:
    """What is wrong with a value of that type; nothing, for an honest fake."""
    return checker(name)(value, name)


def _compiled(schema: Schema) -> Check:
    unknown = set(schema) - _WORDS - {"description", "$comment", "title"}
    assert not unknown, f"the schema uses words this reader does not know: {unknown}"
    checks = [
        _RULES[word](schema) for word in ("$ref", "type", "enum", "anyOf", "items", "properties") if word in schema
    ]

    def check(value: Any, where: str) -> list[str]:
        for each in checks:
            if found := each(value, where):
                return found
        return []

    return check


checker = Checkers(definitions, _compiled)


def _ref(schema: Schema) -> Check:
    name = referred(schema)
    # Looked up when it is needed: types may name each other in a ring.
    return lambda value, where: checker(name)(value, where)  # noqa: PLW0108


def _type(schema: Schema) -> Check:
    return of_kind(schema["type"])


def _enum(schema: Schema) -> Check:
    words = frozenset(schema["enum"])
    return lambda value, where: (
        []
        if isinstance(value, str | None) and value in words
        else [f"{where}: a word that is none of {sorted(map(str, words))}"]
    )


def _any_of(schema: Schema) -> Check:
    options = [_compiled(each) for each in schema["anyOf"]]

    def check(value: Any, where: str) -> list[str]:
        found = [option(value, where) for option in options]
        return [] if not all(found) else found[0]

    return check


def _items(schema: Schema) -> Check:
    inner = _compiled(schema["items"])

    def check(value: Any, where: str) -> list[str]:
        if not isinstance(value, list):
            return []
        return [fault for each in value for fault in inner(each, f"{where}[]")]

    return check


def _properties(schema: Schema) -> Check:
    inner = {name: (_compiled(each), f".{name}") for name, each in schema["properties"].items()}
    patterns = [re.compile(each) for each in schema.get("patternProperties", {})]
    closed = schema.get("additionalProperties") is False

    def check(value: Any, where: str) -> list[str]:
        if not isinstance(value, dict):
            return []
        found: list[str] = []
        for name, each in value.items():
            known = inner.get(name)
            if known is not None:
                found.extend(known[0](each, where + known[1]))
            elif closed and not any(pattern.search(name) for pattern in patterns):
                found.append(f"{where}: {name} is not in the contract")
        return found

    return check


_RULES = {"$ref": _ref, "type": _type, "enum": _enum, "anyOf": _any_of, "items": _items, "properties": _properties}
