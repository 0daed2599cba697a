"""The worst that a user or a source could try on a fetcher is refused or bounded."""

import asyncio
import gzip
import json
import re
import resource
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path

import brotli
import pytest

from proxy.errors import SourceProblem
from proxy.fetch import FetchConfig, Fetcher, guard, names
from tests.proxy.fetch.conftest import code

Make = Callable[..., Fetcher]


def payloads(corpus: Path) -> Iterator[str]:
    """Every bypass payload of the suites that aims at this machine or at forbidden addresses."""
    suites = corpus / "suites/ssrf"
    for path in sorted((suites / "portswigger-url").glob("*.json")):
        for item in json.loads(path.read_text())["payloads"]:
            text = item["payload"]
            text = text.replace("<allowed>", "allowed.test").replace("<attacker>", "127.0.0.1")
            prefix, suffix = item.get("prefix", ""), item.get("suffix", "")
            yield from (prefix + text + suffix, f"http://{text}/", text)
    for name in ("payloadsallthethings/README.md", "SSRF-Testing/cloud-metadata.txt"):
        text = (suites / name).read_text()
        found = re.findall(r"(?:[a-z]+:)//[^\s`\"'<>)]+", text)
        yield from (
            link for link in found if link != "http://1.1.1.1"
        )  # public, and part of a trick


async def test_no_payload_of_the_suites_connects_to_anything(
    corpus: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def counting(*args: object, **kwargs: object) -> socket.socket:
        made.append(args)
        raise OSError("no connections in this test")

    private = ("10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254")
    asked: list[str] = []

    async def lookup(name: str) -> list[str]:
        asked.append(name)
        return [private[len(name) % len(private)]]

    fetcher = make(allow_nets=())
    fetcher._lookup = lookup
    monkeypatch.setattr("proxy.fetch.guard.socket.socket", counting)
    monkeypatch.setattr("proxy.fetch.guard.local", lambda _: False)
    tried = 0
    for payload in payloads(corpus):
        assert await code(fetcher, payload) in ("bad_url", "blocked_address"), payload
        tried += 1
    assert tried > 300
    assert asked  # names were judged by what they resolve to
    assert not made


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{canary}/", "http://localhost.test:{canary}/", "//127.0.0.1:{canary}/",
        "http://[::ffff:127.0.0.1]:{canary}/", "http://2130706433:{canary}/", "http://[::1]/",
        "http://0.0.0.0:{canary}/", "http://169.254.169.254/latest/", "https://10.0.0.1/",
        "http://user:pw@127.0.0.1:{port}/ok", "ftp://127.0.0.1:{port}/ok", "ws://127.0.0.1:{port}/",
        "file:///etc/passwd", "javascript:alert(1)", "data:text/html,hi", "gopher://127.0.0.1:1/_",
        "http://mixed.test:{port}/ok", "http://127.0.0.1:99999/", "http://%00/", "http://own.test/",
    ],
)  # fmt: skip
async def test_a_redirect_is_checked_like_a_pasted_link(
    origin, canary, make: Make, location: str
) -> None:
    known = {"localhost.test": ["127.0.0.1"], "mixed.test": ["127.0.0.1", "10.0.0.1"]}
    net = ((ip_network("127.0.0.1/32"), origin.port),)
    fetcher = make(known, allow_nets=net, own_hosts=frozenset({"own.test"}))
    location = location.format(canary=canary.port, port=origin.port)
    origin.put("/a", f"Location: {location}", status="302 Found")
    origin.put("/ok")
    assert await code(fetcher, origin.url("/a")) == "blocked_address"
    assert len(origin.asked) == 1


async def test_a_page_that_leads_on_is_checked_like_a_redirect(origin, canary, make: Make) -> None:
    fetcher = make(allow_nets=((ip_network("127.0.0.1/32"), origin.port),))
    origin.put("/a", body=f'<meta http-equiv=refresh content="0;url={canary.url()}">'.encode())
    assert await code(fetcher, origin.url("/a")) == "blocked_address"


