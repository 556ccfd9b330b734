"""Make the pictures of the manual from a served demo: `python tests/browser/pictures.py` (or `make docs`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from browsing import Reader, browser, served  # noqa: E402 - found through the line above
from demo_store import small_demo  # noqa: E402

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PICTURES = (
    ("home-light", "light", "/?lang=en"),
    ("home-dark", "dark", "/?lang=nl"),
    ("coordination", "light", "/coordination?lang=en&viewer=mt&period=2025-01-06..2026-07-05"),
    ("scan", "light", "/scan?lang=en&viewer=hr"),
    ("dependence", "light", "/dependence?lang=en"),
    ("roles", "light", "/roles?lang=en"),
    ("stopping", "light", "/stopping?lang=en"),
    ("escalations", "light", "/escalations?lang=en&viewer=mt"),
    ("ties", "light", "/ties?lang=en&viewer=mt"),
    ("mine", "light", "/mine?lang=en"),
    ("checks", "dark", "/checks?lang=en"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        store = small_demo(Path(folder), people=160, weeks=104)
        with served(store) as home:
            readers = {scheme: Reader(chromium, home, scheme, FOLDER) for scheme in ("light", "dark")}
            for name, scheme, path in PICTURES:
                readers[scheme].open(path)
                readers[scheme].picture(name, full=False)
                print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
