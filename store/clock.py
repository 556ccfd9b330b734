"""The one clock: moments in the store are UTC without a zone."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, as the store writes moments."""
    return datetime.now(UTC).replace(tzinfo=None)
