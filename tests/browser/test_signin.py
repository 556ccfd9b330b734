"""Signing in with a real browser at two real providers, as four people."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from browsing import TODAY
from demo_store import small_demo
from waitress import create_server

from connectors.oidc import Client, Provider
from dashboard.app import create_app
from dashboard.signin import CALLBACK, Gate
from meetload.demo_releases import released_of
from privacy.door import Door
from privacy.identity import Grant, Grants
from privacy.viewer import Viewer
from store.database import Store
from tests.openid.providers import SECRET, light, strict
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = {
    "hanna": {"groups": ["hr-viewer"]},
    "mark": {"groups": ["mt-viewer"]},
    "otto": {"groups": ["own-view"]},
    "eve": {"groups": ["visitors"]},
}
REFUSED = "This view is not open to you"


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Store]:
    opened = Store(small_demo(tmp_path_factory.mktemp("gated")))
    yield opened
    opened.snapshot().close()


@contextmanager
def gated(store: Store, issuer: str, port: int) -> Iterator[str]:
    home = f"http://127.0.0.1:{port}"
    own = Viewer("self", person_id=store.setting("owner"))
    lines = (Grant("hr-viewer", Viewer("hr")), Grant("mt-viewer", Viewer("mt")), Grant("own-view", own))
    gate = Gate(Provider(Client(issuer, "meetload", SECRET)), Grants(lines), home)
    app = create_app(Door(store, TODAY, released=released_of(store.path)), gate=gate)
    server = create_server(app.server, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield home
    finally:
        server.close()
        thread.join(timeout=5)
        server.task_dispatcher.shutdown()


@pytest.fixture(scope="module", params=["light", "strict"])
def home(request, demo, tmp_path_factory) -> Iterator[str]:
    port = free_port()
    back = f"http://127.0.0.1:{port}{CALLBACK}"
    provider = light(USERS) if request.param == "light" else strict(USERS, back, tmp_path_factory.mktemp("strict"))
    with provider as issuer, gated(demo, issuer, port) as address:
        yield address


@contextmanager
def somebody(chromium, home: str, name: str):
    """A browser in which this person has signed in at whichever provider it was sent to."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(home)
    if page.locator("input[name=login]").count():
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", "any")
        page.click("button[type=submit]")
        page.click("button[type=submit]")  # consent
    else:
        page.fill("input[name=sub]", name)
        page.click("button[type=submit]")
    page.wait_for_url(f"{home}/**")
    yield page
    context.close()


def views(page) -> str:
    page.locator("main h1").wait_for()
    return page.locator("#viewer").input_value()


@pytest.mark.parametrize(
    ("name", "view"), [("hanna", "HR, whole organisation"), ("mark", "Management team, whole organisation")]
)
def test_people_land_on_the_view_that_was_given_to_them(chromium, home, name, view):
    with somebody(chromium, home, name) as page:
        assert views(page) == view
        answers = {
            viewer: page.request.get(f"{home}/numbers/time/weeks.csv?viewer={viewer}").status for viewer in ("hr", "mt")
        }
        assert answers == {viewer: 200 if viewer == {"hanna": "hr", "mark": "mt"}[name] else 403 for viewer in answers}


def test_an_individual_sees_the_own_time_only(chromium, home):
    with somebody(chromium, home, "otto") as page:
        page.locator("main h1").wait_for()
        assert page.request.get(f"{home}/numbers/time/weeks.csv").status == 200
        assert page.request.get(f"{home}/numbers/time/weeks.csv?viewer=hr").status == 403
        # A callback forged in the page's own session asks no more than the page may.
        forged = page.request.post(
            f"{home}/_dash-update-component",
            data=json.dumps(router("?viewer=hr")),
            headers={"Content-Type": "application/json", "Origin": home},
        )
        assert REFUSED in forged.text()


def router(search: str) -> dict[str, object]:
    """The request with which Dash asks for a page."""
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": "/"},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
    }


def test_somebody_without_rights_gets_one_sentence(chromium, home):
    with somebody(chromium, home, "eve") as page:
        assert "no view has been given to you" in page.inner_text("main")


def test_signing_out_closes_the_door(chromium, home):
    with somebody(chromium, home, "hanna") as page:
        page.locator("main h1").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_text("You are signed out.").wait_for()
        assert page.request.get(f"{home}/numbers/time/weeks.csv?viewer=hr").status == 401
