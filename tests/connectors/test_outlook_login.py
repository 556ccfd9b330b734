"""Signing in with the real msal against a sign-in of our own; nothing inside msal is replaced."""

from __future__ import annotations

import base64
import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from connectors.errors import Misconfigured, Trouble
from connectors.outlook.client import Graph
from connectors.outlook.login import AppSignIn, Certificate, OwnSignIn, key_of
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.source import OutlookSource, own_calendar
from tests.connectors.fakes.outlook import OutlookFake
from tests.connectors.fakes.outlook_case import CASE_WINDOW, small_world
from tests.connectors.fakes.outlook_login import SECRET, consenting, http_client

ANNA = "anna@example.org"


class Drawer:
    """A token store that forgets everything when the test ends."""

    def __init__(self):
        self.kept = {}

    def load(self, key):
        return self.kept.get(key)

    def save(self, key, value):
        self.kept[key] = value

    def forget(self, key):
        self.kept.pop(key, None)


@pytest.fixture
def fake():
    with OutlookFake(small_world()) as given:
        yield given


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


def certificate(key, days=365):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "meetload")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=900)).not_valid_after(now + timedelta(days=days))
    )
    return builder.sign(key, hashes.SHA256())


def pem(tmp_path, key, cert, encryption=None):
    path = tmp_path / "app.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    path.write_bytes(private + cert.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def app(fake, key, tmp_path):
    """An application whose certificate is registered."""
    fake.login.certificate = certificate(key)
    read = Certificate.read(pem(tmp_path, key, fake.login.certificate))
    with http_client(fake) as session:
        yield AppSignIn(fake.settings(), read, session)


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def own(fake, drawer):
    with http_client(fake) as session:
        yield OwnSignIn(fake.settings(sign_in_seconds=20), drawer, session)


def test_an_application_signs_in_with_its_certificate_and_reads(fake, app):
    graph = Graph(fake.settings(), app)
    assert len(OutlookSource(graph, fake.addresses()).pull(ANNA, CASE_WINDOW).batch.meetings) == 10
    assert fake.login.grants == ["client_credentials"]


def test_a_word_of_access_is_asked_for_once_and_again_when_it_is_refused(fake, app):
    first = app.token()
    assert app.token() == first
    assert app.token(refused="an older one") == first
    second = app.token(refused=first)
    assert second != first
    assert app.token() == second
    assert fake.login.grants == ["client_credentials"] * 2


def test_threads_that_are_refused_together_renew_once(fake, app):
    first, found = app.token(), []
    threads = [threading.Thread(target=lambda: found.append(app.token(refused=first))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(fake.login.grants) == 2


def test_a_certificate_that_is_not_the_registered_one_is_named(fake, app):
    fake.login.certificate = certificate(rsa.generate_private_key(65537, 2048))
    with pytest.raises(Misconfigured, match="certificate is not the one registered"):
        app.token()


def test_what_is_wrong_with_a_certificate_file(tmp_path, key):
    other = rsa.generate_private_key(65537, 2048)
    cases = {
        "does not belong": pem(tmp_path, key, certificate(other)).read_bytes(),
        "locked by a password": pem(tmp_path, key, certificate(key), BestAvailableEncryption(b"x")).read_bytes(),
        "must hold both": certificate(key).public_bytes(Encoding.PEM),
        "damaged": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
        + certificate(key).public_bytes(Encoding.PEM),
        "cannot be read": b"\xff\xfe",
    }
    for words, content in cases.items():
        path = tmp_path / "wrong.pem"
        path.write_bytes(content)
        with pytest.raises(Misconfigured, match=words):
            Certificate.read(path)
    with pytest.raises(Misconfigured, match="cannot be read"):
        Certificate.read(tmp_path / "none.pem")
    assert "PRIVATE" not in repr(Certificate.read(pem(tmp_path, key, certificate(key))))
    curved = ec.generate_private_key(ec.SECP256R1())
    assert Certificate.read(pem(tmp_path, curved, certificate(curved))).runs_out > datetime.now(UTC)


def test_signing_in_in_the_browser(fake, own, drawer, monkeypatch):
    consenting(monkeypatch, fake)
    own.in_browser()
    assert fake.login.grants == ["authorization_code"]
    source = own_calendar(Graph(fake.settings(), own))
    assert list(source.mailboxes()) == [ANNA]
    assert len(source.pull(ANNA, CASE_WINDOW).batch.meetings) == 10
    assert list(drawer.kept) == [own.key] == ["outlook/tenant/cid"]


def test_signing_in_with_a_code(fake, own):
    fake.login.pending = 2
    shown = []
    own.with_code(shown.append)
    assert shown == ["open https://login.fake/device and type the code ABCD1234"]
    assert len(fake.login.grants) == 3
    assert fake.login.principal(f"Bearer {own.token()}") == ANNA


def test_a_later_run_renews_silently_from_the_token_store(fake, own, drawer):
    own.with_code(lambda _: None)
    with http_client(fake) as session:
        later = OwnSignIn(fake.settings(), drawer, session)
        first = later.token()
        assert first == own.token(), "still good"
        fake.login.expire()
        assert later.token(refused=first) != first
        assert fake.login.grants[-1] == "refresh_token"
        renewed = len(fake.login.grants)
        assert len(own_calendar(Graph(fake.settings(), later)).pull(ANNA, CASE_WINDOW).batch.meetings) == 10
        assert len(fake.login.grants) == renewed


def test_after_forget_nothing_is_left_and_somebody_has_to_sign_in_again(own, drawer):
    own.with_code(lambda _: None)
    assert SECRET in drawer.kept[own.key]
    own.forget()
    assert drawer.kept == {}
    with pytest.raises(Misconfigured, match="nobody is signed in"):
        own.token()


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (("invalid_client", "AADSTS700016: Application 'x' not found. anna@example.org", 700016), "no app with this client id"),
        (("interaction_required", "AADSTS65001: The user has not consented to s3cr3t", 65001), "nobody has consented"),
        (("access_denied", "AADSTS65004: declined", 65004), "declined"),
        (("invalid_grant", "AADSTS50020: User account 'anna@example.org' ...", 50020), "another organisation"),
        (("invalid_grant", "AADSTS999999: something new about anna@example.org", 999999), "AADSTS999999"),
        (("expired_token", "", 0), "not entered in time"),
        (("something_new", "", 0), "ask the administrator"),
    ],
)  # fmt: skip
def test_a_refused_sign_in_says_what_to_do_and_repeats_nothing(fake, own, app, refusal, words):
    fake.login.refusal = refusal
    for sign_in in (lambda: own.with_code(lambda _: None), app.token):
        with pytest.raises(Misconfigured, match=words) as raised:
            sign_in()
        assert "anna@" not in str(raised.value)
        assert "s3cr3t" not in str(raised.value)


