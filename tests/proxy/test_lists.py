"""The operator's lists: how a line is read, and which of several applies."""

import pytest

from proxy import links
from proxy.lists import entry, parse, speaking

LIST = """\ufeff# how much of whose pages
none     example.com             asked by letter of 3 May

card     news.example/archive/   licensed, cards only
Full     press.example.com
excerpt  b\u00fccher.example
"""


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://example.com/", "none"),
        ("http://www.example.com:8080/a?b", "none"),
        ("https://notexample.com/", None),
        ("https://press.example.com/x", "full"),
        ("https://eu.press.example.com/x", "full"),
        ("https://news.example/archive/1", "card"),
        ("https://news.example/%61rchive/1", "card"),
        ("https://news.example//archive///1", "card"),
        ("https://news.example/a/..%2farchive/1", "card"),
        ("https://news.example/archive", None),
        ("https://news.example/today", None),
        ("https://xn--bcher-kva.example/1", "excerpt"),
    ],
)
def test_the_entry_with_the_longest_host_and_path_speaks(url: str, allowed: str | None) -> None:
    found = speaking(parse(LIST), url)
    assert (found.allowed if found else None) == allowed


def test_of_two_entries_for_one_place_the_stricter_speaks() -> None:
    entries = [entry("card", "a.example"), entry("none", "a.example"), entry("full", "a.example")]
    found = speaking(entries, "https://a.example/")
    assert found
    assert found.allowed == "none"


def test_the_roots_dot_is_no_way_past_an_entry_nor_in_one() -> None:
    for site in ("example.com", "example.com."):
        assert entry("none", site).fits(links.parse("http://example.com./tea").url)


def test_the_note_is_the_rest_of_the_line() -> None:
    assert parse(LIST)[0].note == "asked by letter of 3 May"


@pytest.mark.parametrize("line", ["none", "never example.com", "card *.example.com x", "none a@b"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse(f"# first\n{line}\n")
