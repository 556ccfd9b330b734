"""`meetload pull`: calendars from Google, Outlook and CalDAV, and the organisation chart."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from meetload.console import OUT, step
from meetload.options import (
    HOME,
    FromOption,
    HomeOption,
    SettingsOption,
    StoreOption,
    UntilOption,
    pull_window,
    today,
    zone,
)
from meetload.places import default_store
from store.errors import BadInput

if TYPE_CHECKING:
    from connectors.contract import Source, Window
    from connectors.identity import Known
    from meetload.pulling import Pulled
    from meetload.tenants import Tenant

Given = TypeVar("Given")

app = typer.Typer(no_args_is_help=True, help="Read calendars from Google, Outlook or CalDAV, or an organisation chart.")

Organisation = Annotated[bool, typer.Option("--organisation", help="Scan everybody's calendar; no title is written.")]


@app.command()
def google(
    client: Annotated[Path | None, typer.Option(help="The OAuth client file (own calendar).")] = None,
    me: Annotated[str | None, typer.Option(help="Your own address, where Google does not say.")] = None,
    hours_only: Annotated[bool, typer.Option(help="Read only when you are busy: no titles, no guests.")] = False,
    shared: Annotated[bool, typer.Option(help="Also the calendars that colleagues share with you.")] = False,
    organisation: Organisation = False,
    key: Annotated[Path | None, typer.Option(help="The service account's key file (organisation).")] = None,
    admin: Annotated[str | None, typer.Option(help="An administrator to read the directory as.")] = None,
    org_unit: Annotated[str, typer.Option(help="Only people in this unit and below.")] = "/",
    whole: Annotated[bool, typer.Option(help="Read the whole window again instead of what changed.")] = False,
    store: StoreOption = None,
    home: HomeOption = HOME,
    since: FromOption = None,
    until: UntilOption = None,
    settings: SettingsOption = None,
) -> None:
    """Google Calendar: your own (with --client), or an organisation's (with --organisation --key --admin)."""
    from meetload.pulling import owner_of  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.tenants import Reading, google_own, google_tenant  # noqa: PLC0415 - as above

    window = pull_window(since, until)
    if organisation:
        file, administrator = _needed(key, "--key"), _needed(admin, "--admin")
        with step("reading the directory"):
            tenant = google_tenant(file, administrator, zone(home), org_unit=org_unit, file=settings)
        _scan(tenant, store, window, home, settings, tokens=not whole)
    else:
        file = _needed(client, "--client")
        how = Reading(known=owner_of(store or default_store()))
        source = google_own(file, me, zone(home), shared=shared, hours_only=hours_only, file=settings, how=how)
        _own(source, (next(source.mailboxes()),), store, window, home, tokens=not whole, known=how.known)


@app.command()
def outlook(
    client_id: Annotated[str, typer.Option(help="The application's id in Microsoft Entra.")],
    tenant: Annotated[str, typer.Option(help="The organisation's id or domain.")] = "organizations",
    device_code: Annotated[bool, typer.Option(help="Sign in on another device, with a code.")] = False,
    organisation: Organisation = False,
    certificate: Annotated[Path | None, typer.Option(help="PEM file with key and certificate (organisation).")] = None,
    whole: Annotated[bool, typer.Option(help="Read the whole window again instead of what changed.")] = False,
    store: StoreOption = None,
    home: HomeOption = HOME,
    since: FromOption = None,
    until: UntilOption = None,
    settings: SettingsOption = None,
) -> None:
    """Outlook: your own calendar, or an organisation's (with --organisation --certificate)."""
    from meetload.pulling import owner_of  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.tenants import Reading, outlook_own, outlook_tenant  # noqa: PLC0415 - as above

    window = pull_window(since, until)
    if organisation:
        file = _needed(certificate, "--certificate")
        with step("reading the directory"):
            found = outlook_tenant(client_id, tenant, file, zone(home), file=settings)
        _scan(found, store, window, home, settings, tokens=False)
    else:
        how = Reading(known=owner_of(store or default_store()))
        source = outlook_own(
            client_id, tenant, zone(home), device_code=device_code, incremental=not whole, file=settings, how=how
        )
        _own(source, (next(source.mailboxes()),), store, window, home, tokens=not whole, known=how.known)


