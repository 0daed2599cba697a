"""Pictures that wait for a script are shown without it."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.page import Page

from .conftest import article, written

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def pictures(page: Page) -> list[str]:
    return [tree.get(e, "src") for e in tree.elements(tree.parse(written(page)), "img")]


# A placeholder with the address in an attribute of no known name.
WAITS = "<img src=/lazy.png data-zeen-src=/a.jpg>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<img data-src=/a.jpg>", ["a.jpg"]),
        (f"<img src='{PIXEL}' data-original=//news.example/a.jpg>", ["a.jpg"]),
        ("<img src=/loading.gif data-lazy-src=/a.jpg>", ["a.jpg"]),
        ("<img src=/blank.gif original=/a.jpg>", ["a.jpg"]),
        ("<img src=/a.jpg data-full-src=/huge.jpg>", ["a.jpg"]),
        ("<img data-original=/huge.jpg data-actualsrc=/a.jpg>", ["a.jpg"]),
        ("<img src=/low.jpg data-src=/a.jpg>", ["a.jpg"]),
        ("<img src=/a.jpg data-src='{\"x\": 1}'>", ["a.jpg"]),
        ("<noscript><img src=/a.jpg></noscript>", ["a.jpg"]),
        (f"<img src='{PIXEL}'><noscript><img src=/a.jpg></noscript>", ["a.jpg"]),
        ("<img data-src=/a.jpg><noscript><img src=/a.jpg?w=9></noscript>", ["a.jpg"]),
        ("<span><img class=lazy></span><noscript><img src=/a.jpg></noscript>", ["a.jpg"]),
        ("<img src=/a.jpg><noscript><img src=/b.jpg></noscript>", ["a.jpg", "b.jpg"]),
        ("<img src=/b.jpg srcset='/c.jpg 2x'><noscript><img src=/c.jpg></noscript>", ["b.jpg"]),
        (
            "".join(f"<noscript><img src=/{n}></noscript> <img data-src=/{n}>" for n in "ab"),
            ["a", "b"],
        ),
        (f"{WAITS}<noscript>{WAITS}</noscript>", ["a.jpg"]),
        ("<img src=/a.jpg width=1 height=1>", []),
        (f"<img src='{PIXEL}' nitro-lazy-src=/a.jpg>", ["a.jpg"]),
        ("<img src=/lazy.svg data-td-src-property=/a.jpg>", ["a.jpg"]),
        ("<img alt=/no/b.jpg data-json='{\"a\": \"/b.jpg\"}' data-big=/a.jpg>", ["a.jpg"]),
        ("<img src=/a.jpg data-zoom-src=/huge.jpg>", ["a.jpg"]),
        ("<img src=/lazy/loading/a.jpg data-zoom-src=/huge.jpg>", ["lazy/loading/a.jpg"]),
        ("<amp-img src=/a.jpg width=9 height=9></amp-img>", ["a.jpg"]),
    ],
)  # fmt: skip
def test_each_lazy_habit_ends_in_one_picture(
    brand: Callable[..., Page], markup: str, expected: list[str]
) -> None:
    found = pictures(brand(article(f"<p>{markup}</p>")))
    assert found == [f"https://news.example/{name}" for name in expected]


def test_a_waiting_srcset_and_its_sources_are_filled(brand: Callable[..., Page]) -> None:
    waits = (
        "<picture><source data-srcset='/b.webp 2x'><img data-srcset='\n/a.jpg\n1x,\n/c.jpg\n2x'"
        " class='LazyLoad x' style='opacity:0'></picture>"
    )
    page = written(brand(article(waits)))
    assert 'srcset="https://news.example/b.webp 2x"' in page
    assert 'srcset="https://news.example/a.jpg 1x, https://news.example/c.jpg 2x"' in page
    assert 'class="x"' in page
    assert "opacity:1!important" in page


def test_a_srcset_under_any_name_fills_a_picture_that_has_none(brand: Callable[..., Page]) -> None:
    waits = f"<img src='{PIXEL}' srcset='{PIXEL}' x-lazy-srcset='/a.jpg 40w'>"
    found = tree.elements(tree.parse(written(brand(article(waits)))), "img")
    assert tree.get(found[0], "srcset") == "https://news.example/a.jpg 40w"
    assert tree.get(found[0], "sizes") == "(max-width:40px) 100vw, 40px"


def test_a_picture_that_fades_in_is_seen_where_its_copy_for_no_scripts_goes(
    brand: Callable[..., Page],
) -> None:
    copy = "<noscript><img style='opacity:0' src=/a.jpg></noscript>"
    page = written(brand(f"<div><img style='opacity:0' src=/a.jpg>{copy}</div>{article()}"))
    assert page.count("a.jpg") == 1
    assert 'style="opacity:0;opacity:1!important' in page


@pytest.mark.parametrize(
    ("said", "sizes"),
    [
        ("sizes=auto", "(max-width:40px) 100vw, 40px"),
        ("data-sizes=auto", "(max-width:40px) 100vw, 40px"),
        ("data-sizes=auto data-lazy-sizes=20px", "20px"),
        ("sizes=20px", "20px"),
    ],
)
def test_a_picture_that_a_script_would_measure_is_no_wider_than_its_widest_file(
    brand: Callable[..., Page], said: str, sizes: str
) -> None:
    page = written(brand(article(f"<img data-srcset='/a.jpg 20w, /b.jpg 40w' {said}>")))
    assert tree.get(tree.elements(tree.parse(page), "img")[0], "sizes") == sizes


def test_a_picture_hidden_for_its_copy_without_scripts_is_that_copy(
    brand: Callable[..., Page],
) -> None:
    hidden = "<img style='display:none' data-src=/a.jpg><noscript><img src=/a.jpg></noscript>"
    page = brand(article(hidden))
    assert pictures(page) == ["https://news.example/a.jpg"]
    assert "display:none" not in written(page)


@pytest.mark.parametrize("name", ["data-src", "data-lazy-src", "data-srcset", "data-original"])
def test_no_sheet_for_readers_without_scripts_hides_a_picture_that_has_its_address(
    brand: Callable[..., Page], name: str
) -> None:
    """Such sheets hide lazy pictures, so that only their copies in `<noscript>` are shown."""
    rule = f"<noscript><style>[{name}]{{display:none!important}}</style></noscript>"
    waiting = article(f"<img src=/a.jpg {name}=/a.jpg>")
    page = written(brand(waiting.replace("<head>", f"<head>{rule}")))
    assert f"[{name}]" in page
    assert not tree.select(tree.parse(page), f"[{name}]")


def test_a_background_that_waits_is_painted(brand: Callable[..., Page]) -> None:
    page = written(brand(article("<div data-bg=/a.jpg>x</div>")))
    assert "background-image:url(&quot;https://news.example/a.jpg&quot;)" in page


def test_a_noscript_that_asks_for_scripts_is_no_part_of_the_article(
    brand: Callable[..., Page],
) -> None:
    page = written(
        brand(article("<noscript>Enable JavaScript.</noscript><noscript><p>Plan B</noscript>"))
    )
    assert "JavaScript" not in page
    assert "<p>Plan B</p>" in page


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ("viewBox='0 0 24 24'", ("24", "24")),
        ("viewBox='0 0 20.5,16'", ("20.5", "16")),
        ("viewBox='0 0 24 24' width=40", ("40", "")),
        ("viewBox='0 0 800 400'", ("", "")),
        ("viewBox='0 0 448 512'", ("", "1em")),
        ("viewBox='0 -960 960 960'", ("", "1em")),
        ("viewBox='0 0 2000 2000'", ("", "")),
        ("viewBox='none'", ("", "")),
    ],
)
def test_an_icon_is_as_large_as_it_is_drawn_where_no_style_says_so(
    brand: Callable[..., Page], svg: str, size: tuple[str, str]
) -> None:
    page = tree.parse(written(brand(article(f"<p><svg {svg}><path d='M0 0h9'/></svg></p>"))))
    found = tree.elements(page, "svg")[0]
    assert (tree.get(found, "width"), tree.get(found, "height")) == size


def test_a_drawing_of_several_parts_is_no_icon(brand: Callable[..., Page]) -> None:
    drawn = "<path d='M0 0h9'/>" * 3
    page = written(brand(article(f"<p><svg viewBox='0 0 512 512'>{drawn}</svg></p>")))
    assert not tree.get(tree.elements(tree.parse(page), "svg")[0], "height")
