"""Routes of at most two ties between units, and what is left of them when one person is taken out.

Every person x holds, for each unit u that x has ties into, one strongest tie (and the next strongest, to somebody
else). Two units are tied within two hops when some x holds both, or sits in one and holds the other:

    unit A  ──a──────b──  unit B        a sits in A and holds B
    unit A  ──a── x ──b──  unit B       x sits in neither and holds both

A tie's length is one over its hours, a route's efficiency one over its length (Latora & Marchiori 2001): a direct tie
counts with its hours, a route over x with h1*h2/(h1+h2).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from analysis.bridges.codes import DENSE

if TYPE_CHECKING:
    from analysis.bridges.codes import Coded, Floats, Ints

NOBODY = -1
LEAST = 1e-300
# Half the memory to walk through; people, units and routes of a slice are far fewer than two thousand million.
NARROW = np.int32


@dataclass(frozen=True)
class Held:
    """One row a person (in a unit) and unit they hold, sorted by holder: strongest tie, whose it is, and the next."""

    holder: Ints
    home: Ints
    unit: Ints
    best: Ints
    first: Floats
    second: Floats


@dataclass(frozen=True)
class Routes:
    """All routes of one slice: the pair of units, up to three people on it, and the efficiency.

    `carrier` is the person in the middle, or the near end of a direct tie; `far` and `near` end the route. `one` and
    `two` are the ties that make it up, as rows of what is held; `one` is nothing where the route is one tie.
    """

    pair: Ints
    carrier: Ints
    near: Ints
    far: Ints
    full: Floats
    one: Ints
    two: Ints

    def only(self, rows: Ints) -> Routes:
        """Some of the routes."""
        return Routes(*(getattr(self, each.name)[rows] for each in fields(self)))

    def touches(self, person: Ints) -> np.ndarray:
        """Which of the routes the person named for it is on."""
        return np.asarray((self.carrier == person) | (self.near == person) | (self.far == person))


@dataclass(frozen=True)
class Falls:
    """What one slice loses: a row for each pair of units and person whose leaving makes that pair's best route worse.

    pairs and efficiency are those of the whole slice; before and after are the pair's efficiency.
    """

    pairs: Ints
    efficiency: float
    pair: Ints
    person: Ints
    before: Floats
    after: Floats


def falls(ties: Coded) -> Falls:
    """What each person's leaving takes from units within two hops; `ties` are those across units in a slice."""
    held = _held(ties)
    routes = _routes(held, ties.counted)
    pairs, at = _dense(routes.pair, len(ties.units))
    best = _most(routes.full, at, len(pairs))
    # Only somebody on the best route can make it worse; of equal routes any one will do.
    top = np.zeros(len(pairs), dtype=np.int64)
    is_best = np.flatnonzero(routes.full >= best[at])
    top[at[is_best]] = is_best
    # Somebody who changed teams can end a route on both sides.
    near = np.where(routes.near == routes.far, NOBODY, routes.near)
    on_route = [who[top] if len(who) else top - 1 for who in (routes.carrier, near, routes.far)]
    # What is left at least, whoever of them goes; of the routes they are on only better ones are worth a look.
    touched = np.logical_or.reduce([routes.touches(who[at]) for who in on_route])
    spared = _most(np.where(touched, 0.0, routes.full), at, len(pairs))
    looked_at = np.flatnonzero(touched & (routes.full > spared[at]))
    some, some_at = routes.only(looked_at), at[looked_at]
    rows = [
        _fall(np.maximum(spared, _most(_left(some, held, who[some_at]), some_at, len(pairs))), pairs, best, who)
        for who in on_route
    ]
    pair, person, before, after = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    alive = best > 0
    return Falls(pairs[alive], float(best.sum()), pair, person, before, after)


