"""A page's bytes -> text: by byte-order mark, header, meta if the bytes allow it, or a guess."""

import codecs
import re
from collections.abc import Iterator

from bs4.dammit import EncodingDetector

from proxy.compiler import labels, tree

_HEADER = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
# The library searches the first twentieth of its input from each `<meta` to the end: with a whole
# page of unclosed ones that took minutes.
_LABELLED = 640 * 1024
# Text is UTF-8 if fewer than one in so many characters beyond ASCII cannot be decoded.
_TOLERATED = 20
_HIGH = bytes(range(128, 256))
# Fewer characters of UTF-8 may be another encoding's by chance.
_ENOUGH = 3
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*", re.DOTALL)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode stray bytes in UTF-8, mostly Windows' quotes that authors pasted."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("passalong-cp1252", _as_cp1252)


def decode(body: bytes, content_type: str = "") -> str:
    """The page's text; at worst, bytes that no encoding fits become U+FFFD."""
    text, label = EncodingDetector.strip_byte_order_mark(body)
    if label:
        return text.decode(label, "replace")
    best: tuple[int, str] | None = None
    tried: set[str] = set()
    labelled = list(_labelled(body, content_type))
    for codec in _candidates(body, labelled):  # lazy: the first fits most pages, without a guess
        if codec in tried:
            continue
        tried.add(codec)
        decoded = body.decode(codec, "replace")
        # `in` takes a third of the time that `count` does, and most pages have none.
        wrong = decoded.count("\ufffd") if "\ufffd" in decoded else 0
        if wrong and codec == "utf-8":  # the page itself may have written some
            wrong -= body.count("\ufffd".encode())
        if wrong == 0 or (codec in labelled and not _belied(codec, decoded)):
            return decoded
        if codec == "utf-8" and wrong * _TOLERATED < _beyond_ascii(decoded):
            return body.decode("utf-8", "passalong-cp1252")
        if best is None or wrong < best[0]:
            best = wrong, decoded
    return best[1] if best else ""


def letters(text: str) -> str:
    """Join the surrogate pairs in a script's text; lone surrogates become U+FFFD.

    JavaScript's strings may contain these, and UTF-8 cannot encode them.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _labelled(body: bytes, content_type: str) -> Iterator[str]:
    """The encoding that the header declares, then the page's own declaration."""
    header = _HEADER.search(content_type)
    yield from labels.codec(header[1] if header else "")
    declared = EncodingDetector.find_declared_encoding(body[:_LABELLED], is_html=True)
    for codec in labels.codec(declared or ""):
        # Pages that were converted or moved to another system keep their old declaration.
        if codec != "utf-8" and _one_byte(codec) and _is_utf8(body):
            yield "utf-8"
        yield codec


def _belied(codec: str, decoded: str) -> bool:
    """Whether text that readers see contains bytes that are invalid in the declared encoding.

    Comments and attributes do not count, as they may come from other systems. UTF-8 always counts:
    there `decode` can mend each stray byte by itself.
    """
    return codec == "utf-8" or "\ufffd" in _UNREAD.sub("", decoded)


def _candidates(body: bytes, labelled: list[str]) -> Iterator[str]:
    yield from labelled
    yield from _unmarked(body)
    yield "utf-8"
    yield from labels.codec(tree.guess_encoding(body))
    yield "cp1252"


def _one_byte(codec: str) -> bool:
    """Whether an encoding maps every byte to a character, so that decoding never fails."""
    return len(_HIGH.decode(codec, "replace")) == len(_HIGH)


def _is_utf8(body: bytes) -> bool:
    """Whether all bytes are valid UTF-8, with enough beyond ASCII that it is not by chance."""
    try:
        return _beyond_ascii(body.decode()) >= _ENOUGH
    except UnicodeDecodeError:
        return False


def _unmarked(body: bytes) -> Iterator[str]:
    """Encodings whose bytes may be ASCII: ISO 2022 by its escapes, UTF-16 and 32 by their NULs."""
    sample = body[:400]
    if b"\x1b$" in body or b"\x1b(J" in body:
        yield from labels.codec(tree.guess_encoding(body))
    if sample.count(0) < len(sample) * 0.2:
        return
    width = 4 if sample.count(0) > len(sample) * 0.6 else 2
    big = sample[::width].count(0) > sample[width - 1 :: width].count(0)
    yield f"utf-{8 * width}-{'be' if big else 'le'}"
