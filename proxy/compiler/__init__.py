"""Pure, no I/O: Source -> Page.

`decode` bytes -> text; `tree` the parser, the only room that knows the engine; `draft` a page on
its way; `steps` what is done to every page, in order: `facts` what it says of itself, `wechat`
content that stands in a script and `streamed` what comes behind its page, `unlazy` pictures,
`stills` for films, `clean` what may stay, `body` where the article is (`blocks`, `lines`, `mass`,
`posts`, `second`), `reveal` what waited for a script or a tap (`sheets`, `folds`). Then `write`:
`extent` which blocks are the article's own (`seen`, `furniture`, `start`, `closing`), `place` the
slots, or `reader`, `lead`, `prune`, `template`; `split` into prepared bytes. `further` names an
article's next page; `media` is what has no page; `bare` is what stays of one that may show no more.
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
