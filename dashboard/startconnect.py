"""The first run's forms to connect one's own calendar at Google or Microsoft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dashboard.words import Words

CONNECT = Markup("""<p>{promise}</p>
<form class="connect" action="/start/connect?lang={language}" method="post" enctype="multipart/form-data">
  <input type="hidden" name="service" value="{service}">{zone}
  <div class="fields">{fields}</div>
  <button type="submit" class="act">{act}</button>
</form>""")
HIDDEN_ZONE = Markup('<input type="hidden" name="zone" value="{}" data-zone>')
FIELD = Markup("""<div><label for="{name}">{title}</label>
    <input id="{name}" name="{name}" {kind} aria-describedby="why-{name}">
    <p id="why-{name}">{why}</p></div>""")
FORGET = "meetload forget"
COMMAND = Markup("<code>meetload forget</code>")
TEXT = Markup('type="text" spellcheck="false" autocomplete="off" value="{}"')


def connects(words: Words, zone: str, owner: str, typed: Mapping[str, str]) -> Iterator[tuple[str, str, Markup]]:
    """A form for each vendor: its name, its title and what is in it, with what was typed before."""
    forms = (
        ("google", words("Connect Google"), _google(words), words("Read my Google calendar")),
        ("outlook", words("Connect Outlook"), _outlook(words, typed), words("Read my Outlook calendar")),
    )
    for service, title, fields, act in forms:
        content = CONNECT.format(
            promise=_promise(words, owner),
            language=words.language,
            service=service,
            zone=HIDDEN_ZONE.format(zone) if zone else "",
            fields=fields,
            act=act,
        )
        yield service, title, content


def _promise(words: Words, owner: str) -> Markup:
    said = words(
        "meetload only reads. You sign in on a page of your browser and allow it there; the sign-in is kept on this "
        "machine, and {command} takes it back.",
        command=FORGET,
    )
    added = words("What is read is added to what is here, as yours: {owner}.", owner=owner) if owner else ""
    return Markup("{} {}").format(Markup.escape(said).replace(FORGET, COMMAND), added)


def _google(words: Words) -> Markup:
    """Both vendors want an application registered in one's own name; where to get it is said under each field."""
    return FIELD.format(
        name="client",
        title=words("The file of your application"),
        kind=Markup('type="file" accept=".json" required'),
        why=words(
            "A .json file. In the Google Cloud console: switch on the Calendar API, make an OAuth client of the "
            "type desktop app, download its JSON; docs/connect-google.md has it step by step. Keep the file for the "
            "next time."
        ),
    )


def _outlook(words: Words, typed: Mapping[str, str]) -> Markup:
    application = FIELD.format(
        name="application",
        title=words("The id of your application"),
        kind=Markup("required {}").format(TEXT.format(typed.get("application", ""))),
        why=words(
            "In Microsoft Entra: register an application for accounts of your organisation, allow it to read your "
            "calendar, copy its id; docs/connect-outlook.md has it step by step."
        ),
    )
    tenant = FIELD.format(
        name="tenant",
        title=words("Your organisation's id or domain"),
        kind=TEXT.format(typed.get("tenant", "")),
        why=words("Beside the id of the application; empty only where that is for accounts of any organisation."),
    )
    return application + tenant
