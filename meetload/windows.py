"""Windows of the browser on this machine, where it has one."""

from __future__ import annotations

import os
import sys
import webbrowser

from connectors.asking import Asking, open_window
from meetload.console import OUT


def has_browser() -> bool:
    """Whether a window can be opened here: not on a machine without a screen."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def on_a_terminal() -> Asking:
    """Somebody at a terminal: the address of the vendor's page is printed, and opened where that can be done."""
    return Asking(_lead)


def _lead(address: str, seconds: float) -> None:
    said = f"Open this address in a browser on this machine, and allow meetload to read within {seconds:g} seconds:"
    OUT.print(f"{said} {address}", markup=False)
    if has_browser():
        open_window(address)
