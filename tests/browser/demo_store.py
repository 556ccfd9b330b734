"""A small demo organisation with labels, quickly made."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.demo import DemoSource, phases
from meetload.demo import busiest_manager
from meetload.demo_releases import release_demo
from meetload.labelling import label_store
from privacy.story import PHASES
from store.database import Store, writing

if TYPE_CHECKING:
    from pathlib import Path


def small_demo(folder: Path, people: int = 60, weeks: int = 104) -> Path:
    """Sixty people over two years, seen by their busiest manager."""
    path = folder / "demo.db"
    with writing(path) as writer:
        source = DemoSource(people=people, weeks=weeks)
        writer.add(source.batch)
        writer.set("demo", "yes")
        writer.set(PHASES, json.dumps(phases(source)))
    label_store(path)
    owner = busiest_manager(Store(path))
    with writing(path) as writer:
        writer.set("owner", owner)
    release_demo(path, datetime(2026, 11, 21, 9))
    return path
