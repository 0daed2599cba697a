"""Page + what a share adds -> bytes per encoding. Pure, and fast enough to be done on request.

The page's own segments are deflated once (`prepare`), what a share adds once per version of it; a
body in gzip is these parts behind each other (`proxy.splice`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import brotli

from ads import slot
from ads.ad import Ad
from ads.ad.shape import Placement
from proxy import frame, shares, splice
from proxy.compiler.page import Card, Gap, Page
from proxy.shares import Share
from proxy.splice import Part

# 18 KB in a millisecond, a fifth smaller than gzip; higher levels cost ten times that for a tenth.
BROTLI_QUALITY = 5
# The ad of a share is told apart from the one of a preview or of the command by its links.
NO_SHARE = "preview"


@dataclass(frozen=True)
class Origins:
    """Both origins as `scheme://host[:port]`."""

    console: str
    pages: str


@dataclass(frozen=True)
class Prepared:
    """A compiled page with its segments deflated; `size` is what it takes in memory."""

    page: Page
    parts: tuple[Part, ...]
    size: int


@dataclass(frozen=True)
class Rendered:
    """One weak ETag for all bodies; `bodies` maps an encoding to the body in it."""

    etag: str
    bodies: dict[str, bytes]


def prepare(page: Page) -> Prepared:
    """Deflates what all shares of an article have in common; tens of milliseconds at the most."""
    parts = tuple(splice.part(segment, small=True) for segment in page.segments)
    size = sum(2 * len(part.raw) + len(part.deflated) for part in parts)
    return Prepared(page, parts, size)


def page(
    prepared: Prepared, share: Share, ad: Ad | None, *, sharer: str, ticket: str, origins: Origins
) -> Rendered:
    """A share's page with the ad that it shows, in identity and gzip."""
    slots = _slots(prepared.page, ad)
    gaps = _around(prepared.page, share.card, ad if slots else None, sharer, share.id, origins)
    gaps |= _ads(ad, slots, prepared.page, share, origins)
    gaps["tail"] = "".join(
        (
            gaps.get("tail", ""),
            frame.facts(
                share=share.id,
                mode=prepared.page.mode,
                ticket=ticket,
                pages_origin=origins.pages,
                ad=ad,
                slots=slots,
            ),
            frame.script(),
        )
    )
    return _rendered(_joined(prepared, gaps))


def preview(prepared: Prepared, ad: Ad | None, *, sharer: str, origins: Origins) -> bytes:
    """The page as a share would show it, without script and facts: nothing of it is counted."""
    slots = _slots(prepared.page, ad)
    card = prepared.page.card
    gaps = _around(prepared.page, card, ad if slots else None, sharer, NO_SHARE, origins)
    gaps |= _ads(ad, slots, prepared.page, None, origins)
    return splice.identity(_joined(prepared, gaps))


def brand(page: Page, ad: Ad | None) -> bytes:
    """The page with the ad and no server behind it: no facts, no script, no need of them.

    Of the share block there is what a link alone can do.
    """
    slots = _slots(page, ad)
    advertiser = ad.advertiser if ad and slots else ""
    gaps: dict[Gap, str] = {
        "head": frame.head(page.card, page.article, advertiser=advertiser, dark=page.dark),
        "sharer": frame.sharer_line(page.article, sharer="", advertiser=advertiser),
        "share": frame.original_block(page.article, advertiser=advertiser),
    }
    gaps |= _ads(ad, slots, page, None, Origins("", ""))
    return _interleaved(page.segments, [gaps.get(gap, "").encode() for gap in page.gaps])


def add_brotli(rendered: Rendered) -> None:
    """Adds the body in brotli."""
    body = brotli.compress(rendered.bodies["identity"], quality=BROTLI_QUALITY)
    rendered.bodies["br"] = body


def _slots(page: Page, ad: Ad | None) -> tuple[Placement, ...]:
    filled, _ = shares.slots(shares.places(page), page.skipped, page.mode, ad)
    return filled


def _around(
    page: Page, card: Card, ad: Ad | None, sharer: str, share_id: str, origins: Origins
) -> dict[Gap, str]:
    """Our own parts: head, sharer line and share block."""
    advertiser = ad.advertiser if ad else ""
    image = shares.picture_url(card.image, origins.pages)
    card = Card(card.title, card.description, image)
    return {
        "head": frame.head(card, page.article, advertiser=advertiser, dark=page.dark),
        "sharer": frame.sharer_line(
            page.article, sharer=sharer, advertiser=advertiser, gone=page.gone_since > 0
        ),
        "share": frame.share_block(
            page.article,
            share=share_id,
            pages_origin=origins.pages,
            console_origin=origins.console,
            advertiser=advertiser,
        ),
    }


def _ads(
    ad: Ad | None,
    slots: Sequence[Placement],
    page: Page,
    share: Share | None,
    origins: Origins,
) -> dict[Gap, str]:
    """The slots by the gap they stand in; without a share their links lead straight to the target.

    A sticky slot stands last in the body, where no transformed ancestor moves it.
    """
    if ad is None:
        return {}
    return {
        "tail" if place == "sticky" else place: slot.html(
            ad,
            place,
            language=page.article.language,
            share=share.id if share else NO_SHARE,
            channel=share.channel if share else "",
            pages_origin=origins.pages,
            live=share is not None,
        )
        for place in slots
    }


def _joined(prepared: Prepared, gaps: Mapping[Gap, str]) -> list[Part]:
    added = [splice.part(gaps.get(gap, "").encode()) for gap in prepared.page.gaps]
    pairs = zip_longest(prepared.parts, added)
    return [part for pair in pairs for part in pair if part is not None]


def _interleaved(segments: Sequence[bytes], added: Sequence[bytes]) -> bytes:
    pairs = zip_longest(segments, added, fillvalue=b"")
    return b"".join(part for pair in pairs for part in pair)


def _rendered(parts: Sequence[Part]) -> Rendered:
    identity = splice.identity(parts)
    digest = hashlib.blake2b(identity, digest_size=12).hexdigest()
    return Rendered(f'W/"{digest}"', {"identity": identity, "gzip": splice.gzip(parts)})
