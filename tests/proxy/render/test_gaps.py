"""Parts drawn once for all shares are the same as drawn for each."""

import msgspec
import pytest

from ads import slot
from proxy import frame
from proxy.page import Article
from proxy.render import gaps
from proxy.render.gaps import Origins, Pieces
from proxy.render.prepared import inflated
from tests.pages import an_ad

ORIGIN = "https://pages.example"
AD = an_ad(title="Last <pick> & more", target="https://halfhill.example/?s={share}&c={channel}")
KINDS = ("banner", "text", "card", "qr", "call")


def text(pieces: Pieces, share: str = "s1", ticket: str = "") -> str:
    values = {"share": share, "ticket": ticket}
    return "".join(
        values[piece] if isinstance(piece, str) else inflated([piece])[0].decode()
        for piece in pieces
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["top", "sticky"])
@pytest.mark.parametrize("target", [AD.target, "tel:+441174960123"])
def test_a_slot_is_the_one_that_is_drawn_for_the_share(kind: str, place: str, target: str) -> None:
    ad = msgspec.structs.replace(AD, kind=kind, target=target)
    for share in ("s1", "a-very_long-Id"):
        pieces, _ = gaps.ad_slot(ad, place, "en", share, "m&m", ORIGIN)  # type: ignore[arg-type]
        assert text(pieces, share) == slot.html(
            ad, place, language="en", share=share, channel="m&m", pages_origin=ORIGIN
        )


def test_the_share_block_is_the_one_that_is_drawn_for_the_share() -> None:
    article = Article(title="Tea", site="A & B", language="en", source_url="https://a.example/1?b")
    origins = Origins("https://console.example", ORIGIN)
    assert text(gaps.share_block(article, "Half Hill Tea", origins), "s1") == frame.share_block(
        article,
        share="s1",
        pages_origin=ORIGIN,
        console_origin=origins.console,
        advertiser="Half Hill Tea",
    )


def test_shares_of_one_ad_have_their_pieces_in_common() -> None:
    one, other = (gaps.ad_slot(AD, "top", "en", share, "", ORIGIN) for share in ("s1", "s2"))
    assert one[0] is other[0]
    assert one[1]


def test_what_depends_on_the_id_otherwise_is_drawn_for_each_share() -> None:
    code = msgspec.structs.replace(
        AD, kind="qr", target="mailto:tea@halfhill.example?subject={share}"
    )
    one, other = (gaps.ad_slot(code, "top", "en", share, "", ORIGIN) for share in ("s1", "s2"))
    assert text(one[0], "s1") != text(other[0], "s1")
    assert not one[1]
