"""A publisher's signals and the mode that they allow: the rules as tables."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.page import MODES
from proxy.rights import (
    PAYWALLED,
    Signals,
    Verdict,
    from_headers,
    from_meta,
    from_structured,
    lower,
)

NOW = 1_790_000_000_000  # September 2026


def robots(*names: str) -> Signals:
    return Signals(robots=frozenset(names))


@pytest.mark.parametrize(
    ("signals", "full", "card"),
    [
        (Signals(), ("full", ""), ("card", "")),
        (robots("noindex"), ("full", ""), ("card", "")),
        (robots("none", "nofollow", "noimageindex", "all"), ("full", ""), ("card", "")),
        (robots("noarchive"), ("excerpt", "noarchive"), ("card", "")),
        (robots("nocache"), ("excerpt", "noarchive"), ("card", "")),
        (robots("nosnippet"), ("card", "nosnippet"), ("card", "")),
        (robots("noarchive", "nosnippet"), ("card", "nosnippet"), ("card", "")),
        (Signals(unavailable_after=NOW), (None, "unavailable_after"), (None, "unavailable_after")),
        (Signals(unavailable_after=NOW + 1), ("full", ""), ("card", "")),
        (Signals(tdm_header=True), ("excerpt", "tdm-reservation"), ("card", "")),
        (Signals(tdm_header=False), ("full", ""), ("card", "")),
        (PAYWALLED, ("excerpt", "paywall"), ("card", "")),
        (Signals(robots_txt=True), (None, "robots.txt"), (None, "robots.txt")),
        (Signals(operator="excerpt"), ("excerpt", "operator"), ("card", "")),
        (Signals(operator="card"), ("card", "operator"), ("card", "")),
        (Signals(operator="none"), (None, "operator"), (None, "operator")),
        (Signals(opt_out="excerpt"), ("excerpt", "opt-out"), ("card", "")),
        (Signals(opt_out="card"), ("card", "opt-out"), ("card", "")),
        (Signals(opt_out="none"), (None, "opt-out"), (None, "opt-out")),
        (Signals(opt_out="none", operator="card"), (None, "opt-out"), (None, "opt-out")),
        (PAYWALLED | Signals(robots_txt=True), (None, "robots.txt"), (None, "robots.txt")),
    ],
    ids=str,
)
def test_each_signal_sets_its_ceiling_and_says_why(
    signals: Signals, full: tuple[str | None, str], card: tuple[str | None, str]
) -> None:
    assert lower("full", signals, NOW) == full
    assert lower("card", signals, NOW) == card


any_signals = st.builds(
    Signals,
    robots=st.frozensets(st.sampled_from(["noarchive", "nosnippet", "noindex", "nocache"])),
    unavailable_after=st.sampled_from([None, NOW - 1, NOW + 1]),
    tdm_file=st.sampled_from([None, True, False]),
    tdm_header=st.sampled_from([None, True, False]),
    tdm_meta=st.sampled_from([None, True, False]),
    paywalled=st.booleans(),
    robots_txt=st.booleans(),
    operator=st.sampled_from(["", "excerpt", "card", "none"]),
)


@given(any_signals, st.sampled_from(MODES))
def test_a_mode_is_lowered_never_raised_and_only_for_a_reason(signals: Signals, mode: str) -> None:
    verdict = lower(mode, signals, NOW)
    assert (verdict.mode == mode) == (verdict.reason == "")
    assert verdict.mode is None or MODES.index(verdict.mode) >= MODES.index(mode)
    if verdict.mode:
        assert lower(verdict.mode, signals, NOW) == Verdict(verdict.mode, "")


@given(any_signals, any_signals, any_signals)
def test_signals_join_in_any_order(a: Signals, b: Signals, c: Signals) -> None:
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a | a == a == a | Signals()


@given(any_signals)
def test_signals_travel_to_a_compile_process(signals: Signals) -> None:
    assert pickle.loads(pickle.dumps(signals)) == signals


MARCH_2025 = 1_741_000_000_000


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("noarchive", robots("noarchive")),
        ("NoIndex, NOARCHIVE", robots("noarchive")),
        ("noarchive,", robots("noarchive")),
        ("", Signals()),
        (",,", Signals()),
        ("googlebot: noarchive", Signals()),
        ("googlebot: noarchive, nosnippet", Signals()),
        ("PassalongBot: noarchive, nosnippet", robots("noarchive", "nosnippet")),
        ("passalong: noarchive", robots("noarchive")),
        ("otherbot: noindex, PassalongBot: noarchive", robots("noarchive")),
        ("*: noarchive", robots("noarchive")),
        ("max-snippet:0", robots("nosnippet")),
        ("max-snippet: 0, noindex", robots("nosnippet")),
        ("max-snippet:-1", Signals()),
        ("max-image-preview:large, max-video-preview:-1, all, made-up", Signals()),
        ("unavailable_after: 2025-03-03T11:06:40Z", Signals(unavailable_after=MARCH_2025)),
        ("unavailable_after: Mon, 03 Mar 2025 11:06:40 GMT, noarchive",
         Signals(robots=frozenset({"noarchive"}), unavailable_after=MARCH_2025)),
        ("unavailable_after: Monday, 03-Mar-25 11:06:40 GMT",
         Signals(unavailable_after=MARCH_2025)),
        ("unavailable_after: 03 Mar 2025 03:06:40 PST", Signals(unavailable_after=MARCH_2025)),
        ("unavailable_after: 2025-03-03", Signals(unavailable_after=1_740_960_000_000)),
        ("unavailable_after: soon", Signals()),
        ("unavailable_after: 01 Jan 99999999999999999999 00:00:00 GMT", Signals()),
        ("unavailable_after: 01 Jan 2025 00:00:00 +99999999999999", Signals()),
        ("unavailable_after:", Signals()),
        ("otherbot: unavailable_after: 2025-03-03", Signals()),
        ("passalongbot: unavailable_after: 2025-03-03",
         Signals(unavailable_after=1_740_960_000_000)),
    ],
)  # fmt: skip
def test_a_robots_header_is_read_for_all_and_for_us(content: str, expected: Signals) -> None:
    assert from_headers({"x-robots-tag": content}) == expected


def test_each_line_of_repeated_headers_has_its_own_agent() -> None:
    assert from_headers({"x-robots-tag": "otherbot: nosnippet\nnoarchive"}) == robots("noarchive")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("robots", "noarchive", robots("noarchive")),
        (" ROBOTS ", "noarchive", robots("noarchive")),
        ("PassalongBot", "nosnippet", robots("nosnippet")),
        ("googlebot", "nosnippet", Signals()),
        ("description", "noarchive", Signals()),
        ("tdm-reservation", "1", Signals(tdm_meta=True)),
        ("TDM-Reservation", " 0 ", Signals(tdm_meta=False)),
        ("tdm-reservation", "2", Signals()),
        ("tdm-policy", "1", Signals()),
    ],
)
def test_a_meta_element_is_read_for_all_and_for_us(
    name: str, content: str, expected: Signals
) -> None:
    assert from_meta(name, content) == expected


@pytest.mark.parametrize(
    ("meta", "header", "file", "reserved"),
    [
        (None, None, None, False),
        (None, None, True, True),
        (None, False, True, False),
        (False, True, True, False),
        (True, False, False, True),
        (None, True, False, True),
    ],
)
def test_the_closest_tdm_reservation_wins(
    meta: bool | None, header: bool | None, file: bool | None, reserved: bool
) -> None:
    parts = Signals(tdm_meta=meta) | Signals(tdm_header=header) | Signals(tdm_file=file)
    assert parts.tdm_reserved is reserved


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("0", False), ("x", None), ("", None)]
)
def test_a_tdm_header_is_one_or_zero(value: str, expected: bool | None) -> None:
    assert from_headers({"tdm-reservation": value}).tdm_header is expected


@pytest.mark.parametrize(
    ("text", "paywalled"),
    [
        ('{"@type": "NewsArticle", "isAccessibleForFree": false}', True),
        ('{"isAccessibleForFree": "False"}', True),
        ('{"isAccessibleForFree": "http://schema.org/False"}', True),
        ('[{"@type": "WebSite"}, {"isAccessibleForFree": false}]', True),
        ('{"@graph": [{"isAccessibleForFree": false}]}', True),
        ('{"hasPart": {"isAccessibleForFree": false, "cssSelector": ".pay"}}', True),
        ('{"hasPart": [{"isAccessibleForFree": "false"}]}', True),
        ('{"isAccessibleForFree": true}', False),
        ('{"isAccessibleForFree": "True"}', False),
        ('{"isAccessibleForFree": 0}', False),
        ('{"isAccessibleForFree": null}', False),
        ('{"itemListElement": [{"isAccessibleForFree": false}]}', False),
        ('"false"', False),
        ("[[[[[[[[{}]]]]]]]]", False),
    ],
)
def test_a_paywall_is_read_from_structured_data(text: str, paywalled: bool) -> None:
    assert from_structured(json.loads(text)) == Signals(paywalled=paywalled)


@given(st.text(), st.text())
def test_no_text_of_a_publisher_breaks_the_reading(name: str, content: str) -> None:
    from_headers({"x-robots-tag": content, "tdm-reservation": name})
    from_meta("robots", "unavailable_after: " + content)
    from_meta(name, content)
