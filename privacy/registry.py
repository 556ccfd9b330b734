"""What people decided about their own data: objections, what they share, and what they took back.

The register only grows, and its rows hold each other fast (`store.chain`). It knows people by pseudonym
(`store.subjects`), so a decision outlives the rows of whoever made it: an objection still holds when a later import
brings the same person again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from store import journal
from store.chain import FIRST, Fault, Link, digest_of, faults
from store.copies import copies_path, open_copies
from store.database import rewrite, writing
from store.erasing import Erased
from store.errors import BadInput
from store.subjects import KEY, Subject, find, own_ref, ref, ref_in
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from store.copies import Copies
    from store.database import Writer
    from store.subjects import Readable

NOTICE = "1"
"""The version of the notice people read when they decide; a new text is a new version."""
SHARED_FOR = timedelta(days=90)
HEAD = "registry_head"
ALLOWED: Mapping[str, tuple[str, ...]] = {"scan": ("objection", "withdraw"), "card": ("share", "withdraw")}
ACTIONS: Mapping[tuple[str, str], str] = {
    ("scan", "objection"): "object to the scan",
    ("scan", "withdraw"): "withdraw an objection",
    ("card", "share"): "share the own card",
    ("card", "withdraw"): "stop sharing the own card",
}


@dataclass(frozen=True)
class Standing:
    """What one person has decided, as it holds at a moment."""

    objects: bool
    shared_until: datetime | None


def objecting(store: Readable) -> set[str]:
    """The person_ids of everybody whose objection stands."""
    latest = _latest(store, "scan")
    return _people_of(store, latest.loc[latest["decision"] == "objection", "subject_ref"])


def sharing(store: Readable, now: datetime, audience: str = "mt") -> set[str]:
    """The person_ids of everybody who shares the own card with an audience now."""
    latest = _latest(store, "card")
    standing = (latest["decision"] == "share") & (latest["audience"] == audience) & (latest["expires"] > now)
    return _people_of(store, latest.loc[standing, "subject_ref"])


def standing(store: Readable, person_id: str, now: datetime) -> Standing:
    """What one person has decided."""
    shares = _own_latest(store, "card", person_id)
    until = None if shares is None or shares["decision"] != "share" else shares["expires"].to_pydatetime()
    objection = _own_latest(store, "scan", person_id)
    objects = objection is not None and objection["decision"] == "objection"
    return Standing(objects, until if until and until > now else None)


def decide(store: Path, who: str, purpose: str, decision: str, now: datetime) -> Erased:
    """Keep a person's decision. An objection also takes what is stored of their meetings out at once."""
    if decision not in ALLOWED.get(purpose, ()):
        raise BadInput(
            f"nobody can {decision} about {purpose!r}; decide scan: objection, withdraw; card: share, withdraw"
        )
    erased = Erased()
    with writing(store) as writer:
        subject = find(writer, who)
        _append(writer, subject.person_id, purpose, decision, now)
        if decision == "objection":
            erased = writer.erase(subject, wholly=False)
        scope = f"with the management team until {(now + SHARED_FOR).date()}" if decision == "share" else ""
        journal.append(writer, subject.person_id, ACTIONS[purpose, decision], scope, now)
    if decision == "objection":
        _erase_copies(store, subject)
    return erased


def enforce(writer: Writer) -> Erased:
    """Take out what an import has just brought of people whose objection stands; call it before the import ends."""
    erased = Erased()
    if not writer.setting(KEY):
        return erased
    for person_id in sorted(objecting(writer)):
        erased += writer.erase(Subject(person_id), wholly=False)
    return erased


def enforce_copies(store: Readable, copies: Copies) -> None:
    """The same for the copies of mailboxes, before they are settled."""
    if store.setting(KEY):
        for person_id in sorted(objecting(store)):
            copies.erase(Subject(person_id), wholly=False)


def check(store: Readable) -> list[Fault]:
    """Everything that is wrong with the register; empty where nothing is."""
    return faults([_link(row) for row in _rows(store)], store.setting(HEAD))


def decisions(store: Readable, person_id: str) -> pd.DataFrame:
    """Everything one person ever decided, oldest first."""
    rows = store.frame("registry").sort_values("at", ignore_index=True)
    mine = ref_in(store, person_id)
    return rows[rows["subject_ref"] == mine].drop(columns=["subject_ref", "digest", "previous"])


def _append(writer: Writer, person_id: str, purpose: str, decision: str, now: datetime) -> None:
    rows = writer.frame("registry").sort_values("at")
    if len(rows):
        now = max(now, rows["at"].iloc[-1].to_pydatetime() + timedelta(microseconds=1))
    row: dict[str, object] = {
        "at": now,
        "subject_ref": own_ref(writer, person_id),
        "purpose": purpose,
        "decision": decision,
        "audience": "mt" if purpose == "card" else None,
        "notice_version": NOTICE,
        "expires": now + SHARED_FOR if decision == "share" else None,
        "previous": str(rows["digest"].iloc[-1]) if len(rows) else FIRST,
    }
    row["digest"] = digest_of(str(row["previous"]), _words(row))
    writer.upsert("registry", pd.DataFrame([row]))
    writer.set(HEAD, str(row["digest"]))


def _erase_copies(store: Path, subject: Subject) -> None:
    path = copies_path(store)
    if not path.exists():
        return
    with open_copies(store) as copies:
        copies.erase(subject, wholly=False)
    rewrite(path)


def _latest(store: Readable, purpose: str) -> pd.DataFrame:
    rows = store.frame("registry").sort_values("at")
    return rows[rows["purpose"] == purpose].drop_duplicates("subject_ref", keep="last")


def _own_latest(store: Readable, purpose: str, person_id: str) -> pd.Series | None:
    rows = _latest(store, purpose)
    mine = rows[rows["subject_ref"] == ref_in(store, person_id)]
    return None if mine.empty else mine.iloc[0]


def _people_of(store: Readable, refs: pd.Series) -> set[str]:
    wanted, key = set(refs), store.setting(KEY)
    if not wanted:
        return set()
    tables = store.tables()
    known = nw.concat([tables.people.select("person_id"), tables.attendance.select("person_id")]).unique()
    return {person for person in map(str, to_pandas(known)["person_id"]) if ref(key, person) in wanted}


def _rows(store: Readable) -> list[dict[str, object]]:
    rows = store.frame("registry").sort_values("at")
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _link(row: dict[str, object]) -> Link:
    words = _words(row)
    return Link(f"{words[0]}, {words[3]}", words, str(row["previous"]), str(row["digest"]))


def _words(row: dict[str, object]) -> tuple[str | None, ...]:
    names = ("subject_ref", "purpose", "decision", "audience", "notice_version")
    return (_moment(row["at"]), *(_text(row[name]) for name in names), _moment(row["expires"]))


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def _moment(value: object) -> str | None:
    moment = pd.Timestamp(value)
    return None if moment is pd.NaT else moment.isoformat(timespec="microseconds")
