"""Everything that both sides keep in the store, put together once."""

from dataclasses import dataclass

from redis.asyncio import Redis

from ads import access
from ads.clock import Clock
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.counts import Counts
from ads.store.pictures import Encode, Pictures
from ads.store.register import Register
from ads.store.throttle import Throttle
from proxy.config import Config
from proxy.fetch import Fetcher
from proxy.purge import Purge
from proxy.store.articles import ArticleStore, Aside
from proxy.store.audit import Audit
from proxy.store.batch import Batch
from proxy.store.lists import ListStore
from proxy.store.moulds import MouldStore
from proxy.store.previews import PreviewStore
from proxy.store.published import Published
from proxy.store.shares import ShareStore


@dataclass(frozen=True)
class Stores:
    """What both sides keep."""

    redis: Redis
    changes: Changes
    accounts: Accounts
    ads: Ads
    bookings: Bookings
    pictures: Pictures
    counts: Counts
    articles: ArticleStore
    shares: ShareStore
    moulds: MouldStore
    previews: PreviewStore
    lists: ListStore
    published: Published
    audit: Audit
    register: Register
    throttle: Throttle


def stores(
    config: Config,
    redis: Redis,
    fetcher: Fetcher,
    purge: Purge,
    encode: Encode,
    aside: Aside,
    now: Clock,
) -> Stores:
    """Opens no connection yet; a change is at the edges before it is answered (`purge`)."""
    changes, pictures = Changes(redis, purge.at_once), Pictures(redis, encode)
    batch = Batch(redis)  # what a page is made of is asked for together
    bookings, told = Bookings(redis, changes, now), config.ads

    async def copy_picture(url: str) -> str:
        return await pictures.put(await encode(await fetcher.picture(url)))

    return Stores(
        redis=redis,
        changes=changes,
        accounts=Accounts(redis, now, limits=config.ads.limits),
        ads=Ads(
            redis,
            changes,
            copy_picture,
            now,
            access.newcomers(told.newcomer_ads) if told.limits else None,
        ),
        bookings=bookings,
        pictures=pictures,
        counts=Counts(redis, now),
        articles=ArticleStore(redis, aside, batch),
        shares=ShareStore(redis, batch),
        moulds=MouldStore(redis, batch),
        previews=PreviewStore(redis),
        lists=ListStore(redis, config.publishers),
        published=Published(redis),
        audit=Audit(redis),
        register=Register(redis, bookings, told.ad_archive_days, now),
        throttle=Throttle(redis, now, enabled=told.limits),
    )
