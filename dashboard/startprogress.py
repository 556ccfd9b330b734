"""What the first run says while something is taken in, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard import notices
from dashboard.page import offered
from dashboard.startleft import left_out, said
from dashboard.startpages import Content, complaint_box
from dashboard.views.time import time_view
from dashboard.waiting import BEING_WORKED_OUT
from dashboard.words import message
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from dashboard.intake import Stage
    from dashboard.words import Words
    from dashboard.working import Ended, Far
    from privacy.answers import NotReady
    from privacy.door import Door

STAGES: dict[Stage, str] = {
    "reading": message("Reading your files"),
    "labelling": message("Saying what each meeting was for"),
}
LONG = 100.0
"""Above so many seconds they are told as minutes."""
VENDORS = {"google": "Google", "outlook": "Microsoft"}
CALENDARS = {"google": "Google", "outlook": "Outlook"}
ACCOUNT_STAGES: dict[Stage, str] = {
    "asking": message("Sign in at {vendor} and allow meetload to read"),
    "waiting": message("{vendor} asks to wait; meetload goes on by itself"),
    "reading": message("Reading your {calendar} calendar"),
    "labelling": STAGES["labelling"],
}
FILE_COUNTS = (
    ("files", message("Files read")),
    ("events", message("Events in them")),
    ("occurrences", message("Meetings that came of them")),
    ("new", message("New here")),
    ("changed", message("Changed here")),
    ("rejected", message("Left out")),
)
ACCOUNT_COUNTS = (("events", message("Events read")), *FILE_COUNTS[2:])
TITLE = message("Your calendar is being taken in")
ANSWERING = message("Working out your first answer")
DEFECT = message("Something went wrong on our side, and nothing was changed. Please report it; your files are fine.")
ACCOUNT_DEFECT = message("Something went wrong on our side, and nothing was changed. Please report it.")

PROGRESS = Markup("""<h1>{title}</h1>
{complaint}
<div class="going card" data-progress="/start/progress?lang={language}" data-then="/start?lang={language}">
  <p class="headline" id="headline"><span class="first" role="status" data-stage>{stage}</span></p>
  <p data-said>{said}</p>
  {visit}
  <progress aria-label="{title}" max="1"{value}></progress>
  <p class="small-print">{promise}</p>
  {stop}
</div>
<noscript><meta http-equiv="refresh" content="2"></noscript>""")
VISIT = Markup("""<p class="visit" data-visit{hidden}>{why}
  <a class="act" data-page href="{address}" target="_blank" rel="noopener noreferrer">{act}</a></p>""")
STOP = Markup("""<form action="/start/stop?lang={language}" method="post" data-stop{hidden}>
  <button type="submit" class="quiet">{act}</button>
</form>""")
HIDDEN = Markup(" hidden")
ENDED = Markup("""<h1>{title}</h1>
<p class="headline" id="headline"><span class="first">{first}</span><span class="second">{second}</span></p>
<ul class="onward">{links}</ul>
{counts}
{problems}""")


def stage_sentence(words: Words, far: Far) -> str:
    """What is being done; said aloud when it changes."""
    if far.service is None:
        return words(STAGES[far.stage])
    return words(ACCOUNT_STAGES[far.stage], vendor=VENDORS[far.service], calendar=CALENDARS[far.service])


def far_sentence(words: Words, far: Far) -> str:
    """How far that is, and how long it takes; changes too often to be said aloud."""
    told = []
    if far.part is not None:
        told.append(
            words.many("{done} of {count} file", "{done} of {count} files", far.all, done=words.count(far.done))
        )
    elif far.done:
        told.append(words.many("{count} event read", "{count} events read", far.done))
    told.append(_time(words, far))
    return " · ".join(told)


def _time(words: Words, far: Far) -> str:
    if far.left is None:
        return words("{seconds} s so far", seconds=words.count(far.seconds))
    if far.left > LONG:
        return words("about {minutes} minutes left", minutes=words.count(far.left / 60))
    return words("about {seconds} s left", seconds=words.count(far.left))


def sign_in_page(far: Far) -> str:
    """The vendor's page while somebody is asked to sign in there; only one whose answers nobody can read on the way."""
    return far.address if far.address.startswith("https://") else ""


