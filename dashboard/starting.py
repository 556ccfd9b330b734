"""The first run in the browser: give files, see how far it is, read what was left out and the first headline.

Only for whoever sits at this machine. A page without Dash: a form with files is plain HTML, and works without a script.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flask import Response, jsonify, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard import startpages, startprogress, uploads
from dashboard.forms import ELSEWHERE, is_ours, plain
from dashboard.intake import Account, Given, Visit
from dashboard.page import asked, door
from dashboard.uploads import Layout
from dashboard.waiting import BEING_WORKED_OUT
from dashboard.words import Words, message
from dashboard.working import Work
from privacy.answers import NotReady
from store.errors import BadInput
from store.schema import DEFAULT_TIMEZONE

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from dashboard.intake import TakeIn
    from dashboard.startpages import Content
    from store.errors import Problem

log = logging.getLogger(__name__)

PATH = "/start"
CONNECT_PATH = "/start/connect"
STOP_PATH = "/start/stop"
PROGRESS_PATH = "/start/progress"
ADDRESS = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,190}")
APPLICATION = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TENANT = re.compile(r"[A-Za-z0-9.-]{1,100}")
CLIENT_BYTES = 64 * 1024

NOTHING_GIVEN = message("Choose at least one file.")
NOTHING_OURS = message("None of these files can be read here. What each of them is, stands below.")
WHOSE = message("Give your own address, so that we know which of the people in this calendar you are.")
NO_APPLICATION = message("Name the application that may read your calendar; under each field stands where to get it.")
TOO_LARGE = message("These files are larger than {megabytes} MB together. Export a shorter span, or use the command.")
BUSY = message("A calendar is being taken in already. Wait until that is done.")
ALLOWED = message("meetload may read your calendar now. You can close this window and go back to meetload.")
REFUSED = message("Nothing was allowed. You can close this window; meetload says what you can do.")
CLIENT = "client.json"


def serve_starting(server: Flask, take_in: TakeIn, scheme: str) -> None:
    """Answer the first run's page; an empty dashboard leads to it."""
    desk = _Desk(Work(take_in), scheme)
    server.add_url_rule(PATH, "start", desk.page, methods=["GET"])
    server.add_url_rule(PATH, "start_files", desk.files, methods=["POST"])
    server.add_url_rule(CONNECT_PATH, "start_connect", desk.connect, methods=["POST"])
    server.add_url_rule(STOP_PATH, "start_stop", desk.stop, methods=["POST"])
    server.add_url_rule(PROGRESS_PATH, "start_progress", desk.progress)
    server.before_request(_lead_in)


def _lead_in() -> AnyResponse | None:
    """Whoever opens a dashboard with nothing in it is asked for a calendar first."""
    if request.method != "GET" or request.path != "/" or door().overview().period is not None:
        return None
    return redirect(f"{PATH}?{request.query_string.decode()}".rstrip("?"))


def _words() -> Words:
    return Words(asked({"lang": request.args.get("lang", "")}).selection.language)


def _form(
    words: Words, complaint: str = "", problems: tuple[Problem, ...] = (), connect: dict[str, str] | None = None
) -> Content:
    seen = door().overview()
    # The zone of a store holds for everything in it, so it is asked once.
    zone = DEFAULT_TIMEZONE if seen.period is None else ""
    owner = seen.owner if seen.owner and ADDRESS.fullmatch(seen.owner) else ""
    return startpages.form(words, zone, owner, complaint, problems, connect)


def _account(words: Words, layout: Layout) -> Account | None:
    """What a form names; None where the application is missing or cannot be one."""
    visit = Visit(words(ALLOWED), words(REFUSED), words.language)
    if request.form.get("service") == "outlook":
        client, tenant = (request.form.get(name, "").strip() for name in ("application", "tenant"))
        fits = APPLICATION.fullmatch(client) and (not tenant or TENANT.fullmatch(tenant))
        return Account("outlook", client, tenant, visit) if fits else None
    file = request.files.get("client")
    if file is None or not file.filename:
        return None
    layout.shown[CLIENT] = uploads.plain_name(file.filename)
    file.save(layout.folder / CLIENT)
    return Account("google", str(layout.folder / CLIENT), visit=visit)


def _typed() -> dict[str, str]:
    """What somebody typed into a form to connect an account; nothing where it was too much to read."""
    try:
        return {name: request.form.get(name, "").strip() for name in ("service", "application", "tenant")}
    except RequestEntityTooLarge:
        return {"service": "google"}


