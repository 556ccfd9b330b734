"""The commands about rights: journal, retention, mydata, objection; and forgetting a person."""

from __future__ import annotations

import csv
import json
import os
import sys
import zipfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from meetload.console import OUT, step
from meetload.options import StoreOption, existing
from store import clock
from store.errors import BadInput
from store.spreadsheet import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.chain import Fault

PersonOption = Annotated[str, typer.Option("--person", help="A person_id, an address or a full name.")]
OutOption = Annotated[
    Path, typer.Option("--out", help="The .json file to write, or a .zip with a table a kind of row.")
]
OURS_ALONE = 0o600

book = typer.Typer(no_args_is_help=True, short_help="Who did what with the data, in a chain that shows every change.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (retention, mydata, objection):
        app.command()(command)
    app.command("destroy-key")(destroy_key)
    app.add_typer(book, name="journal", help="Who did what with the data, in a chain that shows every change.")


@book.command()
def verify(
    store: StoreOption = None,
    expect: Annotated[str | None, typer.Option(help="A digest you wrote down: is it still in the chain?")] = None,
) -> None:
    """Check that no row of the journal, the register or the list of views was changed, removed or moved."""
    from privacy import registry  # noqa: PLC0415 - a command pays only for its own imports
    from store import journal  # noqa: PLC0415 - as above
    from store.database import Store  # noqa: PLC0415 - as above
    from store.viewlog import ViewLog, views_path  # noqa: PLC0415 - as above

    path = existing(store)
    opened = Store(path)
    rows = journal.in_order(opened.frame("journal"))
    views = ViewLog(views_path(path))
    wrong = _said("journal", len(rows), journal.check(opened))
    wrong += _said("register of decisions", len(opened.frame("registry")), registry.check(opened))
    wrong += _said("views", len(views.rows()), views.check())
    if len(rows):
        OUT.print(f"the journal's last digest is {rows['digest'].iloc[-1]}; write it down elsewhere to be sure")
    if expect and expect not in set(rows["digest"]):
        OUT.print(f"[red]wrong[/]  the digest {escape(expect)} is not in the journal: rows were cut off or made anew")
        wrong += 1
    if wrong:
        raise typer.Exit(1)


def _said(name: str, rows: int, faults: Iterable[Fault]) -> int:
    found = list(faults)
    for fault in found:
        OUT.print(f"[red]wrong[/]  {name}: {escape(str(fault))}")
    if not found:
        OUT.print(f"[green]ok[/]  {name}: {rows:,} rows, none changed, missing or moved")
    return len(found)


@book.command()
def show(
    store: StoreOption = None,
    output: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    views: Annotated[bool, typer.Option("--views", help="The views of a served dashboard instead.")] = False,
) -> None:
    """Print the journal, oldest row first."""
    from store import journal  # noqa: PLC0415 - a command pays only for its own imports
    from store.database import Store  # noqa: PLC0415 - as above
    from store.viewlog import ViewLog, views_path  # noqa: PLC0415 - as above

    path = existing(store)
    if views:
        rows: list[dict[str, Any]] = [dict(row) for row in ViewLog(views_path(path)).rows()]
    else:
        frame = journal.in_order(Store(path).frame("journal"))
        frame["at"] = frame["at"].map(lambda at: at.isoformat(timespec="microseconds"))
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    if output == "json":
        sys.stdout.write(json.dumps({"measure": "journal", "contract": 1, "rows": rows}, indent=2) + "\n")
    elif output == "csv":
        sys.stdout.write(_csv(rows))
    elif output == "table":
        for row in rows:
            OUT.print(escape(f"{row['at'][:19]}  {row['actor']}  {row['action']}  {row['scope'] or ''}"))
    else:
        raise BadInput(f"--format {output!r} is not known; use table, json or csv")


def retention(
    store: StoreOption = None,
    titles: Annotated[int | None, typer.Option(min=1, help="Days that titles of others' meetings are kept.")] = None,
    appeal: Annotated[int | None, typer.Option(min=1, help="Days that event rows are kept after a release.")] = None,
    logs: Annotated[int | None, typer.Option(min=1, help="Days that journal and views are kept.")] = None,
) -> None:
    """Delete what is older than the settings say, rewrite the files and look again that it is gone."""
    from meetload import retention as keeping  # noqa: PLC0415 - a command pays only for its own imports
    from store.database import Store  # noqa: PLC0415 - as above

    path, now = existing(store), clock.now()
    given = {"titles": titles, "appeal": appeal, "logs": logs}
    keeping.set_days(path, {name: days for name, days in given.items() if days is not None}, now)
    days = keeping.settings_of(Store(path))
    with step("deleting what is too old"):
        kept = keeping.apply(path, now)
    OUT.print(f"titles of others' meetings older than {days['titles']} days: {kept.titles:,} deleted")
    OUT.print(f"meetings of periods released more than {days['appeal']} days ago: {kept.meetings:,} deleted")
    OUT.print(f"rows older than {days['logs']} days: {kept.journal:,} of the journal and {kept.views:,} views deleted")
    oldest = f"the oldest such title left is of {kept.oldest_title}" if kept.oldest_title else "no such title is left"
    OUT.print(f"looked again: {oldest}")


def mydata(
    person: PersonOption,
    out: OutOption,
    store: StoreOption = None,
) -> None:
    """Write everything the store knows of one person to a file that only its owner can read."""
    from meetload.scankey import find_in, names_of  # noqa: PLC0415 - a command pays only for its own imports
    from privacy.mydata import own_data  # noqa: PLC0415 - as above
    from store.database import Store  # noqa: PLC0415 - as above

    if out.suffix not in {".json", ".zip"}:
        raise BadInput(f"{out} is no .json or .zip file; choose one of the two with --out")
    if not out.parent.exists():
        raise BadInput(f"the folder {out.parent} does not exist; make it first or choose another place with --out")
    opened = Store(existing(store))
    data = own_data(opened, find_in(opened, person).person_id, clock.now(), names_of(opened))
    text = json.dumps(data, indent=2, ensure_ascii=False)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OURS_ALONE), "wb") as file:
        if out.suffix == ".json":
            file.write(text.encode())
        else:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("mydata.json", text)
                for name, rows in data.items():
                    if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                        archive.writestr(f"{name}.csv", "\ufeff" + _csv(rows))
    OUT.print(f"{len(data['meetings']):,} meetings and all other rows about this person are in {escape(str(out))}")


