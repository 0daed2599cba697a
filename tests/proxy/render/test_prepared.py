"""A template fits a page with the same digest, which covers the page's content and gaps."""

import msgspec
import pytest

from proxy.page import Page
from tests.pages import prepared
from tests.proxy.render.test_render import compiled

PAGE = compiled()
HEAD, *REST = PAGE.segments
MIDDLE = max(PAGE.segments, key=len)


def with_segments(*segments: bytes) -> Page:
    return msgspec.structs.replace(PAGE, segments=segments)


@pytest.mark.parametrize(
    "other",
    [
        with_segments(HEAD + b" ", *REST),
        with_segments(b"", HEAD, *REST[1:]),
        with_segments(HEAD, b"", *REST[1:]),
        msgspec.structs.replace(PAGE, dark=not PAGE.dark),
    ],
)
def test_another_page_has_another_digest(other: Page) -> None:
    assert prepared(other).digest != prepared(PAGE).digest


def test_pages_that_say_the_same_at_other_places_differ() -> None:
    some = [with_segments(*[MIDDLE if n == at else b"" for n in range(4)]) for at in range(4)]
    assert len({prepared(page).digest for page in some}) == len(some)
