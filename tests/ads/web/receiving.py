"""A pages origin that takes events, on loopback, with a real spool."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from ads import ticket
from ads.ad import Ad
from ads.booking import Booking
from ads.client import Client
from ads.config import AdsConfig
from ads.errors import Problem
from ads.events.limits import Limits
from ads.events.receipt import Receipt
from ads.receiver import Receiver
from ads.spool import Spool
from ads.tally import Tally
from ads.ticket import Ticket
from ads.web import beacon, click, problem

HUMAN = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
AT = 1_764_000_000_000
KEYS = (b"k" * 32,)
TICKET = ticket.sign(
    Ticket("share23456ab", "ad23456abcde", 3, ticket.epoch("share23456ab", AT)), KEYS
)
ID, OPEN_ID = "i" * 16, "o" * 16
HOP, PARENT = "ACabcdefghij", "ABabcdefghij"


class Found:
    """Bookings or ads by their id."""

    def __init__(self, of: Mapping[str, object]) -> None:
        self.of = dict(of)

    async def get(self, name: str) -> object:
        return self.of.get(name)


class Broken:
    """A spool whose disk is full."""

    async def append(self, receipts: Sequence[Receipt]) -> None:
        if receipts:
            raise Problem("store_unavailable", retry_after=7)


class Here:
    """The parts of one worker, and a client of it."""

    def __init__(self, folder: Path, *, limits: bool = True, broken: bool = False) -> None:
        self.at = AT
        self.tally = Tally()
        self.spool = Spool(folder, sync=True, max_bytes=1 << 26)
        self.bookings = Found({})
        self.ads = Found({})
        config = AdsConfig(KEYS, "http://localhost:1", "http://127.0.0.1:1", folder)
        spool = Broken() if broken else self.spool
        parts = {
            "receiver": Receiver(spool, KEYS, Limits(limits), self.tally),
            "client": Client(config, lambda: self.at),
            "now": lambda: self.at,
        }
        app = web.Application(middlewares=[problem.middleware])
        app.add_routes(beacon.routes(**parts, tally=self.tally))
        app.add_routes(click.routes(**parts, bookings=self.bookings, ads=self.ads))
        self.http = TestClient(TestServer(app), skip_auto_headers=["User-Agent"])

    def kept(self) -> list[Receipt]:
        """All durable receipts."""
        return [
            receipt
            for segment in self.spool.segments()
            for _, receipt in self.spool.read(segment, 0, 1 << 26)[0]
        ]

    def book(self, share: str = "share23456ab", **changes: object) -> None:
        """Book a share with a text ad."""
        ad = {
            "id": "ad23456abcde",
            "owner": "me",
            "name": "Tea",
            "advertiser": "Acme",
            "kind": "text",
            "target": "https://tea.example/{share}?c={channel}&d={depth}",
        } | changes
        self.ads.of[str(ad["id"])] = Ad(**ad)  # type: ignore[arg-type]  # the tests' own changes
        self.bookings.of[share] = Booking(
            share, "me", "ad23456abcde", "we chat", history=((0, "active"),)
        )


@asynccontextmanager
async def serving(
    folder: Path, *, limits: bool = True, broken: bool = False
) -> AsyncIterator[Here]:
    here = Here(folder, limits=limits, broken=broken)
    async with here.http:
        yield here
    here.spool.close()
