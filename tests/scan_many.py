"""A process that scans many mailboxes of a source that holds none of them, and prints its greatest size in MB."""

from __future__ import annotations

import resource
import sys
from datetime import timedelta
from pathlib import Path

from scripted import MONDAY, minimise, window
from written import Copy, Guest, batch_of

from connectors.contract import Pull
from connectors.scan import ScanSettings, scan
from store.copies import open_copies

MEETINGS = 60


class Endless:
    """Mailboxes whose calendars are made up when somebody asks for them."""

    name = "endless"

    def pull(self, mailbox, asked, token=None):
        guests = tuple(Guest(f"p{number}.{mailbox}") for number in range(5))
        copies = [
            Copy(
                f"{number}.{mailbox}",
                MONDAY + timedelta(hours=number),
                MONDAY + timedelta(hours=number + 1),
                title="x",
                organizer=mailbox,
                guests=guests,
            )
            for number in range(MEETINGS)
        ]
        return Pull(batch_of(copies, mailbox, self.name, "Europe/Amsterdam"), owner=mailbox)


if __name__ == "__main__":
    place, count = Path(sys.argv[1]), int(sys.argv[2])
    boxes = (f"p{number:06}@x.org" for number in range(count))
    with open_copies(place) as copies:
        report = scan(Endless(), boxes, copies, window(), ScanSettings(most_concurrency=4), minimise=minimise)
    assert report.coverage["ok"] == count
    # The greatest resident size; Linux counts in KB, macOS in bytes.
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))
