"""A publisher's opt-out: `passalong=none|card|excerpt` in a TXT record or a file (pure).

The record is at the page's host or at a domain above it; the nearest one decides, so that
`blog.example.com` may allow more than `example.com`. The file is `/.well-known/passalong.txt`, its
first line that is no comment. `passalong=full` allows everything, and ends the search.
"""

import re
from collections.abc import Iterable, Sequence
from typing import cast

from proxy.addresses import parse
from proxy.rights import OPT_OUTS, OptOut

FILE = "/.well-known/passalong.txt"
# A host's own name, and the three parents nearest the root: with a wildcard in its zone, a
# publisher's pages may have names of any number of labels. A top-level domain is not asked.
MAX_NAMES = 4
_RECORD = re.compile(r"\s*passalong\s*=\s*(none|card|excerpt|full)\s*", re.IGNORECASE)
_LINE = re.compile(r"\s*(?:passalong\s*=\s*)?(none|card|excerpt|full)\s*(?:#.*)?", re.IGNORECASE)


def names(host: str) -> list[str]:
    """Names that may have a record for this host, nearest first; none for IPs and local names."""
    labels = [] if parse(host) else host.rstrip(".").split(".")
    found = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return [*found[:1], *found[1:][1 - MAX_NAMES :]]


def of_records(texts: Iterable[str]) -> OptOut | None:
    """The opt-out in the TXT records of one name: the strictest of several; None without any."""
    words = [_word(match[1]) for text in texts if (match := _RECORD.fullmatch(text))]
    return max(words, key=OPT_OUTS.index, default=None)


def nearest(words: Sequence[OptOut | None]) -> OptOut:
    """The opt-out of the nearest name that has one; "" without any."""
    return next((word for word in words if word is not None), "")


def of_file(text: str) -> OptOut:
    """The file's opt-out; "" if it has none that we know."""
    for line in text.removeprefix("\ufeff").splitlines()[:100]:
        if match := _LINE.fullmatch(line):
            return _word(match[1])
    return ""


def stricter(one: OptOut, other: OptOut) -> OptOut:
    """The one of two opt-outs that allows less."""
    return max(one, other, key=OPT_OUTS.index)


def _word(text: str) -> OptOut:
    word = text.lower()
    return "" if word == "full" else cast(OptOut, word)
