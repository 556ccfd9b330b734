"""Which network addresses lie in public, so that no server can send us to look around in a local network."""

from __future__ import annotations

import ipaddress
import socket

from connectors.errors import Misconfigured

# Names of public IPv4 hosts as a network that speaks only IPv6 gives them (RFC 6052, 2.1).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an address is a public one, also in the disguises that IPv6 has for IPv4 addresses.

    >>> [is_public(each) for each in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::5db8:d822")]
    [True, False, False, True]
    """
    found = ipaddress.ip_address(text)
    hidden = _hidden(found)
    if hidden is not None:
        return is_public(str(hidden))
    local = found.is_multicast or found.is_reserved or found.is_link_local or found.is_loopback or found.is_unspecified
    return found.is_global and not local and not getattr(found, "is_site_local", False)


def _hidden(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, translated, or the far end of a tunnel."""
    if isinstance(found, ipaddress.IPv4Address):
        return None
    if found in _TRANSLATED:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    tunnel = found.teredo
    return found.ipv4_mapped or found.sixtofour or (tunnel[1] if tunnel else None)


def public_addresses(host: str, port: int) -> list[str]:
    """Every address a host has, all of them public; raises `Misconfigured` when one of them is not.

    The system's own resolver is asked, so that a number or a hex word is read as a connection would read it.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not all(is_public(each) for each in addresses):
        raise Misconfigured(
            f"{host} is an address in the local network, which calendars are not read from; "
            "if the server is your own, allow it with --allow-local"
        )
    return addresses
