"""From `meetload demo` to a first page that answers."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

MEETLOAD = Path(sys.executable).with_name("meetload")


def measure() -> float:
    """Seconds from starting the command to a page served with its layout."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(MEETLOAD), "demo", "--folder", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            address = _address(process)
            for path in ("", "_dash-layout"):
                with urllib.request.urlopen(address + path, timeout=30) as answer:
                    answer.read()
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(10)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+/", line):
            return found[0]
    raise RuntimeError("meetload demo ended without an address")


if __name__ == "__main__":
    print(f"{measure():.1f} s")
