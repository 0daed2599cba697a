"""Readers of a share, folded directly into the counts."""

import secrets
from dataclasses import dataclass, field

from ads.clock import now_ms
from ads.events.receipt import Receipt
from ads.store.counts import Item
from proxy.publish import PublishRequest
from proxy.shares import Share
from tests.ads.store.counts.telling import apply
from tests.client import hop
from tests.console.conftest import Console


@dataclass
class Reading:
    """One share's readers."""

    console: Console
    share: Share
    items: list[Item] = field(default_factory=list)

    def event(self, kind: str, n: str, p: str, o: str, refused: str = "", **more: str) -> None:
        """Add an event that is received now."""
        id_ = o if kind == "open" else secrets.token_urlsafe(15)
        receipt = Receipt(now_ms(), self.share.id, self.share.ad, 1, kind, id_, o, n, p, **more)
        self.items.append(Item(len(self.items) + 1, receipt, refused))

    def opens(self, parent: str = "", *seen: str, depth: int = 1) -> str:
        """Add a reader who opens the page and views these slots; returns their hop."""
        n, o = hop(depth), secrets.token_urlsafe(15)
        self.event("open", n, parent, o)
        for slot in seen:
            self.event("view", n, parent, o, s=slot)
        return n

    async def fold(self) -> None:
        """Fold the events added so far."""
        counts = self.console.parts.stores.counts
        await counts.index([(self.share.ad, self.share.id)])
        await apply(counts, self.share.id, "segment", self.items)


async def shared(console: Console, owner_email: str = "mei@halfhill.example") -> Reading:
    """A share of the sample article with a new ad."""
    owner = await console.parts.stores.accounts.by_email(owner_email)
    assert owner
    ad = await console.ad(owner)
    request = PublishRequest(f"{console.source}/tea", ad.id, channel="Newsletter")
    return Reading(console, await console.parts.publisher.publish(owner, request))