def test_a_sign_in_that_cannot_be_reached_is_trouble_and_a_wrong_address_is_misconfigured(fake, drawer):
    nowhere = OwnSignIn(fake.settings(authority="https://127.0.0.1:1"), drawer)
    with pytest.raises(Trouble):
        nowhere.token()
    with http_client(fake) as session:
        for wrong in ({"tenant": ""}, {"authority": "http://login.fake"}, {"authority": "nonsense"}):
            with pytest.raises(Misconfigured):
                OwnSignIn(fake.settings(**wrong), drawer, session).token()


@pytest.mark.parametrize("before", [True, False])
def test_a_sign_in_that_is_out_of_order_is_trouble(fake, own, app, before):
    if not before:
        app.token()
        own.with_code(lambda _: None)
    fake.login.out_of_order = True
    fake.login.expire()
    for ask in (lambda: app.token(refused=app.token()), lambda: own.token(refused=own.token())):
        with pytest.raises(Trouble):
            ask()


def test_no_secret_reaches_a_log_or_an_error(fake, own, app, key, drawer, caplog):
    """Also not in another spelling: base64 is decoded before the search."""
    caplog.set_level(logging.DEBUG)
    own.with_code(lambda _: None)
    words = [app.token(), own.token(), SECRET]
    fake.login.refusal = ("invalid_grant", SECRET, 1)
    told = []
    for ask in (lambda: app.token(refused=words[0]), lambda: own.token(refused=words[1])):
        with pytest.raises(Misconfigured) as raised:
            ask()
        told.append(repr(raised.value) + str(raised.value.__cause__))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().splitlines()[3]
    everything = caplog.text + "".join(told) + repr(own) + repr(app) + repr(fake.settings())
    for secret in (*words, private):
        assert secret not in everything
        assert base64.b64encode(secret.encode()).decode()[:-4] not in everything


def test_the_scope_of_an_application_follows_the_national_cloud():
    assert OutlookSettings().app_scope == "https://graph.microsoft.com/.default"
    assert OutlookSettings(graph="https://graph.microsoft.us/v1.0").app_scope == "https://graph.microsoft.us/.default"
    assert key_of(OutlookSettings(client_id="a", tenant="b")) == "outlook/b/a"


def test_a_sign_in_that_ran_out_is_taken_away_so_that_somebody_can_sign_in_anew(fake, own, drawer, monkeypatch):
    assert not own.is_alive()
    own.with_code(lambda _: None)
    assert own.is_alive()
    fake.login.renews = "another"
    fake.login.expire()
    with pytest.raises(Misconfigured, match="sign in again"):
        own.token(refused=own.token())
    assert drawer.kept == {}
    assert not own.is_alive()
    consenting(monkeypatch, fake)
    own.in_browser()
    assert own.is_alive()


def test_a_sign_in_that_is_out_of_order_is_kept(fake, own, drawer):
    own.with_code(lambda _: None)
    fake.login.refusal = ("unauthorized_client", "AADSTS700016: no such app", 700016)
    own._drop(own.token())
    with pytest.raises(Misconfigured, match="no app with this client id"):
        own.is_alive()
    assert list(drawer.kept) == [own.key]
