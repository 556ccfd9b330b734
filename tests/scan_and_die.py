"""Run by a test as a process of its own: scans and kills itself at a given point (kill -9, no clean-up)."""

from __future__ import annotations

import os
import signal
import sys

from scripted import Faults, Scripted, minimise, window

from connectors.scan import Patience, ScanSettings, scan
from store.copies import Copies, open_copies


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(store: str, where: str, when: int) -> None:
    source = Scripted(faults=Faults(throttled=0.05, trouble=0.03, duplicates=0.05, seed=when))
    if where == "pulling":
        source.on_request = lambda total: die() if total == when else None
    with open_copies(store) as copies:
        if where == "writing":
            save, seen = Copies._save, []

            def dying(*given, **named):
                save(*given, **named)
                seen.append(1)
                if len(seen) == when:
                    die()

            Copies._save = dying
        settings = ScanSettings(patience=Patience(base=0.001))
        after = (lambda now: die() if now.done >= when else None) if where == "written" else None
        scan(source, source.mailboxes(), copies, window(), settings, minimise=minimise, progress=after)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
