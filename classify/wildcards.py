"""Words of a pattern, compared with the words of a title one by one; a word may begin or end with `*`."""

from __future__ import annotations

from dataclasses import dataclass

from classify.text import read


@dataclass(frozen=True)
class Word:
    """One word of a pattern; open ends stand for any letters."""

    core: str
    open_left: bool = False
    open_right: bool = False

    def fits(self, token: str) -> bool:
        """Whether a token is this word."""
        if self.open_left and self.open_right:
            return self.core in token
        if self.open_left:
            return token.endswith(self.core)
        return token.startswith(self.core) if self.open_right else token == self.core


def words_of(phrase: str) -> tuple[Word, ...]:
    """The words of a phrase, as titles are read; a `*` opens the end it stands at.

    >>> words_of("college*")
    (Word(core='college', open_left=False, open_right=True),)
    """
    words: list[Word] = []
    for written in phrase.split():
        parts = [Word(token) for token in read(written.strip("*")).plain]
        if parts and written.startswith("*"):
            parts[0] = Word(parts[0].core, open_left=True, open_right=parts[0].open_right)
        if parts and written.endswith("*"):
            parts[-1] = Word(parts[-1].core, parts[-1].open_left, open_right=True)
        words += parts
    return tuple(words)
