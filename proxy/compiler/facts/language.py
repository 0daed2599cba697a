"""The article's language, which decides the language of the ad's label."""

import re
from itertools import islice

from babel.core import get_global

from proxy.compiler import tree
from proxy.compiler.facts.linked import Thing, text
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import tidy
from proxy.compiler.tree import Document, Element

_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?\b", re.IGNORECASE)
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
# Scripts of which one character says about as much as a word of others.
_TELLING = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7af]+")
# Greek, Cyrillic, Hebrew, Arabic, and the scripts of India and Thailand.
_OTHER = re.compile(r"[\u0370-\u052f\u0590-\u06ff\u0900-\u0e7f]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
SAMPLE = 4_000
# Letters that are a headline and a slogan, no text.
FEW = 200
# Sections may stand in one another: of each so many runs of text are read.
MOST = 5_000


def of(document: Document, metas: Metas, thing: Thing) -> str:
    """A BCP 47 tag, "" if unknown; the script of the text outweighs the declaration."""
    declared = _declared(document, metas, thing)
    sample = _sample(document)
    written = _written(sample)
    if written and declared.split("-")[0] != written:
        return written
    # Templates declare English, but no English text is mostly in another script.
    english = declared.startswith("en")
    if declared and not (english and len(_OTHER.findall(sample)) > len(_LATIN.findall(sample))):
        return declared
    # The detection returns ISO 639-3 codes, and pages use the shorter ones.
    guessed = tree.guess_language(sample)
    return str(get_global("language_aliases").get(guessed, guessed))


def _declared(document: Document, metas: Metas, thing: Thing) -> str:
    root = document.root
    candidates = (
        tree.get(root, "lang") or tree.get(root, "xml:lang") if root is not None else "",
        text(thing.get("inLanguage")),
        metas.first("og:locale", "content-language", "language", "dc.language"),
    )
    for candidate in candidates:
        if match := _TAG.match(candidate.strip()):
            parts = (match[1].lower(), (match[2] or "").title(), (match[3] or "").upper())
            return "-".join(part for part in parts if part)
    return ""


def _written(sample: str) -> str:
    """Chinese, Japanese or Korean, by their characters: templates often declare another."""
    telling = len(_TELLING.findall(sample))
    # A text beside its translation has fewer of these characters.
    if not telling or telling <= 2 * len(_WORD.findall(sample)):
        return ""
    if len(_KANA.findall(sample)) > telling * 0.1:
        return "ja"
    return "ko" if len(_HANGUL.findall(sample)) > telling * 0.3 else "zh"


def _sample(document: Document) -> str:
    parts, size = [], 0
    for element in document.iter_elements(("title", "h1", "p", "section")):
        parts.append(_said(element)[:1_000])
        size += len(parts[-1])
        if size > SAMPLE:
            break
    # Some sites name their paragraphs by themselves.
    rest = document.iter_elements(("body",)) if size < FEW else ()
    return " ".join((*parts, *map(_said, rest)))[:SAMPLE]


def _said(element: Element) -> str:
    """The beginning of an element's text without programs, on one line."""
    texts, size = [], 0
    for node in islice(tree.texts(element), MOST):
        if (above := tree.parent(node)) is None or above.tag not in ("script", "style"):
            texts.append(node.data)
            size += len(node.data.strip())
            if size > SAMPLE:
                break
    return tidy("".join(texts))
