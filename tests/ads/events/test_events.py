import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads import events
from ads.errors import Problem

ID, OF = "i" * 16, "o" * 32
N1, N2 = "ABabcdefghij", "ACabcdefghij"
OPEN: dict[str, Any] = {"v": 1, "t": "x", "i": ID, "n": N1, "p": "", "k": "open"}
VIEW = {"v": 1, "t": "x", "i": ID, "o": OF, "n": N2, "p": N1, "k": "view", "s": "top"}
READ = {**VIEW, "k": "read", "ms": 5_000, "pct": 40}


def parse(*sent: Any) -> list[events.Event]:
    return events.parse(json.dumps(sent[0] if len(sent) == 1 else sent).encode())


def code(body: bytes) -> str:
    with pytest.raises(Problem) as refused:
        events.parse(body)
    return refused.value.code


def test_one_object_or_an_array_of_1_to_32_is_a_call() -> None:
    assert len(parse(OPEN)) == len(events.parse(json.dumps([OPEN]).encode())) == 1
    assert len(parse(*[OPEN] * 32)) == 32
    assert code(json.dumps([OPEN] * 33).encode()) == "too_big"
    assert code(b"[]") == "malformed"


def test_a_body_over_64_kilobytes_is_too_big() -> None:
    padded = json.dumps(OPEN).encode() + b" " * events.MAX_BODY
    assert code(padded) == "too_big"
    assert events.parse(padded[: events.MAX_BODY])


GOOD = [
    OPEN,
    OPEN | {"o": ID},
    OPEN | {"self": 1},
    OPEN | {"self": 0},
    OPEN | {"later": {"key": [1]}},
    OPEN | {"n": "P_abcdefghij", "p": "P_ABCDEFGHIJ"},
    VIEW,
    {k: v for k, v in VIEW.items() if k != "p"},
    VIEW | {"k": "tap", "s": "sticky"},
    VIEW | {"k": "close", "s": "sticky"},
    VIEW | {"k": "share", "s": "anything"},
    VIEW | {"k": "plain"},
    READ,
    READ | {"ms": 0, "pct": 0},
    READ | {"ms": 1234.5, "pct": 99.9},
]


@pytest.mark.parametrize("sent", GOOD)
def test_what_the_contract_allows_is_taken(sent: dict[str, Any]) -> None:
    assert parse(sent)


BAD = [
    *({k: v for k, v in OPEN.items() if k != gone} for gone in ("v", "t", "i", "n", "p", "k")),
    *({k: v for k, v in READ.items() if k != gone} for gone in ("o", "ms", "pct")),
    {k: v for k, v in VIEW.items() if k != "s"},
    *({**VIEW, "k": kind, "o": ""} for kind in ("view", "tap", "share", "plain", "close")),
    OPEN | {"v": 2},
    OPEN | {"v": "1"},
    *(OPEN | {name: None} for name in ("v", "t", "p", "k")),
    OPEN | {"t": 5},
    OPEN | {"i": 7},
    OPEN | {"i": "i" * 15},
    OPEN | {"i": "i" * 33},
    OPEN | {"i": "i" * 16 + "\n"},
    *(OPEN | {"i": "i" * 15 + last} for last in "é!"),
    OPEN | {"o": OF},
    OPEN | {"n": "AAabcdefghij"},
    OPEN | {"n": "QAabcdefghij"},
    OPEN | {"n": "__abcdefghij"},
    OPEN | {"n": "ABabcdefghi"},
    OPEN | {"n": "ABabcdefghi."},
    OPEN | {"n": "ABabcdefghijk"},
    OPEN | {"n": ""},
    OPEN | {"p": "short"},
    *(OPEN | {"p": parent} for parent in (5, "AAabcdefghij")),
    *(OPEN | {"k": kind} for kind in ("click", "OPEN", "")),
    *(OPEN | {"self": own} for own in (2, "yes")),
    VIEW | {"o": "o" * 15},
    *(VIEW | {"s": slot} for slot in ("left", 1)),
    *({**VIEW, "k": kind, "s": ""} for kind in ("tap", "close")),
    READ | {"ms": -1},
    *(READ | {"pct": part} for part in (101, -1)),
    READ | {"ms": "5000"},
    READ | {"pct": True},
]


@pytest.mark.parametrize("sent", BAD)
def test_anything_else_makes_the_whole_call_malformed(sent: dict[str, Any]) -> None:
    assert code(json.dumps(sent).encode()) == "malformed"
    assert code(json.dumps([OPEN, sent]).encode()) == "malformed"


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"5", b'"x"', b"{", b"[[]]", b"\xff\xfe", b"[" * 60_000, b'{"v":1}' * 2, b"NaN"],
)
def test_a_body_that_is_no_event_is_malformed(body: bytes) -> None:
    assert code(body) == "malformed"


@given(st.binary(max_size=200))
def test_no_body_raises_anything_but_a_problem(body: bytes) -> None:
    with suppress(Problem):
        events.parse(body)


def test_a_redirects_tap_is_judged_like_a_beacons() -> None:
    event = events.tap("x", ID, OF, N2, "end")
    assert (event.k, event.s, event.p) == ("tap", "end", None)
    for bad in [("", OF, N2), (ID, "", N2), (ID, OF, ""), (ID, OF, "AAabcdefghij")]:
        with pytest.raises(Problem):
            events.tap("x", *bad, "end")
