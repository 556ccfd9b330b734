"""Topics: meetings on the same subject belong together across titles, series and languages.

The seam that measures use: `topics_of(tables)` gives one frame with the columns meeting_id and topic_id (both text, one
row a meeting, sorted by meeting_id). It holds ad-hoc meetings, cancelled ones too, and occurrences of series; a meeting
of which nobody can tell the subject has no row. A measure takes that frame as an argument, so that it can be given
other topics as well. `topics(tables)` gives the groups themselves, to look at, name, merge and split.

    titles --words--> wordings --glossary, compounds--> concepts --titles and teams alike--> topics
    titles that say nothing ------------series, teams and time------------------------------> topics

`topic_of(title)` is what one title says without any other: its subject words, or "" where it names none.
"""

from __future__ import annotations

from analysis.topics.grouping import topics, topics_of
from analysis.topics.groups import Topic, Topics, Wording
from analysis.topics.words import GENERIC, topic_of

__all__ = ["GENERIC", "Topic", "Topics", "Wording", "topic_of", "topics", "topics_of"]
