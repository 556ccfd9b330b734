"""The pack for the works council and the impact draft say what is really set up, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from made_up_cohort import cohort

from connectors.google import settings as google
from connectors.outlook import settings as outlook
from dashboard.pack.documents import KINDS, pack
from dashboard.pack.reading import KEPT, REASONS
from dashboard.pack.ruling import MEANINGS
from dashboard.paper.pdf import pdf
from dashboard.paper.web import page
from meetload.packing import running
from meetload.retention import DEFAULTS, set_days
from privacy.policy import Policy
from privacy.release.compiling import compile_cohort
from privacy.release.file import make_key, write_release
from store.errors import BadInput

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STRICTER = Policy(k_hr=23, k_mt_unit=23)
APPROVAL = {"approver": "A. Prover", "notice_date": "2026-01-01", "works_council": "OR-2026-<7>"}


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    compiled = compile_cohort(cohort(300, 6), "2026Q1", STRICTER)
    write_release(folder / "R", compiled.document("2026Q1", APPROVAL, demo=False), make_key(folder / "release.key"))
    return folder / "R", compiled


def key_beside(folder):
    """The public half as it was registered when the release was made, not the copy in the folder."""
    return folder.parent / "release.pub"


def said(found, kind="works-council", language="en") -> str:
    return page(pack(found, kind, language))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "draft"), [("nl", "geen juridisch advies"), ("en", "no legal advice")])
def test_both_kinds_in_both_languages_are_drafts(store, kind, language, draft):
    text = said(running(store.path, None, NOW), kind, language)
    assert draft in text
    assert "FG" in text
    assert "OR" in text
    assert text.count("<h2>") >= 12


def test_dutch_is_dutch(store):
    english, dutch = (said(running(store.path, None, NOW), language=language) for language in ("en", "nl"))
    sentences = set(re.findall(r"<(?:p|li|h2|caption)[^>]*>([^<]{25,})<", english))
    assert not {each for each in sentences if each in dutch and not re.match(r"\w+: \w+_?\w*,|Fields", each)}


def test_rules_come_from_the_release(releases):
    folder, compiled = releases
    found = running(None, folder, NOW, key_beside(folder))
    text = said(found)
    assert f"at least {STRICTER.k_hr} people" in text
    assert "These rules held for the release of 2026Q1" in text
    assert f'<td class="number">{compiled.audit.atoms}</td>' in text
    assert "OR-2026-&lt;7&gt;" in text
    looser = said(replace(found, policy=replace(STRICTER, k_hr=31)))
    assert "at least 31 people" in looser


def test_without_a_release_it_says_so(store):
    assert "No release yet, so nothing was audited." in said(running(store.path, None, NOW))


def test_times_to_keep_are_those_of_the_store(store, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_bytes(store.path.read_bytes())
    set_days(copy, {"titles": 41}, NOW.replace(tzinfo=None))
    assert '<td class="number">41</td>' in said(running(copy, None, NOW))


def test_every_field_and_permission_stands_in_it(store):
    text = said(replace(running(store.path, None, NOW), readings=running(None, None, NOW).readings))
    assert all(field in text for field in outlook.SELECT)
    assert all(name in text for name in (*outlook.WHY, *google.WHY))


def test_every_setting_reason_and_term_has_words():
    assert set(MEANINGS) == set(Policy().as_json())
    assert set(REASONS) == {*outlook.WHY.values(), *google.WHY.values()}
    assert set(KEPT) == set(DEFAULTS)


def test_the_pdf_is_one(releases):
    assert pdf(pack(running(None, releases[0], NOW, key_beside(releases[0])), "impact", "nl")).startswith(b"%PDF")


def test_a_release_that_was_changed_gives_no_pack(releases, tmp_path):
    folder = tmp_path / "R"
    folder.mkdir()
    for file in releases[0].iterdir():
        (folder / file.name).write_bytes(file.read_bytes().replace(b'"k_hr":23', b'"k_hr":10'))
    with pytest.raises(BadInput, match="signature"):
        running(None, folder, NOW, key_beside(releases[0]))


def test_a_release_by_somebody_else_gives_no_pack_although_its_own_key_fits(releases, tmp_path):
    other = tmp_path / "other.key"
    make_key(other)
    with pytest.raises(BadInput, match="signature"):
        running(None, releases[0], NOW, other.with_suffix(".pub"))
    with pytest.raises(BadInput, match="--key"):
        running(None, releases[0], NOW)
