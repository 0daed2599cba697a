"""The shipped edges in front of a controlled origin: what they keep, and how long."""

import gzip
import socket
import time
from contextlib import closing
from http.client import HTTPConnection

import brotli
import pytest

from proxy.config import COUNTRY_HEADERS
from tests.contract.kit import until
from tests.edge.kit import HOST, Front, Page

SPELLINGS = (
    "gzip, deflate, br, zstd",
    "gzip, deflate, br",
    "br;q=1.0, gzip;q=0.8, *;q=0.1",
    "GZIP, BR",
    "br",
    "gzip",
    "gzip;q=1.0",
    "gzip, deflate",
    "deflate, gzip;q=0.5",
    "br;q=0, gzip",
    "br;q=0.000, gzip",
    "brotli, gzip",
)


def purge(front: Front, keys: str) -> int:
    return front.get("/", "PURGE", xkey_purge=keys).status


def test_any_number_of_hops_is_one_request_at_the_origin(front: Front) -> None:
    page = front.fresh()
    answers = [front.get(f"{page.path}?h={n:012}&utm_source=x", Cookie=f"a={n}") for n in range(99)]
    assert {(answer.status, answer.body) for answer in answers} == {(200, page.body)}
    (asked,) = page.asked
    assert asked.path == page.path


def test_a_hundred_cold_requests_at_once_are_one_at_the_origin(front: Front) -> None:
    page = front.fresh(delay=0.3)
    answers = front.together([f"{page.path}?h={n}" for n in range(100)])
    assert {(answer.status, answer.body) for answer in answers} == {(200, page.body)}
    assert len(page.asked) == 1


