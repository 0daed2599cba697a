"""Shares in memory: for each its stamp, for all alike their variant, for the hot their body.

A body of its own is kept for a share that is asked for again and again: joining it anew takes a
few microseconds, reading an article from the store a hundred, and both take the same memory.
"""

from dataclasses import dataclass

from ads import ticket
from proxy.hot import Hot
from proxy.render.prepared import Runs
from proxy.render.template import Stamp
from proxy.serving.articles import ArticleCache
from proxy.serving.shown import KeptStamp, Shown
from proxy.serving.variant import Key, Variant

KEPT_AFTER = 16
"""Requests for a share, after which its body is kept."""
STAMP_BYTES = 500
"""As a worker grows by it, with all that is around it."""
VARIANT_BYTES = 1_500
"""What is in memory beside a template: key, surrogate keys and link."""


@dataclass(frozen=True)
class PageCache:
    """Finds and keeps all this in `hot`."""

    _hot: Hot
    _articles: ArticleCache

    def ready(self, share_id: str, at: int) -> Shown | None:
        """A share's page at a time (ms), if all that it takes is in memory."""
        kept = self._hot.get(share_id, "body")
        if isinstance(kept, Shown) and ticket.current(kept.kept_stamp.issued, at):
            return kept
        stamp = self.stamp(share_id, at)
        variant = self._hot.get(stamp.key, "small") if stamp else None
        if stamp is None or not isinstance(variant, Variant) or variant.digest != stamp.digest:
            return None
        runs = self.runs(variant)
        return Shown(share_id, stamp, variant, runs) if runs is not None else None

    def stamp(self, share_id: str, at: int) -> KeptStamp | None:
        """A share's stamp; whether any variant fits it is to be seen."""
        stamp = self._hot.get(f"share:{share_id}", "small")
        if isinstance(stamp, KeptStamp) and ticket.current(stamp.issued, at):
            return stamp
        return None

    def variant(self, key: Key, share: str) -> Variant | None:
        """The variant of a share of this key, if one is in memory."""
        found = self._hot.get(key, "small") or self._hot.get((*key[:-1], share), "small")
        return found if isinstance(found, Variant) else None

    def runs(self, variant: Variant) -> Runs | None:
        """The article's runs, if those that fit the variant are at hand."""
        return self._articles.runs(variant.key.article, variant.key.mode, variant.page)

    def keep(self, variant: Variant, mark: int, *, again: bool = False) -> None:
        """Keeps a variant of what was read after `mark`; what can be had `again` only by turns."""
        size = variant.template.size + VARIANT_BYTES
        if not again or self._hot.admits("small", size):
            self._hot.put(variant.key, variant, size, _hangs_on(variant), mark, "small")

    def keep_stamp(self, stamp: Stamp, variant: Variant, issued: int, mark: int) -> KeptStamp:
        """Keeps a share's stamp."""
        kept = KeptStamp(variant.key, variant.digest, stamp.packed(), issued)
        self._hot.put(f"share:{stamp.share}", kept, STAMP_BYTES, (), mark, "small")
        return kept

    def ask(self, shown: Shown) -> None:
        """One more request for a page; its body is kept if there were several."""
        shown.asked += 1
        if not shown.kept:
            shown.kept_stamp.asked += 1
            if shown.kept_stamp.asked % KEPT_AFTER == 0:
                self._keep_body(shown)

    def grown(self, shown: Shown) -> None:
        """An encoding was added, at some cost: it is kept."""
        name = shown.stamp.share
        if self._hot.get(name, "body") is shown:
            self._hot.resize(name, "body", shown.size)
        elif not shown.kept:
            self._keep_body(shown)

    def _keep_body(self, shown: Shown) -> None:
        share, variant = f"share:{shown.stamp.share}", shown.variant
        # Both are there: so nothing of it has changed.
        stamp, same = self._hot.get(share, "small"), self._hot.get(variant.key, "small")
        if stamp is shown.kept_stamp and same is variant:
            shown.body("gzip")
            shown.kept = True
            keys = (*_hangs_on(variant), share)
            self._hot.put(shown.stamp.share, shown, shown.size, keys, self._hot.mark(), "body")


def _hangs_on(variant: Variant) -> tuple[str, ...]:
    return (*variant.surrogates, f"account:{variant.key.owner}")
