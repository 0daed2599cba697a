"""Each kind of edge is called as documented, and only its confirmation counts."""

import json

import pytest

from proxy.cdn.edges import parse

TOKENS = {"fastly": "f-token", "cloudflare": "c-token"}
KEYS = ["article:a", "ad:b", "share:c"]


def test_varnish_gets_the_keys_in_one_header() -> None:
    edge = parse("http://127.0.0.1:6081/", "pages.example", {})
    call = edge.call(KEYS)
    assert (call.method, call.url, call.body) == ("PURGE", "http://127.0.0.1:6081/", b"")
    assert call.headers == {"xkey-purge": "article:a ad:b share:c"}
    assert edge.near


def test_a_cache_that_knows_addresses_alone_gets_each_page_with_its_host() -> None:
    edge = parse("plain+https://cache.example/", "pages.example", {})
    call = edge.call(["/s/abc"])
    assert (call.method, call.url) == ("PURGE", "https://cache.example/s/abc")
    assert call.headers == {"Host": "pages.example"}
    assert (edge.by_path, edge.at_once) == (True, 1)


def test_fastly_gets_its_token_and_surrogate_keys() -> None:
    edge = parse("fastly://SU1Z0isxPaozGVKXdv0eY", "pages.example", TOKENS)
    call = edge.call(KEYS)
    assert call.method == "POST"
    assert call.url == "https://api.fastly.com/service/SU1Z0isxPaozGVKXdv0eY/purge"
    assert call.headers["Fastly-Key"] == "f-token"
    assert call.headers["Surrogate-Key"] == "article:a ad:b share:c"
    assert edge.at_once == 256
    assert edge.heard(200, b'{"a":"1"}')
    assert not edge.heard(401, b'{"msg":"Provided credentials are missing or invalid"}')


def test_cloudflare_gets_its_token_and_tags_and_must_say_success() -> None:
    edge = parse("cloudflare://023e105f4ecef8ad9ca31a8372d0c353", "pages.example", TOKENS)
    call = edge.call(KEYS)
    assert call.method == "POST"
    zone = "https://api.cloudflare.com/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353"
    assert call.url == f"{zone}/purge_cache"
    assert call.headers["Authorization"] == "Bearer c-token"
    assert call.headers["Content-Type"] == "application/json"
    assert json.loads(call.body) == {"tags": KEYS}
    assert edge.at_once == 30
    assert edge.heard(200, b'{"success": true, "result": {"id": "0"}}')
    for answer in (b'{"success": false}', b"[]", b"", b"<html>"):
        assert not edge.heard(200, answer)


def test_an_api_may_stand_elsewhere() -> None:
    edge = parse("fastly+http://127.0.0.1:99/svc", "", TOKENS)
    assert edge.call(KEYS).url == "http://127.0.0.1:99/service/svc/purge"


def test_no_token_is_in_an_edges_name_or_text() -> None:
    for spelled in ("fastly://svc", "cloudflare://zone"):
        edge = parse(spelled, "", TOKENS)
        assert edge.name == spelled
        assert "token" not in repr(edge)


@pytest.mark.parametrize(
    ("spelled", "said"),
    [
        ("127.0.0.1:6081", "an edge is"),
        ("ftp://127.0.0.1", "an edge is"),
        ("http://user:secret@edge", "an edge is"),
        ("http:///path", "an edge is"),
        ("http://edge:99999/", "an edge is"),
        ("http://[1::2::3]/", "an edge is"),
        ("fastly://", "an edge is"),
    ],
)
def test_what_is_no_edge_is_told(spelled: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(spelled, "", TOKENS)


def test_a_missing_token_is_named() -> None:
    with pytest.raises(ValueError, match="PASSALONG_FASTLY_TOKEN"):
        parse("fastly://svc", "", {})
