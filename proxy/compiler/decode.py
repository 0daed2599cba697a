"""A page's bytes -> text: header, byte-order mark, meta unless the bytes belie it, then a guess."""

import codecs
import re
from collections.abc import Iterator

from bs4.dammit import EncodingDetector

from proxy.compiler import labels, tree

_HEADER = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
# The library looks for a label in a twentieth of what it is given, from each `<meta` to the end: of
# all of a page of unclosed ones that took minutes.
_LABELLED = 640 * 1024
# A page is in an encoding although a few of its bytes are not: one wrong for this many right.
_TOLERATED = 20
_HIGH = bytes(range(128, 256))
# One such character may be two of another encoding's by chance.
_ENOUGH = 3
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*", re.DOTALL)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What browsers' readers wrote by accident between UTF-8: mostly Windows' quotes."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("passalong-cp1252", _as_cp1252)


def decode(body: bytes, content_type: str = "") -> str:
    """The page's text; bytes that fit nothing become U+FFFD, at worst."""
    text, label = EncodingDetector.strip_byte_order_mark(body)
    if label:
        return text.decode(label, "replace")
    best: tuple[int, str] | None = None
    tried: set[str] = set()
    labelled = list(_labelled(body, content_type))
    for codec in _candidates(body, labelled):  # most pages are in the first: no guess is made
        if codec in tried:
            continue
        tried.add(codec)
        decoded = body.decode(codec, "replace")
        wrong = decoded.count("\ufffd")
        if wrong == 0 or (codec in labelled and not _belied(codec, decoded)):
            return decoded
        if codec == "utf-8" and wrong * _TOLERATED < _beyond_ascii(decoded):
            return body.decode("utf-8", "passalong-cp1252")
        if best is None or wrong < best[0]:
            best = wrong, decoded
    return best[1] if best else ""


def letters(text: str) -> str:
    """A script's text in whole letters: two halves are one, a half alone is U+FFFD.

    JavaScript's strings may hold what no UTF-8 can be written of.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _labelled(body: bytes, content_type: str) -> Iterator[str]:
    """What the header says, then what the page says of itself."""
    header = _HEADER.search(content_type)
    yield from labels.codec(header[1] if header else "")
    declared = EncodingDetector.find_declared_encoding(body[:_LABELLED], is_html=True)
    for codec in labels.codec(declared or ""):
        # Pages that were stored anew, or moved to another system, keep the old name in them.
        if codec != "utf-8" and _one_byte(codec) and _is_utf8(body):
            yield "utf-8"
        yield codec


def _belied(codec: str, decoded: str) -> bool:
    """Whether bytes that are not in an encoding stand in what is read.

    Comments and attributes come out of other systems than the text does, and belie no label; but in
    UTF-8 each of its strays can be mended by itself.
    """
    return codec == "utf-8" or "\ufffd" in _UNREAD.sub("", decoded)


def _candidates(body: bytes, labelled: list[str]) -> Iterator[str]:
    yield from labelled
    yield from _unmarked(body)
    yield "utf-8"
    yield from labels.codec(tree.guess_encoding(body))
    yield "cp1252"


def _one_byte(codec: str) -> bool:
    """Whether any bytes are text in an encoding, so that text can never tell it wrong."""
    return len(_HIGH.decode(codec, "replace")) == len(_HIGH)


def _is_utf8(body: bytes) -> bool:
    """Whether bytes beyond ASCII are UTF-8 throughout, which those of other encodings never are."""
    try:
        return _beyond_ascii(body.decode()) >= _ENOUGH
    except UnicodeDecodeError:
        return False


def _unmarked(body: bytes) -> Iterator[str]:
    """Encodings that pass for ASCII or UTF-8: told by their escapes, and by where the NULs are."""
    sample = body[:400]
    if b"\x1b$" in body or b"\x1b(J" in body:
        yield from labels.codec(tree.guess_encoding(body))
    if sample.count(0) < len(sample) * 0.2:
        return
    width = 4 if sample.count(0) > len(sample) * 0.6 else 2
    big = sample[::width].count(0) > sample[width - 1 :: width].count(0)
    yield f"utf-{8 * width}-{'be' if big else 'le'}"
