"""Rows that rest on too few people are taken together until nothing small can be worked out from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Key = TypeVar("Key")


def apart_and_together(
    sizes: Mapping[Key, int], fits: Callable[[Sequence[Key]], bool]
) -> tuple[list[Key], list[Key]] | None:
    """The rows that may stand alone, largest first, and those that are told as one; None where not even all may.

    `fits` says whether some rows, taken as one, rest on enough people. The smallest of the large ones join the small
    ones until those fit too, for otherwise a small row would be the total less the others.

    >>> fits = lambda keys: sum(map(len, keys)) >= 5
    >>> apart_and_together({"aaaaaaaa": 8, "bbbbb": 5, "cc": 2, "d": 1}, fits)
    (['aaaaaaaa'], ['cc', 'd', 'bbbbb'])
    """
    if not fits(list(sizes)):
        return None
    alone = sorted((key for key in sizes if fits([key])), key=lambda key: -sizes[key])
    together = [key for key in sizes if key not in alone]
    while together and alone and not fits(together):
        together.append(alone.pop())
    return alone, together
