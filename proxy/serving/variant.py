"""What shares that are alike have in common, and what that is made of. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from ads import booking, ticket
from ads.ad import Ad
from proxy.page import Card, Mode
from proxy.render.prepared import Prepared
from proxy.render.template import Template
from proxy.shares import Share
from proxy.store.templates import digest

KEPT = 500
"""Ads of which most pages of an hour are made."""


class Key(NamedTuple):
    """What shares of a variant have in common, as far as it stands in their records.

    `alone` is a share's id where the variant is for that one only.
    """

    article: str
    mode: Mode
    ad: str
    owner: str
    card: Card
    channel: str
    id_bytes: int
    alone: str = ""


def key(share: Share) -> Key:
    """What a share has in common with those like it."""
    return Key(
        share.article_id,
        share.asked,
        share.ad,
        share.owner,
        share.own_card,
        share.channel,
        len(share.id),
    )


class Variant(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A template with what else its shares have in common.

    `page` is the digest of the article's page that fits it, `spoken` the ad and its version that
    tickets speak for; `surrogates` and `link` (to the source) stand in its shares' headers.
    `digest` is of what it was drawn from, beside what its key says.
    """

    key: Key
    template: Template
    page: bytes
    spoken: tuple[str, int]
    surrogates: tuple[str, ...]
    link: str
    digest: bytes


class Inputs(msgspec.Struct, frozen=True, eq=False):
    """What a variant is made of, the surrogate keys it hangs on, and whom its tickets speak for.

    `digest` is of all that a template depends on but for what its key says.
    """

    key: Key
    ad: Ad | None
    page: Prepared
    sharer: str
    surrogates: tuple[str, ...]
    spoken: tuple[str, int]
    ticket_bytes: int
    digest: bytes

    def variant(self, template: Template, link: str) -> Variant:
        """The variant with the template that was drawn of this."""
        page = self.page.digest
        return Variant(self.key, template, page, self.spoken, self.surrogates, link, self.digest)


def inputs(
    key: Key, share: str, chain: Sequence[Ad], page: Prepared, sharer: str, at: int
) -> Inputs:
    """Of a share's ad and who stands in (`booking.chain`), its ticket's time of issue (ms)."""
    ad = booking.shown(chain)
    # Without an ad to show a ticket speaks for the one that rests, whose ledger tells who came.
    spoken = (ad.id, ad.version) if ad else (key.ad, 0)
    size = ticket.size(ticket.Ticket(share, *spoken, at))
    # Fallbacks only while they may stand in.
    ads = dict.fromkeys((key.ad, *(each.id for each in chain[1:])))
    surrogates = (f"article:{key.article}", *(f"ad:{each}" for each in ads))
    told = page.digest + _added(ad, sharer, size)
    return Inputs(key, ad, page, sharer, surrogates, spoken, size, told)


@lru_cache(KEPT)
def _added(ad: Ad | None, sharer: str, ticket_bytes: int) -> bytes:
    return digest(ad, sharer, ticket_bytes)
