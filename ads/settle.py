"""Durable receipts -> what is folded: the final reason and the variant shown are settled here."""

from collections.abc import Callable, Sequence
from typing import Protocol

from ads import variant
from ads.ad import Ad
from ads.mark import settled
from ads.receipt import Receipt
from ads.store.counts import Item
from ads.turn import Turn


class Facts(Protocol):
    """What folding must know of shares and ads (`ads.activity`)."""

    async def until(self, share: str, ad: str, latest: int) -> Callable[[int], bool]:
        """Whether both were active, as a function of any time up to the latest (ms)."""

    async def version(self, ad: str, number: int) -> Ad | None:
        """A version of an ad, or None."""


async def settle(
    share: str, received: Sequence[tuple[int, Receipt]], facts: Facts, turn: Turn
) -> list[Item]:
    """Items of one share, in order, of what was received for it (sequence, receipt)."""
    latest = max(receipt.at for _, receipt in received)
    ads = {receipt.ad for _, receipt in received}
    # Asked once for all of them: asking for each was a quarter of what folding takes here.
    active = {ad: await facts.until(share, ad, latest) for ad in ads}
    items = []
    for sequence, receipt in received:
        await turn.end()
        refused = settled(receipt.refused, active=active[receipt.ad](receipt.at))
        shown = "" if refused or receipt.k != "open" else await _variant(receipt, facts)
        items.append(Item(sequence, receipt, refused, shown))
    return items


async def _variant(receipt: Receipt, facts: Facts) -> str:
    ad = await facts.version(receipt.ad, receipt.version)
    return variant.pick(receipt.n, variant.weights(ad)) if ad else ""
