"""Every number of a scan, and what it tells while it runs and at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from connectors.scan.backoff import Patience

Stopped = Literal["interrupted", "denied", "time", "requests", "errors", "unreachable"]


@dataclass(frozen=True)
class ScanSettings:
    """How a scan behaves; the defaults follow the quotas of both vendors in the notes.

    `organisation` is False only for somebody's own calendar. `tokens` asks only for changes where a mailbox has a token
    for the same window and `params`, except that the whole window is asked for again after `full_every`. `seed` fixes
    the random order. None means no limit.
    """

    organisation: bool = True
    seed: int = 0
    tokens: bool = False
    params: str = ""
    full_every: timedelta = timedelta(days=7)
    believe_empty: bool = False
    concurrency: int = 8
    most_concurrency: int = 64
    grow_every: float = 60.0
    regain_every: float = 5.0
    throttled_share: float = 0.25
    patience: Patience = field(default_factory=Patience)
    denied_share: float = 0.05
    denied_least: int = 20
    outage_after: int = 10
    outage_cap: float = 300.0
    outage_longest: float = 12 * 3600.0
    most_seconds: float | None = None
    most_requests: int | None = None
    most_errors: int | None = None
    most_delayed: int = 1000
    claim: int = 256
    grace: float = 10.0


@dataclass(frozen=True)
class Progress:
    """Where a scan is: mailboxes done of all, mailboxes a minute, failed attempts, seconds left if known."""

    done: int
    total: int
    rate: float
    errors: int
    left: float | None


@dataclass
class ScanReport:
    """What a scan did. `coverage` counts all mailboxes of the source by state; `stopped` says why it ended early.

    `suspicious` counts mailboxes that suddenly had nothing and whose meetings were kept; `changed` those in which
    anything was written. `requests` are metered by the bucket where there is one, else pulls are counted.
    """

    coverage: dict[str, int] = field(default_factory=dict)
    total: int = 0
    done: int = 0
    resumed: bool = False
    pulls: int = 0
    requests: int = 0
    retries: int = 0
    throttles: int = 0
    troubles: int = 0
    expired: int = 0
    changed: int = 0
    moved: int = 0
    suspicious: int = 0
    seconds: float = 0.0
    bytes: int | None = None
    most_in_flight: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    stopped: Stopped | None = None
