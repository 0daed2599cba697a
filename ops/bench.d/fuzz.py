"""The compiler terminates on any input: fuzzing of decode, clean and the whole compile.

`ops/bench fuzz [--inputs 50000] [--seed N] [--no-kinds]
[--guided SECONDS [--only decode|clean|beacon]]`
1. The pathological kinds at the greatest size of a source: time, memory, size of the page.
2. Random pages in every mode: soups of tags, attack vectors, pages of the corpus cut, joined,
   doubled and with changed bytes. Counted: crashes, pages that take over 50 times as long as the
   corpus' slowest, pages that change when parsed again (with and without slots), and pages in which
   html5lib finds what may not be there.
3. `--guided` instead: inputs found by a coverage-guided fuzzer, atheris (Linux on x86-64 only:
   `.venv/bin/pip install --require-hashes -r ops/fuzz.lock`), judged the same way; `--only` runs
   decode or clean without the rest of the compile, or instead of it the parser of beacons.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pages

from ads.errors import Problem
from proxy.compiler import compile_page, tree
from proxy.compiler.further import following
from proxy.page import MODES, Mode, Page
from proxy.rights import Signals
from proxy.source import Source
from tests.pathological import KINDS, LIMIT
from tests.proxy.compiler.conftest import (
    FETCHING,
    FORBIDDEN,
    URL,
    article,
    faults,
    filled,
    written,
)
from tests.proxy.compiler.test_safety import TAGS
from tests.vectors import every

ROOT = Path(__file__).parents[2]
SLOWER = 50
# html5lib takes a hundred times as long as we do, so it checks one page of so many.
JUDGED = 20
KINDS_OF_TYPES = ("", "text/html; charset=gbk", "text/html; charset=utf-16", "text/html; charset=x")


@dataclass
class Tally:
    """The outcomes of the inputs; `found` are the faults."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    found: list[str] = field(default_factory=list)


def tried(body: bytes, mode: Mode, content_type: str, tally: Tally, limit: float) -> None:
    """Compile one input and judge the outcome."""
    start = time.process_time()
    try:
        page = _compiled(Source(URL, body, content_type, fetched_at=1), mode)
    except Problem as problem:
        page = None
        tally.outcomes[problem.code] += 1
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        tally.outcomes["crash"] += 1
        tally.found.append(f"{type(error).__name__}: {error} by {body[:300]!r}")
        return
    spent = time.process_time() - start
    tally.slowest = max(tally.slowest, spent)
    if spent > limit:
        tally.found.append(f"{spent:.1f} s by {len(body)} bytes: {body[:200]!r}")
    if page is None:
        return
    tally.outcomes[page.mode] += 1
    once = written(page)
    if any(tree.serialise(tree.parse(made)) != made for made in (once, filled(page))):
        tally.found.append(f"no fixpoint by {body[:300]!r}")
    if sum(tally.outcomes.values()) % JUDGED == 0:
        tally.found += [f"{fault} by {body[:300]!r}" for fault in faults(once)]


def _compiled(source: Source, mode: Mode) -> Page:
    """Compile as the service does, which looks for a next page first."""
    following(source, 1)
    return compile_page(source, mode, Signals())


def inputs(seed: int) -> Iterator[bytes]:
    """Endless pages."""
    draw = random.Random(seed)
    vectors = [vector.encode("utf-8", "replace") for vector in every(pages.CORPUS)]
    bodies = [s.body for s in pages.samples() if len(s.body) < 120_000]
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: article("".join(draw.choices(TAGS, k=draw.randrange(80)))).encode(),
        lambda: article("").encode().replace(b"<p>", b"<p>" + b"".join(draw.sample(vectors, 3)), 2),
        lambda: b"".join(draw.sample(vectors, 6)) + article("").encode(),
        lambda: _broken(draw, draw.choice(bodies)),
        lambda: _broken(draw, article("".join(draw.choices(TAGS, k=40))).encode()),
    )
    while True:
        # Real pages take fifty times as long as generated ones.
        yield draw.choices(kinds, weights=(40, 25, 20, 3, 12))[0]()


def _broken(draw: random.Random, page: bytes) -> bytes:
    at, to = sorted(draw.randrange(len(page) + 1) for _ in range(2))
    change = draw.randrange(4)
    if change == 0:
        return page[:at]
    if change == 1:
        return page[:at] + page[to:]
    if change == 2:
        return page[:to] + page[at:]
    changed = bytearray(page)
    for _ in range(draw.randrange(1, 60)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def slowest_page() -> float:
    """Seconds that the corpus' slowest page takes."""
    return max(result.seconds for result in pages.outcomes())


def pathological(limit: float) -> int:
    """Run each kind in a process of its own; return how many exceed a limit."""
    bad = 0
    for kind in KINDS:
        for mode in ("full", "reader"):
            done = subprocess.run(
                [sys.executable, __file__, "--kind", kind, "--mode", mode],
                capture_output=True, text=True, timeout=300, check=False,
            )  # fmt: skip
            print(done.stdout.strip() or f"{kind} died: {done.stderr[-300:]}", flush=True)
            seconds = float(done.stdout.split("|")[1]) if done.stdout else limit + 1
            bad += seconds > limit
    return bad


def one_kind(kind: str, mode: Mode) -> None:
    """Print what one kind costs."""
    body = KINDS[kind](LIMIT).encode("utf-8", "replace")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        page = _compiled(Source(URL, body, fetched_at=1), mode)
        outcome = f"{page.mode}, {sum(map(len, page.segments)) / 1e6:.1f} MB"
    except Problem as problem:
        outcome = f"refused: {problem.code}"
    spent = time.process_time() - start
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{kind:22} {mode:7}|{spent:6.2f}| s {more:5.0f} MB more, {outcome}")


def guided(seconds: int, only: str) -> None:
    """Let atheris find inputs; it ends the process at a finding."""
    import atheris

    with atheris.instrument_imports(include=["proxy", "ads"]):
        for name in [name for name in sys.modules if name.startswith(("proxy", "ads"))]:
            del sys.modules[name]
        from ads import events  # noqa: F401 - and below: what runs is imported later
        from proxy.compiler import media, steps, write  # noqa: F401
    folder = ROOT / ".venv" / "fuzz" / only
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS.get(only, _vectors)()):
        (folder / f"seed-{number}").write_bytes(seed)
    limits = (f"-max_total_time={seconds}", "-max_len=4000", "-timeout=20")
    atheris.Setup([sys.argv[0], str(folder), *limits], GUIDED[only]())
    atheris.Fuzz()


