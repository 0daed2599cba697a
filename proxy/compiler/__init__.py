"""Compiles a Source to a Page. Pure, no I/O. Its parts, in the order in which a page passes them.

`decode` (`labels`) turns bytes into text, `tree` (`foreign_templates`) text into a document; only
`tree` knows the engine. A `draft` is a page on its way through the `steps`:

1. `facts`: what the page says of itself, and how much of it may be shown.
2. `scripted`: what its scripts would place, load or close (what they would show comes last).
3. `clean`: removes what may not stay.
4. `body`: the element that holds the article, found by means of the page's `blocks`.

`write` makes the page of the draft's mode. `extent` finds which blocks of the body are the
article's own. In `full`, `place` puts slots between the blocks; in other modes, `reader` makes a
plain page of ours. `split` cuts the page at its slots.

Beside these: `further`, an article's next page; `media`, sources that are not HTML; `bare`, the
rest of a page that may show no more; `urls`, a page's addresses.
"""

from proxy.page import Mode, Page
from proxy.rights import Signals
from proxy.source import Source


def compile_page(source: Source, mode: Mode, outside: Signals) -> Page:
    """An article as a page with gaps, in `mode` or what the publisher allows below it.

    `outside`: signals from elsewhere than the page and its headers (robots.txt, the operator's
    lists). Raises SourceProblem: not_an_article, login_required, refused_by_publisher, too_big.
    Takes 5 to 200 ms: run it in a worker process.
    """
    # Imported here, so that the engine is loaded when a page is first compiled.
    from proxy.compiler import media, steps, write

    if source.media != "html":
        return media.card_page(source, mode, outside)
    return write.write(steps.prepare(source, mode, outside))


def bare_page(page: Page, reason: str) -> Page:
    """What remains of a page that may show no more while its source cannot be fetched (`bare`)."""
    from proxy.compiler import bare

    return bare.bare(page, reason)