def progress(words: Words, far: Far, complaint: str = "") -> Content:
    """The page while something is taken in; it asks by itself how far that is."""
    title = words(TITLE)
    body = PROGRESS.format(
        title=title,
        complaint=complaint_box(complaint),
        language=words.language,
        stage=stage_sentence(words, far),
        said=far_sentence(words, far),
        visit=_visit(words, far),
        value="" if far.part is None else Markup(' value="{}"').format(far.part),
        promise=words("You may leave this page; it goes on by itself."),
        stop=_stop(words, far),
    )
    return Content(title, body)


def answering(words: Words, found: NotReady) -> Content:
    """The page while everything is in the store and the first answer is being worked out."""
    title = words(ANSWERING)
    body = PROGRESS.format(
        title=title,
        complaint="",
        language=words.language,
        stage=words(BEING_WORKED_OUT),
        said="",
        visit="",
        value="" if found.part is None else Markup(' value="{}"').format(found.part),
        promise=words("You may leave this page; it goes on by itself."),
        stop="",
    )
    return Content(title, body)


def _visit(words: Words, far: Far) -> Markup:
    if far.service is None:
        return Markup()
    address = sign_in_page(far)
    return VISIT.format(
        hidden="" if address else HIDDEN,
        why=words("A window of your browser opens for it, where that can be done. If you see none:"),
        address=address,
        act=words("Open the page of {vendor}", vendor=VENDORS[far.service]),
    )


def _stop(words: Words, far: Far) -> Markup:
    if far.service is None:
        return Markup()
    return STOP.format(language=words.language, hidden="" if far.can_stop else HIDDEN, act=words("Stop"))


def ended(words: Words, how: Ended, door: Door) -> Content:
    """What came of it: the first headline, what was read, and what was left out with the reason."""
    title, first, second, links = _outcome(words, how, door)
    body = ENDED.format(
        title=title,
        first=first,
        second=second,
        links=_joined(Markup('<li><a href="{}">{}</a></li>').format(*each) for each in links),
        counts="" if how.error else _counts(words, how),
        problems=left_out(words, how.taken.problems, how.shown, account=how.service is not None),
    )
    return Content(title, body)


def _outcome(words: Words, how: Ended, door: Door) -> tuple[str, str | Markup, str, list[tuple[str, str]]]:
    """Title, the two parts of the headline, and where to go from here."""
    more = [(f"/start?again=yes&lang={words.language}", words("Bring in another calendar"))]
    connect = f"&connect={how.service}" if how.service else ""
    again = [(f"/start?again=yes&lang={words.language}{connect}", words("Try again"))]
    if how.stopped:
        return words("Stopped"), words("You stopped it. Nothing was changed here."), "", again
    if how.error:
        return words("That did not work"), _why(words, how), _what_now(words, how), again if how.service else more
    if not how.taken.counts["occurrences"] and (how.service is None or door.overview().period is None):
        return words("Nothing was taken in"), _nothing(words, how), "", more
    first, second = _headline(words, door)
    return words("Your first answer"), first, second, [(f"/?lang={words.language}", words("See where it goes")), *more]


def _why(words: Words, how: Ended) -> str | Markup:
    if how.sentence:
        return _standing_alone(said(words, how.sentence)) if how.service else said(words, how.sentence)
    return words(ACCOUNT_DEFECT if how.service else DEFECT)


def _standing_alone(text: str | Markup) -> str | Markup:
    """A line of a terminal as a sentence; the name of a file stays as it is."""
    if isinstance(text, Markup) or "." in text.partition(" ")[0]:
        return text
    return f"{text[:1].upper()}{text[1:]}."


def _what_now(words: Words, how: Ended) -> str:
    if not how.service or not how.sentence:
        return ""
    return words(
        "Nothing was changed here. Where it says the same again, docs/connect-{name}.md lists what helps; an .ics file "
        "works without signing in.",
        name=how.service,
    )


def _nothing(words: Words, how: Ended) -> str:
    if how.service:
        return words("There was no meeting in your {calendar} calendar.", calendar=CALENDARS[how.service])
    return words("There was no meeting in these files.")


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


def _counts(words: Words, how: Ended) -> Markup:
    counts: Counter[str] = how.taken.counts
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    return Markup('<dl class="facts card">{}</dl>').format(
        _joined(
            pair.format(words(name), words.count(counts[each]))
            for each, name in (ACCOUNT_COUNTS if how.service else FILE_COUNTS)
        )
    )


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup().join(parts)
