"""The pages of ../shared/corpus through the compiler: a table by outcome, and how much survives.

`python ops/bench.d/corpus.py [--mode MODE] [--lost]` prints these and check B; `outcomes` and
`survival` are for `ops/bench`. Check A of the corpus' README: the gold segments of a page,
white space stripped, that occur in the text of the branded page. Text of the raw page, scripts
and comments dropped, is the ceiling."""

import argparse
import csv
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import cards  # noqa: E402  # beside this file
import texts  # noqa: E402
from lxml import etree, html  # noqa: E402  # the checkout's own packages come first

from ads.errors import Problem  # noqa: E402
from proxy.compiler import compile_page  # noqa: E402
from proxy.compiler.page import Mode, Page  # noqa: E402
from proxy.compiler.second import opinion  # noqa: E402
from proxy.rights import Signals  # noqa: E402
from proxy.source import Source  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
AT = 1_763_800_000_000
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Sample:
    """One page of the corpus."""

    name: str
    url: str
    body: bytes
    row: dict[str, str]

    @property
    def source(self) -> Source:
        """As if it had been fetched, without headers."""
        return Source(self.url, self.body, fetched_at=AT)


@dataclass(frozen=True)
class Result:
    """What became of a page: `page`, or the code of the refusal."""

    sample: Sample
    page: Page | None
    outcome: str
    seconds: float


def samples(corpus: Path = CORPUS) -> Iterator[Sample]:
    """Every page of the manifest."""
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row["file"].removeprefix("pages/").removesuffix(".html.gz")
            url = row["url"] if row["url"] != "-" else f"https://{row['site']}/article/{name}.html"
            yield Sample(name, url, gzip.decompress((corpus / row["file"]).read_bytes()), row)


def outcomes(mode: Mode = "full", corpus: Path = CORPUS) -> list[Result]:
    """Every page compiled, one after the other."""
    return [_result(sample, mode) for sample in samples(corpus)]


def _result(sample: Sample, mode: Mode) -> Result:
    start = time.process_time()
    try:
        page = compile_page(sample.source, mode, Signals())
    except Problem as problem:
        return Result(sample, None, f"refused: {problem.code}", time.process_time() - start)
    spent = time.process_time() - start
    return Result(sample, page, _named(page), spent)


def _named(page: Page) -> str:
    reason = f" ({page.mode_reason})" if page.mode_reason else ""
    unsure = ", top and sticky only" if page.mode == "full" and "end" in page.skipped else ""
    return page.mode + reason + unsure


def table(results: list[Result]) -> str:
    """Outcome, pages, share of all; then pages a second."""
    counts = Counter(result.outcome for result in results)
    lines = [f"{n:5}  {n / len(results):6.1%}  {name}" for name, n in counts.most_common()]
    spent = sum(result.seconds for result in results)
    return "\n".join([*lines, f"{len(results) / spent:.1f} pages a second of one core (CPU time)"])


def packed(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())


def shown(markup: str) -> str:
    """The text of a page, scripts, styles and comments dropped, packed."""
    try:
        tree = html.document_fromstring(markup, parser=html.HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError):
        return packed(unescape(_TAGS.sub(" ", markup)))
    etree.strip_elements(tree, "script", "style", etree.Comment, with_tail=False)
    return packed(tree.text_content())


def expectations(name: str, corpus: Path = CORPUS) -> dict[str, bytes]:
    """What other projects say of a page, by kind of file."""
    paths = sorted((corpus / "expected").glob(name + ".*"))
    kinds = (path.name.removeprefix(name + ".").removesuffix(".gz") for path in paths)
    return {
        kind: gzip.decompress(path.read_bytes()) for kind, path in zip(kinds, paths, strict=True)
    }


def link_cards(results: list[Result], corpus: Path = CORPUS) -> cards.Tally:
    """Check B over all pages that were not refused."""
    tally = cards.Tally()
    for result in results:
        name = result.sample.name
        files = expectations(name, corpus)
        if result.page is None or not files.keys() & {"expected-metadata.json", "fundus.json"}:
            continue
        text = raw_text(result.sample)
        markup = result.sample.body.decode(result.sample.row["charset"], "replace")
        tally.left_out += cards.left_out(name, files, text)
        for said in cards.expected(name, files, text):
            cards.count(tally, said, result.page.article, cards.headlines(markup))
    return tally


