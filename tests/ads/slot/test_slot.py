"""A slot's HTML: always labelled, always closed, and no field of an ad can break out of it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from ads import slot
from ads.ad import Ad, AdDraft, Card, Variant, parse
from ads.ad.shape import KINDS, PLACEMENTS
from ads.errors import Problem
from tests.pages import an_ad

PAGES = "https://pages.example"
PICTURE = "0123456789abcdef01234567" + "4b0" + "276"


def drawn(ad: Ad | AdDraft, place: str = "top", **changes: object) -> str:
    facts: dict[str, object] = {
        "language": "en",
        "share": "s1",
        "channel": "",
        "pages_origin": PAGES,
    }
    return slot.html(ad, place, **(facts | changes))


class Seen(HTMLParser):
    """The elements, attributes and text of a fragment, and whether they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.roots = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.roots += not self.open
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def values(seen: Seen, name: str) -> list[str]:
    return [value for key, value in seen.attributes if key == name]


words = st.text(max_size=40) | st.sampled_from(
    [
        '"><script>alert(1)</script>',
        "</note-card></span><b>",
        "' onload=alert(1) x='",
        "javascript:alert(1)",
        "<!--",
        "{share}{advertiser}{0}",
        "&lt;b&gt;",
        "data:text/html,<script>",
        "data:image/svg+xml,<svg onload=alert(1)>",
    ]
)
cards = st.builds(Card, person=words, role=words, phone=words, email=words, wechat=words)
variants = st.lists(
    st.builds(
        Variant,
        id=st.from_regex(r"[A-Za-z0-9_-]{1,16}", fullmatch=True),
        weight=st.integers(1, 9),
        title=st.none() | words,
        body=st.none() | words,
        image=st.none() | words,
    ),
    max_size=2,
).map(tuple)
ads = st.builds(
    Ad,
    id=st.just("a1"),
    owner=st.just("o1"),
    name=words,
    kind=st.sampled_from(KINDS),
    advertiser=words,
    title=words,
    body=words,
    image=words | st.just(PICTURE),
    button=words,
    target=words | st.just("https://tea.example/?a=1&b=2") | st.just("tel:+44 1"),
    card=cards,
    variants=variants,
)


@given(ads, st.sampled_from(PLACEMENTS), st.booleans(), st.sampled_from(["en", "zh-CN"]))
def test_no_field_of_an_ad_can_break_out(ad: Ad, place: str, live: bool, language: str) -> None:
    seen = Seen(drawn(ad, place, live=live, language=language))
    assert seen.roots == 1
    assert not seen.open
    assert set(seen.tags) <= {"note-card", "span", "b", "a", "img", "button"}
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    for link in values(seen, "href"):
        assert re.match(r"https?://|tel:|mailto:", link)
    for picture in values(seen, "src"):
        assert re.match(r"https?://|data:image/", picture)


@given(ads, st.sampled_from(PLACEMENTS))
def test_label_and_advertiser_stand_as_text_in_every_variant(ad: Ad, place: str) -> None:
    html = drawn(ad, place)
    shown = max(1, len(ad.variants))
    assert html.count('<b class="l">Ad</b>') == shown
    assert Seen(html).text.count(ad.advertiser) >= shown


