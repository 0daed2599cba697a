"""Pure, no I/O: Source -> Page. Rooms and files in the order that a page goes through them.

`decode` (`labels`) makes bytes text, `tree` (`foreign_templates`) text a document: the only one
that knows the engine. `draft` is a page on its way, and `steps` are what is done to each:

1. `facts`: what it says of itself, and who may show how much of it.
2. `scripted`: what its scripts would put in place, load and close; what they would show comes last.
3. `clean`: what may stay of it.
4. `body`: the element that holds the article, found by the page's `blocks`.

`write` makes the page of its mode. `extent` tells which blocks of the body are the article's own.
For `full`, `place` puts slots between the blocks; for the other modes, `reader` is our own plain
page. `split` cuts the page at its slots.

Beside these: `further`, an article's next page; `media`, what is no page; `bare`, what stays of a
page that may show no more; `urls`, its addresses.
"""

from typing import TYPE_CHECKING

from proxy.page import Mode, Page
from proxy.source import Source

if TYPE_CHECKING:  # its modes are our leaf's: whoever imports it first comes through here
    from proxy.rights import Signals


def compile_page(source: Source, mode: Mode, outside: "Signals") -> Page:
    """An article as a page with gaps, in `mode` or what the publisher allows below it.

    `outside` is what was learnt elsewhere than from the page and its headers (robots.txt, the
    operator's lists). Raises SourceProblem: not_an_article, login_required, refused_by_publisher,
    too_big. Takes 5 to 200 ms: run it in a worker process.
    """
    # `page` is a leaf that settings read; the engine is loaded when a page is first compiled.
    from proxy.compiler import media, steps, write

    if source.media != "html":
        return media.card_page(source, mode, outside)
    return write.write(steps.prepare(source, mode, outside))


def bare_page(page: Page, reason: str) -> Page:
    """What is left of a page that may show no more while its source is away: see `bare`."""
    from proxy.compiler import bare

    return bare.bare(page, reason)
