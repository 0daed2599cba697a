"""The demonstration's processes: a worker that lives through the past week, and today's readers."""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_network
from socket import create_server

from aiohttp import ClientError

from ads.clock import DAY, HOUR, now_ms
from ads.ids import new_id
from ads.store import connect
from ads.store.accounts import Accounts
from proxy.config import Config
from proxy.death import end_with_parent
from proxy.demo import replay
from proxy.demo.calendar import Calendar
from proxy.demo.cascade import Gathering
from proxy.demo.line import COUNTRY, line
from proxy.run import worker
from proxy.run.metrics import Slot

EMAIL, NAME = "mei@halfhill.example", "Mei Lin"
BEFORE_MS = 6 * DAY  # a report shows seven days, so the whole week is on its first screen
PAUSE_SECONDS = 3.0  # between today's readers
VISITS = 300
END_SECONDS = 20.0

_fork = multiprocessing.get_context("fork")


class Stage:
    """What the demonstration runs beside the service."""

    def __init__(self) -> None:
        self.password = new_id(14)
        self._gatherings: list[Gathering] = []

    def readers(self, config: Config) -> None:
        """Send some more readers now, so that the numbers move; the body of a process."""
        asyncio.run(_come(config, self._gatherings))
        time.sleep(DAY / 1000)

    def replay(self, config: Config, store_url: str) -> None:
        """Make the past week: an account, its ads and links, and their readers."""
        now = now_ms()
        calendar = Calendar(now - now % HOUR - BEFORE_MS)
        key = asyncio.run(_account(store_url, calendar, self.password))
        with create_server(("127.0.0.1", 0)) as door:
            past = _in_the_past(config)
            with _child(lambda: worker.run(past, store_url, [door], Slot(), calendar)):
                port = door.getsockname()[1]
                self._gatherings = asyncio.run(_replayed(config, port, key, calendar, now))


async def _account(store_url: str, calendar: Calendar, password: str) -> str:
    """Make the account; returns its API key."""
    async with aclosing(connect(store_url)) as redis:
        accounts = Accounts(redis, calendar)
        account = await accounts.create(EMAIL, NAME, password)
        return await accounts.new_key(account.id, "the demonstration")


async def _replayed(
    config: Config, port: int, key: str, calendar: Calendar, end: int
) -> list[Gathering]:
    async with line(port, config.ads.console_origin, config.ads.pages_origin) as to_past:
        week = replay.Week(to_past, key, calendar, end)
        await week.run()
    return week.gatherings


async def _come(config: Config, gatherings: list[Gathering]) -> None:
    rng = random.Random()  # noqa: S311 - who comes next is no secret
    async with line(config.port, config.ads.console_origin, config.ads.pages_origin) as to_us:
        for _ in range(VISITS):
            await asyncio.sleep(PAUSE_SECONDS)
            with suppress(ClientError, OSError):  # the share may have been ended meanwhile
                await replay.onward(to_us, gatherings, rng)


def _in_the_past(config: Config) -> Config:
    """The settings of the worker in the past: it believes the addresses that we send it."""
    ads = replace(
        config.ads,
        limits=False,
        spool_sync=False,
        trusted_proxies=(ip_network("127.0.0.0/8"),),
        country_headers=(COUNTRY,),
    )
    return replace(config, ads=ads, workers=1)


@contextmanager
def _child(body: Callable[[], None]) -> Iterator[None]:
    """A process that gets SIGTERM at the end of the block, and is waited for."""
    parent = os.getpid()

    def alone() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches us as SIGTERM
        end_with_parent(parent)
        body()

    process = _fork.Process(target=alone)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(END_SECONDS)
