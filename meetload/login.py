"""Who may look at a served dashboard, read from one TOML file; docs/serve.md explains every line of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.oidc import Client, Provider
from dashboard.signin import Gate
from meetload.tomlfile import read_toml
from privacy.identity import Grant, Grants
from privacy.viewer import parse_viewer
from store.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "MEETLOAD_CLIENT_SECRET"  # noqa: S105 - the name of a variable, not a secret
LOGIN = ("issuer", "client_id", "public_url", "client_secret_file", "claim", "own_claim", "scope")
NEEDED = ("issuer", "client_id", "public_url")


def read_gate(file: Path) -> Gate:
    """The gate that a file describes: `[login]` says where people sign in, each `[[grants]]` who may see what."""
    found = read_toml(file, "login")
    login = _login(found.get("login"), file)
    lines = tuple(_grant(line, file, number) for number, line in enumerate(found.get("grants", []), start=1))
    grants = Grants(lines, login.get("claim", "groups"), login.get("own_claim", ""))
    client = Client(login["issuer"], login["client_id"], _secret(login, file), login.get("scope", Client.scope))
    return Gate(Provider(client), grants, login["public_url"])


def _login(table: Any, file: Path) -> dict[str, str]:
    if not isinstance(table, dict):
        raise BadInput(f"{file} has no [login]; it must name {', '.join(NEEDED)}")
    for name, value in table.items():
        if name not in LOGIN or not isinstance(value, str):
            raise BadInput(f"{file}: [login] {name} is not known or not a text; known are {', '.join(LOGIN)}")
    if missing := [name for name in NEEDED if not table.get(name)]:
        raise BadInput(f"{file}: [login] lacks {', '.join(missing)}")
    public = urlsplit(table["public_url"])
    if public.scheme not in {"http", "https"} or not public.hostname or public.path.strip("/"):
        raise BadInput(f"{file}: public_url must look like https://meetload.example.org, without a path")
    if public.scheme == "http" and public.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise BadInput(f"{file}: public_url must start with https://; sessions over plain http can be taken over")
    return dict(table)


def _grant(line: Any, file: Path, number: int) -> Grant:
    where = f"{file}: grant {number}"
    if not isinstance(line, dict) or set(line) not in ({"claim", "view"}, {"person", "view"}):
        raise BadInput(
            f"{where} must have `view` and either `claim` (a role or group) or `person` (sub, oid or e-mail)"
        )
    if not all(isinstance(value, str) and value for value in line.values()):
        raise BadInput(f"{where}: every value must be a text")
    try:
        viewer = parse_viewer(line["view"])
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error
    personal = "person" in line
    value = line["person"] if personal else line["claim"]
    return Grant(value.lower() if "@" in value else value, viewer, personal)


def _secret(login: dict[str, str], file: Path) -> str:
    """The client's secret, from a file of its own or from the environment; never from the login file itself."""
    name = login.get("client_secret_file")
    if not name:
        return os.environ.get(SECRET, "")
    path = file.parent / name
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadInput(f"{file}: client_secret_file {path} cannot be read ({error.strerror})") from error
