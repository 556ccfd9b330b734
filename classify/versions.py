"""Which model a store's labels come from: the one that comes with meetload, or the last one that people accepted.

    store.db            setting `models`: the accepted versions, oldest first
    store.db.models/    candidate/ and one folder an accepted version, each with model, card and signature

A model that learnt from corrections knows words of the titles they were about, so its folder is closed to others.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Protocol

from classify import own_rules, persist, signing
from classify.own_rules import RuledClassifier
from store.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from classify.model import Classifier

SETTING = "models"
CANDIDATE = "candidate"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,80}")


class Settings(Protocol):
    """A store being read or written: both know its settings."""

    def setting(self, name: str, default: str = "") -> str:
        """One remembered setting."""


def folder_of(store: Path) -> Path:
    """Where the models of a store lie."""
    return store.with_name(store.name + ".models")


def accepted(settings: Settings) -> tuple[str, ...]:
    """The versions that people accepted for a store, oldest first; empty where it uses meetload's own model."""
    return tuple(settings.setting(SETTING).split())


def current(store: Path, settings: Settings) -> Classifier:
    """The classifier that labels a store: its model, checked, with the organisation's own rules on top."""
    model = current_model(store, settings)
    rules = own_rules.from_text(settings.setting(own_rules.SETTING))
    return RuledClassifier(model, rules) if rules else model


def current_model(store: Path, settings: Settings) -> Classifier:
    """The model that labels a store, without own rules."""
    return persist.load(model_folder(store, settings))


def model_folder(store: Path, settings: Settings) -> Path:
    """The folder of the current model, after checking that it is the one that was accepted."""
    versions = accepted(settings)
    if not versions:
        return persist.FOLDER
    folder = _folder(store, versions[-1])
    if not folder.is_dir():
        raise BadInput(
            f"the current model of {store} should lie in {folder}, and does not; put it back, or go back to the model "
            "before it with `meetload rollback --by NAME`"
        )
    signing.verify(folder, persist.checked(folder), signing.own_key(signing.key_file()))
    return folder


def _folder(store: Path, version: str) -> Path:
    if not _VERSION.fullmatch(version):
        raise BadInput(f"{version!r} is not the name of a model version")
    return folder_of(store) / version


def keep(candidate: Path, store: Path, by: str, now: datetime) -> str:
    """Sign a candidate in the name of a person and put it with the store's models; its version."""
    digest = persist.checked(candidate)
    version = str(persist.card(candidate).get("version", ""))
    folder = _folder(store, version)
    folder_of(store).mkdir(mode=0o700, exist_ok=True)
    if folder.resolve() != candidate.resolve():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        for name in (persist.MODEL, persist.CARD):
            shutil.copyfile(candidate / name, folder / name)
    signing.sign(folder, digest, by, now, signing.own_key(signing.key_file(), make=True))
    return version
