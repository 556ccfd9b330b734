"""What `meetload doctor` looks at: this machine, and whether the figures of a store add up."""

from __future__ import annotations

import platform
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from analysis.snapshots import checks_of
from connectors.secrets import secrets
from meetload.settings import settings_of
from meetload.windows import on_a_terminal
from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.period import Period
    from analysis.selfcheck import Check
    from store.database import Store

SENTENCES = {
    "hours_per_day": "the fullest day of anybody has {most} meeting hours (at most 24)",
    "shares_sum": "the shares of the labels add up to {sum}",
    "known_series": (
        "the longest series has {occurrences} occurrences in {weeks} weeks (usually {a_week} a week), "
        "{twice} of them twice"
    ),
    "coverage": "{seen} of {people} people have a calendar to read",
    "label_error": "{accuracy:.0%} of the labels were right on {questions} questions ({source})",
}


@dataclass(frozen=True)
class Finding:
    """One check in words; `holds` is None where it is only worth knowing."""

    holds: bool | None
    sentence: str


def machine() -> list[str]:
    """What runs here: the lines that a report of a fault needs."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("meetload", "duckdb", "pandas", "dash"))
    return [f"Python {platform.python_version()} on {platform.system()}; {parts}"]


def check_store(store: Store, period: Period) -> list[Finding]:
    """The self-checks of a store over a period."""
    return [_in_words(check) for check in checks_of(store.snapshot(), period)]


def _in_words(check: Check) -> Finding:
    return Finding(check.holds, SENTENCES[check.code].format_map(defaultdict(lambda: "?", check.numbers)))


def check_google(
    client: Path | None, key: Path | None, admin: str | None, mailbox: str | None, file: Path | None
) -> list[Finding]:
    """Whether Google lets us read: one's own calendar, or as an organisation's service account."""
    from connectors.google import check  # noqa: PLC0415 - vendors' libraries are slow to import
    from connectors.google.login import service_account_key, sign_in  # noqa: PLC0415 - as above
    from connectors.google.settings import GoogleSettings, own_scopes  # noqa: PLC0415 - as above

    settings = settings_of(GoogleSettings(), "google", file)
    if key is not None:
        if admin is None:
            raise BadInput("say --admin: an administrator to read the directory as")
        found = check.check_organisation(service_account_key(key), admin, mailbox or admin, settings)
    elif client is not None:
        found = check.check_own(sign_in(client, own_scopes(), secrets(), settings, on_a_terminal()), settings)
    else:
        raise BadInput("say --client (own calendar) or --key with --admin (organisation); see docs/connect-google.md")
    return [Finding(each.ok, f"{each.topic}: {each.sentence}") for each in found]


def check_outlook(
    client_id: str | None,
    tenant: str,
    certificate: Path | None,
    mailboxes: tuple[str | None, str | None],
    file: Path | None,
) -> list[Finding]:
    """Whether Microsoft Graph lets us read one's own calendar, or, as an application, one mailbox and not another."""
    from connectors.outlook import check  # noqa: PLC0415 - vendors' libraries are slow to import
    from connectors.outlook.client import Graph  # noqa: PLC0415 - as above
    from connectors.outlook.login import AppSignIn, Certificate, OwnSignIn  # noqa: PLC0415 - as above
    from connectors.outlook.settings import OutlookSettings  # noqa: PLC0415 - as above

    if client_id is None:
        raise BadInput("say --client-id: the application's id in Microsoft Entra; see docs/connect-outlook.md")
    settings = settings_of(OutlookSettings(client_id=client_id, tenant=tenant), "outlook", file)
    if certificate is None:
        own = OwnSignIn(settings, secrets())
        found = list(check.check_own(Graph(settings, own), own))
    else:
        proof = Certificate.read(certificate)
        app = AppSignIn(settings, proof)
        inside, outside = ([each] if each else [] for each in mailboxes)
        graph = Graph(settings, app)
        found = list(check.check_organisation(graph, app, proof, mailboxes=inside, outside=outside))
    return [Finding(each.ok, f"{each.topic}: {each.sentence}") for each in found]
