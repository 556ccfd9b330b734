"""What leaves the screen says where it comes from and who took it: files, pictures and prints made from a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.signin import current_identity

if TYPE_CHECKING:
    from dashboard.page import Look


def marks(seen: Look) -> tuple[tuple[str, str], ...]:
    """The releases behind what is shown and who looks at it, as heads and values; nothing for one's own store."""
    shown = [each.name for each in seen.overview.released if each.within(seen.period)]
    if not shown:
        return ()
    identity = current_identity()
    reader = f"{seen.viewer.key} ({identity.subject})" if identity else seen.viewer.key
    return ((seen.words("Release"), ", ".join(shown)), (seen.words("Taken by"), reader))


def mark_sentence(seen: Look) -> str:
    """The same as a sentence; empty for one's own store."""
    found = [value for _, value in marks(seen)]
    return seen.words("Release {releases}, taken by {reader}.", releases=found[0], reader=found[1]) if found else ""
