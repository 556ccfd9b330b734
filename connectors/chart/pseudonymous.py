"""A chart for a scan: who is where, without a name or an address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from connectors.chart.chart import team_mark
from store.frames import tidy
from store.schema import ALIASES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connectors.chart.chart import Chart
    from store.pseudonyms import Pseudonyms


def pseudonymous_chart(chart: Chart, names: Pseudonyms, known: Mapping[str, str]) -> Chart:
    """The chart with everybody under the pseudonym of the main address, or of the id where there is no address.

    `known` says whose a pseudonym is that the scan has for a further address or id. Names go; every address and id
    stays as a pseudonym, so that whoever holds the key can ask for a person by any of them.
    """
    people = chart.people
    emails = dict(zip(people["person_id"], people["email"], strict=True))
    fresh = {str(who): _pseudonym(str(who), emails[who], names, known) for who in people["person_id"].unique()}

    def named(who: str) -> str:
        return fresh.get(who) or _pseudonym(who, None, names, known)

    managers = people["manager_id"]
    return replace(
        chart,
        people=people.assign(
            person_id=people["person_id"].map(named),
            manager_id=managers.map(named, na_action="ignore"),
            team=[_team(team, old, named) for team, old in zip(people["team"], managers, strict=True)],
            name=pd.Series(None, index=people.index, dtype=people["name"].dtype),
            email=pd.Series(None, index=people.index, dtype=people["email"].dtype),
        ),
        aliases=_aliases(chart.aliases, fresh, names),
    )


def _pseudonym(who: str, email: object, names: Pseudonyms, known: Mapping[str, str]) -> str:
    given = [each for each in (email, who) if isinstance(each, str) and each]
    candidates = [names.person(each) for each in given]
    return next((known[each] for each in candidates if each in known), candidates[0])


def _team(team: object, manager: object, named: Callable[[str], str]) -> object:
    """A team called after a digest of its manager's id is called after one of the pseudonym."""
    if not (isinstance(team, str) and isinstance(manager, str)):
        return team
    mark = f" {team_mark(manager)}"
    return f"{team.removesuffix(mark)} {team_mark(named(manager))}" if team.endswith(mark) else team


def _aliases(aliases: pd.DataFrame, fresh: Mapping[str, str], names: Pseudonyms) -> pd.DataFrame:
    whose = {names.person(str(email)): fresh[str(who)] for email, who in aliases[["email", "person_id"]].to_numpy()}
    whose |= {names.person(who): pseudonym for who, pseudonym in fresh.items()}
    return tidy(ALIASES, pd.DataFrame(list(whose.items()), columns=ALIASES.given))
