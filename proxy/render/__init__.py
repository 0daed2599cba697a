"""Page + a share's own parts -> bytes per encoding. Pure, and fast enough to run on each request.

`prepared` is the stored form of a page: its segments are deflated already, and nothing else is
decoded before it is needed. `gaps` draws the parts that a share adds. A `template` joins both once
for all similar shares. A body is one gzip member of all parts (`splice`), with a combined
`checksum`.
"""

from collections.abc import Callable
from functools import partial
from typing import cast

import brotli
import msgspec

from ads import slot
from ads.ad import Ad
from ads.ad.shape import Placement
from proxy import frame, shares
from proxy.page import Card, Gap, Page
from proxy.render import gaps, splice
from proxy.render.gaps import Origins, Pieces
from proxy.render.prepared import Prepared, inflated
from proxy.render.template import Template, joined
from proxy.shares import Share

__all__ = ["Origins", "brand", "brotli_of", "draw", "preview"]

# 18 KB in a millisecond, a fifth smaller than gzip; higher levels cost ten times that for a tenth.
BROTLI_QUALITY = 5
# Stands for a share's id in the markup of a preview, or of a page that the command makes.
NO_SHARE = "preview"


def draw(
    prepared: Prepared,
    share: Share,
    ad: Ad | None,
    *,
    sharer: str,
    ticket_bytes: int,
    origins: Origins,
) -> tuple[Template, bool]:
    """The page without a share's id and ticket, and whether it fits all similar shares.

    Similar shares have the same page, ad, sharer, card, channel, and lengths of id and ticket.
    """
    page = prepared.stored.page
    slots = _slots(page, ad)
    added = _around(page, share, ad if slots else None, sharer, origins)
    added["tail"] = gaps.facts(page.mode, ad, slots, origins)
    alike = True
    if ad:
        about = (page.article.language, share.id, share.channel, origins.pages)
        for place in slots:
            drawn, of_all = gaps.ad_slot(ad, place, *about)
            alike = alike and of_all
            gap = gaps.gap_of(place)
            added[gap] = drawn + added.get(gap, ())
    after = [added.get(gap, ()) for gap in page.gaps]
    whole = zip(prepared.parts, [*after, ()], strict=True)
    return joined(whole, len(share.id), ticket_bytes), alike


def preview(prepared: Prepared, ad: Ad | None, *, sharer: str, origins: Origins) -> bytes:
    """The page as a share would show it, without script and facts, so that nothing is counted."""
    page = msgspec.structs.replace(prepared.stored.page, segments=inflated(prepared.parts))
    block = partial(
        frame.share_block,
        share=NO_SHARE,
        pages_origin=origins.pages,
        console_origin=origins.console,
    )
    return _still(page, ad, sharer, origins, block)


def brand(page: Page, ad: Ad | None) -> bytes:
    """The page with the ad, as a file that needs no server: without facts and script.

    Its share block has only what works as a plain link.
    """
    return _still(page, ad, "", Origins("", ""), frame.original_block)


def brotli_of(member: bytes) -> bytes:
    """A gzip member's content, in brotli."""
    return cast(bytes, brotli.compress(splice.identity(member), quality=BROTLI_QUALITY))


def _slots(page: Page, ad: Ad | None) -> tuple[Placement, ...]:
    filled, _ = shares.slots(shares.places(page), page.skipped, page.mode, ad)
    return filled


def _around(
    page: Page, share: Share, ad: Ad | None, sharer: str, origins: Origins
) -> dict[Gap, Pieces]:
    """Our own parts: head, sharer line and share block."""
    advertiser = ad.advertiser if ad else ""
    image = shares.picture_url(share.card.image, origins.pages)
    card = Card(share.card.title, share.card.description, image)
    return {
        "head": gaps.head(card, page.article, advertiser, page.dark),
        "sharer": gaps.sharer_line(page.article, sharer, advertiser, gone=page.gone_since > 0),
        "share": gaps.share_block(page.article, advertiser, origins),
    }


def _still(
    page: Page, ad: Ad | None, sharer: str, origins: Origins, block: Callable[..., str]
) -> bytes:
    """A page without a share: the links of its slots lead straight to the target."""
    slots, article = _slots(page, ad), page.article
    advertiser = ad.advertiser if ad and slots else ""
    image = shares.picture_url(page.card.image, origins.pages)
    card, gone = msgspec.structs.replace(page.card, image=image), page.gone_since > 0
    added: dict[Gap, str] = {
        "head": frame.head(card, article, advertiser=advertiser, dark=page.dark),
        "sharer": frame.sharer_line(article, sharer=sharer, advertiser=advertiser, gone=gone),
        "share": block(article, advertiser=advertiser),
    }
    about = {"language": article.language, "pages_origin": origins.pages}
    if ad:
        for place in slots:
            drawn = slot.html(ad, place, share=NO_SHARE, channel="", live=False, **about)
            added[gaps.gap_of(place)] = drawn
    texts = [added.get(gap, "").encode() for gap in page.gaps]
    between = zip(page.segments, [*texts, b""], strict=True)
    return b"".join([part for pair in between for part in pair])
