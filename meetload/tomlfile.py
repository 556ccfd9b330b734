"""A TOML file that somebody wrote by hand, or a sentence that says what is wrong with it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


def read_toml(file: Path, what: str) -> dict[str, Any]:
    """What the file says; `what` names it in an error, such as "settings"."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"the {what} file {file} cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"the {what} file {file} is not TOML: {error}") from error
