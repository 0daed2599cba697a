"""The first link in a pasted text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.web.pasted import first_url

PASTED = [
    ("https://a.example/b", "https://a.example/b"),
    ("Look at this! http://127.0.0.1:8080/oolong", "http://127.0.0.1:8080/oolong"),
    ("看看这篇 https://mp.weixin.qq.com/s/abc-_D，写得好", "https://mp.weixin.qq.com/s/abc-_D"),
    ("https://a.example/x看看", "https://a.example/x"),
    ("https://zh.wikipedia.org/wiki/茶", "https://zh.wikipedia.org/wiki/茶"),
    ("https://a.example/2026/茶-看法 写得好", "https://a.example/2026/茶-看法"),
    ("Lies https://bücher.example/straße-été.", "https://bücher.example/straße-été"),
    ("https://тест.рф/новости-дня, смотри", "https://тест.рф/новости-дня"),
    ("https://hi.wikipedia.org/wiki/चाय।", "https://hi.wikipedia.org/wiki/चाय"),
    ("https://ar.wikipedia.org/wiki/شاي_أخضر، اقرأ", "https://ar.wikipedia.org/wiki/شاي_أخضر"),
    ("(https://a.example/wiki/Tea_(drink))", "https://a.example/wiki/Tea_(drink)"),
    ("Read https://a.example/b?c=d&e=f#g.", "https://a.example/b?c=d&e=f#g"),
    ('He said "https://a.example/b" twice https://c.example/', "https://a.example/b"),
    ("<https://a.example/b>", "https://a.example/b"),
    ("HTTPS://A.example/b", "HTTPS://A.example/b"),
    ("slowkettle.example/last-oolong", "https://slowkettle.example/last-oolong"),
    ("see slowkettle.example.", "https://slowkettle.example"),
    ("mail mei@halfhill.example please", "mail mei@halfhill.example please"),
    ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ("https://a.example/?id=7|8&by={x}", "https://a.example/?id=7|8&by={x}"),
    ("https://a.example/b|Slow Kettle", "https://a.example/b"),
    ("https://mei@a.example/b", "https://mei@a.example/b"),
    ("no link at all", "no link at all"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "link"), PASTED)
def test_the_link_is_found_without_what_stands_around_it(text: str, link: str) -> None:
    assert first_url(text) == link


@given(st.text())
def test_any_text_yields_a_link_or_itself(text: str) -> None:
    found = first_url(text)
    assert found == text[:16_384].strip() or found.lower().startswith(("http://", "https://"))


@given(st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/]{0,30}[a-z0-9]", fullmatch=True))
def test_a_clean_link_is_taken_whole(link: str) -> None:
    assert first_url(f"前面的话 {link} and after") == link
