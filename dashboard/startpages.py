"""What the first run says, as HTML: every value that is not ours is escaped by Markup."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard import notices, reasons
from dashboard.page import PRODUCT, offered
from dashboard.views.time import time_view
from dashboard.words import LANGUAGES, message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.intake import Stage
    from dashboard.words import Words
    from dashboard.working import Ended, Far
    from privacy.door import Door
    from store.errors import Problem

ROWS = 200
STAGES: dict[Stage, str] = {
    "asking": message("Allow the reading in the window that opened"),
    "reading": message("Reading your files"),
    "labelling": message("Saying what each meeting was for"),
}
COUNTS = (
    ("files", message("Files read")),
    ("events", message("Events in them")),
    ("occurrences", message("Meetings that came of them")),
    ("new", message("New here")),
    ("changed", message("Changed here")),
    ("rejected", message("Left out")),
)
TITLE = message("Start with your own calendar")
DEFECT = message("Something went wrong on our side, and nothing was changed. Please report it; your files are fine.")

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
    '<details class="disclosure"><summary>{title}</summary><div class="prose">{content}</div></details>'
)
PARAGRAPH = Markup("<p>{}</p>")
CONNECT = Markup("""<form class="connect" action="/start/connect?lang={language}" method="post"
  enctype="multipart/form-data">
  <h2>{title}</h2>
  <input type="hidden" name="service" value="{service}">{zone}
  <div class="fields">{fields}</div>
  <button type="submit" class="act">{act}</button>
</form>""")
HIDDEN_ZONE = Markup('<input type="hidden" name="zone" value="{}" data-zone>')
FIELD = Markup("""<div><label for="{name}">{title}</label>
    <input id="{name}" name="{name}" {kind} aria-describedby="why-{name}">
    <p id="why-{name}">{why}</p></div>""")
CODE = Markup('<pre tabindex="0"><code>{}</code></pre>')
COMPLAINT = Markup('<div class="notice small" role="alert" id="complaint"><p class="notice-title">{sentence}</p></div>')
PROGRESS = Markup("""<h1>{title}</h1>
<div class="going card" data-progress="/start/progress?lang={language}" data-then="/start?lang={language}">
  <p class="headline" id="headline"><span class="first" role="status" data-said>{said}</span></p>
  <progress aria-label="{title}" max="1"{value}></progress>
  <p class="small-print">{promise}</p>
