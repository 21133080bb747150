"""A progress bar on standard error."""

from __future__ import annotations

import sys
import time
from typing import Optional


class Progress:
    """Counts prompts and positions. On a terminal it rewrites one line, else a line a shard."""

    def __init__(self, total: Optional[int], show: bool) -> None:
        self._total = total
        self._show = show
        self._terminal = sys.stderr.isatty()
        self._started = time.monotonic()
        self._computed = 0
        self._positions = 0
        self._prompts = 0

    def batch(self, positions: int) -> None:
        """Positions of the shard under way have been computed."""
        self._computed += positions
        if self._terminal:
            self._print("\r", "")

    def shard(self, prompts: int, positions: int) -> None:
        """A shard is there, computed now or before."""
        self._prompts += prompts
        self._positions += positions
        self._print("\r" if self._terminal else "", "" if self._terminal else "\n")

    def close(self, text: str) -> None:
        if self._show:
            print("\n" * self._terminal + text, file=sys.stderr)

    def _print(self, before: str, after: str) -> None:
        if not self._show:
            return
        rate = self._computed / max(time.monotonic() - self._started, 1e-9)
        share, bar = "", ""
        if self._total:
            done = min(1.0, self._prompts / self._total)
            bar = "[" + ("#" * int(20 * done)).ljust(20) + "] "
            share = f" of {self._total:,}"
        print(
            f"{before}{bar}{self._prompts:,}{share} prompts, {self._positions:,} positions written, "
            f"{rate:,.0f} positions/s",
            end=after,
            file=sys.stderr,
            flush=True,
        )
