"""What the demo releases: its whole quarters in order, and a word about those that are refused."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest

from connectors.demo import DemoSource
from meetload import demo, demo_releases
from privacy.release.compiling import ReleaseRefused
from store.database import writing

NOW = datetime(2026, 11, 22, 9)


@pytest.fixture
def asked(monkeypatch):
    """The quarters that were to be released; the second is refused."""
    quarters = []

    def release_quarter(_path, _folder, quarter, *_):
        quarters.append(quarter)
        if len(quarters) == 2:
            raise ReleaseRefused("somebody could be worked out")

    monkeypatch.setattr(demo_releases, "release_quarter", release_quarter)
    return quarters


def test_whole_quarters_are_released_in_order_and_the_terminal_names_those_refused(
    tmp_path, asked, monkeypatch, capsys
):
    """46 weeks up to 15 November: a week before the year and half of its last quarter are no whole quarters."""
    monkeypatch.setattr(demo, "DemoSource", partial(DemoSource, weeks=46))
    monkeypatch.setattr(demo, "label_store", lambda _: None)
    demo.build_demo(tmp_path, NOW, people=60)
    assert asked == ["2026Q1", "2026Q2", "2026Q3"]
    assert "refused, so that management and HR read nothing of them: 2026Q2\n" in capsys.readouterr().err


def test_a_store_without_meetings_has_no_quarter(tmp_path, asked):
    store = tmp_path / "demo.db"
    with writing(store) as writer:
        writer.set("demo", "yes")
    assert (demo_releases.release_demo(store, NOW), asked) == ((), [])
