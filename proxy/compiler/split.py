"""A tree with marks -> prepared bytes with gaps."""

import re
from hashlib import sha256
from typing import get_args

from proxy.compiler import tree
from proxy.compiler.page import Gap

_NAMES = "|".join(get_args(Gap))


class Marks:
    """Comments that stand where the gaps will be; their key is in no page but by its own hand."""

    def __init__(self, source: bytes) -> None:
        # Of the hashes that nobody writes into what they hash, processors are fastest at this.
        self._key = sha256(source).hexdigest()[:24]
        self._mark = re.compile(rf"<!--({_NAMES}) {self._key}-->")

    def node(self, gap: Gap) -> tree.Comment:
        """A mark to put into the tree."""
        return tree.Comment(f"{gap} {self._key}")

    def text(self, gap: Gap) -> str:
        """A mark to put into markup."""
        return f"<!--{gap} {self._key}-->"

    def split(self, markup: str) -> tuple[tuple[bytes, ...], tuple[Gap, ...]]:
        """The segments around the gaps, and the gaps, in document order."""
        parts = self._mark.split(markup)
        gaps: list[Gap] = parts[1::2]  # type: ignore[assignment]  # the pattern holds Gaps alone
        return tuple(_utf8(part) for part in parts[::2]), tuple(gaps)


def _utf8(text: str) -> bytes:
    # Lone surrogates come from numeric references; browsers show the mark as well.
    return text.encode("utf-8", "replace")
