"""The command line: reads what was asked, calls one function, prints what it gave."""

from __future__ import annotations

import csv
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from analysis.period import Period, parse_period
from analysis.scope import Scope
from meetload.console import NOTES, OUT, guarded, step
from meetload.grouptrends import register as register_trend
from meetload.learning import register as register_learning
from meetload.options import (
    HOME,
    FromOption,
    HomeOption,
    PublicKeyOption,
    SettingsOption,
    StoreOption,
    UntilOption,
    existing,
    window_of,
    zone,
)
from meetload.packing import register as register_pack
from meetload.places import default_store, demo_folder, trusted_key
from meetload.pull import app as pull
from meetload.release import register as register_release
from meetload.rights import forget as forget_person
from meetload.rights import register as register_rights
from meetload.topics import app as topics
from store import clock
from store.errors import BadInput

if TYPE_CHECKING:
    from dashboard.signin import Gate

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Shows how an organisation really spends its meetings. Start with: meetload demo",
)

app.add_typer(pull, name="pull")
app.add_typer(topics, name="topics")

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026, 2026Q3, 2026-03, 2026-W12 or 2026-01-05..2026-03-29.")
]
SHOWN = 10
SOURCES = ("google", "outlook", "caldav", "ics", "folder", "demo")
SIGNS = {True: "[green]ok[/]", False: "[red]look[/]", None: "[dim]--[/]"}


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Another seed is another organisation.")] = 7,
    people: Annotated[int, typer.Option(min=60, max=3000, help="How large it is.")] = 160,
    folder: Annotated[Path | None, typer.Option(help="Where to build it.")] = None,
    port: Annotated[int, typer.Option(help="Where to serve it.")] = 8050,
    serve: Annotated[bool, typer.Option(help="Open the dashboard afterwards.")] = True,
) -> None:
    """Build the demo organisation and open the dashboard (no account, no network)."""
    from meetload.demo import build_demo  # noqa: PLC0415 - a command pays only for its own imports

    store = build_demo(folder or demo_folder(), clock.now(), seed, people)
    OUT.print(f"the demo organisation is in {store}")
    if serve:
        from meetload.serving import serve as serve_store  # noqa: PLC0415 - as above

        serve_store(store, port)


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help=".ics files, folders of them, or an exchange folder.")],
    store: StoreOption = None,
    me: Annotated[
        list[str] | None, typer.Option(help="Your address (repeat for aliases): whose calendar it is.")
    ] = None,
    timezone: Annotated[
        str, typer.Option(help="The zone of times written without one, in an exchange folder.")
    ] = "UTC",
    home: HomeOption = HOME,
    since: FromOption = None,
    until: UntilOption = None,
    problems: Annotated[Path | None, typer.Option(help="Write every rejected row to this CSV file.")] = None,
) -> None:
    """Bring calendars in. The same files twice change nothing."""
    from connectors.identity import address  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.importing import import_sources, source_of, write_problems  # noqa: PLC0415 - as above

    target = store or default_store()
    mine = tuple(address(each) for each in me or ())
    window = window_of(since, until)
    settings = {"timezone": zone(home)} | ({"owner": mine[0]} if mine else {})
    sources = [source_of(path, mine, zone(timezone), home) for path in paths]
    with step(f"importing {len(paths)} path(s) into {target}"):
        report = import_sources(sources, target, window, settings)
    if problems:
        write_problems(report.problems, problems)
    _print_report(report)
    OUT.print("next: meetload classify, then meetload serve" + (f" --store {store}" if store else ""))


