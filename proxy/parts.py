"""Everything a worker is made of, put together once: stores, use cases, background work."""

from redis.asyncio import Redis

from ads.client import Client
from ads.clock import DAY, MINUTE, Clock
from ads.events.limits import Limits
from ads.fold.activity import Activity
from ads.fold.folding import Folding
from ads.fold.upkeep import Upkeep
from ads.receiver import Receiver
from ads.reports.export import Export
from ads.spool import Archive, Spool
from ads.store.counts import Ages
from ads.store.spools import Spools
from ads.tally import Tally
from ads.timetable import Timekeeper
from ads.web.console.report.live import Live
from proxy.articles import Articles
from proxy.articles.make import ArticleMaker
from proxy.articles.renew import Renewer
from proxy.config import Config
from proxy.fetch import Fetcher
from proxy.hot import Hot
from proxy.moderation.takedown import Takedown
from proxy.moderation.vetting import Vetting
from proxy.moderation.watch import Watch
from proxy.pictures.address import PictureAddresses
from proxy.pictures.keeper import PictureKeeper
from proxy.pictures.maker import Maker
from proxy.pool import CompilePool, ShrinkPool
from proxy.poster import posters
from proxy.publish import Publisher
from proxy.reach import fetch_config
from proxy.sample import Samples
from proxy.serving.display import Display
from proxy.signals import Gatherer
from proxy.store.wechat import TicketStore
from proxy.stores import Stores, purging
from proxy.wechat import Tickets

SPOOL_BYTES = 4 << 30


class Parts:
    """A worker's parts, each made of those above it; `proxy.app` maps addresses to them.

    They open the spool, but no connection yet.
    """

    def __init__(self, config: Config, redis: Redis, now: Clock, tally: Tally) -> None:
        ads = config.ads
        self.config, self.now, self.tally = config, now, tally
        self.fetcher = Samples(fetch_config(config), ads.console_origin, now, tally)
        self.pool, self.shrinker = CompilePool(tally), ShrinkPool()
        self.purge = purging(config, redis, tally)
        fetched, encode, aside = self.fetcher.picture, self.shrinker.encode, self.pool.aside
        self.stores = Stores(config, redis, now, fetched, encode, aside, self.purge.at_once)
        stores = self.stores

        self.client, self.limits = Client(ads, now), Limits(ads.limits)
        room = SPOOL_BYTES // config.workers
        self.spool = Spool(config.data_dir / "spool", sync=ads.spool_sync, max_bytes=room)
        self.receiver = Receiver(self.spool, ads.secret_keys, self.limits, tally)
        self.folding, self.export = _counting(config, stores, self.spool, now, tally)
        self.upkeep = Upkeep(stores.counts, Ages(ads.hours_days, ads.hops_days), stores.register)
        self.timetables = Timekeeper(stores.schedule, stores.ads, now)
        self.live = Live()

        gatherer = Gatherer(
            self.fetcher,
            now,
            listed=stores.lists.speaking,
            everyone=config.robots_bind_all,
            memory=stores.sites,
        )
        vanished_ms = config.keep_vanished_days * DAY
        maker = ArticleMaker(self.fetcher, gatherer, self.pool, stores, now, vanished_ms)
        articles = Articles(maker, stores.articles, now, config.own_hosts)
        self.renewer = Renewer(config.renew_minutes * MINUTE, articles, stores, now)
        self.publisher = Publisher(config, articles, self.renewer, stores, now)
        self.takedown, self.vetting = Takedown(stores, now), Vetting(stores, now)
        self.watch = Watch(self.renewer, gatherer, stores, now)

        # A third is left for what is not counted: the allocator's overhead and requests under way.
        self.hot = Hot(config.hot_bytes * 2 // 3)
        self.addresses = PictureAddresses(ads.pages_origin, ads.secret_keys, config.picture_hosts)
        self.display = Display(
            config, self.hot, stores, self.publisher.remade, self.addresses, now, tally
        )
        self.keeper = _keeper(self.fetcher, self.shrinker, self.addresses, now)
        self.tickets: Tickets | None = None
        if account := config.wechat:
            kept = TicketStore(redis, account.app_id)
            self.tickets = Tickets(account, kept, config.fetch_proxy)

    async def close(self) -> None:
        """Ends all of them, each before the parts that it uses."""
        await self.publisher.close()
        self.spool.close()
        await self.display.close()
        await self.keeper.close()
        if self.tickets:
            await self.tickets.close()
        self.pool.close()
        self.shrinker.close()
        await self.fetcher.close()


def _counting(
    config: Config, stores: Stores, spool: Spool, now: Clock, tally: Tally
) -> tuple[Folding, Export]:
    """The folding that counts the spool's events, and the export of single ones."""
    archive = Archive(config.data_dir / "events", config.ads.events_days * DAY)
    activity = Activity(stores.bookings, stores.ads, now)
    spools = Spools(stores.redis)
    folding = Folding(spool, stores.counts, activity, now, tally, archive, stores.erasures, spools)
    export = Export(
        ads=stores.ads,
        counts=stores.counts,
        kept=archive,
        spool=spool.directory,
        spools=spools,
        now=now,
    )
    return folding, export


def _keeper(
    fetcher: Fetcher, shrinker: ShrinkPool, addresses: PictureAddresses, now: Clock
) -> PictureKeeper:
    maker = Maker(
        fetcher.picture, fetcher.part, shrinker.shrink, shrinker.sheet, posters.covered, addresses
    )
    return PictureKeeper(maker.make, now)
