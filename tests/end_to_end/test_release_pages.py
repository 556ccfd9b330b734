"""Every page for HR and management, rebuilt from a signed release and nothing else."""

from __future__ import annotations

import pytest
from made_up_cohort import cohort, next_quarter

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.shell import show
from privacy.policy import Policy
from privacy.release.compiling import compile_cohort
from privacy.release.file import make_key, read_releases, write_release
from privacy.released_door import ReleasedDoor


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    key, earlier, now = make_key(folder / "release.key"), [], cohort(300, 11)
    for number, quarter in enumerate(("2026Q1", "2026Q2")):
        now = next_quarter(now, quarter, 12) if number else now
        compiled = compile_cohort(now, quarter, Policy(), earlier)
        write_release(folder / "R", compiled.document(quarter, {}, demo=True), key)
        earlier.append(compiled.published)
    return create_app(ReleasedDoor(read_releases(folder / "R", key.public_key())))


@pytest.mark.parametrize("viewer", ["hr", "mt", "mt:D0", "self:p0001"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_built_or_refused_in_words(app, page, viewer):
    with app.server.test_request_context("/"):
        text = str(show(page, PAGES, {"viewer": viewer, "lang": "en"}))
    assert "p0001" not in text.replace("self:p0001", "")
    assert "went wrong" not in text
    if viewer.startswith("self"):
        assert "not open to you" in text


def test_the_first_page_says_what_the_rows_say(app):
    with app.server.test_request_context("/"):
        text = str(show(PAGES[0], PAGES, {"viewer": "hr", "lang": "en"}))
    assert "hours a week in meetings" in text
    assert "0 attendances" not in text