@app.command()
def classify(
    source: Annotated[Path | None, typer.Argument(help="A CSV file with id,title; by default the store.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the labelled CSV goes.")] = None,
    store: StoreOption = None,
    language: Annotated[str, typer.Option(help="Language of the reasons: nl or en.")] = "en",
    unsure_below: Annotated[
        float | None,
        typer.Option("--unsure-below", min=0, max=1, help="Labels less likely than this are unsure; kept."),
    ] = None,
) -> None:
    """Label every meeting of the store, or a plain list of titles."""
    if source:
        from meetload.labelling import label_list  # noqa: PLC0415 - a command pays only for its own imports

        if not out:
            raise BadInput("say where the labelled list goes: meetload classify FILE.csv --out FILE.csv")
        rows = label_list(source, out, language, existing(store) if store else None, unsure_below)
        OUT.print(f"{rows:,} titles labelled, in {out}")
        return
    from meetload.labelling import label_store, set_threshold, standing  # noqa: PLC0415 - as above

    path = existing(store)
    if unsure_below is not None:
        set_threshold(path, unsure_below, getpass.getuser(), clock.now())
    with step("classifying every meeting"):
        change = label_store(path)
    OUT.print(f"{change.inserted:,} new labels, {change.updated:,} changed, {change.unchanged:,} the same")
    now = standing(path)
    OUT.print(
        f"model {escape(now.version)} ({'accepted here' if now.accepted else 'comes with meetload'}); "
        f"{now.own_rules} own rules; {now.unsure:,} of {now.meetings:,} unsure (probability below {now.unsure_below:g})"
    )


@app.command()
def measure(
    name: Annotated[
        str,
        typer.Argument(
            help="split, drift, levels, dependence, stalling, habits, signals, "
            "roles, escalations, bridges, mt or quality."
        ),
    ],
    store: StoreOption = None,
    output: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    period: PeriodOption = None,
    person: Annotated[str | None, typer.Option(help="Only this person_id.")] = None,
    department: Annotated[str | None, typer.Option(help="Only this department.")] = None,
    level: Annotated[int | None, typer.Option(help="Only this level.")] = None,
    engine: Annotated[str | None, typer.Option(help="duckdb or spark; reads --data, not a store.")] = None,
    spark_remote: Annotated[str | None, typer.Option(help="The Spark Connect server, as sc://HOST:PORT.")] = None,
    data: Annotated[
        str | None, typer.Option(help="A folder of Parquet written by `meetload export DIR --format tables`.")
    ] = None,
    scratch: Annotated[
        str | None, typer.Option(help="Spark: a folder the server may write, for tables that are read often.")
    ] = None,
    memory: Annotated[str | None, typer.Option(help="DuckDB: the most memory, such as 3GB.")] = None,
) -> None:
    """Compute a measure over a store you hold yourself, or over its tables in Parquet on an engine."""
    from meetload.engines import Where, default_period, opened  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.measuring import MEASURES, as_json  # noqa: PLC0415 - as above

    if name not in MEASURES:
        raise BadInput(f"there is no measure {name!r}; there are {', '.join(sorted(MEASURES))}")
    scope = Scope(person, department, level)
    where = Where(store, engine, spark_remote, data, scratch, memory)
    with opened(where) as held:
        weeks = default_period(held) if where.elsewhere and period is None else _period(held, period)
        result = MEASURES[name].compute(held, weeks, scope)
    if output == "json":
        sys.stdout.write(json.dumps(as_json(name, result), indent=2) + "\n")
    elif output == "csv":
        _write_csv(MEASURES[name].rows(result))
    elif output == "table":
        _print_table(name, MEASURES[name].rows(result))
    else:
        raise BadInput(f"--format {output!r} is not known; use table, json or csv")


@app.command()
def serve(
    store: StoreOption = None,
    port: Annotated[int, typer.Option(help="Where to serve it.")] = 8050,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
    login: Annotated[
        Path | None, typer.Option(help="A TOML file that says where people sign in and who may see what.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on; others than this machine need --login.")] = (
        "127.0.0.1"
    ),
    release: Annotated[
        Path | None,
        typer.Option(help="A folder of releases: what management and HR see; with --store what is told of oneself."),
    ] = None,
    key: PublicKeyOption = None,
    settings: SettingsOption = None,
) -> None:
    """Open the dashboard on this machine, or serve it to people who sign in.

    Out of a store everybody reads their own part, out of a release management and HR read theirs: nobody both.
    """
    from meetload.serving import serve as serve_store  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.serving import serve_own, serve_release  # noqa: PLC0415 - as above

    public = trusted_key(key)
    if release is not None and store is None:
        serve_release(release, public, port, show, _gate(login), host)
        return
    if store is None and login is None:
        serve_own(default_store(), port, show, host, settings)
        return
    told = (release, public) if release is not None else None
    serve_store(existing(store), port, show, _gate(login), host, told, settings)


