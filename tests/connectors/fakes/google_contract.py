"""Google's published types, compiled once so that every body a fake sends can be held against them.

The Calendar types come from the contract file; those of the Directory are cut the same way from the discovery document
that google-api-python-client brings. `faults` gives the same verdict as jsonschema (a test compares them) and is quick
enough for a campaign; what the types leave open and the documentation promises in words is checked beside them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient

from tests.connectors.fakes.contract_file import CONTRACTS, Check, Checkers, Schema, of_kind, referred, types_of

CONTRACT = CONTRACTS / "google_events.schema.json"
DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d").fullmatch,
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)").fullmatch,
}
WORDS = {
    "status": {"confirmed", "tentative", "cancelled"},
    "eventType": {"default", "focusTime", "outOfOffice", "workingLocation", "birthday", "fromGmail"},
    "transparency": {"opaque", "transparent"},
    "visibility": {"default", "public", "private", "confidential"},
}
ANSWERS = {"needsAction", "declined", "tentative", "accepted"}
_STUB = {"id", "recurringEventId", "originalStartTime", "status"}


def converted(schema: Schema) -> Schema:
    """A type of a discovery document as JSON Schema, names, types and date formats only."""
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"]}
    kind = schema.get("type")
    if kind == "object":
        out: Schema = {"type": "object"}
        if "properties" in schema:
            out["properties"] = {name: converted(each) for name, each in schema["properties"].items()}
            out["additionalProperties"] = False
        if "additionalProperties" in schema:
            out["additionalProperties"] = converted(schema["additionalProperties"])
        return out
    if kind == "array":
        return {"type": "array", "items": converted(schema["items"])}
    if kind == "any":
        return {}
    return {"type": kind, **({"format": schema["format"]} if schema.get("format") in _FORMATS else {})}


def discovered(name: str) -> Schema:
    """All types of a discovery document, with its revision."""
    document = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    definitions = {key: converted(each) for key, each in document["schemas"].items()}
    return {"x-revision": document["revision"], "$defs": definitions}


@cache
def definitions() -> Schema:
    calendar = types_of(CONTRACT.name)
    directory = discovered("admin.directory_v1")["$defs"]
    taken = ("Users", "User", "Groups", "Group", "CalendarResources", "CalendarResource")
    return calendar | {name: each for name, each in directory.items() if name not in calendar or name in taken}


def faults(name: str, value: Any) -> list[str]:
    """What is wrong with a body of that type; nothing, for an honest fake."""
    found = checker(name)(value, name)
    if name == "Events":
        found += [fault for event in value.get("items", ()) for fault in rule_faults(event)]
    return found


def rule_faults(event: dict[str, Any]) -> list[str]:
    """What an event says that the documentation excludes though the types allow it."""
    found = [f"{name}: {event[name]}" for name, words in WORDS.items() if name in event and event[name] not in words]
    answers = {each["responseStatus"] for each in event.get("attendees", ()) if "responseStatus" in each}
    found += [f"responseStatus: {each}" for each in answers - ANSWERS]
    if event.get("status") == "cancelled" and not set(event) <= _STUB:
        found.append("a deleted event tells more than is promised")
    return found


def _compiled(schema: Schema) -> Check:
    if "$ref" in schema:
        return checker(referred(schema))
    if not schema:
        return lambda value, where: []
    checks = {"object": _object, "array": _array, "string": _string}
    return checks.get(schema["type"], _plain)(schema)


checker = Checkers(definitions, _compiled)


def _plain(schema: Schema) -> Check:
    return of_kind(schema["type"])


def _string(schema: Schema) -> Check:
    fits = _FORMATS.get(schema.get("format", ""))
    if fits is None:
        return of_kind("string")
    return lambda value, where: [] if type(value) is str and fits(value) else [f"{where}: not in its format"]


def _array(schema: Schema) -> Check:
    inner = _compiled(schema["items"])

    def check(value: Any, where: str) -> list[str]:
        if type(value) is not list:
            return [f"{where}: {type(value).__name__}"]
        return [fault for each in value for fault in inner(each, where)]

    return check


def _object(schema: Schema) -> Check:
    known = {name: _compiled(each) for name, each in schema.get("properties", {}).items()}
    more = schema.get("additionalProperties", True)
    other = _compiled(more) if isinstance(more, dict) else None

    def check(value: Any, where: str) -> list[str]:
        if type(value) is not dict:
            return [f"{where}: {type(value).__name__}"]
        found: list[str] = []
        for name, each in value.items():
            inner = known.get(name, other)
            if inner is not None:
                found += inner(each, name)
            elif more is False:
                found.append(f"{where}: {name} is not in the contract")
        return found

    return check
