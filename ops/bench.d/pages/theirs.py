"""The same pages through readability-lxml, trafilatura and plain lxml."""

import logging
import warnings
from dataclasses import dataclass, field

import trafilatura
from lxml import etree, html
from readability import Document
from trafilatura.utils import decode_file

from proxy.page import Article

from . import Sample, parsed

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("readability.readability").setLevel(logging.CRITICAL)


warnings.filterwarnings("ignore", module="dateutil")  # about dates that trafilatura tries


@dataclass(frozen=True)
class Opinion:
    """A library's result for a page: markup for its pictures, text, and facts."""

    markup: str = ""
    text: str = ""
    article: Article = field(default_factory=Article)


def readability(sample: Sample) -> Opinion:
    """By readability-lxml: the summary and the shortened title."""
    try:
        document = Document(sample.markup)
        markup = document.summary(html_partial=True)
        title = document.short_title() or ""
        return Opinion(
            markup, "".join(map(str, html.fromstring(markup).itertext())), Article(title)
        )
    except Exception:  # noqa: BLE001  # it lets lxml's own errors through; a page it cannot read is empty
        return Opinion()


def by_trafilatura(sample: Sample) -> Opinion:
    """By trafilatura with its defaults, without comments."""
    text = trafilatura.extract(sample.markup, include_comments=False) or ""
    markup = trafilatura.extract(
        sample.markup, output_format="html", include_images=True, include_comments=False
    )
    said = trafilatura.extract_metadata(sample.markup, default_url=sample.url)
    article = Article(
        title=said.title or "",
        author=", ".join((said.author or "").split("; ")),
        site=said.sitename or "",
        image=said.image or "",
    )
    return Opinion(markup or "", text, article)


def lxml(sample: Sample) -> Opinion:
    """By lxml: the whole page."""
    tree = parsed(sample.markup)
    title = " ".join((tree.findtext(".//title") or "").split())
    for element in list(tree.iter("script", "style")):
        element.drop_tree()
    text = " ".join(str(part) for part in tree.itertext())
    return Opinion(sample.markup, text, Article(title))


def decoded_by_trafilatura(body: bytes) -> str:
    """A text decoded by trafilatura's guess."""
    return decode_file(body)


def decoded_by_lxml(body: bytes) -> str:
    """A text decoded by libxml2: as the page declares, else Latin-1."""
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(huge_tree=True))
        return body.decode(tree.getroottree().docinfo.encoding or "latin-1", "replace")
    except (etree.LxmlError, LookupError):
        return body.decode("latin-1")