@app.command()
def caldav(
    url: Annotated[str, typer.Argument(help="The server's address, e.g. https://cloud.example.org/remote.php/dav")],
    me: Annotated[list[str], typer.Option(help="Your address (repeat for aliases).")],
    user: Annotated[str | None, typer.Option(help="The account's name; by default your first address.")] = None,
    calendar: Annotated[list[str] | None, typer.Option(help="Only this calendar (repeat for more).")] = None,
    allow_local: Annotated[bool, typer.Option(help="Allow a server in the local network, and plain HTTP.")] = False,
    store: StoreOption = None,
    home: HomeOption = HOME,
    since: FromOption = None,
    until: UntilOption = None,
) -> None:
    """Any CalDAV server: Nextcloud, Radicale, iCloud, Fastmail. The password is asked for, or kept from before."""
    from connectors.caldav import CalDavSource  # noqa: PLC0415 - the library is optional and slow to import
    from connectors.identity import address  # noqa: PLC0415 - a command pays only for its own imports
    from connectors.secrets import secrets  # noqa: PLC0415 - a command pays only for its own imports

    account = user or me[0]
    place, kept_as = secrets(), f"caldav/{urlsplit(url).hostname}/{account}"
    password = place.load(kept_as) or _typed_password(account)
    source = CalDavSource(url, account, password, me=me, home=zone(home), allow_local=allow_local, calendars=calendar)
    _own(source, tuple(map(address, me)), store, pull_window(since, until), home, tokens=True)
    # Only a password that worked is kept.
    place.save(kept_as, password)


@app.command()
def chart(
    file: Annotated[Path, typer.Argument(help="A CSV file: person_id or email, manager, department, ...")],
    store: StoreOption = None,
) -> None:
    """The organisation chart from a CSV file; a move becomes a new row, nothing is forgotten."""
    from connectors.chart import read_chart  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.pulling import write_chart  # noqa: PLC0415 - as above
    from store.database import writing  # noqa: PLC0415 - as above

    found = read_chart(file)
    with writing(store or default_store()) as writer:
        change = write_chart(writer, found, today().date())
    for problem in found.problems:
        OUT.print(f"  [dim]{escape(str(problem))}[/]")
    OUT.print(f"people: {change.inserted:,} new rows, {change.updated:,} changed, {change.unchanged:,} the same")


def _own(
    source: Source,
    me: tuple[str, ...],
    store: Path | None,
    window: Window,
    home: str,
    *,
    tokens: bool,
    known: Known | None = None,
) -> None:
    from connectors.contract import hanging_up  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.pulling import pull_own  # noqa: PLC0415 - as above

    target = store or default_store()
    with hanging_up(source), step(f"pulling {source.name} into {target}"):
        pulled = pull_own(source, target, window, me, zone(home), tokens=tokens, known=known)
    _tell(pulled)
    OUT.print("next: meetload classify, then meetload serve" + (f" --store {store}" if store else ""))


def _scan(
    tenant: Tenant, store: Path | None, window: Window, home: str, settings: Path | None, *, tokens: bool
) -> None:
    from connectors.contract import hanging_up  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.pulling import pull_organisation  # noqa: PLC0415 - as above
    from meetload.settings import settings_of  # noqa: PLC0415 - as above

    how = settings_of(replace(tenant.how, tokens=tokens), "scan", settings)
    target = store or default_store()
    for problem in (*tenant.problems, *tenant.chart.problems):
        OUT.print(f"  [dim]{escape(str(problem))}[/]")
    with hanging_up(tenant.source), step(f"scanning into {target}"):
        pulled = pull_organisation(
            tenant.source,
            target,
            window,
            {"timezone": zone(home)},
            tenant.chart,
            how,
            today=today().date(),
            bucket=tenant.bucket,
        )
    _tell(pulled)


def _tell(pulled: Pulled) -> None:
    """Coverage by state, what it took, and what changed."""
    report = pulled.report
    states = ", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in sorted(report.coverage.items()))
    OUT.print(f"mailboxes: {states or 'none'}" + (" (went on where the last pull stopped)" if report.resumed else ""))
    OUT.print(
        f"{report.requests:,} requests, {report.retries:,} repeated, {report.throttles:,} times asked to wait, "
        f"{report.seconds:.0f} s"
    )
    if report.suspicious:
        OUT.print(f"{report.suspicious:,} mailboxes suddenly had no meetings at all; what they had was kept")
    for reason, count in report.problems.most_common(10):
        OUT.print(f"  [dim]{count:,} x {escape(reason)}[/]")
    if report.stopped:
        OUT.print(f"[yellow]stopped early ({report.stopped})[/]; the same command goes on from here")
    changed = {name: change for name, change in pulled.changes.items() if change}
    for name, change in changed.items():
        OUT.print(f"{name}: {change.inserted:,} new, {change.updated:,} changed, {change.deleted:,} gone")
    if not changed:
        OUT.print("nothing changed: the store already had all of it")


def _needed(value: Given | None, option: str) -> Given:
    if value is None:
        raise BadInput(f"say {option}; `meetload pull --help` and docs/connect-*.md tell where to get it")
    return value


def _typed_password(account: str) -> str:
    """Asked for on a terminal; otherwise the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked = f"password of {account} (an app password, where the server has them)"
    return str(typer.prompt(asked, hide_input=True, err=True))