@pytest.mark.parametrize(
    "answers",
    [
        ["10.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["10.0.0.1", "127.0.0.1"],
        ["127.0.0.1", "::1"],
        ["127.0.0.1", "fe80::1%lo"],
        ["::ffff:10.0.0.1"],
        ["nonsense"],
    ],
)
async def test_a_name_with_any_bad_answer_is_refused(
    origin, make: Make, answers: list[str]
) -> None:
    origin.put("/a")
    fetcher = make({"name.test": answers})
    assert await code(fetcher, origin.url("/a", "name.test")) == "blocked_address"
    assert not origin.connections


@pytest.mark.parametrize("known", [{}, {"nobody.test": []}])
async def test_a_name_without_an_answer_is_unreachable_if_a_web_pages_port_is_asked(
    origin, make: Make, known: dict[str, list[str]]
) -> None:
    assert await code(make(known), "http://nobody.test/") == "unreachable"
    assert await code(make(known), origin.url("/a", "nobody.test")) == "blocked_address"


async def test_a_name_that_answers_otherwise_the_second_time_is_judged_again(
    origin, canary, make: Make
) -> None:
    origin.put("/a")
    known = {"rebind.test": ["127.0.0.1"]}
    net = ((ip_network("127.0.0.1/32"), origin.port),)
    fetcher = make(known, allow_nets=net)
    await fetcher.get(origin.url("/a", "rebind.test"))
    known["rebind.test"] = ["127.0.0.2"]
    assert await code(fetcher, origin.url("/a", "rebind.test")) == "blocked_address"
    assert origin.connections == 1


async def test_the_socket_is_judged_even_where_the_resolver_was_fooled(
    canary, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the second barrier: the first one is switched off."""
    fetcher = make({"fool.test": ["127.0.0.1"]}, allow_nets=((ip_network("10.0.0.0/8"), None),))
    monkeypatch.setattr(
        "proxy.fetch.guard.GuardedResolver.resolve",
        lambda self, host, port=0, family=0: _answer("127.0.0.1", port),
    )
    assert await code(fetcher, canary.url("/", "fool.test")) == "blocked_address"


async def _answer(host: str, port: int) -> list[dict[str, object]]:
    return [{"hostname": host, "host": host, "port": port, "family": socket.AF_INET,
             "proto": 0, "flags": 0}]  # fmt: skip


@pytest.mark.parametrize("spelling", ["127.0.0.1", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("own", ["127.0.0.1", "0.0.0.0", "::"])
async def test_our_own_listeners_stay_refused_in_allowed_networks(
    canary, make: Make, spelling: str, own: str
) -> None:
    fetcher = make(own=frozenset({(own, canary.port)}))
    assert await code(fetcher, canary.url("/", spelling)) == "blocked_address"


def test_this_machine_is_known_by_its_addresses_whatever_its_kernel_binds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert guard.local("127.0.0.1")
    assert not guard.local("93.184.216.34")
    assert not guard.local("2606:4700::1111")
    monkeypatch.setattr(guard, "_binds", lambda _: True)
    assert guard.local("127.0.0.1")
    assert not guard.local("93.184.216.34")


async def test_a_refusal_does_not_tell_what_an_inner_name_resolves_to(make: Make) -> None:
    fetcher = make({"inner.test": ["10.9.8.7"]})
    with pytest.raises(SourceProblem) as caught:
        await fetcher.get("http://inner.test/")
    assert caught.value.code == "blocked_address"
    assert "10.9.8.7" not in caught.value.detail


async def test_other_ports_are_refused_before_a_name_is_asked_for(make: Make) -> None:
    fetcher = make(allow_nets=())
    assert await code(fetcher, "http://example.test:8080/") == "blocked_address"
    assert await code(fetcher, "http://example.test:22/") == "blocked_address"
    assert await code(fetcher, "http://example.test/") == "unreachable"


TEXT = b"<p>" + b"words " * 500
BOMB = bytes(64 * 1024 * 1024)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BOMB, 9)),
        ("deflate", zlib.compress(BOMB, 9)),
        ("deflate", zlib.compressobj(9, zlib.DEFLATED, -15).compress(BOMB)),
        ("br", brotli.compress(BOMB, quality=9)),
        ("gzip", gzip.compress(b"x" * 90_000) * 20),
    ],
    ids=["gzip", "zlib", "deflate", "br", "members"],
)
async def test_a_bomb_is_stopped_at_the_cap(origin, make: Make, encoding: str, body: bytes) -> None:
    url = origin.put("/a", f"Content-Encoding: {encoding}", body=body)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert await code(make(max_bytes=1_000_000), url) == "too_big"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024  # KiB


@pytest.mark.parametrize("length", ["Content-Length: 99999999", "Transfer-Encoding: chunked"])
async def test_a_long_body_is_stopped_at_the_cap(origin, make: Make, length: str) -> None:
    stopped = asyncio.Event()

    async def endless(_: object, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{length}\r\n\r\n".encode())
            while True:
                writer.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                await writer.drain()
        finally:
            stopped.set()

    origin.answers["/a"] = endless
    assert await code(make(max_bytes=100_000), origin.url("/a")) == "too_big"
    await asyncio.wait_for(stopped.wait(), 20)


async def test_endless_garbage_after_a_short_page_is_stopped_too(origin, make: Make) -> None:
    body = gzip.compress(TEXT) + bytes(200_000)
    url = origin.put("/a", "Content-Encoding: gzip", body=body)
    assert len((await make(max_bytes=250_000).get(url)).body) == len(TEXT)
    assert await code(make(max_bytes=100_000), _unsized(origin, "/a")) == "too_big"


def _unsized(origin, path: str) -> str:
    """The same answer without its length."""
    head, _, body = origin.answers[path].partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nContent-Length: \d+", b"", head)
    origin.answers[path] = head + b"\r\n\r\n" + body
    return origin.url(path)


async def test_a_page_of_exactly_the_cap_passes(origin, make: Make) -> None:
    url = origin.put("/a", body=b"x" * 1000)
    assert len((await make(max_bytes=1000).get(url)).body) == 1000
    assert await code(make(max_bytes=999), url) == "too_big"


@pytest.mark.parametrize(
    "drip", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
)
async def test_a_slow_drip_is_given_up_in_one_time_limit(origin, make: Make, drip: bytes) -> None:
    async def slow(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(drip)
        while True:
            await asyncio.sleep(0.02)
            writer.write(b"x" if drip.endswith(b"\r\n\r\n") else b"a: b\r\n" if drip else b"")
            await writer.drain()

    origin.answers["/a"] = slow
    assert await code(make(seconds=0.2), origin.url("/a")) == "source_timeout"


async def test_a_slow_picture_is_given_up_sooner_than_a_page(origin, make: Make) -> None:
    async def never(_: object, writer: asyncio.StreamWriter) -> None:
        await writer.drain()
        await asyncio.sleep(5)

    origin.answers["/a"] = never
    with pytest.raises(SourceProblem, match="too long"):
        await make(picture_seconds=0.1).picture(origin.url("/a"))


async def test_slow_redirects_add_up_in_the_same_limit(origin, make: Make) -> None:
    async def again(_: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.06)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n")

    origin.answers["/a"] = again
    assert await code(make(seconds=0.2), origin.url("/a")) == "source_timeout"


async def test_a_slow_name_server_is_given_up_in_the_same_limit(make: Make) -> None:
    async def never(_: str) -> list[str]:
        await asyncio.Event().wait()
        return []

    fetcher = make(seconds=0.1)
    fetcher._lookup = never
    assert await code(fetcher, "http://slow.test/") == "source_timeout"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"x-%d: y\r\n" % n for n in range(100_000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nLocation: /b\r\nContent-Length: 0\r\n",
    ],
    ids=["nothing", "ssh", "headers", "long", "short", "negative", "chunk", "cut", "unfinished"],
)
async def test_a_broken_answer_is_unreachable(origin, make: Make, raw: bytes) -> None:
    origin.answers["/a"] = raw
    assert await code(make(), origin.url("/a")) == "unreachable"


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answers", "chunk", "whole"), [(0, 1, False), (0, 40, True), (60_000, 40, False)]
)
async def test_what_is_mostly_framing_is_given_up(
    origin, make: Make, answers: int, chunk: int, whole: bool
) -> None:
    body = b"%x\r\n%b\r\n" % (chunk, b"x" * chunk) * (500_000 // chunk)
    origin.answers["/a"] = (
        b"HTTP/1.1 100 Continue\r\n\r\n" * answers + CHUNKED + body + b"0\r\n\r\n"
    )
    if whole:
        assert len((await make().get(origin.url("/a"))).body) == 500_000
    else:
        assert await code(make(), origin.url("/a")) == "unreachable"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"trailing garbage"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)[2:-4]),
        ("br", brotli.compress(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
        ("GZip, identity", gzip.compress(TEXT)),
    ],
    ids=lambda part: "" if isinstance(part, bytes) else str(part),
)
async def test_an_encoded_body_is_decoded(origin, make: Make, encoding: str, body: bytes) -> None:
    url = origin.put("/a", f"Content-Encoding: {encoding}", body=body)
    assert (await make().get(url)).body == TEXT


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Encoding: gzip, gzip"], gzip.compress(gzip.compress(TEXT))),
        (["Content-Encoding: gzip", "Content-Encoding: br"], TEXT),
        (["Content-Encoding: zstd"], TEXT),
        (["Content-Encoding: compress"], TEXT),
        (["Content-Encoding: gzip"], TEXT),
        (["Content-Encoding: gzip"], gzip.compress(TEXT)[:-9]),
        (["Content-Encoding: br"], brotli.compress(TEXT)[:-1]),
        (["Content-Encoding: br"], b"\xff\xff" + TEXT),
        (["Content-Encoding: br"], brotli.compress(TEXT) + b"garbage"),
        (["Content-Encoding: deflate"], b"\xff" + TEXT),
        (["Content-Encoding: gzip"], gzip.compress(b"") * 500),
    ],
    ids=lambda part: "" if isinstance(part, bytes) else str(part),
)
async def test_other_doubled_and_broken_encodings_are_refused(
    origin, make: Make, headers: list[str], body: bytes
) -> None:
    assert await code(make(), origin.put("/a", *headers, body=body)) == "unreachable"


async def test_the_systems_resolver_finds_this_machine_and_the_wall_refuses_it(origin) -> None:
    assert set(await names.system_lookup("localhost")) & {"127.0.0.1", "::1"}
    fetcher = Fetcher(FetchConfig(user_agent="test"), lambda: 0)
    assert await code(fetcher, "http://localhost/") == "blocked_address"
    with pytest.raises(OSError):
        await names.system_lookup("nobody.invalid")
    await fetcher.close()


HANGING = """
import asyncio, socket, time
from proxy.errors import SourceProblem
from proxy.fetch import Fetcher, FetchConfig

socket.getaddrinfo = lambda *a, **k: time.sleep(60)

async def main():
    fetcher = Fetcher(FetchConfig(user_agent="test", seconds=0.1), lambda: 0)
    try:
        await fetcher.get("http://slow.test/")
    except SourceProblem as problem:
        print(problem.code)
    await fetcher.close()

asyncio.run(main())
"""


def test_a_hanging_name_server_does_not_hold_up_the_end_of_the_process() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == "source_timeout\n"


async def test_names_looked_up_at_once_are_bounded_and_freed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        go.wait(10)
        return [(socket.AF_INET, 1, 6, "", ("192.0.2.7", 0))]

    monkeypatch.setattr(names.socket, "getaddrinfo", slow)
    monkeypatch.setattr(names, "_LOOKUPS", threading.BoundedSemaphore(2))
    held = [asyncio.create_task(names.system_lookup("a.test")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(OSError, match="too many"):
        await names.system_lookup("b.test")
    go.set()
    assert await asyncio.gather(*held) == [["192.0.2.7"], ["192.0.2.7"]]
    assert await names.system_lookup("b.test") == ["192.0.2.7"]
