"""The quick path to a page that the store has all parts of: two reads, no task, no drawing.

It runs in the callbacks of the store's answers. All other cases (a share that has ended, an ad that
is not in memory, a template that is out of date, pictures to be rewritten) are left to `build`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from proxy.render.prepared import Prepared
from proxy.serving import variant as variants
from proxy.serving.build import Builder
from proxy.serving.shown import KeptStamp, Shown
from proxy.serving.variant import Key, Variant
from proxy.store import keys
from proxy.store.batch import Batch, Values
from proxy.store.shares import read as share_of
from proxy.store.templates import read

Done = Callable[[Shown | None], None]


class QuickBuilds:
    """Single flight: all who ask for a share while its page is made get that page."""

    def __init__(self, builder: Builder, batch: Batch) -> None:
        self._builder = builder
        self._batch = batch
        self._waiting: dict[str, list[Done]] = {}

    def begin(self, share_id: str, done: Done) -> None:
        """Make a page; calls `done` with it, or with None if only `build` can make it."""
        waiting = self._waiting.get(share_id)
        if waiting is None:
            self._waiting[share_id] = [done]
            mark = self._builder.hot.mark()
            _QuickBuild(self._builder, self._batch, share_id, self._end, mark).begin()
        else:
            waiting.append(done)

    def _end(self, share_id: str, shown: Shown | None) -> bool:
        """Call all who wait, in calls of their own, so that none's error stops the others.

        False if nobody waited.
        """
        waiting = self._waiting.pop(share_id, [])
        for done in waiting[1:]:
            asyncio.get_running_loop().call_soon(done, shown)
        for done in waiting[:1]:
            done(shown)
        return bool(waiting)


@dataclass(slots=True, eq=False)
class _QuickBuild:
    """Makes one page: reads the share, unless its stamp is in memory, then the page's parts."""

    _builder: Builder
    _batch: Batch
    _share: str
    _end: Callable[[str, Shown | None], bool]
    _mark: int
    _stamp: KeptStamp | None = None

    def begin(self) -> None:
        """Start; `_end` is called with the page or None, whatever goes wrong."""
        self._tried(self._begun)

    def _tried(self, step: Callable[..., None], *given: object) -> None:
        try:
            step(*given)
        except Exception:  # `build` will meet the error again, and report it
            if not self._end(self._share, None):
                raise

    def _begun(self) -> None:
        builder = self._builder
        stamp = builder.cache.stamp(self._share, builder.now())
        if stamp is not None and not stamp.key.alone:
            self._stamp = stamp
            self._named(stamp.key)
        else:
            self._batch.call((keys.share(self._share),), partial(self._tried, self._recorded))

    def _recorded(self, values: Values | Exception) -> None:
        share = None if isinstance(values, Exception) else share_of(*values)
        if share is None or share.state != "active":
            self._end(self._share, None)
        else:
            self._named(variants.key(share))

    def _named(self, key: Key) -> None:
        builder = self._builder
        variant = builder.cache.variant(key, self._share)
        runs = builder.cache.runs(variant) if variant else None
        stored = None if variant else builder.stored(key)
        if variant and runs is not None:
            self._made(builder.stamped(self._share, variant, runs, self._mark))
        elif variant or stored:
            template = (keys.template(key.article, stored.hex()),) if stored else ()
            names = (*builder.records.names(key.article, key.mode), *template)
            self._batch.call(names, partial(self._tried, self._came, key, variant))
        else:
            self._end(self._share, None)

    def _came(self, key: Key, variant: Variant | None, values: Values | Exception) -> None:
        self._made(None if isinstance(values, Exception) else self._joined(key, variant, values))

    def _made(self, shown: Shown | None) -> None:
        # If it changed meanwhile, `build` makes it: the edge that asks may be purged already.
        if shown and self._builder.hot.changed(shown.surrogates, self._mark):
            shown = None
        self._end(self._share, shown)

    def _joined(self, key: Key, variant: Variant | None, values: Values) -> Shown | None:
        builder, stamp = self._builder, self._stamp
        page = builder.records.read(key.article, key.mode, values[:2], self._mark)
        if page is None:
            return None
        variant = variant or self._variant(key, page, values[2])
        if variant is None or variant.page != page.digest:
            return None
        if stamp is not None and stamp.digest == variant.digest and stamp.key == variant.key:
            return Shown(self._share, stamp, variant, page.runs)
        return builder.stamped(self._share, variant, page.runs, self._mark)

    def _variant(self, key: Key, page: Prepared, template: bytes | None) -> Variant | None:
        builder, records = self._builder, self._builder.records
        ad, sharer = records.known_ad(key.ad), records.known_sharer(key.owner)
        if ad is None or not ad.runs or sharer is None:
            return None
        inputs = variants.inputs(key, self._share, [ad], page, sharer, builder.now())
        kept = read(template, inputs.digest)
        if kept is None:
            return None
        variant = inputs.variant(*kept)
        builder.cache.keep(variant, self._mark, again=True)
        return variant
