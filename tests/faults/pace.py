"""How soon the figures have what was acknowledged, after each fault of a run."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from tests.client import Client
from tests.faults.load import Load

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 3.0
"""The time limit of a reading: a paused worker does not answer."""
CATCH_UP_SECONDS = 60.0
ALWAYS = 2.0
"""Seconds that figures may lag without a fault (contract, section 7)."""
FOR_EACH = 2.0
"""Seconds more, for each second that they lagged when a fault ended."""


@dataclass
class Recovery:
    """At the end of a fault the figures lagged by `backlog_s`; `behind_s` later they were right.

    `late_s` is how much the machine delayed the watcher meanwhile, and so the service.
    """

    fault: str
    ended: float
    due: int
    backlog_s: float
    behind_s: float = 0.0
    late_s: float = 0.0

    @property
    def too_slow(self) -> bool:
        return self.behind_s > ALWAYS + FOR_EACH * self.backlog_s + self.late_s


class Pace:
    """Watches a run. A fault that begins before the figures are right takes over the backlog."""

    def __init__(self, client: Client, load: Load, ledger: str) -> None:
        self._client = client
        self._load = load
        self._ledger = ledger
        self._whole = time.monotonic()
        self._waiting: Recovery | None = None
        self._caught_up = asyncio.Event()
        self.recovered: list[Recovery] = []

    async def watch(self) -> None:
        """Watch until cancelled."""
        while True:
            due, at = sum(self._load.acked.values()), time.monotonic()
            if (received := await self._received()) >= due:
                self._whole = at
            waits = self._waiting
            if waits and received >= waits.due:
                waits.behind_s = time.monotonic() - waits.ended
                self.recovered.append(waits)
                self._waiting = None
                self._caught_up.set()
            before = time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
            if self._waiting:
                self._waiting.late_s += time.monotonic() - before - LOOK_SECONDS

    def begins(self) -> None:
        """Note a new fault: from now on the last one is not to blame for the lag."""
        self._waiting = None

    def ended(self, fault: str) -> None:
        """Note that a fault has ended, with the store back."""
        now = time.monotonic()
        backlog = max(now - self._whole, 0.0)
        self._caught_up.clear()
        self._waiting = Recovery(fault, now, sum(self._load.acked.values()), backlog)

    async def settled(self) -> list[str]:
        """Wait for the last recovery; returns those that broke the promise."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._caught_up.wait(), CATCH_UP_SECONDS)
        told = [
            f"{r.behind_s:.1f} s until the figures were right after {r.fault!r}, "
            f"which left {r.backlog_s:.1f} s of backlog ({r.late_s:.1f} s the machine's)"
            for r in self.recovered
            if r.too_slow
        ]
        return told + ([f"never caught up after {self._waiting.fault!r}"] if self._waiting else [])

    async def _received(self) -> int:
        """The number of events in the ledger; -1 while it cannot be read."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return int((await self._client.call("GET", self._ledger))["received"])
        except (AssertionError, aiohttp.ClientError, OSError, TimeoutError):
            return -1