# What a person might write to have no advertiser, or another: the rules for fields let it pass.
HOSTILE = [
    "\u200bA\u200b\u200d", "A\ufeff", "\u200fאבג\u200f", "\u061cشركة", "Ad", "广告",
    "a" + "\u0336" * 79,
    "</span></b>", "display:none", "{advertiser}", "<!--", "&#0;", "x" * 80, "W" * 80, "茶" * 80,
    "content:''", "\u2800A", "\U000e0041A", "A\u00ad", "· · ·", "javascript:1", "null", "0",
]  # fmt: skip
REFUSED = [
    "", " ", "\u200b", "\u200d\u2060", "\u202eA", "A\u2066", "\u2800", "\u3164", "A\nB",
    "A\x00", "\u00ad", "\u0301", "\u20dd", "\ufffc", "\U0001d173", "\U0001d159", "\U0001bca0",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACEMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_advertisers_name_takes_label_or_name_off(kind: str, place: str) -> None:
    for name in HOSTILE:
        for fields in (
            {"advertiser": name},
            {"variants": (Variant("a", 1, advertiser=name, title=name, body=name),)},
        ):
            texts = {"title": name, "body": name, "button": name[:40], "image": PICTURE}
            ad = an_ad(kind, **{"card": Card(person=name, phone="1"), **texts, **fields})
            html = drawn(ad, place)
            assert f'<b class="l">Ad</b><span class="n">{escape(name)}</span>' in html, (name, html)


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_nobody_sees_is_refused(name: str) -> None:
    words = {"name": "n", "kind": "text", "title": "t"}
    for data in (
        {**words, "advertiser": name},
        {**words, "advertiser": "A", "variants": [{"id": "a", "advertiser": name}]},
    ):
        with pytest.raises(Problem):
            parse(data)


def test_the_rules_let_these_pass_so_the_slot_must_bear_them() -> None:
    for name in HOSTILE:
        assert parse({"name": "n", "kind": "text", "title": "t", "advertiser": name}).advertiser


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACEMENTS)
def test_every_kind_fills_every_place_with_one_element(kind: str, place: str) -> None:
    ad = an_ad(kind, image=PICTURE, card=Card(person="Mei Lin", phone="+44 1", wechat="m"))
    html = drawn(ad, place)
    assert html.startswith(f'<note-card data-slot="{place}" ')
    assert html.count("data-slot") == 1
    assert 'aria-label="Ad, Half Hill Tea"' in html
    assert "Last pick" in html


@pytest.mark.parametrize(
    ("label", "language", "shown"),
    [
        ("auto", "zh-Hans", "广告"),
        ("auto", "en", "Ad"),
        ("auto", "de", "Ad"),
        ("广告", "en", "广告"),
        ("Ad", "zh", "Ad"),
    ],
)
def test_the_label_follows_the_article_unless_the_owner_chose(label, language, shown) -> None:
    assert f'<b class="l">{shown}</b>' in drawn(an_ad(label=label), language=language)


@pytest.mark.parametrize(
    ("target", "live", "href"),
    [
        ("https://tea.example/?s={share}", True, f"{PAGES}/g/s1/top"),
        ("https://tea.example/?s={share}", False, "https://tea.example/?s=s1"),
        ("tel:+4420", True, "tel:+4420"),
        ("mailto:a@tea.example", True, "mailto:a@tea.example"),
    ],
)
def test_links_into_the_web_are_counted_on_their_way_others_lead_straight(
    target: str, live: bool, href: str
) -> None:
    assert values(Seen(drawn(an_ad(target=target), live=live)), "href") == [href]


def test_without_a_target_there_is_nothing_to_press() -> None:
    assert not values(Seen(drawn(an_ad(target=""))), "href")


def test_a_call_has_its_number_in_the_button() -> None:
    ad = an_ad("call", target="", card=Card(phone="0571-5550 0123"))
    assert 'href="tel:057155500123"' in drawn(ad)
    assert "Call 0571-5550 0123" in drawn(ad)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("(020) 7946 0123", "02079460123"),
        ("+ 49 30/123456, ext. 45", "+4930123456"),
        ("010-6555 0123 转 45", "01065550123"),
        ("Office: 020 7946 0123 (weekdays)", "02079460123"),
        ("*100#", "*100%23"),
        ("０２１－５１２３４５６", "0215123456"),
        ("٠٢١ ٥٥٥ ٠١٢٣", "0215550123"),
        ("138 0013 8000 / 139 0013 9000", "13800138000"),
        ("+49 (0)30 / 901820", "+4930901820"),
    ],
)
def test_a_number_is_dialled_as_people_mean_it(written: str, dialled: str) -> None:
    assert f'href="tel:{dialled}"' in drawn(an_ad("call", target="", card=Card(phone=written)))


@pytest.mark.parametrize(
    ("target", "dialled"),
    [
        ("tel:+44 (0)20 7946-0123", "+442079460123"),
        ("tel:+44%20(0)207", "+44207"),
        ("tel:*100#", "*100%23"),
        ("tel:*100%23", "*100%23"),
        ("tel:+44201;ext=5", "+44201;ext=5"),
    ],
)
@pytest.mark.parametrize("kind", ["text", "call"])
def test_so_is_one_that_an_ad_leads_to(kind: str, target: str, dialled: str) -> None:
    assert f'href="tel:{dialled}"' in drawn(an_ad(kind, target=target))


