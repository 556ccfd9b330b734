from __future__ import annotations

import pandas as pd
import pytest

from classify import corpus as subject
from classify.circumstances import PUBLISHED, counts_known
from classify.context import COLUMNS
from classify.corpus import FOLDER, digest, faults, leaks, load
from store.errors import BadInput
from store.schema import LABELS

LINES = [
    f"{label}\t{kind}\tn\t4\td\t{label} {kind} number{place}\t"
    for label in LABELS
    for place, kind in enumerate(("bank", "zoo"))
]


def folder(path, lines):
    (path / "nl_small.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_balanced_corpus_has_no_faults(tmp_path):
    assert faults(load(folder(tmp_path, LINES))) == []


def test_the_corpus_that_comes_along_has_no_faults(corpus):
    assert faults(corpus) == []
    assert set(corpus["label"]) == set(LABELS)
    assert set(corpus["lang"]) == {"nl", "en"}
    assert corpus["kind"].nunique() >= 20


def test_imbalance_duplicates_contradictions_and_leaks_are_faults(tmp_path):
    extra = [f"other\tbank\ty\t0\tm\tborrel op het dak {place}\t" for place in range(200)]
    extra += ["other\tzoo\tn\t0\tm\tborrel op het dak 7\t", "design\tzoo\tn\t0\tm\tborrel op het dak 8\t"] * 9
    found = " ".join(faults(load(folder(tmp_path, LINES + extra))))
    assert "design is only" in found
    assert "the same as another" in found
    assert "nearly stand in another kind" in found


def test_nearly_equal_titles_of_other_kinds_are_leaks():
    rows = pd.DataFrame(
        {
            "title": ["wie beslist over inhuur derden", "wie beslist over inhuur derden?", "iets anders hier nu"],
            "kind": ["a", "b", "a"],
        }
    )
    assert leaks(rows) == [(0, 1)]
    assert leaks(rows.assign(kind="a")) == []


@pytest.mark.parametrize(
    "line",
    [
        "design\tbank\tn\t4\td",
        "wrong\tbank\tn\t4\td\ttitle\t",
        "design\tbank\tn\tfour\td\ttitle\t",
        "design\tbank\tn\t4\td\ttitle\t\tfr",
    ],
)
def test_a_bad_line_is_named(tmp_path, line):
    with pytest.raises(BadInput, match=r"nl_small.tsv, line 11"):
        load(folder(tmp_path, [*LINES, line]))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no corpus"):
        load(tmp_path)


def test_circumstances_are_the_same_every_time_and_often_missing(corpus):
    again = load()
    pd.testing.assert_frame_equal(corpus, again)
    nothing = corpus[list(COLUMNS)].isna().all(axis=1)
    published = corpus["kind"].isin(PUBLISHED)
    assert 0.3 < nothing[~published].mean() < 0.4
    assert 0.7 < nothing[published].mean() < 0.9


def test_published_titles_count_mostly_without_circumstances():
    shares = counts_known(pd.DataFrame({"kind": ["bank", "lobby_register"]}))
    assert shares[0] > 0.5 > shares[1]
    assert counts_known(pd.DataFrame({"title": ["x"]})).tolist() == [shares[0]]


def test_a_new_title_changes_no_other(tmp_path):
    before = load(folder(tmp_path, LINES))
    after = load(folder(tmp_path, ["other\tbank\tn\t4\td\tsomething new\t", *LINES]))
    pd.testing.assert_frame_equal(before, after.iloc[1:].reset_index(drop=True))


def test_the_digest_follows_the_content(tmp_path):
    before = digest(folder(tmp_path, LINES))
    assert before == digest(tmp_path)
    assert before != digest(folder(tmp_path, LINES[:-1]))
    assert digest(FOLDER) == digest()


def test_the_check_prints_counts_and_says_yes(capsys):
    assert subject.main() == 0
    assert "titles" in capsys.readouterr().out
