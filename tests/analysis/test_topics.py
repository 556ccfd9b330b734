"""What meetings are about: the same subject in other words, in the other language, without a subject in the title."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from organisation import Small, at

from analysis.topics import topic_of, topics, topics_of
from analysis.topics.editing import edited, merging, splitting
from analysis.topics.grams import title_vectors
from analysis.topics.linkage import Weights, clusters
from analysis.topics.words import GLOSSARY, Concepts, glossary, stem, words_of

NOON = datetime(2026, 11, 22, 12)
TEAMS = 24
OTHERS = ("Gladheid", "Woningruil", "Kunstuitleen", "Begraafplaats", "Drukwerk", "Fietsnetwerk", "Stembureau", "Wifi")


def people() -> Small:
    """Twenty-four teams of three people and their manager."""
    small = Small().person("boss", level=2)
    for team, number in ((team, number) for team in range(TEAMS) for number in range(3)):
        small.person(f"p{team}{number}", level=5, team=f"T{team}")
    return small


def meet(small: Small, title: str | None, teams: tuple[int, ...], times: int, day: int = 0, **more) -> Small:
    for time in range(times):
        number = len(small.meetings)
        who = ["boss", *(f"p{team}{(number + time) % 3}" for team in teams)]
        small.meeting(f"m{number}", at(day + 7 * time, "10:00"), 60, who, title=title, **more)
    return small


def busy() -> Small:
    """Three subjects of two teams each, the rest of the house meeting on other things."""
    small = people()
    meet(small, "Intake-achterstand", (0, 1), 8)
    meet(small, "RE: achterstand intake", (0, 1), 6)
    meet(small, "Zaalverhuur", (2, 3), 8)
    meet(small, "Parkeerbeleid", (4, 5), 8)
    meet(small, "Reiskosten", (6, 7), 8)
    for place, title in enumerate(OTHERS):
        meet(small, title, (8 + 2 * place, 9 + 2 * place), 8)
    return small


def names(small: Small, tmp_path) -> dict[str, set[str]]:
    """Each topic's name with its wordings."""
    return {
        topic.name: {wording.text for wording in topic.wordings}
        for topic in topics(small.store(tmp_path).tables()).groups
    }


def together(small: Small, tmp_path) -> dict[str, str]:
    """The topic of each meeting."""
    found = topics_of(small.store(tmp_path).tables())
    return dict(zip(found["meeting_id"], found["topic_id"], strict=True))


def concepts(*titles: str) -> list[tuple[str, ...]]:
    known = Concepts({word for title in titles for word in words_of(title)})
    return [known.of(words_of(title)) for title in titles]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Intake-achterstand", "RE: achterstand intake (deel 2)"),
        ("Intake-achterstand", "intake backlog"),
        ("Intakeachterstand", "Achterstand intake 14-3"),
        ("Verzekeringsbeleid", "Insurance policy, next steps"),
        ("Escalatie wachtlijsten zorg", "Follow-up care waiting list"),
        ("SPOED: vergunningen", "Permits: decision needed"),
    ],
)
def test_one_subject_has_the_same_concepts(one, other):
    first, second, *_ = concepts(one, other, "achterstand", "intake", "beleid", "verzekering")
    assert first == second != ()


@pytest.mark.parametrize(
    "title", ["Overleg", "RE: Vervolg", "Kort bijpraten", "Follow-up meeting 3", "", None, "12-3 #4"]
)
def test_a_title_may_name_no_subject(title):
    assert topic_of(title) == ""


