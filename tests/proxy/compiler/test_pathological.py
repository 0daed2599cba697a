"""Pathological markup is compiled within limits or refused; see `ops/bench fuzz`."""

import sys

import pytest

from proxy.compiler import compile_page, tree, write
from proxy.errors import SourceProblem
from proxy.page import Mode
from proxy.rights import Signals
from proxy.source import Source
from tests.pathological import KINDS

from .conftest import AT, URL, written

# The size of many real pages; `ops/bench fuzz` uses the greatest size of a source.
SIZE = 200_000


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["full", "reader"])
def test_a_pathological_page_ends_as_a_page_or_a_refusal(kind: str, mode: str) -> None:
    body = KINDS[kind](SIZE).encode("utf-8", "replace")
    try:
        page = compile_page(Source(URL, body, fetched_at=AT), mode, Signals())
    except SourceProblem:
        return
    once = written(page)
    assert len(once.encode()) <= write.MAX_OUTPUT
    assert tree.serialise(tree.parse(once)) == once


def test_what_grows_past_eight_megabytes_is_refused() -> None:
    source = Source(URL, KINDS["relative links"](2 * SIZE).encode(), fetched_at=AT)
    with pytest.raises(SourceProblem) as refusal:
        compile_page(source, "full", Signals())
    assert refusal.value.code == "too_big"


def calls(markup: str, mode: Mode) -> int:
    """How many functions are called to compile a page."""
    made = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    profile = sys.getprofile()
    sys.setprofile(count)
    try:
        compile_page(Source(URL, markup.encode(), fetched_at=AT), mode, Signals())
    finally:
        sys.setprofile(profile)
    return made


@pytest.mark.parametrize("mode", ["full", "reader"])
@pytest.mark.parametrize("block", ["<div>Tea</div>", f"<div>{'Tea is had. ' * 12}</div>"])
def test_the_depth_of_blocks_adds_little_to_their_number(block: str, mode: Mode) -> None:
    """Each element around blocks is looked at once, not once for each block."""
    flat, deep = (calls("<article>" * depth + block * 2_000, mode) for depth in (1, 150))
    assert deep < 1.5 * flat
