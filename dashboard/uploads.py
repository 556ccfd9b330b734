"""Files from a browser, laid out in a folder: by what they are, never by what they are called, and never too much."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from dashboard.words import message
from store.errors import BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

# What one form may hold, and what may come out of it.
FORM_BYTES = 512 * 1024**2
FILES = 2_000
UNPACKED_BYTES = 2 * 1024**3
# Text packs ten to one, seldom fifty to one; zip bombs a thousand to one.
RATIO, RATIO_FREE_BYTES = 200, 10 * 1024**2
PIECE = 1024**2
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LONGEST_NAME = 80

CALENDAR = ".ics"
TABLE_ENDINGS = (".csv", ".parquet")
TABLE_NAMES = ("people", "org", "meetings", "events", "attendance", "absences", "moves", "labels")
NOT_OURS = message("not a calendar (.ics) and no table of an exchange folder")
CAME_BEFORE = message("a table of this name came before")
LOCKED = message("it is locked with a password")
BROKEN_ZIP = message("the zip file is broken")
TOO_MUCH = message("This unpacks to far more than calendars do, so none of it was read.")
TOO_MANY = message("These are more files than can be taken in at once, so none of them was read.")


@dataclass
class Layout:
    """The folder that files are laid out in; `shown` says what a calendar was called where it came from."""

    folder: Path
    shown: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unpacked: int = 0
    files: int = 0

    @property
    def calendars(self) -> Path | None:
        """The folder of calendar files, if there are any."""
        return self._filled("calendars")

    @property
    def tables(self) -> Path | None:
        """The exchange folder, if there is one."""
        return self._filled("tables")

    def _filled(self, part: str) -> Path | None:
        path = self.folder / part
        return path if path.is_dir() else None

    def take(self, uploads: Iterable[tuple[str, IO[bytes]]]) -> None:
        """Lay out what a form held: names and streams."""
        for name, stream in uploads:
            if _ending(name) == ".zip":
                self._unpack(name, stream)
            else:
                self._keep(name, stream)

    def _keep(self, name: str, stream: IO[bytes], packed: int | None = None) -> None:
        self.files += 1
        if self.files > FILES:
            raise BadInput(TOO_MANY)
        if target := self._place(name):
            target.parent.mkdir(exist_ok=True)
            self._copy(stream, target, packed)

    def _place(self, name: str) -> Path | None:
        """Where a file goes; only the last part of its name is read, and only to tell what it is."""
        plain = plain_name(name)
        ending = _ending(plain)
        if ending == CALENDAR:
            number = f"{len(self.shown) + 1:04d}{CALENDAR}"
            self.shown[number] = plain
            return self.folder / "calendars" / number
        table = PurePosixPath(plain).stem.lower()
        if ending not in TABLE_ENDINGS or table not in TABLE_NAMES:
            self.problems.append(Problem(plain, NOT_OURS))
            return None
        target = self.folder / "tables" / f"{table}{ending}"
        if target.exists():
            self.problems.append(Problem(plain, CAME_BEFORE))
            return None
        return target

    def _copy(self, stream: IO[bytes], target: Path, packed: int | None) -> None:
        written = 0
        with target.open("xb") as out:
            while piece := stream.read(PIECE):
                written += len(piece)
                self.unpacked += len(piece)
                swollen = packed is not None and written > max(RATIO_FREE_BYTES, RATIO * packed)
                if swollen or self.unpacked > UNPACKED_BYTES:
                    raise BadInput(TOO_MUCH)
                out.write(piece)

    def _unpack(self, name: str, stream: IO[bytes]) -> None:
        try:
            with zipfile.ZipFile(stream) as packed:
                for member in packed.infolist():
                    self._unpack_member(packed, member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            self.problems.append(Problem(plain_name(name), BROKEN_ZIP))

    def _unpack_member(self, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        plain = plain_name(member.filename)
        # Folders, and what macOS packs beside every file.
        if member.is_dir() or plain.startswith("."):
            return
        if member.compress_type not in PACKED:
            raise zipfile.BadZipFile
        if member.flag_bits & 1:
            self.problems.append(Problem(plain, LOCKED))
            return
        with packed.open(member) as stream:
            self._keep(member.filename, stream, member.compress_size)


def plain_name(name: str) -> str:
    """The last part of a name, without anything that could steer a terminal or a page."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-LONGEST_NAME:] or "?"


def _ending(name: str) -> str:
    return PurePosixPath(plain_name(name)).suffix.lower()
