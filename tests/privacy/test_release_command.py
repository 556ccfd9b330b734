from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from organisation import MONDAY, Small, at

from meetload.releasing import Approval, Wanted, quarter_of, read_wanted, release_quarter
from privacy.policy import Policy
from privacy.release.file import read_releases
from privacy.release.ledger import ledger_of
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer
from store.database import writing
from store.errors import BadInput

NOW = datetime(2026, 4, 20)
NOBODY = Approval("", "", "")
GIVEN = Approval("A. de Vries", "2026-03-01", "OR-2026-14")


def organisation(people: int) -> Small:
    """Two departments of equal teams that meet every Monday, for a quarter."""
    small = Small()
    names = [f"p{number}" for number in range(people)]
    for number, name in enumerate(names):
        small.person(name, level=3 + number % 2, department="AB"[number % 2])
    for week in range(14):
        for number, label in enumerate(("coordination", "design", "other")):
            start = at(number, "09:00", MONDAY + timedelta(weeks=week))
            small.meeting(f"m{week}-{label}", start, 60, names, label=label)
    return small


def release(folder, people=40, approval=GIVEN, quarter="2026Q1", now=NOW, **settings):
    path = organisation(people).store(folder).path
    with writing(path) as writer:
        for name, value in settings.items():
            writer.set(name, value)
    return path, release_quarter(path, folder / "R", quarter, approval, Wanted(Policy()), now, folder / "key")


def test_a_release_of_real_people_wants_a_name_a_notice_and_a_works_council(tmp_path):
    with pytest.raises(BadInput, match="--approver, --notice-date, --works-council"):
        release(tmp_path, approval=NOBODY)
    assert not (tmp_path / "R").exists()


def test_people_are_told_first(tmp_path):
    with pytest.raises(BadInput, match="release after that"):
        release(tmp_path, approval=Approval("A", "2026-05-01", "OR"))


def test_a_quarter_that_is_not_over_is_not_released(tmp_path):
    with pytest.raises(BadInput, match="when it is over"):
        release(tmp_path, quarter="2026Q2")


def test_a_release_stands_signed_and_its_memberships_beside_the_store(tmp_path):
    path, (compiled, file) = release(tmp_path)
    (found,) = read_releases(tmp_path / "R")
    assert file.name == "2026Q1.json"
    assert found.approval == {"approver": "A. de Vries", "notice_date": "2026-03-01", "works_council": "OR-2026-14"}
    assert ledger_of(path).exists()
    assert [each.name for each in (tmp_path / "R").iterdir() if "audit" in each.name] == []
    split = ReleasedDoor([found]).split(Viewer("hr"), found.period)
    assert split.hours / split.focus.person_weeks == pytest.approx(3.0, abs=0.25)
    assert compiled.audit.passed


def test_a_release_that_cannot_pass_writes_nothing(tmp_path):
    with pytest.raises(BadInput, match="cannot be released"):
        release(tmp_path, people=9, approval=NOBODY, demo="yes")
    assert not list(tmp_path.glob("R/*.json"))
    assert not list(tmp_path.glob("*.audit"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[policy]\nk_hr = 9", "never be lower"),
        ("[other]", "knows no"),
        ("[names]\nlegal_basis = 'x'", "names.told"),
        ("[consent]\nreference = 'x'", "decided"),
        ("[", "not TOML"),
    ],
)
def test_a_wrong_policy_file_is_told_in_words(tmp_path, text, why):
    file = tmp_path / "policy.toml"
    file.write_text(text)
    with pytest.raises(BadInput, match=why):
        read_wanted(file)


def test_a_policy_file_is_read_whole(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(
        "[policy]\nk_hr = 15\n[names]\nlegal_basis = 'b'\nworks_council = 'c'\n[names.told]\np1 = 2026-01-02\n"
    )
    wanted = read_wanted(file)
    assert wanted.policy.k_hr == 15
    assert wanted.named.told == {"p1": date(2026, 1, 2).isoformat()}


def test_only_a_whole_quarter_is_a_release():
    assert quarter_of("2026-q3")[0] == "2026Q3"
    with pytest.raises(BadInput, match="not a quarter"):
        quarter_of("2026-03")
