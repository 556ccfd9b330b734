"""What a management team reads of people who chose to share their own card with it; nothing about anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.group_dependence import SharedCard


def shared_lines(cards: tuple[SharedCard, ...], words: Words) -> tuple[str, ...]:
    """One sentence a person, by name of the alphabet and never by score."""
    return tuple(_line(each, words) for each in cards)


def _line(shared: SharedCard, words: Words) -> str:
    card, until = shared.card, words.day(shared.until.date())
    if not card.enough_data:
        return words(
            "{name} ({function}): too little data to say anything; shared until {day}.",
            name=shared.name,
            function=shared.function,
            day=until,
        )
    return words(
        "{name} ({function}): {score} meetings a week wait when away ({low} to {high}); shared until {day}.",
        name=shared.name,
        function=shared.function,
        score=words.number(card.score, 1),
        low=words.number(card.low, 1),
        high=words.number(card.high, 1),
        day=until,
    )
