"""What a cast is made of, and the cast made of it. Pure."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ads import booking, ticket
from ads.ad import Ad
from proxy.render.mould import Mould
from proxy.render.prepared import Prepared
from proxy.serving.moulds import Cast, Name
from proxy.store.moulds import digest

KEPT = 500
"""Ads of which most pages of an hour are made."""


class Parts(msgspec.Struct, frozen=True, eq=False):
    """What a page is made of, the surrogate keys it hangs on, and whom its tickets speak for.

    `name` is the cast's in memory; `fits` tells what cast and mould are made of.
    """

    name: Name
    ad: Ad | None
    prepared: Prepared
    sharer: str
    keys: Sequence[str]
    spoken: tuple[str, int]
    ticket_bytes: int

    @property
    def fits(self) -> bytes:
        """All that a mould depends on but for what its name says."""
        return self.prepared.digest + _added(self.ad, self.sharer, self.ticket_bytes)


class Drawn(msgspec.Struct, frozen=True, eq=False):
    """A mould, its page's source as a header has it; `of` is the one share whose mould it is."""

    mould: Mould
    link: str
    of: str = ""


def parts(
    name: Name, share: str, chain: Sequence[Ad], prepared: Prepared, sharer: str, at: int
) -> Parts:
    """A share's ad and who stands in (`booking.chain`), and its ticket's time of issue (ms)."""
    ad = booking.shown(chain)
    # Without an ad to show a ticket speaks for the one that rests, whose ledger tells who came.
    spoken = (ad.id, ad.version) if ad else (name.ad, 0)
    size = ticket.size(ticket.Ticket(share, *spoken, at))
    return Parts(name, ad, prepared, sharer, _keys(name, chain), spoken, size)


def cast(parts: Parts, drawn: Drawn, fits: bytes) -> Cast:
    """The cast, and in its name the share if it is for that one alone."""
    name = parts.name
    return Cast(
        name=(*name, drawn.of) if drawn.of else name,
        mould=drawn.mould,
        article=(name.article, name.mode),
        parts=parts.prepared.digest,
        spoken=parts.spoken,
        surrogates=tuple(dict.fromkeys(parts.keys)),
        link=drawn.link,
        keys=frozenset((*parts.keys, f"account:{name.owner}")),
        fits=fits,
    )


@lru_cache(KEPT)
def _added(ad: Ad | None, sharer: str, ticket_bytes: int) -> bytes:
    return digest(ad, sharer, ticket_bytes)


def _keys(name: Name, chain: Sequence[Ad]) -> list[str]:
    """Surrogate keys of all shares alike: article, ad, fallbacks while they may stand in."""
    return [f"article:{name.article}", f"ad:{name.ad}", *(f"ad:{ad.id}" for ad in chain[1:])]