def test_a_reader_who_has_the_page_gets_304_from_the_edge(front: Front) -> None:
    page = front.fresh()
    tag = front.get(page.path).headers["ETag"]
    for known in (tag, tag.removeprefix("W/")):
        again = front.get(page.path, If_None_Match=known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
    assert front.get(page.path, If_None_Match='"other"').status == 200
    assert len(page.asked) == 1


def test_head_is_answered_as_get_without_the_body(front: Front) -> None:
    page = front.fresh()
    head = front.get(page.path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == front.get(page.path).headers["ETag"]
    assert len(page.asked) == 1


def test_hundreds_of_accepted_encodings_are_two_copies(front: Front) -> None:
    page = front.fresh()
    for spelled in (*SPELLINGS, *(f"x-{n}, gzip" for n in range(30))):
        answer = front.get(page.path, Accept_Encoding=spelled)
        encoding = answer.headers.get("Content-Encoding")
        names = [each.strip().lower().partition(";q=1")[0] for each in spelled.split(",")]
        assert encoding == ("br" if "br" in names else "gzip"), spelled
        unpack = brotli.decompress if encoding == "br" else gzip.decompress
        assert unpack(answer.body) == page.body
        assert answer.headers["Vary"].lower() == "accept-encoding"
    for spelled in ("", "identity", "gzip;q=0", "deflate"):
        plain = front.get(page.path, Accept_Encoding=spelled)
        assert (plain.headers.get("Content-Encoding"), plain.body) == (None, page.body)
    assert len(page.asked) == 2


def test_a_host_in_other_letters_makes_no_copy_and_has_none(front: Front) -> None:
    page = front.fresh()
    for host in ("Pages.Example", "PAGES.example", HOST):
        assert front.get(page.path, Host=host).body == page.body
    assert front.get(page.path).body == page.body
    assert [asked.headers["host"] for asked in page.asked] == [
        "Pages.Example",
        "PAGES.example",
        HOST,
    ]
    assert front.get(page.path, Host="PAGES.EXAMPLE").status == 200
    assert len(page.asked) == 4


def test_a_checker_that_names_no_host_is_answered_by_the_service(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.edge.port), 5) as checker:
        checker.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
        assert checker.makefile("rb").readline().split()[1] == b"200"
    assert front.origin.others[-1].path == "/readyz"
    assert front.origin.others[-1].headers["host"]


def test_headers_reach_the_reader_as_the_service_set_them_and_no_cookie(front: Front) -> None:
    page = front.fresh()
    for _ in range(2):
        answer = front.get(page.path, Cookie="session=1")
        assert "s-maxage=43200" in answer.headers["Cache-Control"]
        assert answer.headers["CDN-Cache-Control"] == answer.headers["Cache-Control"]
        assert answer.headers["Surrogate-Key"] == f"{page.key} ad:a"
        assert answer.headers["Link"] == '<https://a.example/>; rel="canonical"'
        assert "Set-Cookie" not in answer.headers
    (asked,) = page.asked
    assert "cookie" not in asked.headers
    assert asked.headers["host"] == HOST


def test_what_is_not_a_page_passes_with_its_cookies(front: Front) -> None:
    for _ in range(2):
        answer = front.get("/ads?cursor=1", Cookie="session=1")
        assert answer.headers["Set-Cookie"] == "s=1"
    passed = [each for each in front.origin.others if each.path == "/ads?cursor=1"]
    assert [each.headers["cookie"] for each in passed] == ["session=1"] * 2
    assert passed[0].headers["host"] == HOST


@pytest.mark.parametrize(
    ("status", "wait"), [(204, None), (400, None), (413, None), (429, "9"), (503, "4")]
)
def test_beacons_pass_with_their_body_and_come_back_with_their_answer(
    front: Front, status: int, wait: str | None
) -> None:
    front.origin.beacon = (status, {"Retry-After": wait} if wait else {})
    front.origin.others.clear()
    kind = "text/plain;charset=UTF-8"
    answer = front.get("/e", "POST", b'{"v":1}', Content_Type=kind, Origin="null", Cookie="a=1")
    assert (answer.status, answer.headers["Retry-After"]) == (status, wait)
    (seen,) = front.origin.others
    assert (seen.method, seen.body) == ("POST", b'{"v":1}')
    assert (seen.headers["content-type"], seen.headers["origin"]) == (kind, "null")
    assert "cookie" not in seen.headers


def test_a_line_break_behind_a_name_is_a_part_of_the_name(front: Front) -> None:
    page = front.fresh()
    for path in (page.path, "/robots.txt", "/m/x"):
        front.origin.others.clear()
        assert front.get(f"{path}%0a").body == b"console"
        assert [each.path for each in front.origin.others] == [f"{path}%0a"]
    assert not page.asked


@pytest.mark.parametrize("path", ["/e", "/e?via=t.co"])
def test_a_beacon_on_a_connection_that_breaks_is_sent_once_more(front: Front, path: str) -> None:
    front.origin.beacon = 204, {}
    reader = HTTPConnection("127.0.0.1", front.edge.port, timeout=10)
    with closing(reader):
        for front.origin.drops in (0, 1):  # the first request leaves the edge an open connection
            front.origin.others.clear()
            reader.request("POST", path, b"{}", {"Host": HOST})
            answer = reader.getresponse()
            answer.read()
            assert answer.status == 204
    assert [each.body for each in front.origin.others] == [b"{}"] * 2


def test_clicks_pass_with_their_query_every_time(front: Front) -> None:
    front.origin.others.clear()
    click = "/g/share/top?h=1&i=2&o=3&t=4"
    assert [front.get(click).status for _ in range(2)] == [200, 200]
    assert [each.path for each in front.origin.others] == [click, click]


def test_the_client_is_the_last_of_the_forwarded_and_no_country_is_forged(front: Front) -> None:
    page = front.fresh()
    countries = dict.fromkeys(COUNTRY_HEADERS.replace("-", "_").split(","), "CN")
    front.origin.others.clear()
    front.get(page.path, X_Forwarded_For="6.6.6.6", **countries)
    front.get("/e", "POST", b"{}", X_Forwarded_For="6.6.6.6, 7.7.7.7", **countries)
    (asked,), (beacon,) = page.asked, front.origin.others
    assert asked.headers["x-forwarded-for"] == "6.6.6.6, 127.0.0.1"
    assert beacon.headers["x-forwarded-for"] == "6.6.6.6, 7.7.7.7, 127.0.0.1"
    for seen in (asked, beacon):
        assert not {name.replace("_", "-").lower() for name in countries} & set(seen.headers)


def test_while_a_page_is_asked_for_again_others_have_the_old_copy(front: Front, old: Page) -> None:
    before, asked = old.body, len(old.asked)
    old.text, old.delay = "two", 1.0
    answers = front.together([old.path] * 20)
    assert sum(answer.body == before for answer in answers) >= 19
    until(lambda: front.get(old.path).body == old.body, "the new copy did not come")
    assert len(old.asked) == asked + 1


def test_the_old_copy_is_served_while_the_service_fails_or_hangs(front: Front, old: Page) -> None:
    for old.status, old.delay in ((503, 0.0), (500, 0.0), (200, 4.0)):
        began = time.monotonic()
        answer = front.get(old.path)
        assert (answer.status, answer.body) == (200, old.body)
        assert time.monotonic() - began < 4.0, "a reader waited for a service that hangs"


def test_a_change_is_seen_by_the_next_request_or_within_5_seconds(front: Front, old: Page) -> None:
    asked = len(old.asked)
    old.text = "two"
    if front.edge.kind == "varnish":
        assert purge(front, f"share:other {old.key}") == 200
    assert front.get(old.path).body == old.body
    assert brotli.decompress(front.get(old.path, Accept_Encoding="br").body) == old.body
    assert len(old.asked) == asked + 2


def test_a_page_no_longer_known_is_not_served_from_the_old_copy(front: Front, old: Page) -> None:
    old.status = 404
    if front.edge.kind == "varnish":
        purge(front, old.key)
    assert front.get(old.path).status == 404


def test_an_ended_page_is_seen_ended(front: Front, old: Page) -> None:
    old.status = 410
    if front.edge.kind == "varnish":
        assert purge(front, "share:x") == 200
        assert front.get(old.path).status == 200, "another page's purge"
        purge(front, old.key)
    assert front.get(old.path).status == 410
    # nginx's other worker still has the old copy for a moment.
    until(lambda: front.get(old.path).status == 410, "the old copy stays")
    old.status = 200
    assert front.get(old.path).status == 410, "a no is kept for a while as well"


def test_a_page_nobody_knows_is_not_kept_for_its_discoverer(front: Front) -> None:
    page = front.fresh(status=404)
    assert front.get(page.path).status == 404
    page.status = 200
    until(lambda: front.get(page.path).status == 200, "a 404 is kept", 4.0)


def test_a_cold_page_of_a_failing_service_is_its_503_and_not_kept(front: Front) -> None:
    page = front.fresh(status=503)
    refused = front.get(page.path)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "7")
    page.status = 200
    assert front.get(page.path).status == 200


def test_a_readers_purge_through_another_proxy_is_refused(front: Front) -> None:
    page = front.fresh()
    front.get(page.path)
    if front.edge.kind == "varnish":
        refused = front.get("/", "PURGE", xkey_purge=page.key, X_Forwarded_For="6.6.6.6")
        assert refused.status == 403
    page.text = "two"
    assert front.get(page.path).body != page.body
