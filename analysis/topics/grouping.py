"""From the titles and teams of a store to its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.topics.editing import edited
from analysis.topics.evidence import evidence, teams_in, titles
from analysis.topics.grams import title_vectors
from analysis.topics.groups import Topics, described, wording_id
from analysis.topics.linkage import DEFAULT, Weights, clusters
from analysis.topics.placing import UNPLACED, Known, placed_by_teams
from analysis.topics.words import GENERIC, Concepts, topic_of, words_of
from store.tables import to_pandas

if TYPE_CHECKING:
    import numpy.typing as npt

    from analysis.topics.evidence import Evidence
    from store.tables import Tables

OWN_SUBJECT = 0.5
"""A series is about a topic when so many of its titled meetings or more are."""


def topics(tables: Tables, weights: Weights = DEFAULT) -> Topics:
    """The topics of all meetings of a store that show a title, with the merges and splits of people applied."""
    found = evidence(tables)
    edits = to_pandas(tables.topic_edits)
    said = _grouped(_said(found), found, edits, weights)
    rows = titles(tables).merge(said[["title", "topic_id"]], on="title", how="left")
    by_series = _by_series(rows)
    by_teams = _by_teams(tables, found, said)
    placed = pd.concat([by_series, by_teams], ignore_index=True)
    named = rows.loc[rows["topic_id"].notna(), ["meeting_id", "topic_id"]]
    members = pd.concat([named, placed], ignore_index=True).sort_values("meeting_id", ignore_index=True)
    totals = _totals(said, found)
    touched = set(edits["wording"]) | set(edits["other"].dropna())
    groups = described(totals, _team_counts(said, found), placed.groupby("topic_id").size(), touched)
    return Topics(groups, members.astype("str"), len(rows), len(rows) - len(members))


def topics_of(tables: Tables) -> pd.DataFrame:
    """The topic of every meeting that has one: meeting_id, topic_id. Meetings of no known topic have no row."""
    return topics(tables).members


def _said(found: Evidence) -> pd.DataFrame:
    """Each title with its wording: title, plain (words in a fixed order), text (as it was said), wording_id."""
    unique = pd.Series(found.weeks["title"].unique(), dtype="str")
    rows = pd.DataFrame({"title": unique, "plain": [topic_of(title) for title in unique]})
    rows["text"] = [" ".join(dict.fromkeys(words_of(title))) for title in unique]
    ids = {plain: wording_id(plain) for plain in rows["plain"].unique()}
    rows["wording_id"] = rows["plain"].map(ids)
    return rows


def _grouped(said: pd.DataFrame, found: Evidence, edits: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """The titles that name a subject, with their topic_id."""
    named = said[said["plain"] != GENERIC].reset_index(drop=True)
    if named.empty:
        return named.assign(topic_id=pd.Series(dtype="str"))
    keys = _concepts(named["plain"])
    nodes = {key: number for number, key in enumerate(sorted(set(keys)))}
    node = np.array([nodes[key] for key in keys])
    cluster = clusters(title_vectors(list(nodes)), _team_matrix(named, node, len(nodes), found), weights)
    wordings = pd.Series(cluster[node].astype(str), index=named["wording_id"])
    group = edited(wordings[~wordings.index.duplicated()], edits)
    return _with_ids(named.assign(group=named["wording_id"].map(group)), found)


def _concepts(plain: pd.Series) -> list[tuple[str, ...]]:
    words = {word for each in plain for word in each.split()}
    concepts = Concepts(words)
    known = {each: concepts.of(each.split()) for each in plain.unique()}
    return [known[each] for each in plain]


def _team_matrix(named: pd.DataFrame, node: npt.NDArray[np.int64], size: int, found: Evidence) -> sparse.csr_matrix:
    number = pd.Series(node, index=named["title"])
    rows = found.teams[found.teams["title"].isin(number.index)]
    names, team = np.unique(rows["team"].to_numpy(dtype=object), return_inverse=True)
    values = rows["meetings"].to_numpy(dtype=float)
    return sparse.csr_matrix((values, (number.loc[rows["title"]].to_numpy(), team)), shape=(size, len(names)))


def _with_ids(named: pd.DataFrame, found: Evidence) -> pd.DataFrame:
    """A group is called by the id of its oldest wording, which meetings to come do not change."""
    first = named["title"].map(found.weeks.groupby("title")["first"].min())
    oldest = named.assign(first=first).sort_values(["first", "wording_id"]).drop_duplicates("group")
    ids = dict(zip(oldest["group"], oldest["wording_id"], strict=True))
    return named.assign(topic_id=named["group"].map(ids)).drop(columns="group")


def _by_series(rows: pd.DataFrame) -> pd.DataFrame:
    """Occurrences whose title says nothing, of series that are about one topic."""
    within = rows.dropna(subset="series_id")
    counts = within.dropna(subset="topic_id").groupby(["series_id", "topic_id"]).size().rename("meetings").reset_index()
    counts["share"] = counts["meetings"] / counts.groupby("series_id")["meetings"].transform("sum")
    main = counts[counts["share"] > OWN_SUBJECT][["series_id", "topic_id"]]
    vague = within.loc[within["topic_id"].isna(), ["meeting_id", "series_id"]]
    return vague.merge(main, on="series_id")[["meeting_id", "topic_id"]]


def _by_teams(tables: Tables, found: Evidence, said: pd.DataFrame) -> pd.DataFrame:
    """Ad-hoc meetings whose title says nothing, where their teams and the time tell the topic."""
    vague = sorted(set(found.weeks["title"]) - set(said["title"]))
    nothing = pd.DataFrame({"meeting_id": pd.Series(dtype="str"), "topic_id": pd.Series(dtype="str")})
    if not vague or said.empty:
        return nothing
    present = teams_in(tables, vague)
    if present.empty:
        return nothing
    ids = sorted(said["topic_id"].unique())
    known, team_names, first = _known(said, found, ids)
    meetings, row = np.unique(present["meeting_id"].to_numpy(dtype=object), return_inverse=True)
    column = np.searchsorted(team_names, present["team"].to_numpy(dtype=object))
    inside = np.isin(present["team"].to_numpy(dtype=object), team_names)
    there = sparse.csr_matrix(
        (np.ones(inside.sum()), (row[inside], column[inside])), shape=(len(meetings), len(team_names))
    )
    week = present.drop_duplicates("meeting_id").set_index("meeting_id")["week"].loc[meetings]
    place = placed_by_teams(known, there, ((week - first).dt.days // 7).to_numpy())
    rows = pd.DataFrame({"meeting_id": meetings, "place": place})
    rows = rows[rows["place"] != UNPLACED]
    return pd.DataFrame({"meeting_id": rows["meeting_id"].astype("str"), "topic_id": [ids[at] for at in rows["place"]]})


def _known(said: pd.DataFrame, found: Evidence, ids: list[str]) -> tuple[Known, npt.NDArray[np.object_], pd.Timestamp]:
    number = {topic: place for place, topic in enumerate(ids)}
    topic = said.set_index("title")["topic_id"].map(number)
    first = found.weeks["week"].min()
    span = int((found.weeks["week"].max() - first).days // 7) + 1
    weeks = found.weeks[found.weeks["title"].isin(topic.index)]
    row, counts = topic.loc[weeks["title"]].to_numpy(), weeks["meetings"].to_numpy(dtype=float)
    column = ((weeks["week"] - first).dt.days // 7).to_numpy()
    by_week = sparse.csr_matrix((counts, (row, column)), shape=(len(ids), span))
    teams = found.teams[found.teams["title"].isin(topic.index)]
    names, team = np.unique(teams["team"].to_numpy(dtype=object), return_inverse=True)
    by_team = sparse.csr_matrix(
        (teams["meetings"].to_numpy(dtype=float), (topic.loc[teams["title"]].to_numpy(), team)),
        shape=(len(ids), len(names)),
    )
    return (
        Known(by_team, by_week, np.bincount(row, weights=counts, minlength=len(ids)).astype(np.float64)),
        names,
        first,
    )


def _totals(said: pd.DataFrame, found: Evidence) -> pd.DataFrame:
    weeks = found.weeks.groupby("title").agg(meetings=("meetings", "sum"), first=("first", "min"), last=("last", "max"))
    return said.merge(weeks.reset_index(), on="title")


def _team_counts(said: pd.DataFrame, found: Evidence) -> pd.DataFrame:
    rows = found.teams.merge(said[["title", "topic_id"]], on="title")
    return rows.groupby(["topic_id", "team"])["meetings"].sum().reset_index()
