"""What the first run left out, and why: a table of rows, files and entries of a calendar."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard import reasons

if TYPE_CHECKING:
    from dashboard.words import Words
    from store.errors import Problem

ROWS = 200
TABLE = Markup("""<div class="left-out"><h2 id="left-out">{title}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><caption>{caption}</caption>
<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>""")


def left_out(words: Words, problems: tuple[Problem, ...], shown: dict[str, str], *, account: bool = False) -> Markup:
    """The table, or nothing where nothing was left out; `shown` says what a file was called where it came from."""
    if not problems:
        return Markup()
    found = Counter((shown.get(each.file, each.file), each.reason, each.rejected) for each in problems)
    lines: dict[tuple[str, str, bool], int] = {}
    for each in problems:
        if each.line:
            lines.setdefault((shown.get(each.file, each.file), each.reason, each.rejected), each.line)
    rows = [_row(words, key, count, _line(words, lines.get(key), account)) for key, count in found.most_common(ROWS)]
    place = (words("Calendar"),) if account else (words("File"), words("First line"))
    return TABLE.format(
        title=words("What was left out, and why"),
        caption=_caption(words, len(found) - ROWS, account),
        head=_cells((*place, words("Reason"), words("What happened"), words("Times")), ' scope="col"', "th"),
        rows=Markup().join(rows),
    )


def said(words: Words, sentence: str) -> str | Markup:
    """What another room says, in the reader's language; marked as English where that is not known."""
    return reasons.said(words, sentence) or Markup('<span lang="en">{}</span>').format(sentence)


def _caption(words: Words, more: int, account: bool) -> str:
    caption = (
        words("Entries that were not read as they stand; no title is among them.")
        if account
        else words("Rows and files that were not read as they stand; no title is among them.")
    )
    return f"{caption} {words('{count} more kinds are not listed.', count=words.count(more))}" if more > 0 else caption


def _line(words: Words, line: int | None, account: bool) -> tuple[str, ...]:
    if account:
        return ()
    return (words.count(line) if line else "–",)


def _row(words: Words, key: tuple[str, str, bool], count: int, line: tuple[str, ...]) -> Markup:
    file, reason, rejected = key
    done = words("left out") if rejected else words("read otherwise")
    return Markup("<tr>{}</tr>").format(_cells((file, *line, said(words, reason), done, words.count(count))))


def _cells(texts: tuple[str | Markup, ...], more: str = "", name: str = "td") -> Markup:
    cell = Markup(f"<{name}{more}>{{}}</{name}>")  # noqa: S704 - our own words
    return Markup().join(cell.format(text) for text in texts)
