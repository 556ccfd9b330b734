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

from dashboard import startpages, uploads
from dashboard.forms import ELSEWHERE, is_ours, plain
from dashboard.intake import Account, Given
from dashboard.page import asked, door
from dashboard.uploads import Layout
from dashboard.words import Words, message
from dashboard.working import Work
from store.errors import BadInput
from store.schema import DEFAULT_TIMEZONE

if TYPE_CHECKING:
    from flask import Flask
    from markupsafe import Markup
    from werkzeug.wrappers import Response as AnyResponse

    from dashboard.intake import TakeIn
    from store.errors import Problem

log = logging.getLogger(__name__)

PATH = "/start"
CONNECT_PATH = "/start/connect"
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
BUSY = message("Files are being taken in already. Wait until that is done.")


def serve_starting(server: Flask, take_in: TakeIn, scheme: str) -> None:
    """Answer the first run's page; an empty dashboard leads to it."""
    desk = _Desk(Work(take_in), scheme)
    server.add_url_rule(PATH, "start", desk.page, methods=["GET"])
    server.add_url_rule(PATH, "start_files", desk.files, methods=["POST"])
    server.add_url_rule(CONNECT_PATH, "start_connect", desk.connect, methods=["POST"])
    server.add_url_rule(PROGRESS_PATH, "start_progress", desk.progress)
    server.before_request(_lead_in)


def _lead_in() -> AnyResponse | None:
    """Whoever opens a dashboard with nothing in it is asked for a calendar first."""
    if request.method != "GET" or request.path != "/" or door().overview().period is not None:
        return None
    return redirect(f"{PATH}?{request.query_string.decode()}".rstrip("?"))


def _words() -> Words:
    return Words(asked({"lang": request.args.get("lang", "")}).selection.language)


def _form(words: Words, complaint: str = "", problems: tuple[Problem, ...] = ()) -> Markup:
    seen = door().overview()
    # The zone of a store holds for everything in it, so it is asked once.
    zone = DEFAULT_TIMEZONE if seen.period is None else ""
    owner = seen.owner if seen.owner and ADDRESS.fullmatch(seen.owner) else ""
    return startpages.form(words, zone, owner, complaint, problems)


def _account(folder: Path) -> Account | None:
    """What a form names; None where the application is missing or cannot be one."""
    request.max_content_length = CLIENT_BYTES
    if request.form.get("service") == "outlook":
        client, tenant = (request.form.get(name, "").strip() for name in ("application", "tenant"))
        fits = APPLICATION.fullmatch(client) and (not tenant or TENANT.fullmatch(tenant))
        return Account("outlook", client, tenant) if fits else None
    file = request.files.get("client")
    if file is None or not file.filename:
        return None
    path = folder / "client.json"
    file.save(path)
    return Account("google", str(path))


class _Desk:
    """Takes files over the counter and says how far they are."""

    def __init__(self, work: Work, scheme: str) -> None:
        self._work = work
        self._scheme = scheme

    def page(self) -> Response:
        """The form, the progress or what came of it."""
        words = _words()
        if far := self._work.far():
            return self._answer(words, startpages.progress(words, far), 200)
        ended = None if "again" in request.args else self._work.ended()
        if ended is None:
            return self._answer(words, _form(words), 200)
        if ended.error and not ended.sentence:
            log.error("taking files in: %s", type(ended.error).__name__)
        return self._answer(words, startpages.ended(words, ended, door()), 200)

    def progress(self) -> Response:
        """How far it is, for a page that asks every second."""
        words = _words()
        far = self._work.far()
        said = startpages.far_sentence(words, far) if far else ""
        return jsonify(over=far is None, said=said, part=far.done / far.all if far and far.all else None)

    def files(self) -> AnyResponse:
        """Take files in: lay them out in a folder that goes away, and start."""
        words = _words()
        if not is_ours():
            return plain(words(ELSEWHERE), 403)
        if self._work.far():
            return self._again(words, words(BUSY), 409)
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
            return self._again(words, words(BUSY), 409)
        return redirect(f"{PATH}?lang={words.language}", code=303)

    def connect(self) -> AnyResponse:
        """Read one's own calendar elsewhere: whoever sits here is asked to allow it in a window of the browser."""
        words = _words()
        if not is_ours():
            return plain(words(ELSEWHERE), 403)
        folder = TemporaryDirectory(prefix="meetload-given-")
        try:
            account = _account(Path(folder.name))
        except RequestEntityTooLarge:
            account = None
        if account is None:
            folder.cleanup()
            return self._again(words, words(NO_APPLICATION), 200)
        given = Given(None, None, "", request.form.get("zone", "").strip(), account)
        if not self._work.begin(given, Layout(Path(folder.name)), folder):
            folder.cleanup()
            return self._again(words, words(BUSY), 409)
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

    def _answer(self, words: Words, body: Markup, status: int) -> Response:
        text = startpages.document(words, body, self._scheme, PATH)
        return Response(text, status=status, content_type="text/html; charset=utf-8")
