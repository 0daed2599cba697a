"""Our template for `reader`, `excerpt` and `card`: title, byline and content, nothing else."""

from collections.abc import Iterable
from datetime import date
from html import escape
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from proxy.compiler.facts import Facts
from proxy.compiler.split import Marks
from proxy.page import Article

STYLE = files(__package__).joinpath("reader.css").read_text("utf-8").replace("\n", "")
_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "ps", "yi", "sd", "ug", "dv", "ckb"})
_READ_ON = {"zh": "看原文", "ja": "元の記事を読む", "de": "Original lesen", "fr": "Lire l’original"}


def page(facts: Facts, marks: Marks, content: str) -> str:
    """A whole page around `content`, which has the marks of its slots."""
    article = facts.article
    lang = f' lang="{escape(article.language)}"' if article.language else ""
    if article.language.split("-")[0] in _RIGHT_TO_LEFT:
        lang += ' dir="rtl"'
    return (
        f"<!DOCTYPE html><html{lang}><head>{marks.text('head')}"
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{_text(article.title)}</title><style>{STYLE}</style></head>"
        f"<body>{marks.text('sharer')}<main><article>{heading(article)}{content}</article></main>"
        f"{marks.text('tail')}</body></html>"
    )


def short(facts: Facts, marks: Marks, content: Iterable[str]) -> str:
    """A whole page of some content and the link to the source, with slots around these."""
    said = "".join([marks.text("top"), *content, _read_on(facts.article)])
    return page(facts, marks, said + marks.text("end") + marks.text("share"))


def heading(article: Article) -> str:
    """Title and byline."""
    # A house is often its own author.
    parts = dict.fromkeys((_text(article.author), _text(article.site), _published(article)))
    line = " · ".join(filter(None, parts))
    title = f"<h1>{_text(article.title)}</h1>" if article.title else ""
    return title + (f'<p class="k">{line}</p>' if line else "")


def _published(article: Article) -> str:
    """The day, as it is written in the article's language; of an unknown one as ISO 8601 does."""
    day = article.published[:10]
    try:
        shown = format_date(date.fromisoformat(day), "long", _locale(article.language))
    except (ValueError, UnknownLocaleError):
        shown = day
    return f'<time datetime="{escape(article.published)}">{_text(shown)}</time>' if day else ""


def _locale(language: str) -> Locale:
    """Without a country that no locale has: templates claim `ar-AR`."""
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        return Locale.parse(language.partition("-")[0])


def picture(address: str) -> str:
    """A picture on its own."""
    return f'<p><img src="{escape(address)}" alt=""></p>' if address else ""


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{_text(text)}</p>" if text else ""


def _read_on(article: Article) -> str:
    """The link to the source."""
    if not article.source_url:
        return ""
    words = _READ_ON.get(article.language.split("-")[0], "Read the original")
    address = escape(article.source_url)
    return f'<p><a class="m" href="{address}" rel="noopener">{words}</a></p>'


def _text(value: str) -> str:
    # As the parser writes text back, so that the page is its own fixpoint.
    return escape(value, quote=False).replace("\xa0", "&nbsp;")
