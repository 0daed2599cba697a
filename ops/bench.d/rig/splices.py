"""A new share of a hot article beside zlib at level 6 on the whole page, for ads of every kind."""

import time
import zlib
from collections.abc import Callable, Iterator

from ads.ad import Ad
from proxy import render
from proxy.compiler import compile_page
from proxy.render import Origins
from proxy.render.prepared import Prepared
from proxy.render.splice import identity
from proxy.rights import Signals
from proxy.shares import Share, of_page
from proxy.source import Source
from tests.pages import prepared

ORIGINS = Origins("https://console.example", "https://pages.example")
COMMON = {
    "owner": "mei",
    "name": "Spring harvest",
    "advertiser": "Half Hill Tea",
    "title": "Last pick of the year",
    "body": "Autumn oolong from one hillside.",
    "button": "See the harvest",
    "target": "https://halfhill.example/harvest?by={channel}",
    "placements": ("top", "middle", "end", "sticky"),
}
KINDS = ("banner", "text", "card", "qr", "call")
ROUNDS, TIMES = 5, 200
PIECES = 30
"""About how many pieces a share's page is joined from."""


def measured(page: bytes) -> Iterator[tuple[str, float, float, float]]:
    """For each kind of ad: (kind, microseconds of zlib, of a new share, its size over zlib's)."""
    source = Source("https://publisher.example/article", page, fetched_at=1)
    article = prepared(compile_page(source, "full", Signals()))
    for kind in KINDS:
        ad = Ad(id=kind, kind=kind, image="https://halfhill.example/tea.jpg", **COMMON)
        share = _shares(article, ad)
        body = share()
        whole = identity(body)
        slow = _best(lambda whole=whole: zlib.compress(whole, 6), TIMES // 20)
        size = len(body) / len(zlib.compress(whole, 6))
        yield kind, slow, _best(share, TIMES), size


def beside_join(page: bytes) -> Iterator[tuple[str, float, float]]:
    """For each kind of ad: (kind, microseconds of joining a page's bytes, of a new share).

    There are about as many pieces as in a share, which comes compressed, with ETag and checksum.
    """
    source = Source("https://publisher.example/article", page, fetched_at=1)
    article = prepared(compile_page(source, "full", Signals()))
    for kind in KINDS:
        ad = Ad(id=kind, kind=kind, image="https://halfhill.example/tea.jpg", **COMMON)
        share = _shares(article, ad)
        whole = identity(share())
        size = -(-len(whole) // PIECES)
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        yield kind, *_in_turn(lambda pieces=pieces: b"".join(pieces), share)


def _shares(article: Prepared, ad: Ad) -> Callable[[], bytes]:
    """A function that joins another share's page at each call, as the service does."""
    number = 0
    share = Share(id=f"s{number:011d}", owner="mei", ad=ad.id, article_id="x", channel="c")
    share = of_page(share, article.stored.page)
    about = {"sharer": "Mei Lin", "ticket_bytes": 88, "origins": ORIGINS}
    template, _ = render.draw(article, share, ad, **about)

    def new() -> bytes:
        nonlocal number
        number += 1
        stamp = template.stamp(f"s{number:011d}", f"{number:088d}")
        return template.gzip(article.runs, stamp)

    return new


def _in_turn(*works: Callable[[], object]) -> list[float]:
    """Microseconds of each, in the best of many short rounds in turn: load hits none alone."""
    rounds = [[_best(work, TIMES // 10) for work in works] for _ in range(2 * PIECES)]
    return [min(found) for found in zip(*rounds, strict=True)]


def _best(work: Callable[[], object], times: int) -> float:
    """Microseconds of a call, in the best of some rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times * 1e6)
    return min(found)
