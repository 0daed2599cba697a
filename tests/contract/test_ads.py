"""Contract, section 4: the ad, its kinds and defaults, its label, variants, fallback."""

import re
from typing import Any

import pytest

from tests.client import AD, DIGITS, hop
from tests.contract.kit import Reader, Reply, World, article, ask, facts, until
from tests.contract.test_api import png, upload

CARD = {"person": "Chen Wei", "role": "Tea master", "phone": "+86 21 5555 0100", "wechat": "cw_tea"}
KINDS: dict[str, dict[str, Any]] = {
    "text": {"title": "Last pick"},
    "card": {"card": CARD},
    "qr": {"target": "https://halfhill.example/q"},
    "call": {"target": "tel:+862155550100"},
}


def slot(page: str, name: str) -> str:
    """The element of one slot with everything in it."""
    found = re.findall(rf'<note-card data-slot="{name}".*?</note-card>', page, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def changed(w: World, share: dict[str, Any], text: str) -> str:
    until(lambda: text in w.page(share).text, f"{text} does not show", 3.0)
    return w.page(share).text


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_the_kind_shows_is_required(w: World, kind: str) -> None:
    base = {"name": "One", "advertiser": "Half Hill Tea", "kind": kind}
    ad = w.account.ok("POST", "/ads", base | KINDS[kind], 201)
    assert ad["placements"] == ["top", "end"]
    assert (ad["label"], ad["state"], ad["fallback"], ad["variants"]) == (
        "auto",
        "active",
        None,
        [],
    )
    answer = w.account.ask("POST", "/ads", base)
    assert answer.said == (422, "invalid")
    page = w.page(w.share(ad=ad["id"])).text
    for place in ("top", "end"):
        assert "Half Hill Tea" in slot(page, place)
        assert ">Ad<" in slot(page, place)


def test_a_banner_needs_a_picture_and_takes_an_uploaded_ones_id(w: World) -> None:
    base = {"name": "One", "advertiser": "Half Hill Tea", "kind": "banner"}
    assert w.account.ask("POST", "/ads", base).said == (422, "invalid")
    picture = upload(w, png()).json
    ad = w.account.ok("POST", "/ads", base | {"image": picture["id"]}, 201)
    assert picture["url"] in slot(w.page(w.share(ad=ad["id"])).text, "top")
    theirs = w.other.ask("POST", "/ads", base | {"image": picture["id"]})
    assert theirs.said == (422, "invalid")


@pytest.mark.parametrize("field", ["name", "advertiser", "kind"])
def test_name_advertiser_and_kind_are_required(w: World, field: str) -> None:
    for body in ({k: v for k, v in AD.items() if k != field}, AD | {field: ""}):
        answer = w.account.ask("POST", "/ads", body)
        assert answer.said == (422, "invalid")
        assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    ("label", "language", "said"),
    [("auto", "en", "Ad"), ("auto", "zh-CN", "广告"), ("auto", "de", "Ad"), ("广告", "en", "广告"),
     ("Ad", "zh", "Ad")],
)  # fmt: skip
def test_the_label_is_by_the_articles_language_or_as_chosen(
    w: World, label: str, language: str, said: str
) -> None:
    ad = w.account.ad(label=label)["id"]
    page = w.page(w.share(article(lang=language), ad)).text
    assert f">{said}<" in slot(page, "top")
    assert "Half Hill Tea" in slot(page, "top")


def test_all_fields_are_text_never_html(w: World) -> None:
    evil = "<b onclick=x>&amp;\"'</note-card><script>1</script>"
    ad = w.account.ad(title=evil, body=evil, button=evil[:40], advertiser=evil)["id"]
    page = w.page(w.share(ad=ad)).text
    assert "<b onclick" not in page
    assert "<script>1" not in page
    assert "&lt;b onclick=x&gt;&amp;amp;" in slot(page, "top")


@pytest.mark.parametrize("target", ["tel:+862155550100", "mailto:tea@halfhill.example"])
def test_tel_and_mailto_targets_are_plain_links(w: World, target: str) -> None:
    ad = w.account.ad(target=target)["id"]
    share = w.share(ad=ad)
    assert f'href="{target}"' in slot(w.page(share).text, "top")
    assert ask(f"{w.service.pages}/g/{share['id']}/top").status == 404


def test_placeholders_are_filled_on_the_way(w: World) -> None:
    target = "https://halfhill.example/?s={share}&c={channel}&d={depth}"
    share = w.share(ad=w.account.ad(target=target)["id"], channel="chat & co")
    link = f"{w.service.pages}/g/{share['id']}/top"
    assert f'href="{link}"' in slot(w.page(share).text, "top")
    led = ask(f"{link}?h={hop(3)}")
    assert led.status == 302
    assert led.headers["Location"] == (
        f"https://halfhill.example/?s={share['id']}&c=chat%20%26%20co&d=3"
    )
    assert ask(link).headers["Location"].endswith("&d=0")


