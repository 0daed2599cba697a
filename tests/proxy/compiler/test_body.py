"""Which part of a page is taken for its article, and from where to where it is read."""

import re

import pytest

from proxy.compiler import compile_page
from proxy.rights import Signals
from proxy.source import Source

from .conftest import AT, PARAGRAPHS, TEXT, URL


def read(markup: str) -> str:
    """What reader mode shows of a page, without its tags."""
    page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "reader", Signals())
    return re.sub(r"<[^>]+>", " ", b"".join(page.segments).decode().partition("<article")[2])


def said(of: str, times: int) -> str:
    """So many paragraphs that nobody else says."""
    return "".join(
        f"<p>{of} {n} {f'tells of slope {n} and its tea ' * 4}.</p>" for n in range(times)
    )


@pytest.mark.parametrize(
    "between",
    [
        "<h2>The prices from 01.01.2024</h2>",
        "<p><a href=http://a.example/2017/02/14/tea>a.example/2017/02/14/tea</a></p>",
    ],
)
def test_no_heading_and_no_link_with_a_date_ends_what_was_said_before_it(between: str) -> None:
    opening = f"<p>An opening of the text, {TEXT}</p>"
    text = read(f"<title>Tea</title><h1>Tea</h1><article>{opening}{between}{said('Row', 20)}")
    assert "An opening of the text" in text


def test_a_text_in_boxes_with_pictures_is_read_from_its_first_box() -> None:
    boxes = "".join(
        f"<div class=image-box><img src=/{n}.jpg>{said(f'Box{n}', 2)}</div>" for n in range(20)
    )
    text = read(f"<title>Tea</title><article><h1>Tea</h1>{boxes}{PARAGRAPHS}</article>")
    assert "Box0" in text
