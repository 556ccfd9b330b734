"""Learning only on request: a candidate is built and compared, a named person makes it current, and may go back."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classify import candidates, corpus, own_rules, persist, versions
from classify.correcting import refuse_scanned
from meetload.labelling import relabel
from store import journal
from store.database import Store, writing
from store.errors import BadInput
from store.schema import SCANNED

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from classify.candidates import Comparison
    from classify.model import Classifier
    from classify.own_rules import OwnRule
    from store.writer import Writer

FEWEST = 5
"""Fewer reviewed series than this say nothing that a comparison could show."""


@dataclass(frozen=True)
class Trained:
    """A candidate: where it lies, its name, the name of the current model, and both on the same questions."""

    folder: Path
    version: str
    current: str
    comparison: Comparison


@dataclass(frozen=True)
class Switched:
    """Another model or other rules became current: which, and how many meetings got another label by that."""

    version: str
    changed: int
    meetings: int


def train_candidate(store: Path, out: Path | None, now: datetime) -> Trained:
    """Build a candidate from the corpus and the store's corrections. The current model and the labels stay."""
    opened = Store(store)
    refuse_scanned(opened.setting(SCANNED), store)
    own = candidates.reviewed(opened.tables())
    if len(own) < FEWEST:
        raise BadInput(
            f"there are {len(own)} reviewed series with a title in {store}, and learning needs {FEWEST} or more; "
            "correct or confirm labels with `meetload review`"
        )
    folder = out or versions.folder_of(store) / versions.CANDIDATE
    _refuse_other(folder)
    titles, card = corpus.load(), persist.card(versions.model_folder(store, opened))
    comparison = candidates.compare(titles, own, candidates.known_to(own, card))
    classifier, fresh = candidates.learn(titles, own)
    learnt = hashlib.sha256(own[["meeting_id", "label"]].to_csv(index=False).encode()).hexdigest()
    classifier.version = f"{now.date()}-{corpus.digest()[:8]}-own{len(own)}-{learnt[:6]}"
    _save(classifier, fresh | _origin(classifier.version, now, comparison), folder)
    return Trained(folder, classifier.version, str(card["version"]), comparison)


def _origin(version: str, now: datetime, comparison: Comparison) -> dict[str, Any]:
    return {
        "version": version,
        "date": str(now.date()),
        "corpus_digest": corpus.digest(),
        "lists_digest": persist.lists_digest(),
        "compared": candidates.as_card(comparison),
        "note": "Trained on request from the corpus and a store's own corrections; it may know words of their titles.",
    }


def _refuse_other(folder: Path) -> None:
    if folder.exists() and not (folder / persist.MODEL).exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} holds something else than a model; choose an empty folder with --out")


def _save(classifier: Classifier, card: dict[str, Any], folder: Path) -> None:
    folder.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    persist.save(classifier, card, folder)


def accept(store: Path, candidate: Path | None, by: str, now: datetime) -> Switched:
    """Make a candidate the store's current model in the name of a person; labels are made anew."""
    named(by)
    folder = candidate or versions.folder_of(store) / versions.CANDIDATE
    if not (folder / persist.MODEL).exists():
        raise BadInput(f"there is no candidate in {folder}; build one with `meetload train --store {store}`")
    with writing(store) as writer:
        version = versions.keep(folder, store, by, now)
        history = versions.accepted(writer)
        if history and history[-1] == version:
            raise BadInput(f"{version} is the current model already")
        writer.set(versions.SETTING, " ".join((*history, version)))
        switched = _anew(store, writer)
        journal.append(writer, by, "accept a model", f"model {version}", now)
    if candidate is None:
        shutil.rmtree(folder)
    return switched


def rollback(store: Path, by: str, now: datetime) -> Switched:
    """Go back to the model before the current one; labels are made anew."""
    named(by)
    with writing(store) as writer:
        history = versions.accepted(writer)
        if not history:
            raise BadInput("there is nothing to go back to: the model that comes with meetload is current")
        writer.set(versions.SETTING, " ".join(history[:-1]))
        switched = _anew(store, writer)
        journal.append(writer, by, "roll a model back", f"from {history[-1]} to {switched.version}", now)
    return switched


def use_rules(store: Path, rules: tuple[OwnRule, ...], by: str, now: datetime) -> Switched:
    """Make these the store's own rules, in place of those before; labels are made anew."""
    named(by)
    with writing(store) as writer:
        writer.set(own_rules.SETTING, own_rules.to_text(rules))
        switched = _anew(store, writer)
        digest = hashlib.sha256(own_rules.to_text(rules).encode()).hexdigest()
        journal.append(writer, by, "set own rules", f"{len(rules)} rules, {digest[:12]}", now)
    return switched


def _anew(store: Path, writer: Writer) -> Switched:
    before = writer.frame("labels").set_index("meeting_id")["label"]
    relabel(store, writer)
    after = writer.frame("labels").set_index("meeting_id")["label"]
    changed = int((after != before.reindex(after.index)).sum())
    return Switched(versions.current(store, writer).version, changed, len(after))


def named(by: str) -> None:
    """Raise where nobody's name is given: changes like these are made by a person."""
    if not by.strip():
        raise BadInput("say who decides this: --by NAME")
