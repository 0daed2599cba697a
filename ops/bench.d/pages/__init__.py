"""Pages in a folder with the corpus' layout (MANIFEST.tsv, pages/, expected/), compiled and judged.

`survival`, `texts`, `cards`, `placement`, `pictures` and `charsets` judge, without our own code
where possible; `theirs` runs other libraries. `ops/bench fidelity` prints all results.
"""

import csv
import gzip
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree, html

from ads.errors import Problem
from proxy.compiler import compile_page
from proxy.page import Mode, Page
from proxy.rights import Signals
from proxy.source import Source

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
AT = 1_763_800_000_000


@dataclass(frozen=True)
class Sample:
    """One page of the corpus."""

    name: str
    url: str
    body: bytes
    row: dict[str, str]
    corpus: Path

    @property
    def source(self) -> Source:
        """The page as if fetched, without headers."""
        return Source(self.url, self.body, fetched_at=AT)

    @cached_property
    def markup(self) -> str:
        """The page decoded by the manifest's charset."""
        return self.body.decode(self.row["charset"].partition("(")[0], "replace")

    @cached_property
    def expected(self) -> dict[str, bytes]:
        """What other projects expect of the page, by kind of file."""
        paths = sorted((self.corpus / "expected").glob(self.name + ".*"))
        kinds = (path.name.removeprefix(self.name + ".").removesuffix(".gz") for path in paths)
        pairs = zip(kinds, paths, strict=True)
        return {kind: gzip.decompress(path.read_bytes()) for kind, path in pairs}


@dataclass(frozen=True)
class Result:
    """A compiled page, or the code of its refusal."""

    sample: Sample
    page: Page | None
    outcome: str
    seconds: float

    @cached_property
    def markup(self) -> str:
        """The page with its gaps empty, "" if it was refused."""
        return b"".join(self.page.segments).decode() if self.page else ""


def samples(corpus: Path = CORPUS) -> Iterator[Sample]:
    """All pages of the manifest."""
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row["file"].removeprefix("pages/").removesuffix(".html.gz")
            url = row["url"] if "://" in row["url"] else _address(row["site"], name)
            body = gzip.decompress((corpus / row["file"]).read_bytes())
            yield Sample(name, url, body, row, corpus)


def _address(site: str, name: str) -> str:
    """A made-up address for a page whose own is lost."""
    return f"https://{site if '.' in site else 'site.example'}/article/{name}.html"


def outcomes(mode: Mode = "full", corpus: Path = CORPUS) -> list[Result]:
    """All pages compiled, one after the other."""
    return [compiled(sample, mode) for sample in samples(corpus)]


def compiled(sample: Sample, mode: Mode) -> Result:
    """One page compiled, with its CPU time."""
    start = time.process_time()
    try:
        page = compile_page(sample.source, mode, Signals())
    except Problem as problem:
        return Result(sample, None, f"refused: {problem.code}", time.process_time() - start)
    return Result(sample, page, _named(page), time.process_time() - start)


def _named(page: Page) -> str:
    reason = f" ({page.mode_reason})" if page.mode_reason else ""
    unsure = ", top and sticky only" if page.mode == "full" and "end" in page.skipped else ""
    return page.mode + reason + unsure


def by_outcome(results: list[Result]) -> Iterator[str]:
    """Lines with the number of pages, their share of all, and their outcome."""
    counts = Counter(result.outcome for result in results)
    return (f"{n:5}  {n / len(results):6.1%}  {name}" for name, n in counts.most_common())


def packed(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def shown(markup: str) -> str:
    """The text of a page without scripts, styles, comments and white space."""
    tree = parsed(markup)
    etree.strip_elements(tree, "script", "style", etree.Comment, with_tail=False)
    return packed(tree.text_content())


def parsed(markup: str) -> html.HtmlElement:
    """A page parsed by lxml."""
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # only white space and comments
        return html.Element("html")
