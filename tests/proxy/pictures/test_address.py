"""Signed addresses: which pictures get one, and that nobody else can make one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.pictures.address import PATH, PictureAddresses

NEW, OLD = b"n" * 32, b"o" * 32
PAGES = "https://pages.example"
ADDRESSES = PictureAddresses(PAGES, (NEW, OLD), frozenset({"tea.example", "xn--bcher-kva.example"}))
FORM = re.compile(re.sub(r"\{(\w+):(.+?\})\}", r"(?P<\1>\2)", PATH))


def taken(url: str, addresses: PictureAddresses = ADDRESSES) -> tuple[str, str]:
    """Signature and name in a picture's address, as the route gets them."""
    found = FORM.fullmatch(addresses.of(url).removeprefix(PAGES))
    assert found, url
    return found["signature"], found["name"]


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://any.example/a.png", True),
        ("HTTP://any.example/a.png", True),
        ("https://any.example/a.png", False),
        ("https://tea.example/a.png", True),
        ("https://img.tea.example/a.png", True),
        ("https://nottea.example/a.png", False),
        ("https://tea.example.evil.example/a.png", False),
        ("https://xn--bcher-kva.example/a.png", True),
        ("data:image/png;base64,AAAA", False),
        ("0123456789abcdef", False),
        ("", False),
        (f"{PAGES}/m/0123", False),
        ("http://any.example/" + "a" * 3000, False),
    ],
)
def test_http_and_listed_hosts_get_an_address_and_everything_else_stays(
    url: str, *, ours: bool
) -> None:
    assert (ADDRESSES.of(url) != url) is ours


def test_pictures_on_a_pages_origin_of_plain_http_stay() -> None:
    home = PictureAddresses("http://127.0.0.1:8080", (NEW,))
    assert home.of("http://127.0.0.1:8080/m/0123") == "http://127.0.0.1:8080/m/0123"
    assert home.of("http://127.0.0.1:80801/a") != "http://127.0.0.1:80801/a"


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_every_address_names_its_picture_again(path: str) -> None:
    url = f"http://any.example/{path}"
    assert ADDRESSES.source(*taken(url)) == url


def test_all_keys_verify_and_the_first_signs() -> None:
    url = "http://any.example/a.png"
    before = PictureAddresses(PAGES, (OLD,))
    assert ADDRESSES.source(*taken(url, before)) == url
    assert before.source(*taken(url)) is None


def test_a_change_of_any_character_is_seen() -> None:
    signature, name = taken("http://any.example/a.png")
    for at in range(len(name)):
        other = "a" if name[at] != "a" else "b"
        assert ADDRESSES.source(signature, name[:at] + other + name[at + 1 :]) is None
    for at in range(len(signature)):
        other = "a" if signature[at] != "a" else "b"
        assert ADDRESSES.source(signature[:at] + other + signature[at + 1 :], name) is None
    for longer in (name + "a", name[:-1], "aa"):
        assert ADDRESSES.source(signature, longer) is None


def test_nothing_that_blocking_lists_look_for_is_in_an_address() -> None:
    url = "http://ads.example/ads/banner-ad/300x250.gif?ad_slot=1&-ad-"
    path = ADDRESSES.of(url).removeprefix(PAGES)
    assert re.fullmatch(r"/i/[a-z2-7]+/[a-z2-7]+", path)


def test_the_keys_are_not_in_what_a_log_would_show() -> None:
    assert "nnnn" not in repr(ADDRESSES)
