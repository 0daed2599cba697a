"""All stores of both sides, put together once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import picture
from ads.accounts import access
from ads.clock import Clock, now_ms
from ads.errors import Problem
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.complaints import Complaints
from ads.store.counts import Counts
from ads.store.erasures import Erasures
from ads.store.pictures import Encode, Pictures
from ads.store.register import Register
from ads.store.removal import Removal
from ads.store.reportlinks import ReportLinks
from ads.store.schedule import Schedule
from ads.store.throttle import Throttle
from ads.tally import Tally
from proxy.cdn.purge import Purge
from proxy.config import Config
from proxy.store import keys
from proxy.store.articles import ArticleStore, Aside
from proxy.store.audit import Audit
from proxy.store.batch import Batch
from proxy.store.lists import ListStore
from proxy.store.previews import PreviewStore
from proxy.store.published import Published
from proxy.store.purges import PurgeQueue
from proxy.store.renewals import RenewalStore
from proxy.store.shares import ShareStore
from proxy.store.sites import SiteStore
from proxy.store.templates import TemplateStore

ANSWER_SECONDS = 1.0


async def no_pictures(url: str) -> bytes:
    """Stands in for the fetcher where no picture is ever copied. Raises Problem("not_found")."""
    raise Problem("not_found", f"Nothing is copied from {url}.")


class Stores:
    """The stores that the use cases of both sides read and write; no connection is made yet.

    `fetched` downloads an ad's picture; `encode` and `aside` do heavy work elsewhere; `then` is
    called with each change before the request that made it is answered.
    """

    def __init__(
        self,
        config: Config,
        redis: Redis,
        now: Clock = now_ms,
        fetched: Callable[[str], Awaitable[bytes]] = no_pictures,
        encode: Encode = picture.encode,
        aside: Aside = asyncio.to_thread,
        then: Callable[[Sequence[str]], Awaitable[None]] | None = None,
    ) -> None:
        ads = config.ads
        newcomers = access.newcomers(ads.newcomer_ads) if ads.limits else None

        async def copy_picture(url: str) -> str:
            return await self.pictures.put(await encode(await fetched(url)))

        self.redis = redis
        self.batch = Batch(redis)  # shared, so that the records of a page are read together
        self.changes = Changes(redis, then)
        self.accounts = Accounts(redis, now, limits=ads.limits, changes=self.changes)
        self.pictures = Pictures(redis, encode)
        self.ads = Ads(redis, self.changes, copy_picture, now, newcomers)
        self.bookings = Bookings(redis, self.changes, now)
        self.complaints = Complaints(redis)
        self.counts = Counts(redis, now)
        self.erasures = Erasures(redis)
        self.register = Register(redis, self.bookings, ads.ad_archive_days, now)
        self.removal = Removal(redis)
        self.report_links = ReportLinks(redis, now)
        self.schedule = Schedule(redis)
        self.throttle = Throttle(redis, now, enabled=ads.limits)
        self.articles = ArticleStore(redis, aside, self.batch)
        self.shares = ShareStore(redis, self.batch)
        self.templates = TemplateStore(redis, self.batch)
        self.previews = PreviewStore(redis)
        self.lists = ListStore(redis, config.publishers)
        self.sites = SiteStore(redis)
        self.published = Published(redis)
        self.renewals = RenewalStore(redis)
        self.audit = Audit(redis)

    async def answer(self) -> bool:
        """Whether the store answers within a second and takes writes.

        PING would not tell: a full store, a replica, or one short of replicas answers it.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.redis.setrange(keys.NOTHING, 0, b"")
        except (RedisError, OSError, TimeoutError):
            return False
        return True


def open_for_operator(config: Config, redis: Redis) -> Stores:
    """All stores for a command, beside a running service or without one; no rate limits.

    Edges are purged before the command ends, as they are before a request is answered.
    """
    unlimited = replace(config, ads=replace(config.ads, limits=False))
    return Stores(unlimited, redis, then=purging(config, redis, Tally()).at_once)


def purging(config: Config, redis: Redis, tally: Tally) -> Purge:
    """What purges the operator's edges."""
    shares = ShareStore(redis)

    async def pages(changed: Sequence[str]) -> list[str]:
        return [f"/s/{share}" for share in await shares.depending_on(changed)]

    return Purge(config.purge_edges, PurgeQueue(redis), pages, tally)
