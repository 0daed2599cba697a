"""A page joined once for all shares that differ in id and ticket alone: a mould, in memory."""

from ads.ad import Ad
from proxy import gaps, render
from proxy.gaps import Origins, Pieces
from proxy.hot import Hot
from proxy.render import Prepared, Rendered
from proxy.shares import Share

# A piece's checksum, length and digest, and its place in the mould.
PIECE_BYTES = 300
# That such a page was made once.
SEEN_BYTES = 1_000


class Moulds:
    """Kept in `hot` from the second share on: most articles have one."""

    def __init__(self, hot: Hot, origins: Origins) -> None:
        self._hot = hot
        self._origins = origins

    def page(
        self, prepared: Prepared, share: Share, ad: Ad | None, sharer: str, ticket: str, mark: int
    ) -> Rendered:
        """What `render.page` makes; `mark` was taken before `prepared` was read."""
        name = ("mould", share.article_id, share.asked, ad, sharer, share.card, share.channel)
        kept = self._hot.get(name)
        if isinstance(kept, tuple) and kept:
            return render.filled(kept, share.id, ticket)
        pieces, alike = render.unfilled(prepared, share, ad, sharer=sharer, origins=self._origins)
        if alike:
            mould = () if kept is None else gaps.merged(pieces)
            keys = [f"article:{share.article_id}", *([f"ad:{ad.id}"] if ad else [])]
            self._hot.put(name, mould, _size(mould), keys, mark)
        return render.filled(pieces, share.id, ticket)


def _size(mould: Pieces) -> int:
    parts = [piece for piece in mould if not isinstance(piece, str)]
    return SEEN_BYTES + sum(len(part.deflated) + PIECE_BYTES for part in parts)
