"""A share: an article with somebody's ad, as it is kept and as its owner sees it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec

from ads.ad import Ad
from ads.ad.shape import PLACEMENTS, Placement
from proxy.page import Article, Card, Closed, Mode, Page, Stored
from proxy.rights import over

State = Literal["active", "ended"]
Rights = Literal["mine", "licensed", "quotation"]
Most = Literal["excerpt", "card"]
STATES: tuple[State, ...] = get_args(State)
RIGHTS: tuple[Rights, ...] = get_args(Rights)

NO_BODY_MODES = ("excerpt", "card")
NO_BODY_PLACES: tuple[Placement, ...] = ("top", "end")  # contract, section 5


class Ending(msgspec.Struct, frozen=True):
    """Why somebody else than its owner ended a share, at `at` (ms); `law`: the law required it.

    `wanted` is the state that its owner wants: the share returns to it if the ending is lifted.
    """

    by: Literal["operator", "publisher"]
    why: str
    law: bool = False
    at: int = 0
    wanted: State = "active"


class Lowered(msgspec.Struct, frozen=True):
    """The operator lets a share show no more than `most`; `was` is the mode asked for before."""

    most: Most
    why: str
    was: Mode


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A published article with an ad. Times in ms.

    `asked` is the mode asked for, `mode` the one published. `own_card` has the sharer's words; ""
    takes the article's own. `places` are the slots that the page has, used by the ad or not;
    `skipped` says why others are missing. `closed` is its page's (`Stored`). Its owner cannot
    reactivate a share with an `ending`, nor ask for more of it than `lowered` allows.
    """

    id: str
    owner: str
    ad: str
    article_id: str
    channel: str = ""
    asked: Mode = "full"
    mode: Mode = "full"
    mode_reason: str = ""
    places: tuple[Placement, ...] = ()
    skipped: dict[str, str] = {}
    article: Article = Article()
    page_card: Card = Card()
    own_card: Card = Card()
    rights: Rights | None = None
    created_at: int = 0
    updated_at: int = 0
    state: State = "active"
    ending: Ending | None = None
    lowered: Lowered | None = None
    closed: Closed = ""

    @property
    def gone(self) -> bool:
        """Whether its page answers 410 or 451."""
        return self.state == "ended" or self.closed != ""

    @property
    def card(self) -> Card:
        """The link card: the sharer's words win over the article's."""
        return Card(
            title=self.own_card.title or self.page_card.title,
            description=self.own_card.description or self.page_card.description,
            image=self.own_card.image or self.page_card.image,
        )


def of_page(share: Share, page: Page, closed: Closed = "") -> Share:
    """The share with what a compiled page says of its article, mode, card and places."""
    return msgspec.structs.replace(
        share,
        mode=page.mode,
        mode_reason=page.mode_reason or _lowered_to(share, page.mode),
        places=places(page),
        skipped=dict(page.skipped),
        article=page.article,
        page_card=page.card,
        closed=closed,
    )


def renewed(share: Share, article: str, mode: Mode, stored: Stored) -> Share:
    """The share with what a page of its article says, unless it asks for another by now."""
    same = (share.article_id, share.asked) == (article, mode)
    return of_page(share, stored.page, stored.closed) if same else share


def _lowered_to(share: Share, mode: Mode) -> str:
    return "operator" if share.lowered and over(share.lowered.was, mode) else ""


def lowered(share: Share, most: Most, why: str) -> Share:
    """The share, lowered to `most` by the operator; the page of that mode tells the rest."""
    share = _risen(share)
    share = msgspec.structs.replace(share, lowered=Lowered(most, why, share.asked))
    if over(share.asked, most):
        share = msgspec.structs.replace(share, asked=most)
    if not over(share.mode, most):
        return share
    left = tuple([place for place in share.places if place in NO_BODY_PLACES])
    return msgspec.structs.replace(share, mode=most, mode_reason="operator", places=left)


def lifted(share: Share) -> Share:
    """The share without `ending` and `lowered`: as its owner wants it."""
    if share.ending:
        share = msgspec.structs.replace(share, state=share.ending.wanted, ending=None)
    return _risen(share)


def _risen(share: Share) -> Share:
    if share.lowered is None:
        return share
    was = share.lowered.was
    return msgspec.structs.replace(share, asked=was, mode=was, mode_reason="", lowered=None)


def places(page: Page) -> tuple[Placement, ...]:
    """The slots that this page can carry, in document order; `tail` is the sticky slot's gap."""
    allowed = NO_BODY_PLACES if page.mode in NO_BODY_MODES else PLACEMENTS
    standing = ["sticky" if gap == "tail" else gap for gap in page.gaps]
    return tuple([place for place in standing if place in allowed])


def slots(
    places: Iterable[Placement], skipped: Mapping[str, str], mode: Mode, ad: Ad | None
) -> tuple[tuple[Placement, ...], dict[str, str]]:
    """The slots that the ad fills on the page, and why it misses the others that it wants.

    The reasons are the compiler's, `mode_excerpt` and `mode_card` (they carry top and end only),
    and `no_place`.
    """
    wanted = ad.placements if ad else ()
    filled = tuple(place for place in places if place in wanted)
    reason = f"mode_{mode}" if mode in NO_BODY_MODES else "no_place"
    return filled, {slot: skipped.get(slot) or reason for slot in wanted if slot not in filled}


def address(pages_origin: str, share_id: str) -> str:
    """The share's link, absolute on the pages origin."""
    return f"{pages_origin}/s/{share_id}"


def origin(share: Share) -> str:
    """`scheme://host[:port]` of the site that the share's article stands on."""
    parts = urlsplit(share.article.source_url)
    return f"{parts.scheme}://{parts.netloc}"


def picture_url(image: str, pages_origin: str) -> str:
    """The address of a picture: of an uploaded one by its id; an address stays as it is."""
    return image if not image or "/" in image else f"{pages_origin}/m/{image}"
