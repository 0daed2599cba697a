"""Pure, no I/O: Source -> Page. The files, in the order that a page goes through them.

`decode` (`labels`) makes bytes text, `tree` (`templates`) text a document: the only one that knows
the engine. `draft` is a page on its way, and `steps` are what is done to each:

1. `facts`: what it says of itself, and who may show how much of it.
2. `wechat`, `streamed`: what a script would put in its place. `forms`, which nobody could fill in.
   `unlazy`, `stills`: its pictures.
3. `clean`: what may stay of it. `overlay`: what lay over it.
4. `body`: the element that holds the article. `blocks` (`lines`) are a page's paragraphs and `mass`
   is how much text they are below each element (`nest`); `posts` and `second` help where opinions
   differ.
5. `reveal` (`sheets`, `folds`): what waited for a script or a tap.

`write` makes the page of its mode. `extent` tells which blocks of the body are the article's own:
below its head (`start`), before what follows it, and where its notes begin (`closing`). `seen` is
what each block is, `furniture` how sites call what stands around a text. For `full`, `place` puts
slots between the blocks. For `reader`, `lead` finds a summary above the body, `prune` takes out
what is not the article's, `reader` leaves plain markup, `template` is the page around it. `split`
cuts the page at its slots.

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
