"""Durable receipts -> items to fold, with the final reason of a refusal and the variant shown."""

from collections.abc import Sequence

from ads.ad import variant
from ads.events.mark import settled
from ads.events.receipt import Receipt
from ads.fold.activity import Activity
from ads.store.counts import Item
from ads.tasks import TimeSlice


async def settle(
    share: str, received: Sequence[tuple[int, Receipt]], activity: Activity, time_slice: TimeSlice
) -> list[Item]:
    """The items of one share, from its receipts (sequence, receipt), in the same order."""
    latest = max(receipt.at for _, receipt in received)
    ads = {receipt.ad for _, receipt in received}
    # Once for each ad: asking for each event took a quarter of the fold's time here.
    active = {ad: await activity.until(share, ad, latest) for ad in ads}
    items = []
    for sequence, receipt in received:
        await time_slice.end()
        refused = settled(receipt.refused, active=active[receipt.ad](receipt.at))
        shown = "" if refused or receipt.k != "open" else await _variant(receipt, activity)
        items.append(Item(sequence, receipt, refused, shown))
    return items


async def _variant(receipt: Receipt, activity: Activity) -> str:
    ad = await activity.version(receipt.ad, receipt.version)
    return variant.pick(receipt.n, variant.weights(ad)) if ad else ""
