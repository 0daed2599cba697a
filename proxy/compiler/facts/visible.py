"""What the page shows: text, pictures, microdata; and ways to normalise a text."""

import re
from functools import lru_cache
from html import unescape

from proxy.compiler import tree
from proxy.compiler.tree import Document

# Markup that a site's template leaves in a description or around a name.
_MARKUP = re.compile(r"</?[a-z][^<>]*>|\\x0a", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W_]+")
# A word, or one character of a script that writes no spaces.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")


def tidy(value: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(value.split())


def unmarked(value: str) -> str:
    """As `tidy`, without tags and entities, which were escaped twice."""
    return tidy(_MARKUP.sub(" ", unescape(value)))


def unbroken(value: str) -> str:
    """As `tidy`, without soft hyphens and zero-width spaces."""
    if "\xad" in value or "\u200b" in value:
        value = value.replace("\xad", "").replace("\u200b", "")
    return " ".join(value.split())


def folded(text: str) -> str:
    """The text's letters and digits in lower case."""
    return _NO_LETTERS.sub("", text).casefold()


def words(text: str) -> list[str]:
    """The text's words, as written."""
    return _WORD.findall(unbroken(text))


# Only lines get here, which makes a cache safe: a title may be megabytes.
_letters = lru_cache(maxsize=256)(folded)


def same_title(text: str, title: str) -> bool:
    """Whether a text is the title, or most of it from its beginning; punctuation may differ."""
    if len(text) > 2 * len(title) + 100:
        return False
    packed, whole = _letters(text), _letters(title)
    return len(packed) >= 6 and packed == whole[: len(packed)] and len(packed) >= len(whole) * 0.6


def text_of(document: Document, selector: str) -> str:
    """The text of the selector's first match that is not empty, "" if there is none."""
    found = (tidy(element.text) for element in tree.select(document, selector)[:5])
    return next((value for value in found if value), "")


def image(document: Document) -> str:
    """The address of the page's picture, from a link or microdata, "" if there is none."""
    for named in tree.select(
        document, "link[rel=image_src], [itemprop=image], [itemprop=thumbnailUrl]"
    ):
        for name in ("href", "content", "data-src", "src"):
            if address := tree.get(named, name):
                return address
    return ""


def microdata(document: Document, name: str) -> list[object]:
    """Microdata and RDFa of one property of schema.org, in the form of JSON-LD."""
    found = tree.select(
        document, f"[itemprop~='{name}'], [property='{name}'], [property='schema:{name}']"
    )[:20]
    return [{name: tree.get(e, "content") or tree.get(e, "href") or e.text} for e in found]
