from __future__ import annotations

from connectors.scan.backoff import Patience, patiently
from connectors.scan.bucket import Bucket
from connectors.scan.clock import Clock
from connectors.scan.run import scan
from connectors.scan.settings import Progress, ScanReport, ScanSettings

__all__ = ["Bucket", "Clock", "Patience", "Progress", "ScanReport", "ScanSettings", "patiently", "scan"]