def _vectors() -> list[bytes]:
    return [vector.encode("utf-8", "replace") for vector in every(pages.CORPUS)[::5]]


def _beacons() -> list[bytes]:
    opened = {"v": 1, "t": "t" * 60, "i": "i" * 20, "n": "ABaaaaaaaaaa", "p": "", "k": "open"}
    reading = {**opened, "k": "read", "o": "o" * 20, "ms": 1200.5, "pct": 50}
    return [json.dumps(each).encode() for each in (opened, reading, [opened, reading])]


def _labelled() -> list[bytes]:
    """Text in encodings that the header, the page itself, both or neither declares."""
    labels = ("\n", "\n<meta charset=LABEL>", *(f"{kind}\n" for kind in KINDS_OF_TYPES if kind))
    codecs = ("utf-8", "gb18030", "big5", "shift_jis", "iso-2022-jp", "koi8-r", "utf-16-be")
    return [
        label.replace("LABEL", codec).encode() + "<p>茶の山 чай é</p>".encode(codec, "replace")
        for label in labels
        for codec in codecs
    ]


def _decode() -> Callable[[bytes], None]:
    from proxy.compiler.decode import decode

    def once(data: bytes) -> None:
        header, _, body = data.partition(b"\n")
        text = decode(body, header.decode("latin1"))
        text.encode()  # fails for a lone surrogate

    return once


def _clean() -> Callable[[bytes], None]:
    """A target for cleaning alone, judged by a quick check of the tree without html5lib."""
    from proxy.compiler import tree
    from proxy.compiler.clean import clean
    from proxy.compiler.foreign_templates import sound
    from proxy.compiler.urls import Base

    def once(data: bytes) -> None:
        document = tree.parse(sound(data.decode("utf-8", "replace")))
        clean(document, Base(URL))
        for element in tree.elements(document):
            assert element.tag.lower() not in FORBIDDEN, element.tag
            for name, value in tree.attributes(element):
                assert not name.lower().startswith("on"), name
                packed = "".join(value.split()).lower() if name in FETCHING else ""
                assert not packed.startswith(("javascript:", "vbscript:")), value

    return once


def _compile() -> Callable[[bytes], None]:
    from proxy.compiler import compile_page, tree
    from proxy.errors import SourceProblem
    from proxy.rights import Signals
    from proxy.source import Source

    frame = article("SPLIT").encode().split(b"SPLIT")

    def once(data: bytes) -> None:
        body = data if data[:1] == b"\0" else frame[0] + data + frame[1]
        kind = KINDS_OF_TYPES[len(data) % len(KINDS_OF_TYPES)]
        try:
            page = compile_page(Source(URL, body, kind, fetched_at=1), "full", Signals())
        except SourceProblem:
            return
        text = b"".join(page.segments).decode()
        assert tree.serialise(tree.parse(text)) == text, "no fixpoint"

    return once


def _beacon() -> Callable[[bytes], None]:
    """A target for beacons: a body is refused as one, or is 1 to 32 events."""
    from ads import events
    from ads.errors import Problem

    def once(data: bytes) -> None:
        try:
            found = events.parse(data)
        except Problem as problem:
            if problem.code in ("malformed", "too_big"):
                return
            raise
        assert 1 <= len(found) <= 32
        assert all(event.k == "open" or event.o for event in found)
        assert all(event.ms is None or 0 <= event.ms < float("inf") for event in found)

    return once


GUIDED = {"compile": _compile, "clean": _clean, "decode": _decode, "beacon": _beacon}
SEEDS = {"decode": _labelled, "beacon": _beacons}


def main() -> int:
    """Print the tables; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-kinds", action="store_true")
    parser.add_argument("--guided", type=int, metavar="SECONDS")
    parser.add_argument("--only", choices=GUIDED, default="compile")
    parser.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--mode", choices=MODES, default="full", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.kind:
        one_kind(options.kind, options.mode)
        return 0
    if options.guided:
        guided(options.guided, options.only)
    slowest = slowest_page()
    limit = SLOWER * slowest
    print(f"the corpus' slowest page takes {slowest:.2f} s; no input may take {limit:.0f}")
    bad = 0 if options.no_kinds else pathological(limit)
    tally = Tally()
    draw = random.Random(options.seed)
    for body, _ in zip(inputs(options.seed), range(options.inputs), strict=False):
        mode, kind = draw.choice(MODES), draw.choices(KINDS_OF_TYPES, weights=(9, 1, 1, 1))[0]
        tried(body, mode, kind, tally, limit)
    print(f"{sum(tally.outcomes.values())} inputs: {dict(tally.outcomes.most_common())}")
    print(f"slowest {tally.slowest:.2f} s; {len(tally.found)} found, {bad} kinds over the limit")
    for each in tally.found[:20]:
        print("   ", each)
    return int(bool(tally.found or bad))


if __name__ == "__main__":
    sys.exit(main())
