"""What a reader gets of the pages in a folder, beside readability-lxml, trafilatura and plain lxml.

`ops/bench fidelity [FOLDER] [--wrong]`: FOLDER has the corpus' layout (MANIFEST.tsv, pages/,
expected/); `--wrong` lists every miss of ours.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import fmean

from pages import (
    CORPUS,
    Result,
    by_outcome,
    cards,
    charsets,
    compiled,
    packed,
    pictures,
    placement,
    samples,
    survival,
    texts,
    theirs,
)

from proxy.compiler.decode import decode
from proxy.page import Article

NAMES = ("passalong", "readability-lxml", "trafilatura", "lxml")
Opinions = dict[str, theirs.Opinion]


class Run:
    """The results of all pages of a folder, by us and by the others."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self.samples = list(samples(corpus))
        self.full = [compiled(sample, "full") for sample in self.samples]
        self.reader = [compiled(sample, "reader") for sample in self.samples]
        self.others: dict[str, Opinions] = {
            "readability-lxml": {s.name: theirs.readability(s) for s in self.samples},
            "trafilatura": {s.name: theirs.by_trafilatura(s) for s in self.samples},
            "lxml": {s.name: theirs.lxml(s) for s in self.samples},
        }
        self.misses: list[str] = []

    def row(self, what: str, value: Callable[[str], str]) -> None:
        """Print a line of the table: `value` of each contestant."""
        print(f"{what:44}" + "".join(f"{value(name):>18}" for name in NAMES))


def outcome(run: Run) -> None:
    """Pages by their mode, and those of which we were unsure."""
    for mode, results in (("full", run.full), ("reader", run.reader)):
        print(f"\n{len(results)} pages asked for in {mode}:", *by_outcome(results), sep="\n")
    doubts = placement.doubtful(run.full)
    print(f"a slot skipped or the mode lowered for doubt: {part(len(doubts), len(run.full))}")
    run.misses += doubts


def decoding(run: Run) -> None:
    """Charsets by the manifest, and the cases of the encoding suites."""
    ways = {
        "passalong": decode,
        "trafilatura": theirs.decoded_by_trafilatura,
        "lxml": theirs.decoded_by_lxml,
    }
    suite = list(charsets.cases(run.corpus / "suites" / "encoding"))

    def page(name: str) -> str:
        way = ways.get(name)
        right = [s.name for s in run.samples if way and charsets.right(s, way(s.body))]
        if name == "passalong":
            run.misses += [f"charset of {s.name}" for s in run.samples if s.name not in right]
        return part(len(right), len(run.samples)) if way else "-"

    def case(name: str) -> str:
        way = ways.get(name)
        right = [
            key for key, body, text in suite if way and way(body).removeprefix("\ufeff") == text
        ]
        if name == "passalong":
            run.misses += [f"encoding of {key}" for key, _, _ in suite if key not in right]
        return part(len(right), len(suite)) if way else "-"

    run.row("decoded as the manifest says", page)
    if suite:
        run.row("suites/encoding, cases with one answer", case)


def check_a(run: Run) -> None:
    """Gold segments kept in `full`, of those in the raw pages."""

    def value(name: str) -> str:
        if name == "passalong":
            found = survival.survival(run.full, survival.of_page)
            run.misses += [f"lost of {page}: {text[:60]}" for page, _, text in found.lost]
        else:
            said = run.others[name]
            found = survival.survival(run.full, lambda r: packed(said[r.sample.name].text))
        return part(found.kept, found.raw)

    run.row("check A: gold segments of the raw pages' own", value)


def seen(run: Run) -> None:
    """Pictures that waited for a script and are shown, in pages that were not lowered."""
    whole = [r for r in run.full if r.page is not None and r.page.mode == "full"]
    wanted = {r.sample.name: pictures.waiting(r.sample.markup) for r in whole}

    def value(name: str) -> str:
        right = total = 0
        for r in whole:
            markup = r.markup if name == "passalong" else run.others[name][r.sample.name].markup
            there = pictures.shown(markup)
            missing = [p for p in wanted[r.sample.name] if p not in there]
            total += len(wanted[r.sample.name])
            right += len(wanted[r.sample.name]) - len(missing)
            if name == "passalong":
                run.misses += [f"picture of {r.sample.name}: {path}" for path in missing]
        return part(right, total)

    run.row("pictures that waited for a script, shown", value)


def bodies(run: Run) -> None:
    """Token F1 of `reader` with whole expected bodies."""
    known = [
        (r, w)
        for r in run.reader
        if r.page and r.page.mode == "reader" and (w := texts.wanted(r.sample.expected))
    ]

    def scores(name: str) -> list[float]:
        return [texts.f1(wanted, _body(run, name, r)) for r, wanted in known]

    run.row(
        f"reader, mean token F1 over {len(known)} bodies",
        lambda name: f"{fmean(scores(name) or [0]):.4f}",
    )
    pairs = zip(scores("passalong"), known, strict=True)
    run.misses += [f"F1 {score:.3f} of {r.sample.name}" for score, (r, _) in pairs if score < 0.9]


def _body(run: Run, name: str, result: Result) -> str:
    if name == "passalong":
        return texts.of_reader(result.markup)
    return run.others[name][result.sample.name].text


def link_cards(run: Run) -> None:
    """Check B: title, byline, site, picture."""
    there = [r for r in run.full if r.page is not None]
    tallies = {name: cards.tally((r.sample, _said(run, name, r)) for r in there) for name in NAMES}
    for kind in tallies["passalong"].all:
        run.row(
            f"check B: {kind}",
            lambda name, kind=kind: part(tallies[name].right[kind], tallies[name].all[kind]),  # type: ignore[misc]
        )
    ours = tallies["passalong"]
    run.misses += [
        f"{kind} of {page}: {said!r}, ours {own!r}" for kind, page, said, own in ours.wrong
    ]
    print(f"  {ours.other} titles are another headline of the page, {ours.suffix} lack the site")
    print(f"  {len(ours.left_out)} fundus versions describe another article and are left out")


def _said(run: Run, name: str, result: Result) -> Article:
    if name == "passalong":
        return result.page.article if result.page else Article()
    return run.others[name][result.sample.name].article


def slots(run: Run) -> None:
    """Where our slots are; the others place none."""
    found = placement.placement(run.full)
    for slot, placed in found.placed.items():
        run.row(
            f"{slot} inside or at the border of the body",
            lambda name, slot=slot, placed=placed: (
                part(found.right[slot], placed) if name == "passalong" else "-"
            ),  # type: ignore[misc]
        )
    run.misses += [
        f"{slot} of {page}: {before} | {after}" for page, slot, before, after in found.wrong
    ]


def part(right: int, total: int) -> str:
    """As `12 of 13, 92.3%`."""
    return f"{right}/{total} {right / total:6.1%}" if total else "-"


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=CORPUS, type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    options = parser.parse_args(arguments)
    if not (options.folder / "MANIFEST.tsv").exists():
        print(f"no pages: {options.folder}/MANIFEST.tsv is not there", file=sys.stderr)
        return
    run = Run(options.folder)
    outcome(run)
    print(f"\n{'':44}" + "".join(f"{name:>18}" for name in NAMES))
    for table in (decoding, check_a, seen, bodies, slots, link_cards):
        table(run)
    if options.wrong:
        print("", *run.misses, sep="\n")


if __name__ == "__main__":
    main()
