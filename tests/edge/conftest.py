"""One edge of each kind for each module, in front of an origin that tests control."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.edge.kit import KINDS, Edge, Front, Origin, Page, serving

OLD_PAGES = 6


@pytest.fixture(scope="module", params=KINDS)
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """An edge and the origin behind it; each test uses pages of its own."""
    with ExitStack() as stack:
        origin = Origin()
        stack.enter_context(serving(origin))
        edge = Edge(request.param, tmp_path_factory.mktemp("edge") / request.param, origin.port)
        stack.callback(edge.close)
        edge.start()
        yield Front(edge, origin)


@pytest.fixture(scope="module")
def old_pages(front: Front) -> list[Page]:
    """Pages that the edge has and must revalidate: nginx after 4 s, Varnish as the origin says."""
    pages = [front.fresh(seconds=1) for _ in range(OLD_PAGES)]
    for page in pages:
        assert front.get(page.path).body == page.body
        front.get(page.path, Accept_Encoding="br")
    time.sleep(5.1 if front.edge.kind == "nginx" else 1.1)
    return pages


@pytest.fixture
def old(old_pages: list[Page]) -> Page:
    """One of these, for one test."""
    return old_pages.pop()