def bodies(results: list[Result], corpus: Path = CORPUS) -> list[tuple[str, float, float]]:
    """Name, token F1 of `reader`, and of readability-lxml, of pages with an expected body."""
    found = []
    for result in results:
        wanted = texts.wanted(expectations(result.sample.name, corpus))
        if not wanted or result.page is None or result.page.mode != "reader":
            continue
        ours = texts.of_reader(b"".join(result.page.segments).decode())
        theirs = opinion(result.sample.body.decode(result.sample.row["charset"], "replace"))
        found.append((result.sample.name, texts.f1(wanted, ours), texts.f1(wanted, theirs)))
    return found


def gold(sample: Sample, corpus: Path = CORPUS) -> list[str]:
    """The segments that other projects say belong to the article."""
    found: list[str] = []
    for kind, raw in expectations(sample.name, corpus).items():
        found += _gold(kind, raw)
    return list(dict.fromkeys(filter(None, map(packed, found))))


def _gold(kind: str, raw: bytes) -> list[str]:
    if kind == "cx.txt":
        return []
    text = raw.decode("utf-8")
    if kind == "evaldata.json":
        return list(json.loads(text).get("with", []))
    if kind == "groundtruth.json":
        body = json.loads(text).get("articleBody", "")
        return [line for line in body.splitlines() if len(line.strip()) > 40]
    if kind == "reference.txt":
        return [unescape(_TAGS.sub("", line)) for line in text.splitlines()]
    if kind == "expected.html":
        tree = html.fromstring(text)
        paragraphs = (p.text_content() for p in tree.iter("p"))
        return [p for p in paragraphs if len(p.strip()) > 60]
    return []


def text_of(page: Page) -> str:
    """What a reader sees of a compiled page, its gaps empty."""
    return shown(b"".join(page.segments).decode())


def raw_text(sample: Sample) -> str:
    """The ceiling: the raw page's own text, decoded as the manifest says."""
    return shown(sample.body.decode(sample.row["charset"], "replace"))


@dataclass
class Survival:
    """Gold segments in all, in the raw pages, and in the compiled ones."""

    total: int = 0
    raw: int = 0
    kept: int = 0
    lost: list[tuple[str, str, str]] = field(default_factory=list)


def survival(results: list[Result], *, lowered: bool = False) -> Survival:
    """Check A over pages that were not lowered by their publisher (or over all of them)."""
    found = Survival()
    for result in results:
        segments = gold(result.sample)
        if not segments or not (lowered or _comparable(result)):
            continue
        raw, text = raw_text(result.sample), text_of(result.page) if result.page else ""
        found.total += len(segments)
        found.raw += sum(segment in raw for segment in segments)
        found.kept += sum(segment in text for segment in segments)
        missing = [s for s in segments if s in raw and s not in text]
        found.lost += [(result.sample.name, result.outcome, s) for s in missing]
    return found


def _comparable(result: Result) -> bool:
    return result.page is None or result.page.mode in ("full", "reader")


def main() -> None:
    """Print the table and the survival."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", default="full", choices=("full", "reader", "excerpt", "card"))
    parser.add_argument("--lost", action="store_true", help="list what was lost")
    options = parser.parse_args()
    results = outcomes(options.mode)
    print(table(results))
    if options.mode in ("full", "reader"):
        for name, lowered in (("whole pages", False), ("all pages", True)):
            s = survival(results, lowered=lowered)
            print(f"check A, {name}: {s.kept} of {s.total} gold segments, raw pages hold {s.raw}")
            if options.lost and not lowered:
                pages = Counter((name, outcome) for name, outcome, _ in s.lost)
                for (page, outcome), count in pages.items():
                    first = next(text for name, _, text in s.lost if name == page)
                    print(f"  lost {count:3} of {page}: {outcome}: {first[:60]}")
    if options.mode == "reader":
        scores = bodies(results)
        ours, theirs = (sum(score[i] for score in scores) / len(scores) for i in (1, 2))
        print(f"token F1 of {len(scores)} bodies: reader {ours:.4f}, readability-lxml {theirs:.4f}")
        if options.lost:
            for name, own, other in sorted(scores, key=lambda score: score[1])[:30]:
                print(f"  {own:.3f}  readability-lxml {other:.3f}  {name}")
    print(*cards.lines(link_cards(results), wrong=options.lost), sep="\n")


if __name__ == "__main__":
    main()
