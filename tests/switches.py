"""What stands in the place of a defence that is switched off, and how one is switched off in a test process.

Nothing of this is in the program itself. A function here uses no other name of this module: only its code is put in the
place of another's.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Defence:
    """One defence: where it is in our code, what stands there instead when it is off, and tests that must notice.

    A place is `module:name` or `module:Class.name`. A function gets the code of `off`, so that whoever imported it
    gets it too; anything else is set to it.
    """

    name: str
    place: str
    off: Any
    tests: tuple[str, ...]

    def take_away(self) -> None:
        """Switch it off in this process."""
        module, _, path = self.place.partition(":")
        *outer, last = path.split(".")
        owner: Any = importlib.import_module(module)
        for each in outer:
            owner = getattr(owner, each)
        found = vars(owner)[last]
        if isinstance(found, property) or not hasattr(found, "__code__"):
            setattr(owner, last, property(self.off) if isinstance(found, property) else self.off)
        else:
            found.__code__, found.__defaults__, found.__kwdefaults__ = self.off.__code__, None, None


def nothing(*_: object, **__: object) -> None:
    """Do nothing."""


def yes(*_: object, **__: object) -> bool:
    """Say yes to whatever is asked."""
    return True


def no_text(*_: object, **__: object) -> str:
    """Nothing to read."""
    return ""


def same(given: object, *_: object, **__: object) -> object:
    """What was given, as it is."""
    return given


def empty(*_: object, **__: object) -> list[object]:
    """Nothing found."""
    return []


def no_names(*_: object, **__: object) -> tuple[str, ...]:
    """Nobody named."""
    return ()


def all_people(_: object) -> int:
    """Even one person is a group."""
    return 1


def unmerged(parts: Any, *_: object) -> list[tuple[tuple[str, ...], Any]]:
    """Every part by itself, however small."""
    return [((name,), members) for name, members in sorted(parts.items())]


def every_column(values: Any, *_: object) -> Any:
    """Every figure that is not negative."""
    return values.sum(axis=0) >= 0


def exact(value: float, *_: object) -> float:
    """The value unrounded."""
    return float(value)


def localhost(_: str) -> str:
    """Whatever name was asked for, this machine."""
    return "localhost"


def person_id(_: str, person_id: str) -> str:
    """The person's own id."""
    return person_id


def with_text(self: Any, pull: Any) -> Any:
    """What was pulled with all its text."""
    # Runs in the place of another function, so this name is looked up in that function's module.
    taken = globals()["Taken"]
    return taken(pull.batch, pull.owner, None, pull.tombstones, pull.token, self.params)


def nobody(*_: object) -> set[str]:
    """Nobody at all."""
    return set()


def as_it_stands(_: object, given: str) -> str:
    """What was given, after the object it was asked of."""
    return given


def always_the_same_key() -> str:
    """One key for every scan."""
    return "5a" * 32


def everybody(everybody: object, *_: object) -> tuple[object, int]:
    """Everybody, and nobody waits."""
    return everybody, 0


def counted(count: int, *_: object) -> str:
    """The count itself."""
    return str(count)
