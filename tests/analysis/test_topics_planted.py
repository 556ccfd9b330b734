"""Topics against the planted ones of simulated organisations, at reduced size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from simulation import as_tables, simulate, sparse, with_topics
from sklearn.metrics import homogeneity_completeness_v_measure

from analysis.topics import topic_of, topics_of

SMALL = {"people": 120, "weeks": 60}


def found(plan):
    """Meetings of planted topics whose titles name a subject: topic, topic_id."""
    simulated = simulate(plan)
    rows = simulated.truth.meetings[["meeting_id", "topic"]].merge(simulated.batch.meetings[["meeting_id", "title"]])
    rows = rows[(rows["topic"] >= 0) & (rows["title"].map(topic_of) != "")]
    return rows.merge(topics_of(as_tables(simulated)), on="meeting_id", how="left").set_index("meeting_id")


@pytest.mark.parametrize("plan", [with_topics(21, **SMALL), sparse(22, **SMALL)], ids=["usual", "sparse"])
def test_topics_are_those_planted(plan):
    rows = found(plan)
    assert rows["topic_id"].notna().all()
    homogeneity, completeness, _ = homogeneity_completeness_v_measure(rows["topic"], rows["topic_id"])
    assert homogeneity >= 0.8
    assert completeness >= 0.8


def test_half_of_the_titles_in_english_changes_little():
    plan = with_topics(23, **SMALL)
    dutch, half = (found(replace(plan, topics=replace(plan.topics, english=share))) for share in (0.0, 0.5))
    both = dutch.join(half.add_suffix("_half"), how="inner")
    assert (both["title"] != both["title_half"]).mean() > 0.4
    assert homogeneity_completeness_v_measure(both["topic_id"], both["topic_id_half"])[2] >= 0.85
    for rows in (dutch, half):
        assert homogeneity_completeness_v_measure(rows["topic"], rows["topic_id"])[2] >= 0.85
