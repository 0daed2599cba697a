"""Load over HTTP that continues during faults, and records which events were acknowledged."""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence

import aiohttp

from tests.client import HUMAN, Json
from tests.faults.battered import Battered

CONNECTIONS = 12
PAUSE_SECONDS = 0.06
"""The mean pause between two calls of a connection: a moderate load that lasts."""
PATIENCE_SECONDS = 20.0
AGAIN = 0.9
"""The probability that a call without a 204 is sent again, as a reader's script does."""
MOST_EVENTS = 5_000
"""After so many events, old ones are sent again."""
CALL = 32


class Load:
    """Sends events, and records how often each was sent and whether it was acknowledged."""

    def __init__(
        self, service: Battered, calls: Iterator[list[Json]], tickets: Sequence[str], seed: int
    ) -> None:
        self._service = service
        self._calls = calls
        self._tickets = tickets
        self._rng = random.Random(seed)
        self._again: deque[list[Json]] = deque()
        self._over = False
        self._http: aiohttp.ClientSession | None = None
        self.events: dict[str, Json] = {}
        self.acked: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()

    async def __aenter__(self) -> "Load":
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        self._http = aiohttp.ClientSession(timeout=timeout)
        self._tasks = [asyncio.create_task(self._connection()) for _ in range(CONNECTIONS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert self._http
        await self._http.close()

    async def finish(self) -> None:
        """Send no new events, and the pending repetitions once."""
        self._over = True
        await asyncio.gather(*self._tasks)

    async def until_acked(self, more: int, seconds: float = 60.0) -> None:
        """Wait until `more` further calls get a 204: the service accepts events again."""
        goal, deadline = self.answers["204"] + more, time.monotonic() + seconds
        while self.answers["204"] < goal:
            assert time.monotonic() < deadline, f"no more events are taken: {dict(self.answers)}"
            await asyncio.sleep(0.02)

    async def send(self, events: Sequence[Json]) -> str:
        """Make a call; returns the status, or what went wrong."""
        for event in events:
            self.events.setdefault(event["i"], event)
        self.tried.update(event["i"] for event in events)
        answer = await self._post([self._ticketed(event) for event in events])
        self.answers[answer] += 1
        if answer == "204":
            self.acked.update(event["i"] for event in events)
        return answer

    async def send_all(self, events: Sequence[Json], seconds: float = 60.0) -> None:
        """Send events in order, in large calls, until each is acknowledged."""
        deadline = time.monotonic() + seconds
        for at in range(0, len(events), CALL):
            while (answer := await self.send(events[at : at + CALL])) != "204":
                assert time.monotonic() < deadline, f"not taken: {answer}"
                await asyncio.sleep(0.1)

    def _ticketed(self, event: Json) -> Json:
        return {k: v for k, v in event.items() if k != "share"} | {
            "t": self._tickets[event["share"]]
        }

    async def _post(self, body: list[Json]) -> str:
        assert self._http
        headers = {"User-Agent": HUMAN}
        try:
            async with self._http.post(
                f"{self._service.pages}/e", json=body, headers=headers
            ) as answer:
                await answer.read()
                return str(answer.status)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return type(error).__name__

    async def _connection(self) -> None:
        rng = self._rng
        while call := self._next():
            if await self.send(call) != "204":
                if rng.random() < AGAIN and not self._over:
                    self._again.append(call)
                await asyncio.sleep(0.05)
            elif rng.random() < 0.03:
                self._again.append(call)  # like a proxy in front that repeats an answered call
            await asyncio.sleep(rng.uniform(0, 2 * PAUSE_SECONDS))

    def _next(self) -> list[Json] | None:
        if self._again and (self._over or self._rng.random() < 0.5):
            return self._again.popleft()
        if self._over:
            return None
        if len(self.events) < MOST_EVENTS:
            return next(self._calls)
        return [self._rng.choice(list(self.events.values()))]
