"""What publishing is told and leans on, and what it answers (a leaf)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ads.accounts import Account
from ads.ad import Ad
from ads.ad.shape import Placement
from ads.store.bookings import Bookings
from ads.store.removal import Removal
from ads.store.throttle import Throttle
from proxy.compiler.page import Mode, Page
from proxy.store.articles import ArticleStore
from proxy.store.limits import Limits
from proxy.store.previews import PreviewStore
from proxy.store.published import Published
from proxy.store.shares import ShareStore

Kind = Literal["publish", "preview"]
AdLookup = Callable[[str], Awaitable[Ad | None]]

PREVIEWS_A_SHARE = 10
"""A newcomer looks at so many for each page that it shares in a day."""
# Calls a minute and account. A person publishes one in twenty seconds at best; a list of thirty
# channels in one go is the most that the console makes.
A_MINUTE: Mapping[Kind, int] = {"publish": 30, "preview": 60}


@dataclass(frozen=True)
class PublishConfig:
    """`own_hosts` are our pages' `host[:port]`, whose links are nobody's article."""

    pages_origin: str
    own_hosts: frozenset[str]
    default_mode: Mode = "full"
    limits: bool = True
    newcomer_shares: int = 20


@dataclass(frozen=True)
class PublishStores:
    """What publishing reads and writes; `ad` and `account` find one by its id."""

    articles: ArticleStore
    shares: ShareStore
    previews: PreviewStore
    limits: Limits
    bookings: Bookings
    published: Published
    ad: AdLookup
    throttle: Throttle
    account: Callable[[str], Awaitable[Account | None]]
    removal: Removal


@dataclass(frozen=True)
class Preview:
    """What would be published, and the address where it stands until `expires_at` (ms)."""

    article_id: str
    page: Page
    slots: tuple[Placement, ...]
    slots_skipped: Mapping[str, str]
    url: str
    expires_at: int
