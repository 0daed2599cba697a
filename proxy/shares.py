"""A share: an article with somebody's ad, as it is kept and as its owner sees it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal, get_args

import msgspec

from ads.ad import Ad
from proxy.compiler.page import Article, Card, Mode, Page

State = Literal["active", "ended"]
Rights = Literal["mine", "licensed", "quotation"]
STATES: tuple[State, ...] = get_args(State)
RIGHTS: tuple[Rights, ...] = get_args(Rights)

# A sticky slot stands at the page's tail and needs no place in the article.
NO_BODY_MODES = ("excerpt", "card")


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A published article with an ad. Times in ms.

    `asked` is the mode asked for, `mode` the one published; `own_card` is what the sharer wrote,
    "" where the article's own card stands. `places` are the page's slots whether the ad uses them
    or not, `skipped` why the others are missing.
    """

    id: str
    owner: str
    ad: str
    article_id: str
    channel: str = ""
    asked: Mode = "full"
    mode: Mode = "full"
    mode_reason: str = ""
    places: tuple[str, ...] = ()
    skipped: dict[str, str] = {}
    article: Article = Article()
    page_card: Card = Card()
    own_card: Card = Card()
    rights: Rights | None = None
    created_at: int = 0
    updated_at: int = 0
    state: State = "active"

    @property
    def card(self) -> Card:
        """The link card: the sharer's words win over the article's."""
        return Card(
            title=self.own_card.title or self.page_card.title,
            description=self.own_card.description or self.page_card.description,
            image=self.own_card.image or self.page_card.image,
        )


def of_page(share: Share, page: Page) -> Share:
    """The share with what a compiled page says of its article, mode, card and places."""
    return msgspec.structs.replace(
        share,
        mode=page.mode,
        mode_reason=page.mode_reason,
        places=places(page),
        skipped=dict(page.skipped),
        article=page.article,
        page_card=page.card,
    )


def places(page: Page) -> tuple[str, ...]:
    """The slots that this page can carry, in document order."""
    inside = tuple(gap for gap in page.gaps if gap in ("top", "middle", "end"))
    # Contract, section 5: excerpt and card carry top and end only.
    if page.mode in NO_BODY_MODES:
        return tuple(gap for gap in inside if gap != "middle")
    return (*inside, "sticky") if "tail" in page.gaps else inside


def slots(
    places: Iterable[str], skipped: Mapping[str, str], mode: Mode, ad: Ad | None
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The slots that the ad fills on the page, and why it misses the others that it wants."""
    wanted = ad.placements if ad else ()
    filled = tuple(place for place in places if place in wanted)
    short = f"{mode} carries top and end only"
    reason = short if mode in NO_BODY_MODES else "no place for it in this article"
    return filled, {slot: skipped.get(slot) or reason for slot in wanted if slot not in filled}


def address(pages_origin: str, share_id: str) -> str:
    """The share's link, absolute on the pages origin."""
    return f"{pages_origin}/s/{share_id}"


def timestamp(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def article_json(article: Article) -> dict[str, object]:
    """An article's facts as the API shows them."""
    facts = msgspec.structs.asdict(article)
    return facts | {"fetched_at": timestamp(article.fetched_at)}


def card_json(card: Card, pages_origin: str) -> dict[str, object]:
    """A link card as the API shows it, its picture absolute."""
    return {
        "title": card.title,
        "description": card.description,
        "image": picture_url(card.image, pages_origin),
    }


def picture_url(image: str, pages_origin: str) -> str:
    """An uploaded picture's id becomes its address; an address stays."""
    return image if not image or "/" in image else f"{pages_origin}/m/{image}"


def as_json(share: Share, ad: Ad | None, pages_origin: str) -> dict[str, object]:
    """The share of the contract's section 3, its slots by the ad that it carries now."""
    filled, missed = slots(share.places, share.skipped, share.mode, ad)
    return {
        "id": share.id,
        "url": address(pages_origin, share.id),
        "ad": share.ad,
        "channel": share.channel,
        "mode": share.mode,
        "mode_reason": share.mode_reason,
        "slots": list(filled),
        "slots_skipped": missed,
        "article": article_json(share.article),
        "card": card_json(share.card, pages_origin),
        "rights": share.rights,
        "created_at": timestamp(share.created_at),
        "state": share.state,
    }