</div>
<noscript><meta http-equiv="refresh" content="2"></noscript>""")
ENDED = Markup("""<h1>{title}</h1>
<p class="headline" id="headline"><span class="first">{first}</span><span class="second">{second}</span></p>
<ul class="onward">{links}</ul>
{counts}
{problems}""")
TABLE = Markup("""<div class="left-out"><h2 id="left-out">{title}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><caption>{caption}</caption>
<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>""")


def document(words: Words, body: Markup, scheme: str, path: str) -> str:
    """A whole page around a body."""
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
        title=f"{words(TITLE)} · {PRODUCT}",
        scheme=Markup(scheme),  # noqa: S704 - our own script, named in the policy by its hash
        skip=words("Skip to the answer"),
        product=PRODUCT,
        languages=_joined(languages),
        body=body,
        local=words("Everything stays on this machine."),
    )


def form(words: Words, zone: str, owner: str, complaint: str = "", problems: tuple[Problem, ...] = ()) -> Markup:
    """Where files are given, with what was wrong with the last ones."""
    said = COMPLAINT.format(sentence=complaint) + _problems(words, problems, {}) if complaint else ""
    return FORM.format(
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
        others=_others(words, zone),
    )


def _zone(words: Words, usual: str) -> Markup:
    return ZONE.format(title=words("Time zone"), usual=usual, why=words("Whose days and weeks are counted."))


def far_sentence(words: Words, far: Far) -> str:
    """How far it is, in one sentence."""
    said = [words(STAGES[far.stage])]
    if far.all:
        said.append(
            words.many("{done} of {count} file", "{done} of {count} files", far.all, done=words.count(far.done))
        )
    if far.left is None:
        said.append(words("{seconds} s so far", seconds=words.count(far.seconds)))
    else:
        said.append(words("about {seconds} s left", seconds=words.count(far.left)))
    return " · ".join(said)


def progress(words: Words, far: Far) -> Markup:
    """The page while files are taken in; it asks by itself how far that is."""
    value = Markup(' value="{}"').format(far.done / far.all) if far.all else ""
    return PROGRESS.format(
        title=words("Your calendar is taken in"),
        language=words.language,
        said=far_sentence(words, far),
        value=value,
        promise=words("You may leave this page; it goes on by itself."),
    )


def ended(words: Words, how: Ended, door: Door) -> Markup:
    """What came of it: the first headline, what was read, and what was left out with the reason."""
    counts = how.taken.counts
    again = (f"/start?again=yes&lang={words.language}", words("Bring in more files"))
    if how.error:
        title, first, second, links = words("That did not work"), _why(words, how), "", [again]
    elif not counts["occurrences"]:
        title, first, second = words("Nothing was taken in"), words("There was no meeting in these files."), ""
        links = [again]
    else:
        title, (first, second) = words("Your first answer"), _headline(words, door)
        links = [(f"/?lang={words.language}", words("See where it goes")), again]
    return ENDED.format(
        title=title,
        first=first,
        second=second,
        links=_joined(Markup('<li><a href="{}">{}</a></li>').format(*each) for each in links),
        counts=_counts(words, counts) if not how.error else "",
        problems=_problems(words, how.taken.problems, how.shown),
    )


def _why(words: Words, how: Ended) -> str | Markup:
    if not how.sentence:
        return words(DEFECT)
    return _said(words, how.sentence)


def _headline(words: Words, door: Door) -> tuple[str, str]:
    """The headline of the first page, as that page will say it."""
    period, viewers = door.overview().period, offered(door)
    if period is None:
        return words("Your meetings are here, but no whole week of them is over yet."), ""
    if not viewers:
        return notices.no_viewer(words), ""
    answer = door.split(viewers[0], period)
    if isinstance(answer, Refusal):
        return notices.refusal(words, answer), ""
    first, stop, second = time_view(answer, words, viewers[0].role).headline.partition(". ")
    return first + stop.strip(), f"{second} {words.dates(period)}".strip()


def _counts(words: Words, counts: Counter[str]) -> Markup:
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    return Markup('<dl class="facts card">{}</dl>').format(
        _joined(pair.format(words(said), words.count(counts[name])) for name, said in COUNTS)
    )


def _problems(words: Words, problems: tuple[Problem, ...], shown: dict[str, str]) -> Markup:
    if not problems:
        return Markup()
    found = Counter((shown.get(each.file, each.file), each.reason, each.rejected) for each in problems)
    lines: dict[tuple[str, str, bool], int] = {}
    for each in problems:
        if each.line:
            lines.setdefault((shown.get(each.file, each.file), each.reason, each.rejected), each.line)
    rows = [_row(words, key, lines.get(key), count) for key, count in found.most_common(ROWS)]
    more = len(found) - ROWS
    caption = words("Rows and files that were not read as they stand; no title is among them.")
    if more > 0:
        caption = f"{caption} {words('{count} more kinds are not listed.', count=words.count(more))}"
    head = (words("File"), words("First line"), words("Reason"), words("What happened"), words("Times"))
    return TABLE.format(
        title=words("What was left out, and why"),
        caption=caption,
        head=_joined(Markup('<th scope="col">{}</th>').format(each) for each in head),
        rows=_joined(rows),
    )


def _row(words: Words, key: tuple[str, str, bool], line: int | None, count: int) -> Markup:
    file, reason, rejected = key
    said = _said(words, reason)
    done = words("left out") if rejected else words("read otherwise")
    cells = (file, words.count(line) if line else "–", said, done, words.count(count))
    return Markup("<tr>{}</tr>").format(_joined(Markup("<td>{}</td>").format(each) for each in cells))


def _said(words: Words, sentence: str) -> str | Markup:
    """What another room says, in the reader's language; marked as English where that is not known."""
    return reasons.said(words, sentence) or Markup('<span lang="en">{}</span>').format(sentence)


def _others(words: Words, zone: str) -> Markup:
    folder = PARAGRAPH.format(
        words(
            "Tables that another system writes: meetings and attendance, and people where there is a chart of the "
            "organisation. docs/exchange.md lists their columns."
        )
    )
    look = CODE.format("meetload demo")
    return _joined(
        DISCLOSURE.format(title=title, content=content)
        for title, content in (
            (words("Connect Google or Outlook instead"), _accounts(words, zone)),
            (words("What is an exchange folder?"), folder),
            (words("Look around in a made-up organisation first"), look),
        )
    )


def _accounts(words: Words, zone: str) -> Markup:
    """Both vendors want an application registered in one's own name; where to get it is said under each field."""
    promise = words(
        "meetload only reads. A window of your browser opens, in which you sign in and allow it; the sign-in is kept "
        "on this machine, and `meetload forget` takes it back."
    )
    file = FIELD.format(
        name="client",
        title=words("The file of your application"),
        kind=Markup('type="file" accept=".json" required'),
        why=words(
            "A .json file. In the Google Cloud console: switch on the Calendar API, make an OAuth client of the "
            "type desktop app, download its JSON; docs/connect-google.md has it step by step. Keep the file for the "
            "next time."
        ),
    )
    application = FIELD.format(
        name="application",
        title=words("The id of your application"),
        kind=Markup('type="text" required spellcheck="false" autocomplete="off"'),
        why=words(
            "In Microsoft Entra: register an application for accounts of your organisation, allow it to read your "
            "calendar, copy its id; docs/connect-outlook.md has it step by step."
        ),
    )
    tenant = FIELD.format(
        name="tenant",
        title=words("Your organisation's id or domain"),
        kind=Markup('type="text" spellcheck="false" autocomplete="off"'),
        why=words("Beside the id of the application; empty only where that is for accounts of any organisation."),
    )
    forms = (
        ("google", "Google", file, words("Read my Google calendar")),
        ("outlook", "Outlook", application + tenant, words("Read my Outlook calendar")),
    )
    connects = (
        CONNECT.format(
            language=words.language,
            service=service,
            zone=HIDDEN_ZONE.format(zone) if zone else "",
            title=title,
            fields=fields,
            act=act,
        )
        for service, title, fields, act in forms
    )
    return PARAGRAPH.format(promise) + _joined(connects)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
