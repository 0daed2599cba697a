"""Shares in memory: a stamp for each, a variant for similar ones, a body for popular ones.

Only popular shares keep a body: joining one anew takes a few microseconds, reading an article from
the store a hundred, and a body takes as much memory as an article.
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
"""Requests for a share until its body is kept."""
STAMP_BYTES = 500
"""By which a worker grows for each stamp, measured with everything around it."""
VARIANT_BYTES = 1_500
"""The memory for a variant's parts beside the template: key, surrogate keys and link."""


@dataclass(frozen=True)
class PageCache:
    """Finds and keeps stamps, variants and bodies in `_hot`."""

    _hot: Hot
    _articles: ArticleCache

    def ready(self, share_id: str, at: int) -> Shown | None:
        """A share's page at a time (ms), if everything that it needs is cached."""
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
        """A share's stamp if its ticket is current; no variant need fit it any more."""
        stamp = self._hot.get(f"share:{share_id}", "small")
        if isinstance(stamp, KeptStamp) and ticket.current(stamp.issued, at):
            return stamp
        return None

    def variant(self, key: Key, share: str) -> Variant | None:
        """The variant for this key, shared or of this share alone, if it is in memory."""
        found = self._hot.get(key, "small") or self._hot.get((*key[:-1], share), "small")
        return found if isinstance(found, Variant) else None

    def runs(self, variant: Variant) -> Runs | None:
        """The article's runs, if the version that fits the variant is cached."""
        page = self._articles.get(variant.key.article, variant.key.mode)
        return page.runs if page and page.digest == variant.page else None

    def keep(self, variant: Variant, mark: int, *, again: bool = False) -> None:
        """Keep a variant made of records read after `mark`.

        `again`: it is in the store too, so it is kept only if `Hot.admits` it.
        """
        size = variant.template.size + VARIANT_BYTES
        if not again or self._hot.admits("small", size):
            self._hot.put(variant.key, variant, size, _depends_on(variant), mark, "small")

    def keep_stamp(self, stamp: Stamp, variant: Variant, issued: int, mark: int) -> KeptStamp:
        """Keep a share's stamp."""
        kept = KeptStamp(variant.key, variant.digest, stamp.packed(), issued)
        self._hot.put(f"share:{stamp.share}", kept, STAMP_BYTES, (), mark, "small")
        return kept

    def ask(self, shown: Shown) -> None:
        """Count a request for a page; its body is kept after several."""
        shown.asked += 1
        if not shown.kept:
            shown.kept_stamp.asked += 1
            if shown.kept_stamp.asked % KEPT_AFTER == 0:
                self._keep_body(shown)

    def grown(self, shown: Shown) -> None:
        """Keep the body: an encoding was added, which is expensive to make again."""
        name = shown.stamp.share
        if self._hot.get(name, "body") is shown:
            self._hot.resize(name, "body", shown.size)
        elif not shown.kept:
            self._keep_body(shown)

    def _keep_body(self, shown: Shown) -> None:
        share, variant = f"share:{shown.stamp.share}", shown.variant
        # If both are still cached, nothing that the body depends on has changed.
        stamp, same = self._hot.get(share, "small"), self._hot.get(variant.key, "small")
        if stamp is shown.kept_stamp and same is variant:
            shown.body("gzip")
            shown.kept = True
            keys = (*_depends_on(variant), share)
            self._hot.put(shown.stamp.share, shown, shown.size, keys, self._hot.mark(), "body")


def _depends_on(variant: Variant) -> tuple[str, ...]:
    return (*variant.surrogates, f"account:{variant.key.owner}")
