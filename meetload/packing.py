"""`meetload pack`: a document for the works council or the data-protection officer, from what is running."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from meetload.console import OUT, step
from meetload.options import PublicKeyOption, StoreOption, existing
from meetload.places import trusted_key
from store.errors import BadInput

if TYPE_CHECKING:
    from dashboard.pack.running import Holding, Labelling, Reading, Running
    from privacy.release.file import Release
    from store.database import Store


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("pack")(write_pack)


def write_pack(
    kind: Annotated[str, typer.Option(help="works-council or impact.")],
    out: Annotated[Path, typer.Option(help="The file to write, .html or .pdf.")],
    store: StoreOption = None,
    release: Annotated[Path | None, typer.Option(help="A folder of releases: its rules and audits.")] = None,
    language: Annotated[str, typer.Option("--lang", help="nl or en.")] = "nl",
    key: PublicKeyOption = None,
) -> None:
    """Write what a works council or data-protection officer needs to know, as it is set up here: a draft.

    Give a store, a folder of releases, or both. Every number is read from them.
    """
    from dashboard.pack.documents import KINDS, pack  # noqa: PLC0415 - a command pays only for its own imports
    from dashboard.words import LANGUAGES  # noqa: PLC0415 - as above
    from meetload.reporting import write_document  # noqa: PLC0415 - as above

    if kind not in KINDS:
        raise BadInput(f"--kind {kind!r} is not one of {', '.join(KINDS)}")
    if language not in LANGUAGES:
        raise BadInput(f"--lang {language!r} is not one of {', '.join(LANGUAGES)}")
    with step("writing the pack"):
        source = existing(store) if store or release is None else None
        found = running(source, release, datetime.now(UTC), trusted_key(key))
        write_document(pack(found, kind, language), out)
    OUT.print(f"the draft is in {escape(str(out))}; have it confirmed before anybody relies on it")


def running(store: Path | None, release: Path | None, now: datetime, key: Path | None = None) -> Running:
    """How meetload is set up: what a store holds and is labelled with, and what was released by which rules.

    A release is checked against the public `key` of whoever released it: a folder's own key only vouches for itself.
    """
    from dashboard.pack.running import Running  # noqa: PLC0415 - a command pays only for its own imports
    from privacy import noise  # noqa: PLC0415 - as above
    from privacy.policy import Policy, policy_of  # noqa: PLC0415 - as above
    from privacy.registry import SHARED_FOR  # noqa: PLC0415 - as above
    from privacy.release.file import read_public_key, read_releases  # noqa: PLC0415 - as above
    from store.database import Store  # noqa: PLC0415 - as above

    if release and key is None:
        raise BadInput("a release is checked against the public key of whoever released it; give --key FILE.pub")
    releases: tuple[Release, ...] = read_releases(release, read_public_key(key)) if release and key else ()
    opened = Store(store) if store else None
    return Running(
        made=now.date(),
        demo=opened.setting("demo") == "yes" if opened else bool(releases and releases[-1].demo),
        readings=_readings(opened),
        policy=policy_of(releases[-1].policy) if releases else Policy(),
        shared_for=SHARED_FOR,
        noise=(noise.QUARTER_BUDGET, noise.YEAR_BUDGET),
        holding=_holding(store, opened) if store and opened else None,
        releases=releases,
    )


def _readings(store: Store | None) -> tuple[Reading, ...]:
    """The sources whose meetings a store holds; all of them where there is no store or nothing in it yet."""
    held = set(store.frame("meetings")["source"].dropna()) if store else set()
    known = _known()
    return tuple(each for name, each in known.items() if name in held) or tuple(known.values())


def _known() -> dict[str, Reading]:
    from connectors.google import settings as google  # noqa: PLC0415 - a command pays only for its own imports
    from connectors.ics.scan import WANTED  # noqa: PLC0415 - as above
    from connectors.outlook import settings as outlook  # noqa: PLC0415 - as above
    from dashboard.pack.running import Reading  # noqa: PLC0415 - as above
    from store.schema import ABSENCES, ATTENDANCE, MEETINGS, PEOPLE  # noqa: PLC0415 - as above

    ics = tuple(WANTED.values())
    tables = (PEOPLE, MEETINGS, ATTENDANCE, ABSENCES)
    return {
        "google": Reading("Google", (google.FIELDS,), tuple(google.WHY.items())),
        "outlook": Reading("Outlook", outlook.SELECT, tuple(outlook.WHY.items())),
        "caldav": Reading("CalDAV", ics),
        "ics": Reading("iCalendar", ics),
        "folder": Reading("CSV, Parquet", tuple(f"{table.name}.{name}" for table in tables for name in table.given)),
    }


def _holding(path: Path, store: Store) -> Holding:
    from dashboard.pack.running import Holding  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.retention import settings_of  # noqa: PLC0415 - as above
    from store.schema import SCANNED, TABLES  # noqa: PLC0415 - as above

    return Holding(
        columns={table.name: tuple(table.names) for table in TABLES.values()},
        scanned=store.setting(SCANNED) == "yes",
        keeps=settings_of(store),
        labelling=_labelling(path, store),
    )


def _labelling(path: Path, store: Store) -> Labelling:
    from analysis.labelerror import corpus_error  # noqa: PLC0415 - a command pays only for its own imports
    from classify import persist  # noqa: PLC0415 - as above
    from classify.versions import model_folder  # noqa: PLC0415 - as above
    from dashboard.pack.running import Labelling  # noqa: PLC0415 - as above
    from meetload.labelling import standing  # noqa: PLC0415 - as above

    now, card = standing(path), persist.card(model_folder(path, store))
    scores = card["cross_validation"]["with_context"]
    return Labelling(
        version=now.version,
        made=str(card["date"]),
        titles=int(card["titles"]),
        correct=float(scores["accuracy"]),
        macro_f1=float(scores["macro_f1"]),
        unsure_below=now.unsure_below,
        meetings=now.meetings,
        unsure=now.unsure,
        own_rules=now.own_rules,
        error=corpus_error(store.tables()),
    )
