"""What the first run says, as HTML: every value that is not ours is escaped by Markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from dashboard.page import PRODUCT
from dashboard.startconnect import connects
from dashboard.startleft import left_out
from dashboard.words import LANGUAGES, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dashboard.words import Words
    from store.errors import Problem

TITLE = message("Start with your own calendar")


class Content(NamedTuple):
    """What stands on a page of the first run, and what the page is called."""

    title: str
    body: Markup


DOCUMENT = Markup("""<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
    <script>{scheme}</script>
    <link rel="stylesheet" href="/assets/style.css">
    <link rel="stylesheet" href="/assets/start.css">
    <script src="/assets/start.js" defer></script>
  </head>
  <body>
    <div class="frame">
      <a class="skip" href="#main">{skip}</a>
      <header><div class="inner"><div class="bar">
        <div class="brand"><span class="mark"></span><span class="product">{product}</span></div>
        <div class="tools"><ul class="languages">{languages}</ul></div>
      </div></div></header>
      <main id="main" tabindex="-1">{body}</main>
      <footer><div class="inner"><p>{local}</p></div></footer>
    </div>
  </body>
</html>""")
LANGUAGE = Markup('<li><a href="{path}?lang={code}" lang="{code}" title="{name}"{current}>{upper}</a></li>')
FORM = Markup("""<h1>{title}</h1>
<p class="headline" id="headline"><span class="first">{invitation}</span><span class="second">{promise}</span></p>
{complaint}
<form class="give card" action="/start?lang={language}" method="post" enctype="multipart/form-data">
  <div class="drop" data-drop>
    <label for="files">{files}</label>
    <input id="files" name="files" type="file" multiple required aria-describedby="kinds"
      accept=".ics,.zip,.csv,.parquet">
    <p id="kinds">{kinds}</p>
    <div role="status"><ul class="chosen" data-chosen></ul></div>
  </div>
  <div class="fields">
    <div><label for="address">{address}</label>
    <input id="address" name="address" type="email" autocomplete="email" value="{owner}" aria-describedby="why-address">
    <p id="why-address">{why_address}</p></div>
    {zone}
  </div>
  <button type="submit" class="act">{act}</button>
</form>
<div class="others">{others}</div>""")
ZONE = Markup("""<div><label for="zone">{title}</label>
    <input id="zone" name="zone" type="text" value="{usual}" aria-describedby="why-zone" spellcheck="false" data-zone>
    <p id="why-zone">{why}</p></div>""")
DISCLOSURE = Markup(
    '<details class="disclosure"{opened}><summary>{title}</summary><div class="prose">{content}</div></details>'
)
PARAGRAPH = Markup("<p>{}</p>")
CODE = Markup('<pre tabindex="0"><code>{}</code></pre>')
COMPLAINT = Markup('<div class="notice small" role="alert" id="complaint"><p class="notice-title">{sentence}</p></div>')


def document(words: Words, content: Content, scheme: str, path: str) -> str:
    """A whole page around what stands on it."""
    languages = (
        LANGUAGE.format(
            path=path,
            code=code,
            name=name,
            upper=code.upper(),
            current=Markup(' aria-current="true"') if code == words.language else "",
        )
        for code, name in LANGUAGES.items()
    )
    return DOCUMENT.format(
        language=words.language,
        title=f"{content.title} · {PRODUCT}",
        scheme=Markup(scheme),  # noqa: S704 - our own script, named in the policy by its hash
        skip=words("Skip to the answer"),
        product=PRODUCT,
        languages=_joined(languages),
        body=content.body,
        local=words("Everything stays on this machine."),
    )


def complaint_box(complaint: str) -> Markup:
    """What was wrong with what was given last; nothing where nothing was."""
    return COMPLAINT.format(sentence=complaint) if complaint else Markup()


def form(
    words: Words,
    zone: str,
    owner: str,
    complaint: str = "",
    problems: tuple[Problem, ...] = (),
    connect: Mapping[str, str] | None = None,
) -> Content:
    """Where files are given or an account is connected, with what was wrong with what was given last.

    `connect` is what somebody typed to connect an account, or at least which.
    """
    said = complaint_box(complaint) + (left_out(words, problems, {}) if complaint else "")
    body = FORM.format(
        title=words(TITLE),
        invitation=words("Drop a calendar here, and read where the time goes."),
        promise=words("The files are read on this machine and thrown away after. Nothing leaves it."),
        complaint=said,
        language=words.language,
        files=words("Calendar files"),
        kinds=words(
            "One .ics file or several, the files of an exchange folder (.csv or .parquet), or a .zip of either. Drop "
            "them here or choose them."
        ),
        address=words("Your own address in that calendar"),
        why_address=words("It tells us which of the people you are. It stays in your own store."),
        owner=owner,
        zone=_zone(words, zone) if zone else "",
        act=words("Take these in"),
        others=_others(words, zone, owner, connect or {}),
    )
    return Content(words(TITLE), body)


def _zone(words: Words, usual: str) -> Markup:
    return ZONE.format(title=words("Time zone"), usual=usual, why=words("Whose days and weeks are counted."))


def _others(words: Words, zone: str, owner: str, connect: Mapping[str, str]) -> Markup:
    folder = PARAGRAPH.format(
        words(
            "Tables that another system writes: meetings and attendance, and people where there is a chart of the "
            "organisation. docs/exchange.md lists their columns."
        )
    )
    look = CODE.format("meetload demo")
    opened = Markup(" open")
    services = connects(words, zone, owner, connect)
    return _joined(
        (
            *(
                DISCLOSURE.format(title=title, content=content, opened=opened if connect.get("service") == name else "")
                for name, title, content in services
            ),
            DISCLOSURE.format(title=words("What is an exchange folder?"), content=folder, opened=""),
            DISCLOSURE.format(title=words("Look around in a made-up organisation first"), content=look, opened=""),
        )
    )


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
