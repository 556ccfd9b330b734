"""Closing the file system to a process that serves a release: what it does not need it cannot open any more.

Linux has this as Landlock (kernel 5.13, man 7 landlock): a process takes rights away from itself and from every thread
and process it starts later, and nothing gives them back. Other systems have no such thing for a process of ours; there
the server is to run as a user who may not read stores and keys (docs/serve.md).
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOMS = ("analysis", "classify", "connectors", "dashboard", "meetload", "privacy", "store")
# What programs read of the system; no home, no /tmp and no mounted disk is among them.
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/dev", "/proc", "/sys", "/run/systemd/resolve")
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_EXECUTE, _WRITE, _READ, _READ_FOLDER, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_FIRST, _WITH_TRUNCATE = (1 << 13) - 1, 3


def seal(readable: Iterable[Path], writable: Iterable[Path] = ()) -> bool:
    """Leave this thread, and all it starts, nothing to read but the program, the system and these; files to write too.

    False where the system cannot do it; nothing has changed then.
    """
    if not sys.platform.startswith("linux"):
        return False
    version = _call(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    truncate = _TRUNCATE if version >= _WITH_TRUNCATE else 0
    handled = _FIRST | truncate
    rules = _call(_CREATE_RULESET, struct.pack("=Q", handled), 8, 0)
    if rules < 0:
        return False
    try:
        for path in (*program(), *map(Path, SYSTEM), *readable):
            _allow(rules, path, _READ | _READ_FOLDER | _EXECUTE)
        _allow(rules, Path("/dev/null"), _READ | _WRITE | truncate)
        for path in writable:
            _allow(rules, path, _READ | _WRITE | truncate)
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return _call(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def program() -> list[Path]:
    """Where the program itself lies: Python, its packages and our rooms."""
    root = Path(__file__).parents[1]
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
    return [*(Path(each) for each in sorted(places)), *(root / room for room in ROOMS)]


def _allow(rules: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        rights &= ~_READ_FOLDER
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *values: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *values))