@pytest.mark.parametrize("code", ["*21*491701234567#", "**62*+49 170 1234567#", "＊＊004＊49170＃"])
def test_neither_tap_nor_code_hands_on_the_calls_of_a_phone(code: str) -> None:
    for ad in (
        an_ad("call", target="", card=Card(phone=code)),
        an_ad("text", target=f"tel:{code}"),
    ):
        assert "tel:" not in drawn(ad)
    for kind in ("qr", "card"):
        assert "data:image" not in drawn(an_ad(kind, target=f"tel:{code}"))


def test_a_number_is_shown_as_it_is_dialled() -> None:
    html = drawn(an_ad("call", target="tel:+44201{depth}"))
    assert 'href="tel:+442010"' in html
    assert ">Call +442010<" in html


def test_a_card_shows_who_and_how_to_reach_them() -> None:
    card = Card(person="Mei Lin", role="Buyer", phone="+44 1", email="m@tea.example", wechat="ml")
    html = drawn(an_ad("card", title="", target="", card=card))
    for text in ("Mei Lin", "Buyer", "+44 1", "m@tea.example", ">ML<", 'value="ml"'):
        assert text in html


def test_a_picture_of_ours_brings_its_size_and_a_frame_no_taller_than_four_to_three() -> None:
    html = drawn(an_ad("banner", image=PICTURE))
    assert f'src="{PAGES}/m/{PICTURE}"' in html
    assert 'width="1200" height="630"' in html
    assert "aspect-ratio:1.905!important" in html
    assert "aspect-ratio:1.333!important" in drawn(an_ad("banner", image=PICTURE[:24] + "100400"))


def test_the_first_variant_is_what_readers_without_scripts_see() -> None:
    two = (Variant(id="a", weight=1, title="One"), Variant(id="b", weight=2, title="Two"))
    html = drawn(an_ad(variants=two))
    assert re.findall(r'data-v="(\w)"( hidden)?', html) == [("a", ""), ("b", " hidden")]


def test_only_a_live_sticky_slot_can_be_closed() -> None:
    assert "Close the ad" in drawn(an_ad(), "sticky")
    assert "Close the ad" not in drawn(an_ad(), "sticky", live=False)
    assert "Close the ad" not in drawn(an_ad(), "top")


@pytest.mark.parametrize(
    ("wechat", "coded"),
    [
        ("half_hill-tea", True),
        ("+86 138 0013 8000", True),
        ("WIFI:T:nopass;S:free;;", False),
        ("bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT", False),
        ("https://evil.example/", False),
        ("evil.example", False),
    ],
)
def test_a_code_opens_nothing_that_is_no_target(wechat: str, coded: bool) -> None:
    html = drawn(an_ad("card", target="", card=Card(person="Mei Lin", wechat=wechat)))
    assert ("data:image/png" in html) is coded


def test_a_target_too_long_for_any_code_costs_the_code_alone() -> None:
    ad = an_ad("qr", target="https://tea.example/" + "a" * 4000)
    assert "Last pick" in drawn(ad)
    assert "data:image/png" not in drawn(ad)


def test_every_declaration_of_the_sheet_is_beyond_the_pages_reach() -> None:
    for block in re.findall(r"\{([^{}]+)\}", slot.STYLE + slot.DARK):
        bare = re.sub(r'url\("[^"]*"\)', "", block)
        assert all(part.endswith("!important") for part in bare.split(";")), block
    selectors = re.findall(r"(?:^|[{}])([^{}@]+)\{", slot.STYLE)
    assert all(
        part.startswith("note-card[data-slot]:not(#_):not(#_):not(#_)")
        for selector in selectors
        for part in selector.split(",")
    )


def test_class_names_are_letters_that_mean_nothing() -> None:
    html = "".join(
        drawn(an_ad(kind, image=PICTURE, card=Card(person="M", phone="1", wechat="m")), place)
        for kind in KINDS
        for place in PLACEMENTS
    )
    names = {name for value in values(Seen(html), "class") for name in value.split()}
    assert all(len(name) == 1 for name in names)
