"""What readers of two shares do over some days, drawn by hypothesis."""

from hypothesis import strategies as st

from ads.clock import DAY, HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from tests.ads.store.counts.telling import BASE

NOW = BASE + 3 * DAY + 5 * HOUR + HOUR // 2


def hop(n: int, depth: int) -> str:
    return hops.prefix(depth) + f"{n:010}"


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, list[Receipt]]]:
    """(share, an open and its other events), some of them hours or days later."""
    told = []
    for n in range(draw(st.integers(1, 6))):
        at = BASE + draw(st.integers(0, NOW - BASE - 1))
        depth, ad = draw(st.integers(1, 2)), draw(st.sampled_from(["ad", "ad", "other"]))
        parent = hop(0, 1) if depth == 2 else ""
        country, source = draw(st.sampled_from(["", "DE"])), draw(st.sampled_from(["", "wechat"]))
        i = f"open-{n:012}"
        me = hop(n, depth)
        told_one = [
            Receipt(at, "", ad, 1, "open", i, i, me, parent, country=country, source=source)
        ]
        for k in draw(st.lists(st.sampled_from(["view", "read", "tap", "close"]), max_size=3)):
            later = min(at + draw(st.sampled_from([0, 9, HOUR, 30 * HOUR])), NOW - 1)
            ms, slot = (1234, "") if k == "read" else (0, "top")
            told_one.append(
                Receipt(later, "", ad, 1, k, f"{k}-{n:012}", i, me, s=slot, ms=ms, pct=ms and 9)
            )
        told.append((draw(st.sampled_from("xy")), told_one))
    return told