def _held(ties: Coded) -> Held:
    """The strongest and next strongest tie of everybody into every other unit."""
    person = np.concatenate([ties.one, ties.other])
    home = np.concatenate([ties.one_unit, ties.other_unit])
    friend = np.concatenate([ties.other, ties.one])
    unit = np.concatenate([ties.other_unit, ties.one_unit])
    hours = np.concatenate([ties.hours, ties.hours])
    count = len(ties.units)
    holder = person * count + home
    key = holder * count + unit
    order = np.argsort(key)
    order = order[ties.counted[unit[order]]]
    hours, friend = hours[order], friend[order]
    start = np.flatnonzero(np.diff(key[order], prepend=-1))
    if not len(start):
        nothing = np.empty(0, dtype=np.int64)
        return Held(nothing, nothing, nothing, nothing, np.empty(0), np.empty(0))
    first = np.maximum.reduceat(hours, start)
    # Of equally strong ties any one will do: the other is then the next strongest.
    best = _any_where(hours == np.repeat(first, np.diff(start, append=len(order))), start)
    hours[best] = 0.0
    of_holder = order[start]
    return Held(
        holder=holder[of_holder],
        home=home[of_holder].astype(NARROW),
        unit=unit[of_holder].astype(NARROW),
        best=friend[best].astype(NARROW),
        first=first,
        second=np.maximum.reduceat(hours, start),
    )


def _any_where(true: np.ndarray, start: Ints) -> Ints:
    """For each run that begins at `start` a position in it at which something holds."""
    position = np.where(true, np.arange(len(true)), -1)
    return np.asarray(np.maximum.reduceat(position, start))


def _routes(held: Held, counted: np.ndarray) -> Routes:
    """Direct ties of units that count, and routes over one person."""
    units, direct = len(counted), np.flatnonzero(counted[held.home])
    # Rows are sorted by holder and unit, so that of two the first has the lower unit.
    one, two = _both(held.holder)
    carrier, nobody = (held.holder // units).astype(NARROW), np.full(len(direct), NOBODY, dtype=NARROW)
    direct_pair = _pair(held.home[direct], held.unit[direct], units)
    return Routes(
        pair=np.concatenate([direct_pair, held.unit[one] * units + held.unit[two]]),
        carrier=np.concatenate([carrier[direct], carrier[one]]),
        near=np.concatenate([nobody, held.best[one]]),
        far=np.concatenate([held.best[direct], held.best[two]]),
        full=np.concatenate([held.first[direct], _through(held.first[one], held.first[two])]),
        one=np.concatenate([nobody, one]),
        two=np.concatenate([direct.astype(NARROW), two]),
    )


def _left(routes: Routes, held: Held, gone: Ints) -> Floats:
    """What is left of routes without the person named for each.

    Nothing is left without the carrier; without an end, the carrier's next strongest tie into that unit.
    """
    over = routes.one != NOBODY
    near, far = over & (routes.near == gone), routes.far == gone
    one = np.where(near, held.second[routes.one], held.first[routes.one])
    two = np.where(far, held.second[routes.two], held.first[routes.two])
    left = np.where(over, _through(one, two), two)
    return np.asarray(np.where(routes.carrier == gone, 0.0, left))


def _both(holder: Ints) -> tuple[Ints, Ints]:
    """All ways to take two rows of one holder, the rows being sorted by holder."""
    last = np.flatnonzero(np.diff(holder, append=-1)).astype(NARROW)
    end = np.repeat(last + 1, np.diff(last, prepend=-1))
    row = np.arange(len(holder), dtype=NARROW)
    after = end - row - 1
    one = np.repeat(row, after)
    step = np.arange(len(one), dtype=NARROW) - np.repeat(np.cumsum(after, dtype=NARROW) - after, after)
    return one, one + 1 + step


def _pair(one: Ints, two: Ints, units: int) -> Ints:
    return np.asarray(np.minimum(one, two) * units + np.maximum(one, two))


def _through(one: Floats, two: Floats) -> Floats:
    """The efficiency of two ties in a row."""
    total = one + two
    np.maximum(total, LEAST, out=total)
    both = one * two
    return np.asarray(np.divide(both, total, out=both))


def _dense(pair: Ints, units: int) -> tuple[Ints, Ints]:
    """The distinct pairs and each route's position in them; a full table where that is small."""
    if units * units <= DENSE:
        return np.arange(units * units), pair
    pairs, at = np.unique(pair, return_inverse=True)
    return pairs, at


def _most(values: Floats, at: Ints, size: int) -> Floats:
    most = np.zeros(size)
    np.maximum.at(most, at, values)
    return most


def _fall(after: Floats, pairs: Ints, best: Floats, person: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """The pairs that get worse without the person named for each."""
    worse = np.flatnonzero((after < best) & (person != NOBODY))
    return pairs[worse], person[worse], best[worse], after[worse]
