"""Everything a worker is made of, put together once: stores, use cases, background work."""

from dataclasses import dataclass

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
from proxy.articles.renew import Renewer
from proxy.cdn.purge import Purge
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
from proxy.stores import Stores, open_stores, purging
from proxy.wechat import Tickets

SPOOL_BYTES = 4 << 30


@dataclass(frozen=True)
class Parts:
    """A worker's parts; `proxy.app` maps addresses to them."""

    config: Config
    now: Clock
    tally: Tally
    stores: Stores
    spool: Spool
    folding: Folding
    export: Export
    client: Client
    limits: Limits
    receiver: Receiver
    fetcher: Fetcher
    pool: CompilePool
    shrinker: ShrinkPool
    addresses: PictureAddresses
    keeper: PictureKeeper
    hot: Hot
    purge: Purge
    renewer: Renewer
    publisher: Publisher
    takedown: Takedown
    vetting: Vetting
    watch: Watch
    display: Display
    live: Live
    timetables: Timekeeper
    upkeep: Upkeep
    tickets: Tickets | None

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


def assemble(config: Config, redis: Redis, now: Clock, tally: Tally) -> Parts:
    """All parts of one worker; opens the spool and no connection yet."""
    fetcher = Fetcher(fetch_config(config), now)
    samples = Samples(fetcher, config.ads.console_origin, now, tally)
    purge = purging(config, redis, tally)
    # A third is left for what is not counted: the allocator's overhead and requests under way.
    pool, shrinker, hot = CompilePool(tally), ShrinkPool(), Hot(config.hot_bytes * 2 // 3)
    stores = open_stores(
        config, redis, now, fetcher.picture, shrinker.encode, pool.aside, purge.at_once
    )
    ads = config.ads
    addresses = PictureAddresses(ads.pages_origin, ads.secret_keys, config.picture_hosts)
    spool, folding, export = _counting(config, stores, now, tally)
    gatherer = _gatherer(config, samples, stores, now)
    vanished_ms = config.keep_vanished_days * DAY
    articles = Articles(samples, gatherer, pool, stores, now, config.own_hosts, vanished_ms)
    renewer = Renewer(config.renew_minutes * MINUTE, articles, stores, now)
    publisher = Publisher(config, articles, renewer, stores, now)
    limits = Limits(ads.limits)
    return Parts(
        config=config,
        now=now,
        tally=tally,
        stores=stores,
        spool=spool,
        folding=folding,
        export=export,
        client=Client(ads, now),
        limits=limits,
        receiver=Receiver(spool, ads.secret_keys, limits, tally),
        fetcher=fetcher,
        pool=pool,
        shrinker=shrinker,
        addresses=addresses,
        keeper=_keeper(samples, fetcher, shrinker, addresses, now),
        hot=hot,
        purge=purge,
        renewer=renewer,
        publisher=publisher,
        takedown=Takedown(stores, now),
        vetting=Vetting(stores, now),
        watch=Watch(renewer, gatherer, stores, now),
        display=Display(config, hot, stores, publisher.remade, addresses, now, tally),
        live=Live(),
        timetables=Timekeeper(stores.schedule, stores.ads, now),
        upkeep=Upkeep(stores.counts, Ages(ads.hours_days, ads.hops_days), stores.register),
        tickets=_tickets(config, redis),
    )


def _counting(
    config: Config, stores: Stores, now: Clock, tally: Tally
) -> tuple[Spool, Folding, Export]:
    """The spool, the folding that counts its events, and the export."""
    spool = Spool(
        config.data_dir / "spool",
        sync=config.ads.spool_sync,
        max_bytes=SPOOL_BYTES // config.workers,
    )
    archive = Archive(config.data_dir / "events", config.ads.events_days * DAY)
    activity = Activity(stores.bookings, stores.ads, now)
    spools = Spools(stores.redis)
    export = Export(
        ads=stores.ads,
        counts=stores.counts,
        kept=archive,
        spool=spool.directory,
        spools=spools,
        now=now,
    )
    folding = Folding(spool, stores.counts, activity, now, tally, archive, stores.erasures, spools)
    return spool, folding, export


def _keeper(
    samples: Samples,
    fetcher: Fetcher,
    shrinker: ShrinkPool,
    addresses: PictureAddresses,
    now: Clock,
) -> PictureKeeper:
    maker = Maker(
        samples.picture, fetcher.part, shrinker.shrink, shrinker.sheet, posters.covered, addresses
    )
    return PictureKeeper(maker.make, now)


def _tickets(config: Config, redis: Redis) -> Tickets | None:
    if config.wechat is None:
        return None
    kept = TicketStore(redis, config.wechat.app_id)
    return Tickets(config.wechat, kept, config.fetch_proxy)


def _gatherer(config: Config, fetcher: Samples, stores: Stores, now: Clock) -> Gatherer:
    return Gatherer(
        fetcher,
        now,
        listed=stores.lists.speaking,
        everyone=config.robots_bind_all,
        memory=stores.sites,
    )
