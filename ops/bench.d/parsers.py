"""Parsers terminate on any input: beacons, tickets, links, request heads, addresses.

`ops/bench parsers [--target NAME] [--inputs 20000] [--seed N] [--guided SECONDS]`
Checked for each input: only the parser's own exceptions, a result that survives a round trip, no
unsigned ticket, only links to the web. Inputs are known ones, damaged at random; with `--guided` a
coverage-guided fuzzer finds them (atheris, Linux on x86-64 only:
`.venv/bin/pip install --require-hashes -r ops/fuzz.lock`), one target a run.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

ROOT = Path(__file__).parents[2]


KEYS = (b"k" * 32, b"o" * 32)
HOST = "pages.example"
OPEN = {"v": 1, "t": "t" * 60, "i": "i" * 20, "n": "ABaaaaaaaaaa", "p": "", "k": "open"}
READ = {**OPEN, "k": "read", "o": "o" * 20, "ms": 1200.5, "pct": 50}
PROXIES = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"), ip_network("::1/128"))
HEAD = (
    f"GET /s/share?h=ABaaaaaaaaaa HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip, br;q=0.5\r\n"
    'If-None-Match: W/"x"\r\n\r\n'
)


def crashed(error: Exception) -> str:
    """Describe an exception that a parser must not raise."""
    raise AssertionError(repr(error)) from error


def beacon(data: bytes) -> str:
    """Judge a beacon's body."""
    from ads import events
    from ads.errors import Problem

    try:
        found = events.parse(data)
    except Problem as problem:
        return problem.code if problem.code in ("malformed", "too_big") else crashed(problem)
    assert 1 <= len(found) <= 32
    for event in found:
        assert event.k == "open" or event.o
        assert event.ms is None or 0 <= event.ms < float("inf")
    return "read"


def ticket(data: bytes) -> str:
    """Judge a page's ticket."""
    from ads import ticket as tickets

    text = data.decode("latin1")
    found = tickets.read(text, KEYS)
    if found is None:
        return "none"
    signed = [tickets.sign(found, KEYS[at:]) for at in (0, 1)]
    assert text in signed, "a ticket of nobody's"
    return "read"


def link(data: bytes) -> str:
    """Judge a pasted link."""
    from proxy import links
    from proxy.errors import SourceProblem

    try:
        found = links.parse(data.decode("utf-8", "replace"), frozenset({HOST}))
    except SourceProblem as problem:
        return problem.code if problem.code in ("bad_url", "blocked_address") else crashed(problem)
    assert found.url.startswith(("http://", "https://"))
    assert "@" not in found.url.split("/")[2], "userinfo"
    again = links.parse(found.url, frozenset({HOST}))
    assert (again.key, again.url) == (found.key, found.url), "no fixpoint"
    return "read"


def head(data: bytes) -> str:
    """Judge a request's head on the fast path."""
    from proxy.wire.head import Heads

    found = Heads(HOST).read(data)
    if found is None:
        return "none"
    assert 0 < found.body <= found.end
    assert found.method in (b"GET", b"HEAD", b"POST")
    assert b"\n" not in data[found.start : found.body].replace(b"\r\n", b""), "a bare line feed"
    return "read"


def address(data: bytes) -> str:
    """Judge an X-Forwarded-For."""
    from ads.client import address as addresses

    text = data.decode("latin1")
    found = addresses.behind("127.0.0.1", text.split("\n"), PROXIES)
    assert found is not None
    return "peer" if str(found) == "127.0.0.1" else "read"


def _ticket() -> bytes:
    from ads.ticket import Ticket, sign

    return sign(Ticket("share23456ab", "ad", 3, 1_790_000_000_000), KEYS).encode()


TARGETS: dict[str, Callable[[bytes], str]] = {
    each.__name__: each for each in (beacon, ticket, link, head, address)
}
SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "beacon": lambda: [json.dumps(each).encode() for each in (OPEN, READ, [OPEN, READ])],
    "ticket": lambda: [_ticket()],
    "link": lambda: [
        b"https://example.org:443/a/../b?utm_source=x&id=1#top",
        b"http://user@[::1]:80/",
        b"HTTPS://xn--bcher-kva.example/%2e%2e/?__biz=1&mid=2&idx=1&sn=3",
        b"https://l.example/?url=https%3A%2F%2Fb.example%2Fx",
    ],
    "head": lambda: [HEAD.encode(), HEAD.replace("GET /s/share", "POST /e").encode()],
    "address": lambda: [b"1.2.3.4, 10.0.0.1", b'"[2001:db8::1]:80"', b"::ffff:1.2.3.4%1\n10.1.1.1"],
}


def broken(draw: random.Random, seed: bytes) -> bytes:
    """A seed with parts changed, cut, doubled or inserted."""
    data = bytearray(seed)
    for _ in range(draw.randrange(1, 6)):
        at, to = sorted(draw.randrange(len(data) + 1) for _ in range(2))
        change = draw.randrange(4)
        if change == 0:
            data[at:to] = b""
        elif change == 1:
            data[at:at] = data[at:to]
        elif change == 2:
            data[at:at] = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 4)))
        elif data:
            data[at % len(data)] = draw.choice(b'\x00"\\{}[],:@%/?#\r\n -_=A1\xff')
    return bytes(data[:70_000])


def guided(name: str, seconds: int) -> None:
    """Let atheris find inputs; it ends the process at a finding."""
    import atheris

    with atheris.instrument_imports(include=["proxy", "ads"]):
        for seed in SEEDS[name]():
            TARGETS[name](seed)
    folder = ROOT / ".venv" / "fuzz-parsers" / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]()):
        (folder / f"seed-{number}").write_bytes(seed)
    limits = (f"-max_total_time={seconds}", "-max_len=4000", "-timeout=5")
    atheris.Setup([sys.argv[0], str(folder), *limits], lambda data: TARGETS[name](data) and None)
    atheris.Fuzz()


def tried(name: str, inputs: int, seed: int) -> int:
    """Print a line of the table; return how many inputs were judged faulty."""
    draw, outcomes, found, slowest = random.Random(seed), Counter[str](), 0, 0.0
    seeds = SEEDS[name]()
    for each in seeds:
        TARGETS[name](each)  # imports are not a parser's time
    for _ in range(inputs):
        data = broken(draw, draw.choice(seeds))
        began = time.perf_counter()
        try:
            outcomes[TARGETS[name](data)] += 1
        except Exception as error:  # noqa: BLE001 - a crash is what is looked for
            found += 1
            print(f"    {name}: {type(error).__name__}: {error} by {data[:200]!r}")
        slowest = max(slowest, time.perf_counter() - began)
    told = ", ".join(f"{n} {what}" for what, n in outcomes.most_common())
    print(f"{name:8} {inputs} inputs: {told}; slowest {slowest * 1000:.1f} ms; {found} found")
    return found


def main() -> int:
    """Print the table; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", type=int, metavar="SECONDS")
    options = parser.parse_args()
    if options.guided:
        guided(options.target or "beacon", options.guided)
    names = [options.target] if options.target else list(TARGETS)
    return int(sum(tried(name, options.inputs, options.seed) for name in names) > 0)


if __name__ == "__main__":
    sys.exit(main())
