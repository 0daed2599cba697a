"""Which addresses stay, and what they are resolved against."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.compiler.clean.attributes import candidates, srcset
from proxy.compiler.urls import _WRITTEN, FETCH_SCHEMES, Base, _join, clean, scheme

MAY_STAY = ("http:", "https:", "#", "mailto:", "tel:", "sms:", "data:image/", "data:font/")
BASE = Base("https://a.example/dir/page.html?x=1")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("other.html", "https://a.example/dir/other.html"),
        ("//b.example/x", "https://b.example/x"),
        ("#note", "#note"),
        ("page.html?x=1#note", "#note"),
        ("page.html#note", "https://a.example/dir/page.html#note"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("tel:+861234", "tel:+861234"),
        ("  java\nscript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("vbscript:x", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("blob:https://a.example/x", ""),
        ("weixin://dl/chat", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_link_is_absolute_or_a_part_of_the_page_or_gone(text: str, link: str) -> None:
    assert BASE.link(text) == link


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("/root/", "https://a.example/root/x"),
        ("//cdn.example/", "https://cdn.example/x"),
        ("javascript:alert(1)", "https://a.example/dir/x"),
        ("", "https://a.example/dir/x"),
    ],
)
def test_a_declared_base_counts_if_it_is_on_the_web(declared: str, url: str) -> None:
    assert Base("https://a.example/dir/p", declared).fetched("x") == url


def test_a_picture_may_stand_in_its_address_but_no_page_may() -> None:
    assert BASE.picture("data:image/png;base64,AA==").startswith("data:")
    assert BASE.picture("data:text/html,<script>") == ""
    assert BASE.fetched("data:image/png;base64,AA==") == ""


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("a.jpg 1x, b.jpg 2x", [("a.jpg", "1x"), ("b.jpg", "2x")]),
        ("a.jpg,b.jpg 2x", [("a.jpg,b.jpg", "2x")]),
        ("a.jpg, b.jpg", [("a.jpg", ""), ("b.jpg", "")]),
        ("/w_1,h_2/a.jpg 480w", [("/w_1,h_2/a.jpg", "480w")]),
        ("\n\ta.jpg\n1x,\n\tb.jpg\n2x\n", [("a.jpg", "1x"), ("b.jpg", "2x")]),
        ("", []),
    ],
)
def test_the_candidates_of_a_srcset(value: str, parsed: list[tuple[str, str]]) -> None:
    assert candidates(value) == parsed


def test_a_srcset_keeps_only_addresses_that_may_stay() -> None:
    assert srcset(BASE, "a.jpg 1x, javascript:x 2x") == "https://a.example/dir/a.jpg 1x"


@given(st.text(max_size=60))
def test_no_text_resolves_to_a_scheme_that_runs(text: str) -> None:
    for url in (BASE.link(text), BASE.fetched(text), BASE.picture(text), BASE.style(text)):
        assert not url or url.startswith(MAY_STAY)


@given(st.one_of(st.from_regex(_WRITTEN, fullmatch=True), st.text("htps:/.?%2eEx-@", max_size=30)))
def test_what_is_taken_as_it_is_written_is_what_the_parser_makes_of_it(text: str) -> None:
    parsed = _join(BASE.url, clean(text)) if clean(text) else ""
    assert BASE.fetched(text) == (parsed if scheme(parsed) in FETCH_SCHEMES else "")
