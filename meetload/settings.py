"""Every number of the connectors and the scan can be set in one TOML file, given with `--settings`."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from meetload.tomlfile import read_toml
from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

Settings = TypeVar("Settings")


def settings_of(defaults: Settings, section: str, file: Path | None) -> Settings:
    """The defaults with what a section of the file says instead; an unknown name is an error, never ignored."""
    if file is None:
        return defaults
    given = read_toml(file, "settings").get(section, {})
    if not isinstance(given, dict):
        raise BadInput(f"{file}: {section} must be a table, written as [{section}]")
    known = {each.name: getattr(defaults, each.name) for each in fields(defaults)}  # type: ignore[arg-type]
    for name, value in given.items():
        if name not in known:
            raise BadInput(f"{file}: [{section}] has no setting {name!r}; it has {', '.join(sorted(known))}")
        if not _fits(value, known[name]):
            raise BadInput(f"{file}: [{section}] {name} = {value!r} is not like its default, {known[name]!r}")
    return replace(defaults, **given)  # type: ignore[type-var]


def _fits(value: Any, usual: Any) -> bool:
    if usual is None:
        return isinstance(value, int | float)
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(usual, bool)
    if isinstance(usual, int | float):
        return isinstance(value, int | float)
    return isinstance(value, str) and isinstance(usual, str)
