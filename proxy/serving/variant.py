"""What similar shares have in common, and the records that this depends on. Pure."""

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
"""Ads whose digests are cached: most pages of an hour have one of these."""


class Key(NamedTuple):
    """The fields that the records of similar shares have in common.

    `alone` is a share's id if the variant is for that share only.
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
    """The key of a share's variant."""
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
    """A template, with everything else that its shares have in common.

    `page` is the digest of the article's page that it was drawn for, `ad_version` the ad and
    version in its tickets; `surrogates` and `link` (to the source) are for its headers. `digest`
    covers all that it was drawn from, except the key.
    """

    key: Key
    template: Template
    page: bytes
    ad_version: tuple[str, int]
    surrogates: tuple[str, ...]
    link: str
    digest: bytes


class Inputs(msgspec.Struct, frozen=True, eq=False):
    """What a variant is drawn from, with its surrogate keys and the ad and version in its tickets.

    `digest` covers all that the template depends on, except the key.
    """

    key: Key
    ad: Ad | None
    page: Prepared
    sharer: str
    surrogates: tuple[str, ...]
    ad_version: tuple[str, int]
    ticket_bytes: int
    digest: bytes

    def variant(self, template: Template, link: str) -> Variant:
        """The variant, with the template that was drawn from these inputs."""
        page = self.page.digest
        return Variant(
            self.key, template, page, self.ad_version, self.surrogates, link, self.digest
        )


def inputs(
    key: Key, share: str, chain: Sequence[Ad], page: Prepared, sharer: str, at: int
) -> Inputs:
    """The inputs for a share; `chain` is its ad with fallbacks (`booking.chain`), `at` in ms."""
    ad = booking.shown(chain)
    # If no ad is shown, readers count for the share's own ad, which is paused.
    ad_version = (ad.id, ad.version) if ad else (key.ad, 0)
    size = ticket.size(ticket.Ticket(share, *ad_version, at))
    # Fallbacks are among the keys only while they may be shown.
    ads = dict.fromkeys((key.ad, *(each.id for each in chain[1:])))
    surrogates = (f"article:{key.article}", *(f"ad:{each}" for each in ads))
    drawn_from = page.digest + _added(ad, sharer, size)
    return Inputs(key, ad, page, sharer, surrogates, ad_version, size, drawn_from)


@lru_cache(KEPT)
def _added(ad: Ad | None, sharer: str, ticket_bytes: int) -> bytes:
    return digest(ad, sharer, ticket_bytes)
