"""Marks in a tree or in markup, and the prepared bytes with gaps that they become."""

from secrets import token_hex

from proxy.compiler import tree
from proxy.page import Gap


class Marks:
    """Comments in the places of the gaps, with a random key that no page can contain."""

    def __init__(self) -> None:
        self._key = token_hex(12)

    def node(self, gap: Gap) -> tree.Comment:
        """A mark to put into the tree."""
        return tree.Comment(f"{gap} {self._key}")

    def text(self, gap: Gap) -> str:
        """A mark to put into markup."""
        return f"<!--{gap} {self._key}-->"

    def split(self, markup: str) -> tuple[tuple[bytes, ...], tuple[Gap, ...]]:
        """The segments around the gaps, and the gaps, in document order."""
        *marked, last = markup.split(f" {self._key}-->")
        parts = [part.rpartition("<!--") for part in marked]
        gaps: list[Gap] = [gap for _, _, gap in parts]  # type: ignore[misc]  # nobody else knows the key
        texts = (*(text for text, _, _ in parts), last)
        # Numeric references may make lone surrogates, for which browsers also show a replacement.
        return tuple(text.encode("utf-8", "replace") for text in texts), tuple(gaps)
