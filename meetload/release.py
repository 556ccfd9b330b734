"""The command `meetload release`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import Annotated

import typer
from rich.markup import escape

from meetload.console import OUT, step
from meetload.options import StoreOption, existing
from meetload.places import release_key


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(release)


def release(
    out: Annotated[Path, typer.Option("--out", help="The folder of releases; each quarter is a file behind the last.")],
    period: Annotated[str, typer.Option("--period", help="The quarter, e.g. 2026Q3.")],
    store: StoreOption = None,
    approver: Annotated[str, typer.Option(help="Who approves this release, by name.")] = "",
    notice_date: Annotated[str, typer.Option(help="When people were told, e.g. 2026-06-12.")] = "",
    works_council: Annotated[str, typer.Option(help="The reference of the works council's agreement.")] = "",
    policy: Annotated[Path | None, typer.Option(help="A TOML file with stricter (or agreed) settings.")] = None,
    key: Annotated[Path | None, typer.Option(help="The release key; by default this installation's own.")] = None,
) -> None:
    """Compile and audit what management and HR may see of a quarter, and sign it.

    When the audit finds a way to work somebody out, nothing is written and the reason is said.
    """
    from meetload.releasing import (  # noqa: PLC0415 - a command pays only for its own imports
        Approval,
        read_wanted,
        release_quarter,
    )
    from privacy.release.file import fingerprint, make_key  # noqa: PLC0415 - as above

    source, now = existing(store), datetime.now(UTC).replace(tzinfo=None)
    key_file = key or release_key()
    with step(f"compiling and auditing {period}"):
        compiled, file = release_quarter(
            source, out, period, Approval(approver, notice_date, works_council), read_wanted(policy), now, key_file
        )
    found = compiled.audit
    OUT.print(
        f"{len(compiled.rows):,} figures about {len(compiled.groups):,} groups of {len(compiled.published.people):,} "
        f"people; {compiled.waiting:,} who joined alone wait"
    )
    OUT.print(
        f"audit passed: {found.atoms:,} smallest sets told apart, {found.bounds:,} bounds, {found.earlier:,} earlier "
        f"releases; {found.controls_found} of {found.controls_planted} planted leaks were caught"
    )
    for line in compiled.tried:
        OUT.print(f"[dim]not told, it would give somebody away: {escape(line)}[/]")
    OUT.print(f"signed with key {fingerprint(make_key(key_file).public_key())}: {escape(str(file))}")
    OUT.print(f"next: meetload serve --release {escape(str(out))}")