class _Desk:
    """Takes files over the counter and says how far they are."""

    def __init__(self, work: Work, scheme: str) -> None:
        self._work = work
        self._scheme = scheme

    def page(self) -> Response:
        """The form, the progress or what came of it."""
        words = _words()
        if far := self._work.far():
            return self._answer(words, startprogress.progress(words, far), 200)
        ended = None if "again" in request.args else self._work.ended()
        if ended is None:
            connect = {"service": request.args["connect"]} if "connect" in request.args else None
            return self._answer(words, _form(words, connect=connect), 200)
        if ended.error and not ended.sentence:
            log.error("taking files in: %s", type(ended.error).__name__)
        try:
            return self._answer(words, startprogress.ended(words, ended, door()), 200)
        except NotReady as found:
            return self._answer(words, startprogress.answering(words, found), 200)

    def stop(self) -> AnyResponse:
        """Give up reading an account; what came of it is on the page."""
        words = _words()
        if not is_ours():
            return plain(words(ELSEWHERE), 403)
        self._work.stop()
        return redirect(f"{PATH}?lang={words.language}", code=303)

    def progress(self) -> Response:
        """How far it is, for a page that asks every second."""
        words = _words()
        far = self._work.far()
        if far is None:
            return self._answering(words)
        return jsonify(
            over=False,
            stage=startprogress.stage_sentence(words, far),
            said=startprogress.far_sentence(words, far),
            part=far.part,
            address=startprogress.sign_in_page(far),
            stop=far.can_stop,
        )

    def _answering(self, words: Words) -> Response:
        """Nothing is taken in any more: it is over as soon as the first answer is there."""
        ended = self._work.ended()
        try:
            if ended:
                startprogress.ended(words, ended, door())
        except NotReady as found:
            stage = words(BEING_WORKED_OUT)
            return jsonify(over=False, stage=stage, said="", part=found.part, address="", stop=False)
        return jsonify(over=True)

    def files(self) -> AnyResponse:
        """Take files in: lay them out in a folder that goes away, and start."""
        words = _words()
        if not is_ours():
            return plain(words(ELSEWHERE), 403)
        if self._work.far():
            return self._busy(words)
        # Not `with`: the folder is handed on, and whoever lets go of it last takes it away.
        folder = TemporaryDirectory(prefix="meetload-given-")
        layout = Layout(Path(folder.name))
        complaint = self._laid_out(words, layout)
        owner = request.form.get("address", "").strip() if not complaint else ""
        if not complaint and owner and not ADDRESS.fullmatch(owner):
            complaint = words(WHOSE)
        if not complaint and layout.calendars and not owner and not door().overview().owner:
            complaint = words(WHOSE)
        if complaint:
            folder.cleanup()
            # A page like any other: whoever forgot something did nothing wrong.
            return self._again(words, complaint, 200, layout)
        given = Given(layout.calendars, layout.tables, owner, request.form.get("zone", "").strip())
        if not self._work.begin(given, layout, folder):
            folder.cleanup()
            return self._busy(words)
        return redirect(f"{PATH}?lang={words.language}", code=303)

    def connect(self) -> AnyResponse:
        """Read one's own calendar elsewhere: whoever sits here is asked to allow it in a window of the browser."""
        words = _words()
        if not is_ours():
            return plain(words(ELSEWHERE), 403)
        request.max_content_length = CLIENT_BYTES
        folder = TemporaryDirectory(prefix="meetload-given-")
        layout = Layout(Path(folder.name))
        try:
            account = _account(words, layout)
        except RequestEntityTooLarge:
            account = None
        if account is None:
            folder.cleanup()
            return self._answer(words, _form(words, words(NO_APPLICATION), connect=_typed()), 200)
        given = Given(None, None, "", request.form.get("zone", "").strip(), account)
        if not self._work.begin(given, layout, folder):
            folder.cleanup()
            return self._busy(words)
        return redirect(f"{PATH}?lang={words.language}", code=303)

    def _laid_out(self, words: Words, layout: Layout) -> str:
        """Lay out the form's files; what is wrong with them, in a sentence, or nothing."""
        request.max_content_length = uploads.FORM_BYTES
        request.max_form_parts = uploads.FILES + 10
        try:
            given = [each for each in request.files.getlist("files") if each.filename]
            layout.take((each.filename or "", each.stream) for each in given)
        except RequestEntityTooLarge:
            return words(TOO_LARGE, megabytes=words.count(uploads.FORM_BYTES / 1024**2))
        except BadInput as refused:
            return words(str(refused))
        if not given:
            return words(NOTHING_GIVEN)
        return "" if layout.calendars or layout.tables else words(NOTHING_OURS)

    def _again(self, words: Words, complaint: str, status: int, layout: Layout | None = None) -> Response:
        return self._answer(words, _form(words, complaint, tuple(layout.problems) if layout else ()), status)

    def _busy(self, words: Words) -> AnyResponse:
        """Nothing new is begun; whoever clicked twice wants to see how far the first is."""
        far = self._work.far()
        if far is None:
            return redirect(f"{PATH}?lang={words.language}", code=303)
        return self._answer(words, startprogress.progress(words, far, words(BUSY)), 409)

    def _answer(self, words: Words, content: Content, status: int) -> Response:
        text = startpages.document(words, content, self._scheme, PATH)
        return Response(text, status=status, content_type="text/html; charset=utf-8")
