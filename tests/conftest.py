from __future__ import annotations

import signal
import sys
from pathlib import Path

# Test folders are no packages; what they share lies beside this file.
sys.path.insert(0, str(Path(__file__).parent))
# Whoever starts tests in the background has Ctrl-C ignored, and all that they start inherits it; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)
