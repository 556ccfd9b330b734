"""A release from a store: a quarter compiled, audited together with everything before, signed and written down."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.period import Period, parse_period
from analysis.snapshots import presence_of
from meetload.counting import Counted
from meetload.other_rows import Persons, other_rows, year_before
from meetload.scankey import known_as, names_of
from meetload.tomlfile import read_toml
from privacy import registry
from privacy.policy import Consent, Policy, in_force, policy_of
from privacy.release.compiling import Compiled, compile_release
from privacy.release.file import make_key, read_releases, write_release
from privacy.release.ledger import add_to_ledger, ledger_of, read_ledger
from privacy.release.others import Named
from privacy.release.shared import Sharing
from privacy.trusting import model_card
from store import journal
from store.database import Store, writing
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from store.pseudonyms import Pseudonyms

QUARTER = re.compile(r"(\d{4})-?[QK]([1-4])", re.IGNORECASE)
DEMO = "made-up people"


@dataclass(frozen=True)
class Approval:
    """Who answers for a release, when people were told, and what the works council agreed to."""

    approver: str
    notice_date: str
    works_council: str


@dataclass(frozen=True)
class Wanted:
    """What the policy file asks for."""

    policy: Policy
    consent: Consent | None = None
    named: Named | None = None


def read_wanted(path: Path | None) -> Wanted:
    """A policy file: `[policy]` with settings, `[consent]` where they are looser, `[names]` where names go to MT."""
    if path is None:
        return Wanted(Policy())
    found = read_toml(path, "policy")
    unknown = sorted(set(found) - {"policy", "consent", "names"})
    if unknown:
        raise BadInput(f"{path} knows no [{unknown[0]}]; it may hold [policy], [consent] and [names]")
    return Wanted(policy_of(found.get("policy", {})), _consent(path, found), _named(path, found))


def _consent(path: Path, found: Mapping[str, Any]) -> Consent | None:
    if "consent" not in found:
        return None
    reference, decided = (found["consent"].get(name) for name in ("reference", "decided"))
    if not (isinstance(reference, str) and reference and isinstance(decided, date)):
        raise BadInput(f'{path}: [consent] needs reference = "..." and decided = 2026-06-12 (a day, without quotes)')
    return Consent(reference, decided)


def _named(path: Path, found: Mapping[str, Any]) -> Named | None:
    if "names" not in found:
        return None
    given = found["names"]
    basis, council, told = (given.get(name) for name in ("legal_basis", "works_council", "told"))
    lines = {who: _told(line) for who, line in told.items()} if isinstance(told, dict) else {}
    if not (isinstance(basis, str) and basis and isinstance(council, str) and council and lines) or None in set(
        lines.values()
    ):
        raise BadInput(
            f"{path}: [names] needs legal_basis, works_council (the reference of its agreement) and [names.told] with "
            'a line for each person who was shown the own card: PERSON_ID = 2026-06-12, or in a scan "ADDRESS" = '
            '{ day = 2026-06-12, name = "..." }'
        )
    days = {who: line[0] for who, line in lines.items() if line}
    return Named(basis, council, days, {who: line[1] for who, line in lines.items() if line and line[1]})


def _told(line: object) -> tuple[str, str] | None:
    """When somebody was told, and the name that was written beside it."""
    if isinstance(line, date):
        return line.isoformat(), ""
    if not isinstance(line, dict) or set(line) - {"day", "name"}:
        return None
    day, name = line.get("day"), line.get("name", "")
    return (day.isoformat(), name) if isinstance(day, date) and isinstance(name, str) else None


def quarter_of(text: str) -> tuple[str, Period]:
    """A whole quarter: its name in files and its weeks."""
    found = QUARTER.fullmatch(text.strip())
    if not found:
        raise BadInput(f"{text!r} is not a quarter; a release is one whole quarter, such as 2026Q3")
    return f"{found[1]}Q{found[2]}", parse_period(text)


def release_quarter(
    path: Path, folder: Path, text: str, approval: Approval, wanted: Wanted, now: datetime, key_file: Path
) -> tuple[Compiled, Path]:
    """Compile, audit, sign and write one quarter; nothing is written unless all of it holds."""
    quarter, period = quarter_of(text)
    store = Store(path)
    names = names_of(store)
    demo = store.setting("demo") == "yes"
    checked = checked_approval(approval, demo=demo, now=now)
    if period.end > now.date():
        raise BadInput(f"{quarter} ends on {period.last_day}; a quarter is released when it is over")
    ledger = ledger_of(path)
    # In a scan the ledger has lasting names: the next scan's audit must know who was published before.
    earlier = tuple(each.under(names.again) if names else each for each in read_ledger(ledger))
    key = make_key(key_file)
    before = read_releases(folder, key.public_key()) if any(folder.glob("*.json")) else ()
    if before and {each.digest for each in before} - {each.digest for each in earlier}:
        raise BadInput(
            f"{folder} holds releases whose memberships are not in {ledger}; without them no release can be audited. "
            "Use the store they came from, or another folder"
        )
    policy = in_force(policy_of(before[-1].policy) if before else Policy(), wanted.policy, wanted.consent, period.start)
    named = _with_names(store, wanted.named, names)
    persons = Persons(named, _sharing(store, named, names, now))
    objecting = registry.objecting(store, names)
    held = Counted(store.snapshot(), year_before(period), objecting)
    compiled = compile_release(
        held.tables(),
        quarter,
        period,
        policy,
        earlier,
        objecting,
        partial(other_rows, held, period, policy, persons, model_card(store)),
        presence_of(held),
    )
    file = _write(compiled, quarter, folder, checked, demo=demo, named=named, key_file=key_file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    published = compiled.remembered(digest)
    add_to_ledger(ledger, published.under(names.lasting) if names else published)
    with writing(path) as writer:
        how = f", names: mt, {named.evidence}" if named else ""
        journal.append(writer, checked["approver"], "release", f"{quarter} {digest[:16]}{how}", now)
    return compiled, file


def checked_approval(approval: Approval, *, demo: bool, now: datetime) -> dict[str, str]:
    """Approver, notice date and works council; for real people all three have to be there and in force."""
    given = {
        "approver": approval.approver.strip(),
        "notice_date": approval.notice_date.strip(),
        "works_council": approval.works_council.strip(),
    }
    missing = [f"--{name.replace('_', '-')}" for name, value in given.items() if not value]
    if missing and not demo:
        raise BadInput(
            f"a release of real people needs {', '.join(missing)}: who approves it, when people were told, and the "
            "works council's reference"
        )
    if given["notice_date"]:
        try:
            told = date.fromisoformat(given["notice_date"])
        except ValueError as error:
            raise BadInput(f"--notice-date {given['notice_date']!r} is not a day; write it like 2026-06-12") from error
        if told > now.date():
            raise BadInput(f"people are told on {told} only; release after that")
    return {name: value or DEMO for name, value in given.items()}


def _with_names(store: Store, named: Named | None, names: Pseudonyms | None) -> Named | None:
    """The people who were told, as the store knows them, and how they are called: a scan itself holds no name."""
    if named is None:
        return None
    if names is not None:
        known = {who: known_as(store, who, names) for who in named.told}
        called = {known[who]: named.names.get(who, who) for who in named.told}
        return replace(named, told={known[who]: day for who, day in named.told.items()}, names=called)
    return replace(named, names=_called(store) | dict(named.names))


def _sharing(store: Store, named: Named | None, names: Pseudonyms | None, now: datetime) -> tuple[Sharing, ...]:
    """Who shares the own card now, by name; a scan has no names but those that the policy file says."""
    called = _called(store) if names is None else named.names if named else {}
    shares = registry.sharing(store, now, names)
    return tuple(Sharing(who, called[who], until.date()) for who, until in shares.items() if who in called)


def _called(store: Store) -> dict[str, str]:
    """How the people of a store are called."""
    people = store.frame("people").sort_values("valid_from").drop_duplicates("person_id", keep="last")
    return {str(row["person_id"]): str(row["name"] or row["person_id"]) for row in people.to_dict("records")}


def _write(
    compiled: Compiled,
    quarter: str,
    folder: Path,
    approval: dict[str, str],
    *,
    demo: bool,
    named: Named | None,
    key_file: Path,
) -> Path:
    evidence = {"legal_basis": named.legal_basis, "works_council": named.works_council} if named else None
    document = compiled.document(quarter, approval, demo=demo, names=evidence)
    return write_release(folder, document, make_key(key_file))
