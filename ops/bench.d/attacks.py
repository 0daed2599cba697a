"""Attacks on a reader's page: what remains of them, what they do, and what covers an ad.

`ops/bench attacks [--each] [--part I/N] [--browser chromium|firefox] [--set NAME]
[--origins two|one|none] [--no-points]`
1. Every vector of ../shared/corpus/suites/rewrite, before an article and inside it: whether the
   page is refused, whether html5lib finds the vector in our output, whether a second parse changes
   it.
2. The same in real browsers under our headers (two origins, one, or none, as in a file of
   `passalong brand`): whether it runs, requests, navigates, opens or stores anything. Twenty
   vectors a page, or one with `--each`.
3. elementFromPoint at nine points of every slot of every page of the corpus, on phone and desktop.
`--part 2/5` takes every fifth vector and page, from the second on: five such runs cover all.
"""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager

import pages

from ads.errors import Problem
from proxy.compiler import compile_page, tree
from proxy.rights import Signals
from tests.browser import hostile
from tests.browser.firefox import firefox
from tests.chromium import BARE, chromium
from tests.proxy.compiler.conftest import faults, written
from tests.vectors import vectors

SETTINGS: tuple[hostile.Origins, ...] = ("two", "one", "none")
WIDTHS = (390, 1280)
AT_ONCE = 20
# Firefox loses tabs that open while another closes.
TABS: dict[str, int] = {"chromium": 4, "firefox": 1}


def read_again(several: Sequence[str]) -> tuple[int, list[str]]:
    """The number of refused pages, and what is wrong with the others."""
    refused, wrong = 0, []
    for vector in several:
        for nested in (True, False):
            page = hostile.compiled(hostile.article(vector, nested=nested))
            if page is None:
                refused += 1
                continue
            once = written(page)
            if tree.serialise(tree.parse(once)) != once:
                wrong.append(f"no fixpoint: {vector!r:.120}")
            wrong += [f"{fault}: {vector!r:.120}" for fault in faults(once)]
    return refused, wrong


@asynccontextmanager
async def eyes(browser: str) -> AsyncIterator[hostile.Eyes]:
    """A running browser that reports what pages do."""
    if browser == "firefox":
        path = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or "firefox"
        async with firefox(path) as fox:
            yield await hostile.FirefoxEyes.of(fox)
        return
    async with chromium(BARE) as running:
        yield await hostile.ChromiumEyes.of(running)


async def watched(
    watcher: hostile.Eyes,
    several: Sequence[str],
    origins: hostile.Origins,
    size: int,
    tabs: int,
) -> tuple[int, list[str]]:
    """The number of pages opened, and what they did."""
    found: list[str] = []
    opened = 0
    async with hostile.stage() as stage:
        waiting = iter(articles(several, size))

        async def tab() -> None:
            nonlocal opened
            for inside, markup in waiting:
                page = await asyncio.to_thread(hostile.compiled, markup)
                if page is not None:
                    opened += 1
                    done = await watcher.watch(stage.put(page, origins))
                    found.extend(f"{each}: {inside!r:.200}" for each in done)

        await asyncio.gather(*(tab() for _ in range(tabs)))
        found += [f"asked our origin for {each}" for each in stage.asked]
    return opened, found


def articles(several: Sequence[str], size: int) -> Iterator[tuple[str, str]]:
    """Groups of `size` vectors, each with an article that has them inside, then before it."""
    for start in range(0, len(several), size):
        inside = "</div><div>".join(several[start : start + size])
        for nested in (True, False):
            yield inside, hostile.article(inside, nested=nested)


async def covered(width: int, part: slice) -> tuple[int, list[str]]:
    """The number of corpus pages opened at a width, and what covers a slot."""
    opened, found = 0, []
    async with hostile.stage() as stage, chromium(BARE) as browser:
        watcher = await hostile.ChromiumEyes.of(browser, width)
        for sample in list(pages.samples())[part]:
            try:
                page = await asyncio.to_thread(compile_page, sample.source, "full", Signals())
            except Problem:
                continue
            opened += 1
            done = await watcher.points(stage.put(page, "two"))
            found += [f"{sample.name}: {each}" for each in done]
    return opened, found


def tell(head: str, amount: str, found: Iterable[str]) -> int:
    """Print a line with the findings below it; return how many they are."""
    found = list(found)
    print(f"{head:32} {amount:>22} {len(found):6} found", flush=True)
    for each in found[:10]:
        print(f"    {each}")
    return len(found)


def _part(text: str) -> slice:
    first, _, each = text.partition("/")
    return slice(int(first) - 1, None, int(each))


async def main() -> int:
    """Print the tables; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true", help="one vector to a page")
    parser.add_argument("--browser", choices=("chromium", "firefox"), action="append")
    parser.add_argument("--set", action="append")
    parser.add_argument("--origins", choices=SETTINGS, action="append")
    parser.add_argument("--part", type=_part, default=slice(None), metavar="I/N")
    parser.add_argument("--no-points", action="store_true")
    options = parser.parse_args()
    bad = 0
    named = options.set or vectors(pages.CORPUS)
    sets = {n: v[options.part] for n, v in vectors(pages.CORPUS).items() if n in named}
    for name, several in sets.items():
        refused, wrong = read_again(several)
        bad += tell(name, f"{2 * len(several)} pages, {refused} refused", wrong)
    size = 1 if options.each else AT_ONCE
    for browser in options.browser or ("chromium", "firefox"):
        async with eyes(browser) as watcher:
            for origins in options.origins or SETTINGS:
                for name, several in sets.items():
                    opened, found = await watched(watcher, several, origins, size, TABS[browser])
                    bad += tell(f"{browser}, {origins}, {name}", f"{opened} pages", found)
    for width in () if options.no_points else WIDTHS:
        opened, found = await covered(width, options.part)
        bad += tell(f"nine points, {width} px", f"{opened} pages", found)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
