"""Pages of which all is in the store, made as its answers come: two reads, no task, nothing drawn.

What is not certain (a share that has ended, an ad that is not in memory, a mould that fits no more,
pictures to be seen to) is left to `display`, which goes the long way.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from ads import ticket
from ads.clock import Clock
from proxy.hot import Hot
from proxy.render.prepared import Prepared, Runs
from proxy.serving import casting, moulds
from proxy.serving.casting import Drawn
from proxy.serving.foundry import Foundry
from proxy.serving.moulds import CAST_BYTES, Cast, Known, Moulds, Name, Shown
from proxy.serving.stock import Stock
from proxy.store import keys
from proxy.store.batch import Batch, Values
from proxy.store.moulds import read
from proxy.store.shares import read as share_of

Done = Callable[[Shown | None], None]
Stamped = Callable[[str, Cast, Runs, int], Shown]


class Kit(NamedTuple):
    """What is needed to make a page; `stamped` makes one of its cast and its article's runs."""

    hot: Hot
    stock: Stock
    foundry: Foundry
    moulds: Moulds
    batch: Batch
    now: Clock
    stamped: Stamped


class Arrivals:
    """Whoever asks for a share that is on its way waits for the same page."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._waiting: dict[str, list[Done]] = {}

    def begin(self, share_id: str, done: Done) -> None:
        """`done` hears the page, or None if that cannot be had in this way."""
        waiting = self._waiting.get(share_id)
        if waiting is None:
            self._waiting[share_id] = [done]
            _Arrival(self._kit, share_id, self._end).begin()
        else:
            waiting.append(done)

    async def met(self, share_id: str) -> Shown | None:
        """The same for who waits."""
        found: asyncio.Future[Shown | None] = asyncio.get_running_loop().create_future()

        def tell(shown: Shown | None) -> None:
            if not found.done():  # whoever asked may have left
                found.set_result(shown)

        self.begin(share_id, tell)
        return await found

    def _end(self, share_id: str, shown: Shown | None) -> bool:
        """Whether anybody waited. What one does with the page is no matter to the others."""
        waiting = self._waiting.pop(share_id, [])
        for done in waiting[1:]:
            asyncio.get_running_loop().call_soon(done, shown)
        for done in waiting[:1]:
            done(shown)
        return bool(waiting)


class _Arrival:
    """One share on its way: its record, unless its stamp is in memory, then what it is made of."""

    __slots__ = ("_cast", "_end", "_kit", "_known", "_mark", "_name", "_share")

    def __init__(self, kit: Kit, share: str, end: Callable[[str, Shown | None], bool]) -> None:
        self._kit = kit
        self._share = share
        self._end = end
        self._mark = kit.hot.mark()
        self._known: Known | None = None

    def begin(self) -> None:
        """The page or None is heard of, whatever goes wrong."""
        self._tried(self._begun)

    def _tried(self, step: Callable[..., None], *given: Values | Exception) -> None:
        try:
            step(*given)
        except Exception:  # the long way tells what went wrong
            if not self._end(self._share, None):
                raise

    def _begun(self) -> None:
        kit = self._kit
        known = kit.moulds.stamp(self._share, ticket.epoch(kit.now()))
        if known is not None and isinstance(known.name, Name):
            self._known = known
            self._named(known.name)
        else:
            kit.batch.call((keys.share(self._share),), partial(self._tried, self._recorded))

    def _recorded(self, values: Values | Exception) -> None:
        share = None if isinstance(values, Exception) else share_of(*values)
        if share is None or share.state != "active":
            self._end(self._share, None)
        else:
            self._named(moulds.name(share))

    def _named(self, name: Name) -> None:
        kit = self._kit
        cast = kit.moulds.cast(name, self._share)
        runs = kit.moulds.runs(cast) if cast else None
        if cast and runs is not None:
            self._end(self._share, self._shown(cast, runs))
            return
        stored = None if cast else kit.foundry.stored(name)
        if cast is None and stored is None:
            self._end(self._share, None)
            return
        self._name, self._cast = name, cast
        mould = (keys.mould(name.article, stored.hex()),) if stored else ()
        told = partial(self._tried, self._came)
        kit.batch.call((*kit.stock.names(name.article, name.mode), *mould), told)

    def _came(self, values: Values | Exception) -> None:
        self._end(self._share, None if isinstance(values, Exception) else self._made(values))

    def _made(self, values: Values) -> Shown | None:
        name, sheets = self._name, values[:2]
        prepared = self._kit.stock.read(name.article, name.mode, sheets, self._mark)
        if prepared is None:
            return None
        cast = self._cast or self._cast_of(prepared, values[2])
        if cast is None or cast.parts != prepared.digest:
            return None
        return self._shown(cast, prepared.runs)

    def _cast_of(self, prepared: Prepared, mould: bytes | None) -> Cast | None:
        kit, name = self._kit, self._name
        ad, sharer = kit.stock.known_ad(name.ad), kit.stock.known_sharer(name.owner)
        if ad is None or not ad.runs or sharer is None:
            return None
        issued = ticket.epoch(kit.now())
        parts = casting.parts(name, self._share, [ad], prepared, sharer, issued)
        fits = parts.fits
        kept = read(mould, fits)
        if kept is None:
            return None
        cast = casting.cast(parts, Drawn(*kept), fits)
        if kit.hot.admits("small", cast.mould.size + CAST_BYTES):
            kit.moulds.keep(cast, self._mark)
        return cast

    def _shown(self, cast: Cast, runs: Runs) -> Shown:
        known = self._known
        if known is not None and known.fits == cast.fits and known.name == cast.name:
            return Shown(self._share, known, cast, runs)
        return self._kit.stamped(self._share, cast, runs, self._mark)
