"""Accept-Encoding and If-None-Match by RFC 9110's tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy import encodings


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", ()),
        ("gzip, deflate, br, zstd", ("br", "gzip")),
        ("gzip", ("gzip",)),
        ("BR;Q=1.0, gzip; q=0.8", ("br", "gzip")),
        ("br;q=0.2,gzip;q=0.9", ("gzip", "br")),
        ("*", ("br", "gzip")),
        ("*;q=0", ()),
        ("*;q=0.5, br;q=0", ("gzip",)),
        ("identity;q=0", ()),
        ("gzip;q=x", ()),
        ("gzip;q=2", ()),
        ("gzip;q=0.000", ()),
        ("sdch , gzip ", ("gzip",)),
    ],
)
def test_encodings_by_the_clients_liking(header: str, taken: tuple[str, ...]) -> None:
    assert encodings.accepted(header) == taken


@given(st.text(max_size=200))
def test_any_header_is_answered(header: str) -> None:
    assert set(encodings.accepted(header)) <= {"br", "gzip"}
    assert encodings.matches(header, 'W/"x"') in (True, False)


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('W/"a"', True),
        ('"a"', True),
        ("*", True),
        (' W/"b" , "a"', True),
        ('"a,b", "c"', False),
        ("a", False),
        ('W/"A"', False),
        ("", False),
    ],
)
def test_names_compare_weakly(header: str, known: bool) -> None:
    assert encodings.matches(header, 'W/"a"') is known
