"""No server, name or redirect can send us into the local network, off encryption, or elsewhere with the password."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from calendar_text import ANNA, YEAR, calendar, event
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as some

from connectors.caldav import CalDavSource, addresses
from connectors.caldav.addresses import is_public, public_addresses
from connectors.errors import Misconfigured, Trouble
from tests.connectors.fakes.radicale import PASSWORD, Reply, messenger, radicale

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
LOCAL = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::"),
    "2001:0:808:808:0:0:80ff:fffe",  # a Teredo tunnel to 127.0.0.1
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses(text):
    assert is_public(text)


@pytest.mark.parametrize("text", LOCAL)
def test_local_addresses(text):
    assert not is_public(text)


@given(some.ip_addresses(v=4))
def test_an_address_means_the_same_in_every_disguise(plain):
    number = int(plain)
    disguises = [ipaddress.IPv6Address(0xFFFF00000000 | number), ipaddress.IPv6Address((0x64FF9B << 96) | number)]
    disguises.append(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))
    assert {is_public(str(each)) for each in disguises} == {is_public(str(plain))}


SPELLINGS = [
    *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "0", "127.0.0.1."),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00::1]", "169.254.169.254", "10.1.2.3", "192.168.0.1"),
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_of_a_local_address_is_refused(host, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was made"))
    source = CalDavSource(f"https://{host}/dav", "anna", PASSWORD, me=[ANNA], home="UTC")
    with pytest.raises(Misconfigured, match="address in the local network"):
        list(source.mailboxes())


def resolver(monkeypatch, *answers):
    """Name look-ups give these lists of addresses one after the other, the last for ever."""
    left = list(answers)
    plain = socket.getaddrinfo

    def look_up(host, port, *rest, **named):
        if host.startswith("127."):
            return plain(host, port, *rest, **named)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)


def test_a_name_is_refused_when_any_of_its_addresses_is_local(monkeypatch):
    resolver(monkeypatch, ["93.184.216.34", "192.168.1.7"])
    with pytest.raises(Misconfigured, match=r"cloud\.example\.org is an address in the local network"):
        public_addresses("cloud.example.org", 443)


def test_a_name_without_an_address_is_trouble(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", unknown)
    source = CalDavSource("cloud.example.org", "anna", PASSWORD, me=[ANNA], home="UTC")
    with pytest.raises(Trouble, match=r"connection to cloud\.example\.org failed"):
        list(source.mailboxes())


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A certificate for cloud.example.org that its own authority signed, as a server's setting and as a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cloud.example.org")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("cloud.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "cloud.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


@pytest.fixture(scope="module")
def standing(certified, tmp_path_factory):
    with (
        radicale(tmp_path_factory.mktemp("radicale")) as server,
        messenger(server.port, "127.0.0.2", certified[0]) as between,
    ):
        made = server.make_calendar("work")
        server.put(f"{made}one.ics", calendar(event(uid="one")))
        yield between


@pytest.fixture
def outside(standing, certified, monkeypatch):
    """The server as if it stood in public: 127.0.0.2 counts as such here, 127.0.0.1 stays local."""
    standing.reset()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certified[1]))
    monkeypatch.setattr(addresses, "is_public", lambda text: text == "127.0.0.2")
    resolver(monkeypatch, ["127.0.0.2"])
    return standing


def away(outside):
    url = f"https://cloud.example.org:{outside.server.server_port}/"
    return CalDavSource(url, "anna", PASSWORD, me=[ANNA], home="Europe/Amsterdam")


def test_a_server_in_public_is_read_over_https(outside):
    (mailbox,) = away(outside).mailboxes()
    assert mailbox == f"https://cloud.example.org:{outside.server.server_port}/anna/work/"
    assert len(away(outside).pull(mailbox, YEAR).batch.meetings) == 1


def test_the_next_address_is_tried_where_the_first_does_not_answer(outside, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda text: text in {"127.0.0.3", "127.0.0.2"})
    resolver(monkeypatch, ["127.0.0.3", "127.0.0.2"])
    assert [urlsplit(each).path for each in away(outside).mailboxes()] == ["/anna/work/"]


def test_a_certificate_nobody_vouches_for_is_refused(outside, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(Misconfigured, match="certificate"):
        list(away(outside).mailboxes())


def test_a_name_that_turns_local_after_the_first_look_is_refused(outside, monkeypatch):
    resolver(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
    outside.spoil = lambda question: Reply(207, question.answer().body, cut=10)  # makes the next question dial again
    with pytest.raises((Misconfigured, Trouble)):
        list(away(outside).mailboxes())
    outside.reset()
    with pytest.raises(Misconfigured, match="local network"):
        list(away(outside).mailboxes())
    assert outside.asked == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("https://127.0.0.1:{port}/anna/", "another server, 127.0.0.1"),
        ("https://127.0.0.2:{port}/anna/", "another server, 127.0.0.2"),
        ("https://[::1]:{port}/anna/", "another server, ::1"),
        ("https://evil.example.com:{port}/", "another server, evil.example.com"),
        ("https://cloud.example.org.evil.com:{port}/", "another server"),
        ("//localhost:{port}/", "another server, localhost"),
        ("https://cloud.example.org:22/", "another server, cloud.example.org"),
        ("http://cloud.example.org:{port}/anna/", "not encrypted"),
        ("file:///etc/passwd", "not encrypted"),
    ],
)
def test_redirects_and_links_out_of_the_server_are_refused(outside, target, reason):
    place = target.format(port=outside.server.server_port)
    outside.spoil = lambda _: Reply(302, headers={"Location": place})
    with pytest.raises(Misconfigured, match=reason):
        list(away(outside).mailboxes())
    assert len(outside.asked) == 1
    outside.reset()
    body = f'<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop><current-user-principal><href>{place}</href></current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>'
    outside.spoil = lambda _: Reply(207, body.encode())
    with pytest.raises(Misconfigured, match=reason):
        list(away(outside).mailboxes())
    assert len(outside.asked) == 1


def test_a_sibling_that_resolves_to_the_local_network_is_refused(outside, monkeypatch):
    resolver(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
    outside.spoil = lambda _: Reply(307, headers={"Location": f"https://p2.example.org:{outside.server.server_port}/"})
    with pytest.raises(Misconfigured, match=r"p2\.example\.org is an address in the local network"):
        list(away(outside).mailboxes())


def test_the_environment_has_no_say_in_where_to_connect(outside, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert [urlsplit(each).path for each in away(outside).mailboxes()] == ["/anna/work/"]