def objection(
    person: PersonOption,
    store: StoreOption = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the objection back.")] = False,
) -> None:
    """Keep a person's objection: their rows go now, and they are in no release from the next one on.

    In the scan of an organisation anybody may object by address, before the first scan too.
    """
    from meetload.scankey import known_as, register_names  # noqa: PLC0415 - a command pays only for its own imports
    from privacy.registry import decide  # noqa: PLC0415 - as above
    from store.database import Store  # noqa: PLC0415 - as above

    path = existing(store)
    names, opened = register_names(Store(path)), Store(path)
    who = known_as(opened, person, names)
    erased = decide(path, who, "scan", "withdraw" if withdraw else "objection", clock.now(), names)
    if withdraw:
        OUT.print("the objection is withdrawn; what is imported or pulled from now on counts again")
    else:
        OUT.print(
            f"kept: {erased.attendance:,} attendances, {erased.meetings:,} meetings of this person alone and "
            f"{erased.absences:,} absences deleted; head counts of other meetings stay"
        )


def destroy_key(
    approver: Annotated[list[str], typer.Option("--approver", help="Who approves it; two people, repeat the option.")],
    store: StoreOption = None,
) -> None:
    """Destroy the key of an organisation's scan: nobody can be found in it any more, not by you either.

    Release first: without the key a scan can be neither released nor gone on with. The next scan begins with a new key.
    """
    from meetload.scankey import destroy  # noqa: PLC0415 - a command pays only for its own imports

    mark = destroy(existing(store), approver, clock.now())
    OUT.print(f"the key {mark} is destroyed, with the queue and the copies that hung on it; looked again: it is gone")
    OUT.print("the rows of the scan name nobody any more; the next `meetload pull --organisation` deletes them")


def forget(who: str, store: Path, also: list[Path]) -> None:
    """Forget a person and print the proof; exit code 1 where something is left."""
    from meetload.forgetting_person import forget_person  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.proving import DECODED  # noqa: PLC0415 - as above

    with step("forgetting a person and searching every file"):
        gone = forget_person(who, store, clock.now(), also)
    OUT.print(
        f"removed: {gone.store.attendance:,} attendances, {gone.store.meetings:,} meetings of this person alone, "
        f"{gone.store.absences:,} absences, {gone.store.texts:,} mentions in other rows; {gone.copies:,} rows of copies"
        f"{'; the models trained here' if gone.models else ''}"
    )
    proof = gone.proof
    OUT.print(
        f"searched {proof.files:,} files ({proof.size / 1e6:,.1f} MB, {proof.columns:,} columns of databases) for "
        f"{proof.words} words: the person_id, every address and every name; read {', '.join(DECODED)}"
    )
    for hit in proof.hits:
        OUT.print(f"[red]still there[/]  {escape(str(hit.file))} ({escape(hit.how)})")
    if proof.holds:
        OUT.print("nothing of this person is left in them")
        return
    OUT.print("meetload did not make these files, or may not change them: remove the person there yourself")
    raise typer.Exit(1)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _harmless(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
