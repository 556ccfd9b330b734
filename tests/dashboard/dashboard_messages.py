"""Every sentence the dashboard can say, read from its source."""

from __future__ import annotations

import ast
from pathlib import Path

import dashboard

SOURCES = sorted(Path(dashboard.__file__).parent.rglob("*.py"))


def used() -> dict[str | tuple[str, str], str]:
    """Message ids (a pair where a count decides) and the file each comes from."""
    found: dict[str | tuple[str, str], str] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (key := _key(node)) is not None:
                found[key] = source.name
    return found


def _key(call: ast.Call) -> str | tuple[str, str] | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    texts = [text for text in texts if isinstance(text, str)]
    if name == "many" and len(texts) == 2:
        return texts[0], texts[1]
    if name in {"words", "message"} and len(texts) == 1:
        return texts[0]
    # Words calls itself for the few sentences it makes.
    return texts[0] if name == "self" and texts else None
