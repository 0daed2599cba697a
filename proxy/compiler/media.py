"""Makes a card of a link to a PDF, picture, audio or video."""

from urllib.parse import unquote, urlsplit

from proxy.compiler.facts import Facts
from proxy.compiler.reader.template import paragraph, picture, short
from proxy.compiler.split import Marks
from proxy.compiler.urls import host
from proxy.errors import SourceProblem
from proxy.page import Article, Card, Mode, Page
from proxy.rights import Signals, from_headers, lower, refusal
from proxy.source import Source

_KINDS = {"pdf": "PDF", "picture": "Picture", "audio": "Audio", "video": "Video"}


def card_page(source: Source, mode: Mode, outside: Signals) -> Page:
    """A card of a source that is not HTML. Raises SourceProblem: refused_by_publisher."""
    signals = from_headers(source.headers) | outside
    verdict = lower("card", signals, source.fetched_at)
    if verdict.mode is None:
        raise SourceProblem("refused_by_publisher", refusal(verdict, signals))
    facts = _facts(source, signals)
    marks = Marks()
    content = [picture(facts.card.image), paragraph(facts.card.description)]
    segments, gaps = marks.split(short(facts, marks, content))
    reason = "" if mode == "card" else f"media_{source.media}"
    skipped = {"middle": "mode_card"}
    until = signals.unavailable_after or 0
    return Page(
        "card", reason, facts.article, facts.card, segments, gaps, skipped, dark=True, until=until
    )


def _facts(source: Source, signals: Signals) -> Facts:
    name = unquote(urlsplit(source.url).path.rpartition("/")[2]).strip()
    site = host(source.url).removeprefix("www.")
    image = source.url if source.media == "picture" else ""
    title = name or site
    article = Article(
        title=title, site=site, image=image, source_url=source.url, fetched_at=source.fetched_at
    )
    card = Card(title, f"{_KINDS[source.media]} · {site}", image)
    return Facts(article, card, signals, "")
