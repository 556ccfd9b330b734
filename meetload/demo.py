"""The demo organisation: generated, labelled and measured like any other calendar."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.snapshots import facts_of
from connectors.contract import Window
from connectors.demo import DemoSource, phases, truth
from meetload.console import NOTES, step
from meetload.demo_releases import release_demo, without_releases
from meetload.importing import import_sources
from meetload.labelling import label_store
from meetload.options import EARLIEST
from privacy.story import PHASES
from store.database import Store, writing
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

MANAGER_LEVEL = 2


def build_demo(folder: Path, now: datetime, seed: int = 7, people: int = 160) -> Path:
    """Generate, import and label the demo organisation; returns its store. The planted truth lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "demo.db"
    store.unlink(missing_ok=True)
    source = DemoSource(seed=seed, people=people)
    with step(f"generating an organisation of {people} people"):
        settings = {"demo": "yes", PHASES: json.dumps(phases(source))}
        import_sources([source], store, Window(EARLIEST, now), settings)
    (folder / "truth.json").write_text(json.dumps(truth(source)), encoding="utf-8")
    with step("classifying every meeting"):
        label_store(store)
    with step("measuring"), writing(store) as writer:
        writer.set("owner", busiest_manager(Store(store)))
    with step("releasing what management and HR may read of each quarter"):
        without_releases(store)
        refused = release_demo(store, now)
    if refused:
        NOTES.print(f"refused, so that management and HR read nothing of them: {', '.join(refused)}")
    return store


def busiest_manager(store: Store) -> str:
    """The department manager with most meeting hours: the person whose Monday the demo opens on."""
    rows = to_pandas(facts_of(store.snapshot()).select("person_id", "level", "hours"))
    managers = rows[rows["level"] == MANAGER_LEVEL]
    hours = managers.groupby("person_id")["hours"].sum()
    return str(hours.idxmax()) if len(hours) else ""