def _gate(login: Path | None) -> Gate | None:
    if login is None:
        return None
    from meetload.login import read_gate  # noqa: PLC0415 - a command pays only for its own imports

    return read_gate(login)


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The file to write, .html or .pdf.")],
    store: StoreOption = None,
    viewer: Annotated[str | None, typer.Option(help="self:PERSON, mt, mt:DEPARTMENT or hr.")] = None,
    period: PeriodOption = None,
    language: Annotated[str, typer.Option("--lang", help="nl or en.")] = "en",
    release: Annotated[
        Path | None, typer.Option(help="A folder of releases, instead of a store: what management and HR may see.")
    ] = None,
    key: PublicKeyOption = None,
) -> None:
    """Write the dashboard's pages as one file to read, send or print."""
    from meetload.reporting import Asked, write_released_report, write_report  # noqa: PLC0415 - as above

    if release is not None and store is not None:
        raise BadInput("give --store or --release, not both: a store speaks to its owner, a release to everybody else")
    asked = Asked(viewer, period or "", language)
    with step("writing the report"):
        if release is not None:
            write_released_report(release, trusted_key(key), out, asked)
        else:
            write_report(existing(store), out, asked)
    OUT.print(f"the report is in {escape(str(out))}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="The exchange folder to write.")],
    store: StoreOption = None,
    form: Annotated[
        str, typer.Option("--format", help="csv, parquet, or tables: what `measure --data` reads, labels included.")
    ] = "csv",
) -> None:
    """Write the tables as an exchange folder, which can be imported again, or as Parquet for an engine."""
    from store.database import Store  # noqa: PLC0415 - a command pays only for its own imports
    from store.exchange import write_folder  # noqa: PLC0415 - as above
    from store.parquet import write_tables  # noqa: PLC0415 - as above

    if form not in {"csv", "parquet", "tables"}:
        raise BadInput(f"--format {form!r} is not known; use csv, parquet or tables")
    opened = Store(existing(store))
    if form == "tables":
        counts = write_tables(opened, folder)
    else:
        counts = write_folder(opened, folder, "csv" if form == "csv" else "parquet")
    for file, rows in counts.items():
        OUT.print(f"{folder / file}: {rows:,} rows")


@app.command()
def forget(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE|PERSON",
            help="google, outlook, caldav, ics, folder or demo; or a person_id, an address or a full name.",
        ),
    ],
    store: StoreOption = None,
    settings: SettingsOption = None,
    also: Annotated[
        list[Path] | None, typer.Option(help="A person: search this file or folder as well (repeat for more).")
    ] = None,
) -> None:
    """Remove a source's tokens from this machine and its data from the store, or everything about one person.

    It looks afterwards that nothing is left. Of Google the sign-in is withdrawn first. A person is searched for in
    every file beside the store, decoded from base64, URL, hex and zip.
    """
    from meetload.forgetting import forget_source  # noqa: PLC0415 - a command pays only for its own imports

    if source not in SOURCES:
        if not (store or default_store()).exists():
            raise BadInput(f"there is no source {source!r}; there are {', '.join(SOURCES)}; for a person name a store")
        forget_person(source, existing(store), also or [])
        return
    gone = forget_source(source, store or default_store(), settings)
    if gone.withdrawn:
        OUT.print("Google has withdrawn the sign-in: it is void there too")
    if gone.standing:
        OUT.print(
            "[yellow]Google did not confirm that the sign-in is withdrawn[/]; it is gone from this machine, but take "
            "meetload out yourself at https://myaccount.google.com/connections"
        )
    OUT.print(f"secrets removed: {', '.join(gone.secrets) or 'there were none'}")
    OUT.print(f"mailboxes removed: {gone.mailboxes:,}; meetings removed: {gone.meetings:,}")
    OUT.print("looked again: nothing of it is left")