def test_the_glossary_is_large_and_well_formed():
    rows = [line.split("\t") for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    assert len(glossary()) >= 300
    assert all(len(row) == 2 and all(row) and " " not in row[0] for row in rows)
    assert [row[0] for row in rows] == list(dict.fromkeys(row[0] for row in rows))


def test_stems_join_plurals_of_both_languages():
    for one, other in (("boete", "boetes"), ("tarief", "tarieven"), ("policy", "policies"), ("huis", "huizen")):
        assert stem(one) == stem(other)


def test_words_and_languages_are_joined(tmp_path):
    small = meet(busy(), "Intake backlog", (0, 1), 4)
    found = names(small, tmp_path)
    assert found["intake achterstand"] >= {"intake backlog"}
    assert len(found) == 4 + len(OTHERS)


def test_teams_join_what_no_word_joins(tmp_path):
    small = meet(busy(), "Xyloprax", (0, 1), 12)
    assert "xyloprax" in names(small, tmp_path)["intake achterstand"]


def test_other_teams_alone_do_not_split_a_subject(tmp_path):
    small = meet(busy(), "Zaalverhuur", (6, 7), 6)
    assert names(small, tmp_path)["zaalverhuur"] == {"zaalverhuur"}


def test_subjects_of_one_team_are_not_joined(tmp_path):
    small = meet(meet(busy(), "Xyloprax", (0,), 8), "Quibbelton", (0,), 8)
    found = names(small, tmp_path)
    assert not any({"xyloprax", "quibbelton"} <= wordings for wordings in found.values())


def test_a_generic_title_goes_to_what_its_teams_meet_on(tmp_path):
    small = meet(meet(busy(), "Overleg", (2, 3), 1, day=7), "Overleg", (1, 6), 1, day=7)
    topic = together(small, tmp_path)
    hall, nobody = f"m{len(small.meetings) - 2}", f"m{len(small.meetings) - 1}"
    assert topic[hall] == topic["m14"]
    assert nobody not in topic


def test_a_generic_occurrence_goes_with_its_series(tmp_path):
    small = meet(busy(), "Zaalverhuur", (2, 3), 3, series_id="s")
    meet(small, "Overleg", (6,), 1, series_id="s")
    assert together(small, tmp_path)[f"m{len(small.meetings) - 1}"] == together(small, tmp_path)["m14"]


def test_a_person_more_or_less_does_not_move_a_meeting(tmp_path):
    small = busy()
    for row in small.attendance:
        row["response"] = "declined" if row["person_id"] in {"boss", "p00"} else row["response"]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert together(busy(), tmp_path / "a") == together(small, tmp_path / "b")


def partition(found: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for meeting, topic in found.items():
        groups.setdefault(topic, set()).add(meeting)
    return {frozenset(group) for group in groups.values()}


def test_order_ids_and_names_change_nothing(tmp_path):
    usual, other = meet(busy(), "Overleg", (2, 3), 3), meet(busy(), "Overleg", (2, 3), 3)
    rng = np.random.default_rng(3)
    meetings = {
        row["meeting_id"]: f"x{number}" for number, row in zip(rng.permutation(999), other.meetings, strict=False)
    }
    persons = {row["person_id"]: f"y{number}" for number, row in zip(rng.permutation(999), other.people, strict=False)}
    for rows in (other.people, other.meetings, other.attendance):
        for row in rows:
            row |= {key: meetings[row[key]] for key in ("meeting_id",) if key in row}
            row |= {key: persons[row[key]] for key in ("person_id",) if key in row}
        rng.shuffle(rows)
    other.labels = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    before, after = together(usual, tmp_path / "a"), together_unlabelled(other, tmp_path / "b")
    assert {meetings[meeting]: topic for meeting, topic in before.items()} == after


def together_unlabelled(small: Small, folder) -> dict[str, str]:
    from store.database import Store, writing

    with writing(folder / "s.db") as writer:
        writer.add(small.batch())
    found = topics_of(Store(folder / "s.db").tables())
    return dict(zip(found["meeting_id"], found["topic_id"], strict=True))


def test_ids_stay_when_meetings_come_in(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    before = together(busy(), tmp_path / "a")
    more = meet(meet(busy(), "Intake backlog", (0, 1), 30, day=70), "Nieuw onderwerp: vlaggen", (2, 5), 9, day=70)
    after = together(more, tmp_path / "b")
    assert {meeting: after[meeting] for meeting in before} == before


def test_groups_can_be_looked_at(tmp_path):
    found = topics(meet(busy(), "Overleg", (0, 1), 1, day=7).store(tmp_path).tables())
    first = found.groups[0]
    assert (first.name, first.meetings, first.placed) == ("intake achterstand", 15, 1)
    assert first.teams == {"T0": 14, "T1": 14}
    assert (str(first.first), str(first.last)) == ("2026-01-05", "2026-02-23")
    assert sum(first.languages.values()) in (0, 1)
    assert found.of(first.topic_id[:6]) is first
    assert found.of("") is None
    assert set(found.named()["topic"]) == {topic.name for topic in found.groups}


def test_a_store_without_titles_has_no_topics(tmp_path):
    found = topics(meet(people(), None, (0, 1), 3).store(tmp_path).tables())
    assert (found.groups, found.titled, len(found.members)) == ((), 0, 0)


def test_merges_and_splits_follow_one_another():
    groups = pd.Series({"a": "1", "b": "1", "c": "2", "d": "3"})
    rows = [("merge", "a", "c"), ("split", "b", None), ("merge", "b", "d"), ("split", "gone", None)]
    edits = pd.DataFrame(
        [
            {"at": NOON, "by": "ann", "place": n, "action": a, "wording": w, "other": o}
            for n, (a, w, o) in enumerate(rows)
        ]
    )
    after = edited(groups, edits)
    assert {frozenset(after.index[after == group]) for group in after.unique()} == {frozenset("ac"), frozenset("bd")}
    assert edited(groups, edits.iloc[:0]).to_dict() == groups.to_dict()


def test_a_persons_decision_stays_in_force(tmp_path):
    from store.database import writing

    store = meet(busy(), "Intake backlog", (0, 1), 4).store(tmp_path)
    hall, fees = (
        next(t for t in topics(store.tables()).groups if t.name == name) for name in ("zaalverhuur", "reiskosten")
    )
    with writing(store.path) as writer:
        writer.upsert("topic_edits", merging([hall, fees], "ann", NOON))
    merged = next(topic for topic in topics(store.tables()).groups if topic.edited)
    assert {wording.text for wording in merged.wordings} == {"zaalverhuur", "reiskosten"}
    wordings = {wording.text: wording.wording_id for wording in merged.wordings}
    with writing(store.path) as writer:
        writer.upsert("topic_edits", splitting([wordings["reiskosten"]], "bo", NOON.replace(hour=13)))
    assert {"zaalverhuur", "reiskosten"} <= {topic.name for topic in topics(store.tables()).groups}


def slow_average_linkage(similarity: np.ndarray, least: float) -> set[frozenset[int]]:
    groups = [frozenset([number]) for number in range(len(similarity))]
    while len(groups) > 1:

        def mean(pair):
            return np.mean([similarity[a, b] for a in pair[0] for b in pair[1]])

        best = max(combinations(groups, 2), key=mean)
        if mean(best) < least:
            break
        groups = [group for group in groups if group not in best] + [best[0] | best[1]]
    return set(groups)


def test_rounds_of_nearest_pairs_are_average_linkage():
    rng = np.random.default_rng(5)
    letters = np.array(list("abcdefgh"))
    words = ["".join(rng.choice(letters, 6)) for _ in range(12)]
    wordings = sorted({tuple(sorted(set(rng.choice(words, 3)))) for _ in range(40)})
    vectors = title_vectors(wordings)
    from scipy import sparse

    nobody = sparse.csr_matrix((len(wordings), 1))
    found = clusters(vectors, nobody, Weights(teams=1e-6, alike=0.3, nearest=1000))
    groups = {frozenset(np.flatnonzero(found == each).tolist()) for each in set(found.tolist())}
    assert groups == slow_average_linkage((vectors @ vectors.T).toarray(), 0.3)