def test_an_external_image_is_copied_and_encoded_when_the_ad_is_saved(w: World) -> None:
    url = w.publish(Reply(png(60, 30), headers={"Content-Type": "image/png"}))
    ad = w.account.ok("POST", "/ads", AD | {"kind": "banner", "image": url}, 201)
    assert ad["image"] != url
    page = w.page(w.share(ad=ad["id"])).text
    assert url not in page
    (address,) = set(re.findall(r'src="([^"]+/m/[^"]+)"', page))
    assert address.startswith(f"{w.service.pages}/m/")
    assert ask(address).status == 200


@pytest.mark.parametrize("image", ["http://10.0.0.1/a.png", "http://127.0.0.2:9/a.png"])
def test_an_external_image_that_cannot_be_had_is_told(w: World, image: str) -> None:
    answer = w.account.ask("POST", "/ads", AD | {"kind": "banner", "image": image})
    assert answer.said == (422, "invalid")
    assert answer.json["errors"][0]["field"] == "image"


def fnv1a32(text: str) -> int:
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 % 2**32
    return found


def test_fnv1a32_is_the_published_one() -> None:
    assert (fnv1a32(""), fnv1a32("a"), fnv1a32("foobar")) == (0x811C9DC5, 0xE40C292C, 0xBF9CF968)


def test_variants_are_in_the_page_and_readers_are_split_by_their_hop(w: World) -> None:
    variants = [
        {"id": "a", "weight": 2, "title": "A title"},
        {"id": "b", "weight": 1, "title": "B"},
    ]
    ad = w.account.ad(variants=variants)["id"]
    share = w.share(ad=ad)
    page = w.page(share).text
    assert facts(page)["slots"][0] == {"slot": "top", "variants": ["a", "b"], "weights": [2, 1]}
    assert "A title" in slot(page, "top")
    ticket = facts(page)["ticket"]
    readers = [Reader(ticket, n=f"AB{DIGITS[number]}aaaaaaaaa") for number in range(30)]
    w.sent([reader.open for reader in readers])
    w.settled(ad, 30)
    rows = w.account.ok("GET", f"/ads/{ad}/report?by=variant")["rows"]
    shown = ["aab"[fnv1a32(reader.n) % 3] for reader in readers]
    assert {row["key"]: row["readers"] for row in rows} == {
        key: shown.count(key) for key in "ab" if key in shown
    }


def test_a_changed_ad_shows_on_pages_already_forwarded(w: World) -> None:
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    before = w.page(share)
    w.account.ok("PATCH", f"/ads/{ad}", {"title": "Spring has come"})
    page = changed(w, share, "Spring has come")
    assert AD["title"] not in page
    assert w.page(share).headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("how", ["paused", "ended", "deleted"])
def test_an_ad_that_rests_leaves_its_fallback_or_no_slot_at_all(w: World, how: str) -> None:
    instead = w.account.ad(title="Instead of it", advertiser="Other Tea", placements=["end"])["id"]
    ads = [w.account.ad(fallback=fallback)["id"] for fallback in (None, instead)]
    bare, filled = (w.share(ad=ad) for ad in ads)
    for ad in ads:
        if how == "deleted":
            w.account.ok("DELETE", f"/ads/{ad}", want=204)
        else:
            w.account.ok("PATCH", f"/ads/{ad}", {"state": how})
    page = changed(w, filled, "Instead of it")
    assert "Other Tea" in slot(page, "end")
    assert 'data-slot="top"' not in page
    until(lambda: 'data-slot="' not in w.page(bare).text, "the slot still stands")
    assert "Half Hill Tea" not in w.page(bare).text
    assert facts(w.page(bare).text)["slots"] == []
    tapped = ask(f"{w.service.pages}/g/{bare['id']}/top")
    assert tapped.status == 410
    assert "This ad no longer runs" in tapped.text
    if how == "paused":
        w.account.ok("PATCH", f"/ads/{ads[0]}", {"state": "active"})
        changed(w, bare, "Half Hill Tea")


def test_two_ads_that_stand_in_for_each_other_may_both_rest(w: World) -> None:
    first = w.account.ad(title="The first")["id"]
    second = w.account.ad(title="The second", fallback=first)["id"]
    w.account.ok("PATCH", f"/ads/{first}", {"fallback": second, "state": "paused"})
    share = w.share(ad=first)
    assert "The second" in slot(w.page(share).text, "top")
    w.account.ok("PATCH", f"/ads/{second}", {"state": "ended"})
    until(lambda: 'data-slot="' not in w.page(share).text, "the slot still stands")