@app.command()
def doctor(
    tenant: Annotated[str | None, typer.Argument(help="google or outlook; by default the store.")] = None,
    store: StoreOption = None,
    period: PeriodOption = None,
    client: Annotated[Path | None, typer.Option(help="Google: the OAuth client file.")] = None,
    key: Annotated[Path | None, typer.Option(help="Google: the service account's key file.")] = None,
    admin: Annotated[str | None, typer.Option(help="Google: an administrator.")] = None,
    client_id: Annotated[str | None, typer.Option(help="Outlook: the application's id.")] = None,
    tenant_id: Annotated[str, typer.Option("--tenant", help="Outlook: the organisation's id.")] = "organizations",
    certificate: Annotated[Path | None, typer.Option(help="Outlook: PEM file with key and certificate.")] = None,
    mailbox: Annotated[str | None, typer.Option(help="A mailbox that must be readable.")] = None,
    outside: Annotated[str | None, typer.Option(help="Outlook: a mailbox that must stay closed to us.")] = None,
    settings: SettingsOption = None,
) -> None:
    """Check that a store's figures can be trusted, or that a tenant lets meetload read."""
    from meetload.checking import check_google, check_outlook, check_store, machine  # noqa: PLC0415 - as above

    for line in machine():
        OUT.print(line)
    if tenant == "google":
        findings = check_google(client, key, admin, mailbox, settings)
    elif tenant == "outlook":
        findings = check_outlook(client_id, tenant_id, certificate, (mailbox, outside), settings)
    elif tenant is None:
        from store.database import Store  # noqa: PLC0415 - as above

        opened = Store(existing(store))
        findings = check_store(opened, _period(opened, period))
    else:
        raise BadInput(f"there is nothing to check called {tenant!r}; give google, outlook, or nothing for the store")
    for finding in findings:
        sign = SIGNS[finding.holds]
        OUT.print(f"{sign}  {escape(finding.sentence)}")
    if any(finding.holds is False for finding in findings):
        raise typer.Exit(1)


def _period(store: Any, text: str | None) -> Period:
    from privacy.door import Door  # noqa: PLC0415 - a command pays only for its own imports

    if text:
        try:
            return parse_period(text)
        except ValueError as error:
            raise BadInput(str(error)) from error
    period = Door(store, clock.now().date()).overview().period
    if period is None:
        raise BadInput(f"{store.path} holds no past meetings to measure; import a calendar first")
    return period


def _print_report(report: Any) -> None:
    counts = report.counts
    OUT.print(
        f"{counts['files']:,} files read, {counts['events']:,} events, {counts['occurrences']:,} occurrences, "
        f"{counts['rejected']:,} rejected"
    )
    for heading, rejected in (("rejected", True), ("noted", False)):
        for reason, times in report.reasons(rejected)[:SHOWN]:
            OUT.print(f"  {heading} {times:,} x  {escape(reason)}")
    listed = [problem for problem in report.problems if problem.rejected][:SHOWN]
    for problem in listed:
        OUT.print(f"  [dim]{escape(str(problem))}[/]")
    if len(report.problems) > len(listed):
        OUT.print(f"  [dim]({len(report.problems):,} in all; --problems FILE.csv lists every one)[/]")
    changed = {name: change for name, change in report.changes.items() if change}
    for name, change in changed.items():
        OUT.print(f"{name}: {change.inserted:,} new, {change.updated:,} changed, {change.unchanged:,} the same")
    if not changed:
        OUT.print("nothing changed: the store already had all of it")


def _write_csv(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print_table(name: str, rows: list[dict[str, Any]]) -> None:
    table = Table(title=name)
    for column in rows[0] if rows else ():
        table.add_column(str(column))
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
    OUT.print(table)


register_learning(app)
register_pack(app)
register_release(app)
register_rights(app)
register_trend(app)


def main() -> None:
    """Run the command line; exit codes: 0 well, 2 bad input, 3 unreachable, 70 our own defect."""
    code = guarded(lambda: app(standalone_mode=False))
    NOTES.file.flush()
    sys.exit(code)
