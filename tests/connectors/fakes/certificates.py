"""An authority of our own, and a server's certificate from it: what vendors' fakes need where https is demanded."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The file to trust (`REQUESTS_CA_BUNDLE`), and how a server on this machine encrypts."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _signed(_builder("an authority of our own", root_key, "an authority of our own", ca=True), root_key)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    leaf = _signed(
        _builder("localhost", key, "an authority of our own", ca=False).add_extension(names, critical=False), root_key
    )
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(root.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return trusted, context


def encrypted(listening: socket.socket, context: ssl.SSLContext) -> socket.socket:
    """The same socket, encrypted; each connection shakes hands on its own thread, so that none holds up the next."""
    return context.wrap_socket(listening, server_side=True, do_handshake_on_connect=False)


def _builder(subject: str, key: Key, issuer: str, *, ca: bool) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    subject_name, issuer_name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (subject, issuer)
    )
    builder = x509.CertificateBuilder().subject_name(subject_name).issuer_name(issuer_name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=7))
    return builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)


def _signed(builder: x509.CertificateBuilder, key: Key) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())
