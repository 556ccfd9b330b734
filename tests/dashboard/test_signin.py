"""The gate: who gets in, as whom, for how long; every path, and forged requests."""

from __future__ import annotations

import pytest
from dashboard_signin import Scripted, signed_in

from dashboard.app import create_app
from dashboard.sessions import Sessions
from dashboard.signin import Gate
from privacy.identity import Grant, Grants
from privacy.viewer import Viewer

HERE = "http://localhost"
GRANTS = Grants(
    (
        Grant("hr-viewer", Viewer("hr")),
        Grant("mt-a", Viewer("mt", unit="A")),
        Grant("p1-subject", Viewer("self", person_id="p1"), personal=True),
    )
)
PEOPLE = {
    "ann": {"sub": "ann", "groups": ["hr-viewer"]},
    "bob": {"sub": "bob", "groups": ["mt-a"]},
    "own": {"sub": "p1-subject", "groups": []},
    "eve": {"sub": "eve", "groups": ["something else"]},
}
FROM_HERE = {"Origin": HERE}


@pytest.fixture
def app(door):
    return create_app(door, gate=Gate(Scripted(PEOPLE), GRANTS, HERE))


@pytest.fixture
def browser(app):
    def sign_in(person=None):
        client = app.server.test_client()
        return signed_in(client, person) if person else client

    return sign_in


def routes(app) -> list[str]:
    fill = {"page": "time", "sheet": "weeks", "package_name": "dash", "fingerprinted_path": "x.js", "filename": "a.css"}
    found = []
    for rule in app.server.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", fill.get(name, "x")).replace(f"<path:{name}>", fill.get(name, "x"))
        found.append(path)
    return sorted({*found, "/assets/style.css", "/coordination", "/checks", "/dependence", "/nowhere"})


def test_every_route_is_closed_to_strangers(app, browser):
    stranger = browser()
    asked = [path for path in routes(app) if path not in {"/login", "/login/callback"}]
    assert len(asked) > 10
    for path in asked:
        answers = [stranger.get(path), stranger.post(path, json={}, headers=FROM_HERE)]
        for answer in answers:
            assert answer.status_code in {302, 401}, path
            assert b"meetload</h1>" in answer.data or answer.headers.get("Location") == "/login", path


def test_a_stranger_who_navigates_is_sent_to_sign_in(browser):
    answer = browser().get("/coordination", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")


def test_signing_in_opens_the_views_that_were_given(browser):
    ann = browser("ann")
    assert ann.get("/").status_code == 200
    assert ann.get("/numbers/time/weeks.csv?viewer=hr").status_code == 200


@pytest.mark.parametrize(
    ("person", "viewer", "status"),
    [
        ("ann", "hr", 200),
        ("ann", "mt", 403),
        ("ann", "self:p1", 403),
        ("bob", "hr", 403),
        ("bob", "mt", 403),
        ("own", "self:p1", 200),
        ("own", "self:p2", 403),
        ("own", "hr", 403),
    ],
)
def test_everybody_sees_what_was_given_to_them_and_nothing_else(browser, person, viewer, status):
    assert browser(person).get(f"/numbers/time/weeks.csv?viewer={viewer}").status_code == status


def test_without_a_viewer_in_the_address_the_own_view_opens(browser):
    answer = browser("own").get("/numbers/time/weeks.csv")
    assert "self-p1" in answer.headers["Content-Disposition"].replace("_", "-")


def test_somebody_without_rights_is_told_so(browser):
    answer = browser("eve").get("/")
    assert answer.status_code == 403
    assert b"no view has been given to you" in answer.data


def test_somebody_unknown_to_the_provider_stays_out(browser):
    client = browser()
    client.get("/login")
    assert client.get("/login/callback?nobody").status_code == 400
    assert client.get("/_dash-layout").status_code == 401


def test_a_callback_without_an_attempt_or_a_second_time_is_refused(browser):
    client = browser()
    assert client.get("/login/callback?ann").status_code == 400
    client.get("/login")
    assert client.get("/login/callback?ann").status_code == 302
    assert client.get("/login/callback?bob").status_code == 400


@pytest.mark.parametrize("cookie", ["", "x" * 43, "ann", "../../etc"])
def test_a_made_up_cookie_opens_nothing(app, cookie):
    client = app.server.test_client()
    client.set_cookie("meetload", cookie)
    assert client.get("/_dash-layout").status_code == 401


def test_a_key_from_before_signing_in_is_not_the_key_afterwards(app):
    client = app.server.test_client()
    client.set_cookie("meetload", "planted")
    client.get("/login")
    client.get("/login/callback?ann")
    assert client.get_cookie("meetload").value != "planted"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site", "Origin": HERE},
    ],
)
def test_another_site_cannot_act_for_somebody_signed_in(browser, headers):
    assert browser("ann").post("/_dash-update-component", json={}, headers=headers).status_code == 403
    assert browser("ann").post("/logout", headers=headers).status_code == 403


def test_signing_out_ends_it(browser):
    ann = browser("ann")
    key = ann.get_cookie("meetload").value
    assert ann.post("/logout", headers=FROM_HERE).status_code == 200
    ann.set_cookie("meetload", key)
    assert ann.get("/_dash-layout").status_code == 401


def test_cookies_are_for_this_host_and_no_script(door):
    client = create_app(
        door, hosts=("meetload.example",), gate=Gate(Scripted(PEOPLE), GRANTS, "https://meetload.example")
    )
    client = client.server.test_client()
    answer = client.get("/login", base_url="https://meetload.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-meetload-attempt=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


def test_a_session_ends_when_idle_and_after_a_working_day():
    now = [0.0]
    sessions = Sessions(lambda: now[0], idle=30, whole=100)
    key = sessions.open("ann")
    for now[0] in (25, 50, 75, 99):
        assert sessions.read(key) == "ann"
    now[0] = 101
    assert sessions.read(key) is None
    idle = sessions.open("bob")
    now[0] = 140
    assert sessions.read(idle) is None


def test_a_session_taken_is_gone():
    sessions = Sessions(lambda: 0.0)
    key = sessions.open("ann")
    assert (sessions.take(key), sessions.take(key)) == ("ann", None)
