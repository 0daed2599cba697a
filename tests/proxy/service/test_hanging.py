"""Which pages a change affects, for edges that know pages only by their own keys."""

from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad, parse
from ads.store import keys
from proxy.forget import Forgetting
from proxy.shares import Share
from tests.proxy.service.conftest import DRAFT, START, Worker


async def test_a_page_hangs_on_every_ad_that_may_stand_in_for_its_own(
    worker: Worker, mei: Account, ad: Ad, share: Share
) -> None:
    last = await worker.ads.create(mei.id, parse(DRAFT))
    between = await worker.ads.create(mei.id, parse(DRAFT | {"fallback": last.id}))
    await worker.ads.change(mei.id, ad.id, {"fallback": between.id})
    for gone in (ad, between):
        await worker.ads.delete(mei.id, gone.id)
    assert await worker.stores.shares.depending_on([f"ad:{last.id}"]) == [share.id]


async def changed(redis: Redis) -> list[str]:
    """The surrogate keys that were announced last."""
    [(_, told)] = await redis.xrevrange(keys.CHANGES_JOURNAL, count=1)
    return told[b"keys"].decode().split("\n")


async def test_edges_hear_of_a_sharers_new_name_by_the_keys_of_their_pages(
    worker: Worker, mei: Account, share: Share, redis: Redis
) -> None:
    await worker.stores.accounts.patch(mei.id, {"name": "Mei"})
    assert await changed(redis) == [f"account:{mei.id}", f"share:{share.id}"]
    await worker.stores.accounts.patch(mei.id, {"locale": "zh"})
    assert await changed(redis) == [f"account:{mei.id}"]


async def test_the_pages_of_an_ad_that_was_forgotten_are_known_by_their_own_keys(
    worker: Worker, ad: Ad, share: Share, redis: Redis
) -> None:
    await Forgetting(worker.stores, lambda: START).ad(ad.id)
    assert await changed(redis) == [f"ad:{ad.id}", f"share:{share.id}"]


async def test_a_forgotten_ad_is_named_by_no_other_ads_fallback(
    worker: Worker, mei: Account, ad: Ad, redis: Redis
) -> None:
    other = await worker.ads.create(mei.id, parse(DRAFT | {"fallback": ad.id}))
    last = await worker.ads.create(mei.id, parse(DRAFT | {"fallback": other.id}))
    await Forgetting(worker.stores, lambda: START).ad(other.id)
    assert await redis.smembers(keys.FALLBACKS_OF_OWNER.format(owner=mei.id)) == set()
    assert await worker.stores.shares.depending_on([f"ad:{last.id}"]) == []
