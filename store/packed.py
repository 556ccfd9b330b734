"""Answers as JSON and back: frozen dataclasses of our own rooms, with dates, frames and the plain values they hold.

Nothing in such a text can run: what comes back is a plain value, or a frozen dataclass that one of our rooms defines.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

ROOMS = ("analysis", "classify", "privacy", "store")
IS, OF = "is", "of"


def packed(value: object) -> str:
    """A value as a text.

    >>> packed((1, date(2026, 1, 5), {"a": None}))
    '[1,{"date":"2026-01-05"},{"dict":[["a",null]]}]'
    """
    return json.dumps(_pack(value), separators=(",", ":"), allow_nan=False)


def unpacked(text: str | bytes) -> Any:
    """The value that was packed.

    >>> unpacked('[1,{"date":"2026-01-05"},{"dict":[["a",null]]}]')
    (1, datetime.date(2026, 1, 5), {'a': None})
    """
    return _unpack(json.loads(text))


def _pack(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, np.generic):
        return _pack(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, tuple):
        return [_pack(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return {
            IS: f"{kind.__module__}:{kind.__qualname__}",
            OF: [_pack(getattr(value, each.name)) for each in fields(value)],
        }
    return _pack_other(value)


def _pack_other(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"dict": [[_pack(key), _pack(each)] for key, each in value.items()]}
    if isinstance(value, list):
        return {"list": [_pack(each) for each in value]}
    if isinstance(value, frozenset):
        return {"set": sorted((_pack(each) for each in value), key=json.dumps)}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, pd.DataFrame):
        return {"frame": base64.b64encode(value.to_parquet()).decode()}
    raise TypeError(f"{type(value).__name__} cannot be packed")


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(each) for each in value)
    if not isinstance(value, dict):
        return value
    if IS in value:
        return _kind(value[IS])(*(_unpack(each) for each in value[OF]))
    (name, inside), *_ = value.items()
    return _OTHERS[name](inside)


_OTHERS: dict[str, Any] = {
    "float": float,
    "dict": lambda pairs: {_unpack(key): _unpack(each) for key, each in pairs},
    "list": lambda items: [_unpack(each) for each in items],
    "set": lambda items: frozenset(_unpack(each) for each in items),
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "frame": lambda text: pd.read_parquet(BytesIO(base64.b64decode(text))),
}


@cache
def _kind(name: str) -> Any:
    """A frozen dataclass by its name; nothing else can be named."""
    module, _, inside = name.partition(":")
    if module.partition(".")[0] not in ROOMS:
        raise ValueError(f"{name} is not one of our own")
    found = getattr(import_module(module), inside)
    if not (isinstance(found, type) and is_dataclass(found) and found.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise ValueError(f"{name} is no frozen dataclass")
    return found
