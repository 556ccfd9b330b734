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
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from store.copies import Copies
    from store.pseudonyms import Pseudonyms
    from store.subjects import Readable
    from store.writer import Writer

NOTICE = "1"
"""The version of the notice people read when they decide; a new text is a new version."""
SHARED_FOR = timedelta(days=90)
HEAD = "registry_head"
AUDIENCE = "mt"
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


def objecting(store: Readable, names: Pseudonyms | None = None) -> set[str]:
    """The person_ids of everybody whose objection stands; `names` are those of a scan."""
    latest = _latest(store, "scan")
    return set(_people_of(store, latest.loc[latest["decision"] == "objection", "subject_ref"], names).values())


def sharing(store: Readable, now: datetime, names: Pseudonyms | None = None) -> dict[str, datetime]:
    """The person_ids of everybody who shares the own card with management now, and until when; `names` as above."""
    latest = _latest(store, "card")
    rows = latest[(latest["decision"] == "share") & (latest["audience"] == AUDIENCE) & (latest["expires"] > now)]
    people = _people_of(store, rows["subject_ref"], names)
    untils = zip(rows["subject_ref"], rows["expires"], strict=True)
    return {people[ref]: until.to_pydatetime() for ref, until in untils if ref in people}


def standing(store: Readable, person_id: str, now: datetime, names: Pseudonyms | None = None) -> Standing:
    """What one person has decided."""
    mine = _known(store, person_id, names)
    shares = _own_latest(store, "card", mine)
    until = None if shares is None or shares["decision"] != "share" else shares["expires"].to_pydatetime()
    objection = _own_latest(store, "scan", mine)
    objects = objection is not None and objection["decision"] == "objection"
    return Standing(objects, until if until and until > now else None)


def decide(
    store: Path, who: str, purpose: str, decision: str, now: datetime, names: Pseudonyms | None = None
) -> Erased:
    """Keep a person's decision. An objection also takes what is stored of their meetings out at once.

    In a scan `who` is a pseudonym of its `names`; whoever is not in it (yet) may object as well.
    """
    if decision not in ALLOWED.get(purpose, ()):
        raise BadInput(
            f"nobody can {decision} about {purpose!r}; decide scan: objection, withdraw; card: share, withdraw"
        )
    erased = Erased()
    with writing(store) as writer:
        subject = Subject(who) if names else find(writer, who)
        named = names.lasting(who) if names else own_ref(writer, subject.person_id)
        _append(writer, named, purpose, decision, now)
        if decision == "objection":
            erased = writer.erase(subject, wholly=False)
        scope = f"with the management team until {(now + SHARED_FOR).date()}" if decision == "share" else ""
        journal.append(writer, own_ref(writer, subject.person_id), ACTIONS[purpose, decision], scope, now)
    if decision == "objection":
        _erase_copies(store, subject)
    return erased


def carry_over(writer: Writer, pseudonyms: Iterable[str], names: Pseudonyms, now: datetime) -> None:
    """Keep objections that were made before the scan began under the lasting names of these people."""
    for pseudonym in sorted(pseudonyms):
        _append(writer, names.lasting(pseudonym), "scan", "objection", now)


def enforce(writer: Writer, names: Pseudonyms | None = None) -> Erased:
    """Take out what an import has just brought of people whose objection stands; call it before the import ends."""
    erased = Erased()
    for person_id in sorted(objecting(writer, names)):
        erased += writer.erase(Subject(person_id), wholly=False)
    return erased


def enforce_copies(store: Readable, copies: Copies, names: Pseudonyms | None = None) -> None:
    """The same for the copies of mailboxes, before they are settled."""
    for person_id in sorted(objecting(store, names)):
        copies.erase(Subject(person_id), wholly=False)


def check(store: Readable) -> list[Fault]:
    """Everything that is wrong with the register; empty where nothing is."""
    return faults([_link(row) for row in _rows(store)], store.setting(HEAD))


def decisions(store: Readable, person_id: str, names: Pseudonyms | None = None) -> pd.DataFrame:
    """Everything one person ever decided, oldest first."""
    rows = store.frame("registry").sort_values("at", ignore_index=True)
    mine = _known(store, person_id, names)
    return rows[rows["subject_ref"] == mine].drop(columns=["subject_ref", "digest", "previous"])


def _append(writer: Writer, named: str, purpose: str, decision: str, now: datetime) -> None:
    rows = writer.frame("registry").sort_values("at")
    if len(rows):
        now = max(now, rows["at"].iloc[-1].to_pydatetime() + timedelta(microseconds=1))
    row: dict[str, object] = {
        "at": now,
        "subject_ref": named,
        "purpose": purpose,
        "decision": decision,
        "audience": AUDIENCE if purpose == "card" else None,
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


def _own_latest(store: Readable, purpose: str, mine: str | None) -> pd.Series | None:
    rows = _latest(store, purpose)
    rows = rows[rows["subject_ref"] == mine]
    return None if rows.empty else rows.iloc[0]


def _known(store: Readable, person_id: str, names: Pseudonyms | None) -> str | None:
    """Whom the register calls what: in a scan by the lasting name, so that the next scan knows it too."""
    return names.lasting(person_id) if names else ref_in(store, person_id)


def _people_of(store: Readable, refs: pd.Series, names: Pseudonyms | None) -> dict[str, str]:
    """The person_ids behind references, as far as the store knows them."""
    wanted, key = set(refs), store.setting(KEY)
    if names:
        return {each: names.again(each) for each in wanted}
    if not wanted:
        return {}
    tables = store.tables()
    known = nw.concat([tables.people.select("person_id"), tables.attendance.select("person_id")]).unique()
    people = {ref(key, person): person for person in map(str, to_pandas(known)["person_id"])}
    return {each: people[each] for each in wanted & people.keys()}


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
