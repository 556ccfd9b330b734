"""Topics as a person can look at them: what each is called, in which words, by which teams, from when to when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - the fields of a dataclass
from hashlib import blake2b

import pandas as pd

from analysis.languages import language_of

MOST_TEAMS = 12


@dataclass(frozen=True)
class Wording:
    """One way in which a subject is called, without stage words and numbers, and how many meetings are called so."""

    wording_id: str
    text: str
    meetings: int


@dataclass(frozen=True)
class Topic:
    """One subject: name is the commonest wording, topic_id that of the oldest.

    meetings counts all, `placed` those of them that were placed by series or teams since their title says nothing;
    teams: meetings by team (people of level 4 and below), at most twelve; languages: the share of meetings in each
    language that can be told; edited: a person merged or split it.
    """

    topic_id: str
    name: str
    wordings: tuple[Wording, ...]
    meetings: int
    placed: int
    teams: dict[str, int]
    first: date
    last: date
    languages: dict[str, float]
    edited: bool


@dataclass(frozen=True)
class Topics:
    """All topics, most meetings first; `members` says which meeting is on which (meeting_id, topic_id).

    titled counts meetings with a title, `unnamed` those of them of which nobody can tell the subject.
    """

    groups: tuple[Topic, ...]
    members: pd.DataFrame
    titled: int
    unnamed: int

    def of(self, topic_id: str) -> Topic | None:
        """The topic whose id begins like this, where there is exactly one."""
        found = [topic for topic in self.groups if topic.topic_id.startswith(topic_id)]
        return found[0] if len(found) == 1 else None

    def named(self) -> pd.DataFrame:
        """The name of the topic of every meeting that has one: meeting_id, topic."""
        names = pd.Series({topic.topic_id: topic.name for topic in self.groups}, dtype="str")
        return pd.DataFrame(
            {"meeting_id": self.members["meeting_id"], "topic": self.members["topic_id"].map(names).astype("str")}
        )


def wording_id(plain: str) -> str:
    """The id of a wording: a digest of its words, so that no title stands in an edit."""
    return blake2b(plain.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Title:
    """One title of a topic: its wording, how it was said without stage words, and its meetings."""

    wording_id: str
    text: str
    title: str
    meetings: int
    first: date
    last: date


def described(titles: pd.DataFrame, teams: pd.DataFrame, placed: pd.Series, edited: set[str]) -> tuple[Topic, ...]:
    """The topics out of their titles (topic_id and the fields of `Title`).

    `teams` has topic_id, team and meetings; `placed` counts by topic_id the meetings without a title that says
    anything; `edited` are the ids of wordings that a person merged or split.
    """
    by_topic: dict[str, list[Title]] = {}
    rows = titles.assign(first=titles["first"].dt.date, last=titles["last"].dt.date)
    columns = ["topic_id", "wording_id", "text", "title", "meetings", "first", "last"]
    for topic, *values in rows[columns].itertuples(index=False):
        by_topic.setdefault(topic, []).append(Title(*values))
    by_team: dict[str, dict[str, int]] = {}
    order = teams.sort_values(["meetings", "team"], ascending=[False, True])
    for topic, team, meetings in order[["topic_id", "team", "meetings"]].itertuples(index=False):
        by_team.setdefault(topic, {})[team] = int(meetings)
    more = {str(topic): int(count) for topic, count in placed.items()}
    found = [
        _topic(topic, said, by_team.get(topic, {}), more.get(topic, 0), edited) for topic, said in by_topic.items()
    ]
    return tuple(sorted(found, key=lambda topic: (-topic.meetings, topic.name)))


def _topic(topic_id: str, titles: list[Title], teams: dict[str, int], placed: int, edited: set[str]) -> Topic:
    wordings = _wordings(titles)
    return Topic(
        topic_id=topic_id,
        name=wordings[0].text,
        wordings=wordings,
        meetings=sum(title.meetings for title in titles) + placed,
        placed=placed,
        teams=dict(list(teams.items())[:MOST_TEAMS]),
        first=min(title.first for title in titles),
        last=max(title.last for title in titles),
        languages=_languages(titles),
        edited=any(wording.wording_id in edited for wording in wordings),
    )


def _wordings(titles: list[Title]) -> tuple[Wording, ...]:
    """Most meetings first; of several orders of the same words the commonest is shown."""
    texts: dict[str, Counter[str]] = {}
    for title in titles:
        texts.setdefault(title.wording_id, Counter())[title.text] += title.meetings
    shown = [
        Wording(wording, min(said, key=lambda text: (-said[text], text)), said.total())
        for wording, said in texts.items()
    ]
    return tuple(sorted(shown, key=lambda wording: (-wording.meetings, wording.text)))


def _languages(titles: list[Title]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for title in titles:
        counts[language_of(title.title)] += title.meetings
    known = {language: counts[language] for language in sorted(counts) if language}
    return {language: count / sum(known.values()) for language, count in known.items()}
