"""What the API answers about shares, as structs that the OpenAPI document takes schemas from."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ads.ad import Ad
from ads.ad.shape import Placement
from ads.clock import Timestamp, timestamp
from proxy import shares
from proxy.page import Article, Card, Mode
from proxy.publish import Preview
from proxy.shares import Most, Rights, Share, State

Uri = Annotated[str, Meta(extra_json_schema={"format": "uri"})]


class ArticleView(msgspec.Struct, frozen=True):
    """What is known of an article; "" is unknown. `published` is RFC 3339 or a date."""

    title: str
    site: str
    author: str
    published: str
    image: str
    language: str
    source_url: Uri
    fetched_at: Timestamp


class CardView(msgspec.Struct, frozen=True):
    """What a chat shows of the link. `image` is absolute, or "" for none."""

    title: str
    description: str
    image: str


class EndingView(msgspec.Struct, frozen=True):
    """Who ended a share instead of its owner, why, and whether the law was the reason."""

    by: Literal["operator", "publisher"]
    why: str
    law: bool


class LoweredView(msgspec.Struct, frozen=True):
    """The most that the operator lets a share show of its article, and why."""

    most: Most
    why: str


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """A share. `slots` are those that its ad fills now, `slots_skipped` why it misses others.

    `ending` is there only if others than its owner ended it, `lowered` if the operator allows less,
    `closed` if its article may not be shown any more: then its page answers 410.
    """

    id: str
    url: Uri
    ad: str
    channel: str
    mode: Mode
    mode_reason: str
    slots: tuple[Placement, ...]
    slots_skipped: dict[str, str]
    article: ArticleView
    card: CardView
    rights: Rights | None
    created_at: Timestamp
    state: State
    ending: EndingView | msgspec.UnsetType = msgspec.UNSET
    lowered: LoweredView | msgspec.UnsetType = msgspec.UNSET
    closed: Literal["vanished", "refused_by_publisher"] | msgspec.UnsetType = msgspec.UNSET


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """What would be published; `page` is for a frame of the console, until `expires_at`."""

    mode: Mode
    mode_reason: str
    article: ArticleView
    card: CardView
    slots: tuple[Placement, ...]
    slots_skipped: dict[str, str]
    page: Uri
    expires_at: Timestamp


def share(shown: Share, ad: Ad | None, pages_origin: str) -> ShareView:
    """A share as its owner sees it; `ad` is the one that its page shows now."""
    filled, missed = shares.slots(shown.places, shown.skipped, shown.mode, ad)
    ending, lowered = shown.ending, shown.lowered
    return ShareView(
        id=shown.id,
        url=shares.address(pages_origin, shown.id),
        ad=shown.ad,
        channel=shown.channel,
        mode=shown.mode,
        mode_reason=shown.mode_reason,
        slots=filled,
        slots_skipped=missed,
        article=article(shown.article),
        card=card(shown.card, pages_origin),
        rights=shown.rights,
        created_at=timestamp(shown.created_at),
        state=shown.state,
        ending=EndingView(ending.by, ending.why, ending.law) if ending else msgspec.UNSET,
        lowered=LoweredView(lowered.most, lowered.why) if lowered else msgspec.UNSET,
        closed=shown.closed or msgspec.UNSET,
    )


def preview(shown: Preview, pages_origin: str) -> PreviewView:
    """A preview as the API answers it."""
    return PreviewView(
        mode=shown.page.mode,
        mode_reason=shown.page.mode_reason,
        article=article(shown.page.article),
        card=card(shown.page.card, pages_origin),
        slots=shown.slots,
        slots_skipped=dict(shown.slots_skipped),
        page=shown.url,
        expires_at=timestamp(shown.expires_at),
    )


def article(facts: Article) -> ArticleView:
    """An article's facts."""
    values = msgspec.structs.asdict(facts)
    return ArticleView(**{**values, "fetched_at": timestamp(facts.fetched_at)})


def card(shown: Card, pages_origin: str) -> CardView:
    """A link card, its picture absolute."""
    image = shares.picture_url(shown.image, pages_origin)
    return CardView(shown.title, shown.description, image)
