"""How fast pages are made, in turn with lxml.html doing the same edits: CPU time of one core.

`ops/bench compile [FOLDER] [--rounds N]`. The edits, from decoded text to text: remove what runs,
requests or frames, and every attribute that is not allowed; make addresses absolute; give lazy
pictures their addresses; insert the slots' marks. lxml does this by its own means (lxml_html_clean
and make_links_absolute), and again by all of our rules (rig/by_lxml.py). The whole compile is from
bytes to prepared segments; the second opinion on the body (readability-lxml, asked in doubt) is
reported separately.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree, html
from lxml_html_clean import Cleaner
from pages import CORPUS, Sample, samples
from rig.by_lxml import edit as by_lxml_edit
from rig.splices import beside_join

from ads.errors import Problem
from proxy.compiler import body, compile_page, tree
from proxy.compiler.body import readability as second
from proxy.compiler.clean import clean, policy
from proxy.compiler.decode import decode
from proxy.compiler.scripted import stills
from proxy.compiler.scripted.unlazy import _SOURCES, unlazy
from proxy.compiler.split import Marks
from proxy.compiler.urls import Base
from proxy.rights import Signals

GAPS = ("sharer", "top", "middle", "end", "tail")
# Printed below the table: what exactly is compared.
SAME_EDITS = """\
All three begin with the same decoded text and end with text that holds the slots' marks; in between
scripts, handlers, frames, forms, comments and unknown attributes go, addresses become absolute, and
pictures that wait for a script get theirs. "lxml.html" does it as its users do, in C for the most
part: lxml_html_clean.Cleaner with our list of attributes, make_links_absolute, a loop over <img>.
It asks less than ours (no layers in sheets, no stills, no beacons, nothing of <noscript>).
"by our rules" (rig/by_lxml.py) does all of it on lxml's tree: the same lists and depth, layers in
sheets and styles, SVG part by part, icons' sizes, beacons, <noscript>, sheets and background
pictures that wait, frames as links (ours are stills with a picture and a name). What values become
it asks of our own functions, each value once a page as we do, which is in both times.
Reading back what was written, until it stays (the fixpoint), is in the whole compile alone."""


def ours(sample: Sample, text: str) -> str:
    """Our parser, our edits, our serialiser."""
    document, base = tree.parse(text), Base(sample.url)
    tree.flatten(document)
    unlazy(document)
    stills.put(document, base)
    clean(document, base)
    marks, parts = Marks(), tree.root_parts(document)
    if parts:
        for gap in GAPS:
            parts[2].append(marks.node(gap))
    return tree.serialise(document)


CLEANER = Cleaner(
    style=False,
    inline_style=False,
    safe_attrs=frozenset().union(policy.GLOBAL_ATTRIBUTES, *policy.ATTRIBUTES.values()),
)


def by_lxml(sample: Sample, text: str) -> str:
    """The edits by lxml's own means, as its users would write them."""
    root = _parsed(text)
    for image in root.iter("img"):
        if waiting := next((image.get(n) for n in _SOURCES if image.get(n)), ""):
            image.set("src", waiting)
    CLEANER(root)
    root.make_links_absolute(sample.url, handle_failures="discard")
    return _written(root)


def _parsed(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)


def _written(root: html.HtmlElement) -> str:
    page = root.find("body")
    if page is not None:
        for gap in GAPS:
            page.append(etree.Comment(gap))
    doctype = root.getroottree().docinfo.doctype
    # Bytes that are then decoded are a fifth faster than text.
    return html.tostring(root, encoding="utf-8", doctype=doctype).decode()


def theirs(sample: Sample, text: str) -> str:
    """The same edits on lxml's tree, by our own rules."""
    root = _parsed(text)
    by_lxml_edit(root, Base(sample.url))
    return _written(root)


@contextmanager
def apart(spent: Counter[str]) -> Iterator[None]:
    """Count and time the second opinion inside the block."""
    real: Callable[[str], str] = second.opinion

    def timed(markup: str) -> str:
        start = time.process_time()
        try:
            return real(markup)
        finally:
            spent["opinion"] += int(1e6 * (time.process_time() - start))
            spent["asked"] += 1

    body.opinion = timed
    yield
    body.opinion = real


def measure(pages: list[Sample], rounds: int) -> Counter[str]:
    """Microseconds of each contestant over all pages, taking turns page by page."""
    spent: Counter[str] = Counter()
    texts = [decode(sample.body) for sample in pages]
    with apart(spent):
        for sample, text in list(zip(pages, texts, strict=True)) * rounds:
            for name, work in (
                ("lxml", lambda s=sample, t=text: by_lxml(s, t)),
                ("rules", lambda s=sample, t=text: theirs(s, t)),
                ("ours", lambda s=sample, t=text: ours(s, t)),
                ("whole", lambda s=sample: _compiled(s)),
            ):
                start = time.process_time()
                work()
                spent[name] += int(1e6 * (time.process_time() - start))
    return spent


def _compiled(sample: Sample) -> None:
    try:
        compile_page(sample.source, "full", Signals())
    except Problem:
        return


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=CORPUS, type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    if not (options.folder / "MANIFEST.tsv").exists():
        print(f"no pages: {options.folder}/MANIFEST.tsv is not there", file=sys.stderr)
        return
    pages = list(samples(options.folder))
    spent = measure(pages, options.rounds)
    made = len(pages) * options.rounds
    alone = spent["whole"] - spent["opinion"]
    rows = (
        ("lxml.html: parse, edits, serialise", spent["lxml"]),
        ("lxml.html by our rules", spent["rules"]),
        ("passalong: parse, edits, serialise", spent["ours"]),
        ("passalong: whole compile", alone),
        ("passalong: whole compile, second opinion too", spent["whole"]),
    )
    head = f"{len(pages)} pages, {options.rounds} rounds"
    print(f"{head:46}     ms a page  pages a second  x lxml  x rules")
    for name, micros in rows:
        times = f"{micros / made / 1e3:14.2f}{made / micros * 1e6:16.0f}"
        print(f"{name:46}{times}{spent['lxml'] / micros:8.2f}{spent['rules'] / micros:9.2f}")
    print(SAME_EDITS)
    share, each = spent["asked"] / made, spent["opinion"] / max(1, spent["asked"]) / 1e3
    print(f"the second opinion is asked for {share:.0%} of the pages, {each:.0f} ms each")
    tell_shares(sorted(pages, key=lambda sample: len(sample.body))[len(pages) // 2])


def tell_shares(sample: Sample) -> None:
    """Print a new share of a page in memory beside a plain join of its bytes."""
    for kind, join, share in beside_join(sample.body):
        said = f"{share:.1f} us, {share / join:.1f} times a bare join of the page's bytes"
        print(f"a hot article's new share with an ad of kind {kind}, compressed: {said}")


if __name__ == "__main__":
    main()
