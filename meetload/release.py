"""The command `meetload release`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from meetload.console import OUT, step
from meetload.options import StoreOption, existing
from meetload.places import release_key
from store import clock

if TYPE_CHECKING:
    from datetime import datetime

    from meetload.releasing import Approval


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
    noise: Annotated[
        float | None,
        typer.Option(help="Figures with noise for publication outside instead: the epsilon to spend, e.g. 0.5."),
    ] = None,
) -> None:
    """Compile and audit what management and HR may see of a quarter, and sign it.

    When the audit finds a way to work somebody out, nothing is written and the reason is said. With --noise it draws
    differentially private figures of large groups instead, and the budget of the quarter and the year refuses too many.
    """
    from meetload.releasing import (  # noqa: PLC0415 - a command pays only for its own imports
        Approval,
        read_wanted,
        release_quarter,
    )
    from privacy.release.file import fingerprint, make_key  # noqa: PLC0415 - as above

    source, now = existing(store), clock.now()
    key_file = key or release_key()
    if noise is not None:
        _publish_with_noise(source, out, period, noise, Approval(approver, notice_date, works_council), now, key_file)
        return
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


def _publish_with_noise(
    source: Path, out: Path, period: str, noise: float, approval: Approval, now: datetime, key_file: Path
) -> None:
    from meetload.noising import publish_with_noise  # noqa: PLC0415 - a command pays only for its own imports

    with step(f"drawing {period} with noise"):
        found, file, left = publish_with_noise(source, out, period, noise, approval, now, key_file)
    for each in found:
        hours = ", ".join(f"{label} {value:g}" for label, value in each.hours.items())
        OUT.print(f"{escape(each.group)}, {each.people:,} people: {hours} hours a week (give or take {each.error:g})")
    OUT.print(f"epsilon {noise:g} was spent on {period}; {left:g} is left for it")
    OUT.print(f"signed: {escape(str(file))}. It is never drawn again")
