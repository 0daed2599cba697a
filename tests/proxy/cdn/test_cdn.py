"""The policy word for word, and cache times that are shorter than a ticket's life."""

import re
from pathlib import Path

import pytest

from ads import ticket
from ads.clock import SECOND
from proxy import cdn
from proxy.cdn import CdnConfig

TWO = CdnConfig("https://console.example", "https://pages.example", "sha256-abc=", "sha256-me=")
ONE = CdnConfig("https://one.example", "https://one.example:8443", "sha256-abc=", "sha256-me=")

# DESIGN, section 5, with S and ORIGIN filled in, and with files that a link may lead to (0017).
EXPECTED = (
    "sandbox allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-downloads; "
    "default-src 'none'; script-src 'sha256-abc='; "
    "style-src https: https://pages.example 'unsafe-inline'; "
    "img-src https: data: https://pages.example; media-src https: data: https://pages.example; "
    "font-src https: data: https://pages.example; connect-src https://pages.example; "
    "worker-src 'none'; object-src 'none'; frame-src 'none'; child-src 'none'; "
    "manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def test_the_policy_is_the_designs_word_for_word() -> None:
    assert cdn.policy(TWO) == EXPECTED


def test_one_host_for_both_origins_gets_the_strict_sandbox() -> None:
    assert cdn.policy(ONE).startswith(
        "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads; "
    )
    assert "allow-same-origin" not in cdn.policy(ONE, "me")


def test_no_page_has_an_opener_policy_for_webkit_knows_no_reload_of_a_sandbox_with_one() -> None:
    for config in (ONE, TWO):
        assert "Cross-Origin-Opener-Policy" not in cdn.guards(config)


def test_a_preview_runs_nothing_and_only_the_console_frames_it() -> None:
    changed = {
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        "script-src 'none'",
        "frame-ancestors https://console.example",
    }
    assert set(cdn.policy(TWO, "preview").split("; ")) - set(EXPECTED.split("; ")) == changed


def test_me_runs_its_own_script_alone() -> None:
    assert set(cdn.policy(TWO, "me").split("; ")) - set(EXPECTED.split("; ")) == {
        "script-src 'sha256-me='"
    }


def test_all_cache_times_together_stay_under_48_hours_and_a_ticket_outlives_them() -> None:
    control = cdn.headers(["share:1"], "https://a.example/")["Cache-Control"]
    times = {name: int(value) for name, value in re.findall(r"([a-z-]+)=(\d+)", control)}
    longest = max(times["max-age"], times["s-maxage"])
    total = longest + times["stale-while-revalidate"] + times["stale-if-error"]
    assert times["max-age"] <= 60 < times["s-maxage"]
    assert total <= 48 * 3600
    assert {"public", "no-transform"} < set(control.split(", "))
    assert total * SECOND + ticket.EPOCH_MS < ticket.HOLDS_MS


def test_keys_are_one_list_in_three_spellings() -> None:
    headers = cdn.headers(["article:a", "ad:b", "share:c", "ad:b"], "https://a.example/")
    assert headers["Surrogate-Key"] == headers["xkey"] == "article:a ad:b share:c"
    assert headers["Cache-Tag"] == "article:a,ad:b,share:c"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://a.example/b?c=d&e=%20", "https://a.example/b?c=d&e=%20"),
        ('https://a.example/>; rel="x', "https://a.example/%3E;%20rel=%22x"),
        ("https://a.example/\r\nSet-Cookie: a", "https://a.example/%0D%0ASet-Cookie:%20a"),
        ("https://a.example/茶", "https://a.example/%E8%8C%B6"),
    ],
)
def test_the_canonical_header_cannot_be_broken_out_of(url: str, named: str) -> None:
    assert cdn.headers([], url)["Link"] == f'<{named}>; rel="canonical"'


def test_no_feature_that_the_readers_buttons_need_is_denied() -> None:
    denied = cdn.guards(TWO)["Permissions-Policy"]
    assert "camera=()" in denied
    assert "clipboard-write" not in denied
    assert "web-share" not in denied


def test_a_shipped_edge_and_a_cdn_in_a_row_keep_a_page_under_48_hours() -> None:
    ops = Path(__file__).parents[3] / "ops"
    nginx = (ops / "nginx" / "nginx.conf").read_text()
    varnish = (ops / "varnish" / "default.vcl").read_text()
    stale = cdn.STALE_WHILE_REVALIDATE + cdn.STALE_IF_ERROR
    (kept,) = {int(n) for n in re.findall(r"stale-if-error=(\d+)", nginx)}
    assert 4 + kept + cdn.S_MAXAGE + stale <= cdn.LONGEST_S
    (fresh,) = {int(n) for n in re.findall(r"beresp\.ttl = (\d+)h", varnish)}
    (grace,) = {int(n) for n in re.findall(r"beresp\.grace = (\d+)h", varnish)}
    assert fresh * 3600 <= cdn.S_MAXAGE
    # Varnish sends an Age, so a CDN's own time begins when Varnish's began.
    assert (fresh + grace) * 3600 + stale <= cdn.LONGEST_S
