"""Bodies that are hidden until a script runs are shown."""

from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.page import Page

from .conftest import PARAGRAPHS, filled, written

Brand = Callable[..., Page]


def page_of(brand: Brand, markup: str) -> str:
    return written(brand(f"<!DOCTYPE html><html lang=en><title>Harvest</title>{markup}"))


@pytest.mark.parametrize(
    "around",
    [
        "<div style='visibility: hidden; color: red'>{}</div>",
        "<div style='opacity: 0'><div hidden>{}</div></div>",
        "<div style='display:none'>{}</div>",
        "<div class='story hidden'>{}</div>",
        "<section class='d-none'><div class='is-loading'>{}</div></section>",
        "<div class='story use-motion hidden'>{}</div>",
    ],
)
def test_what_hides_the_article_is_gone(brand: Brand, around: str) -> None:
    text = page_of(brand, around.format(f"<article>{PARAGRAPHS}</article>"))
    article = tree.elements(tree.parse(text), "article")[0]
    for element in [article, *tree.ancestors(article)]:
        style = tree.get(element, "style")
        classes = tree.get(element, "class")
        assert "hidden" not in f"{element.attrs.keys()} {classes}"
        assert "use-motion" not in classes
        assert "visibility: hidden" not in style
        assert "opacity: 0" not in style
        assert "display:none" not in style


@pytest.mark.parametrize(
    "rule",
    [
        "body{display:none!important}",
        "html.wait { opacity: 0; color: red }",
        "html,body{opacity:0}",
        "p{margin:0} body { visibility:hidden }",
    ],
)
def test_a_rule_that_hides_the_whole_page_is_taken_back(brand: Brand, rule: str) -> None:
    text = page_of(brand, f"<style>{rule}</style><article>{PARAGRAPHS}</article>")
    sheet = tree.elements(tree.parse(text), "style")[0].text
    assert not any(word in sheet for word in ("none", "opacity", "hidden"))
    assert ("color: red" in sheet) == ("color: red" in rule)


@pytest.mark.parametrize(
    ("rules", "given_back"),
    [
        (".tab{color:red;display:none}", True),
        ("div.tab , #x{display : none!important}", True),
        (".tab{display:none}@media screen{.tab{display:flex}}", False),
        ("@media print{.tab{display:none}}", False),
        (".tab{display:none}@media print { p{margin:0} .tab{display:block} }", True),
        (".menu .tab{display:none}", False),
        ("html .page div.tab{display:none}", True),
        (".tab .page{display:none}", False),
        (".tab{display:none}div{display:block}", True),
        (".tab.open{display:none}", False),
    ],
)
def test_what_a_sheet_takes_away_and_never_gives_back_is_shown_around_the_article(
    brand: Brand, rules: str, *, given_back: bool
) -> None:
    tab = f"<div class=tab><article>{PARAGRAPHS}</article></div>"
    page = f"<style>{rules}</style><div class=page>{tab}</div>"
    tab = tree.first(tree.parse(page_of(brand, page)), ".tab")
    assert tab is not None
    assert ("display:block!important" in tree.get(tab, "style")) == given_back


@pytest.mark.parametrize(
    ("rule", "given_back"),
    [
        (".slide{display:none}", True),
        (".show .slide{display:none}", True),
        (".slide{display:none}.slide{display:block}", False),
        (".aside{display:none}", False),
    ],
)
def test_what_a_sheet_takes_most_of_an_article_away_with_is_shown(
    brand: Brand, rule: str, *, given_back: bool
) -> None:
    sheet = f"<style>{'p{margin:0}' * 500}</style>"
    slides = f"<div>{sheet}<div><div><div class=slide>{PARAGRAPHS}</div></div></div></div>" * 3
    page = f"<article class=show>{slides}<div class=aside>{PARAGRAPHS}</div></article>"
    shown = tree.parse(page_of(brand, f"<style>{rule}</style>{page}"))
    styles = [tree.get(e, "style") for e in tree.select(shown, ".slide, .aside")]
    assert ["display:block!important" in s for s in styles] == [given_back] * 3 + [False]
    assert not given_back or not tree.select(shown, ".slide[hidden]")


def test_what_is_most_of_an_article_is_not_marked_unseen(brand: Brand) -> None:
    sheet = "<style>.all{display:none}</style>"
    page = f"<article><p>{ANSWER}</p><div class=all>{PARAGRAPHS}</div></article>"
    found = tree.select(tree.parse(page_of(brand, sheet + page)), ".all")[0]
    assert "hidden" not in found.attrs


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (".fade{opacity:0}", True),
        ("/* sc */ figure .fade { opacity: 0.0 }", True),
        ("img{opacity:0}", True),
        (".fade{opacity:0}.fade{opacity:1}", False),
        (".fade{opacity:.5}", False),
        ("@media print{.fade{opacity:0}}", False),
        (".fade.hover{opacity:0}", False),
    ],
)
def test_a_picture_that_a_script_would_have_let_in_is_shown(
    brand: Brand, rule: str, *, shown: bool
) -> None:
    figure = "<figure><span class=fade><img src=/a.jpg></span><figcaption>Tea</figcaption></figure>"
    text = page_of(brand, f"<style>{rule}</style><article>{PARAGRAPHS}{figure}</article>")
    found = tree.select(tree.parse(text), "figure, .fade, figure img, figcaption")
    styles = "".join(tree.get(e, "style") for e in found)
    assert ("opacity:1!important" in styles) == shown


def test_what_slides_over_a_text_stays_as_it_is(brand: Brand) -> None:
    note = "<div class=note><img src=/a.jpg><p>A note on tea.</p></div>"
    rule = "<style>.note{opacity:0}</style>"
    text = tree.parse(page_of(brand, f"{rule}<article>{PARAGRAPHS}{note}</article>"))
    assert not tree.get(tree.select(text, ".note")[0], "style")


@pytest.mark.parametrize(
    ("rule", "cut"),
    [
        (".text{max-height:500px;overflow:hidden}", True),
        ("@media(max-width:600px){.text{overflow-y:hidden;max-height:calc(35vh + 9px)}}", True),
        (".text{max-height:500px}", False),
        (".text{max-height:500px;overflow:hidden}.text{max-height:none}", False),
        (".text{height:200px;overflow:hidden}", True),
        (".text{line-height:200px}", False),
        (".text{height:200px}.text{height:auto}", False),
    ],
)
def test_a_text_that_a_button_would_have_opened_is_whole(
    brand: Brand, rule: str, *, cut: bool
) -> None:
    text = f"<article><h1>Tea</h1><div class=text>{PARAGRAPHS}</div></article>"
    made = tree.parse(page_of(brand, f"<style>{rule}</style>{text}"))
    assert ("max-height:none" in tree.get(tree.select(made, ".text")[0], "style")) == cut


def test_a_page_that_its_sheet_hides_among_others_is_shown(brand: Brand) -> None:
    text = page_of(brand, f"<style>.menu,html{{display:none}}</style><article>{PARAGRAPHS}")
    assert "display:block!important" in tree.get(
        tree.elements(tree.parse(text), "html")[0], "style"
    )


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("body{margin:0;display:flex}", False),
        ("body.dark { display: flex; color: red }", False),
        ("body{display:flex;flex-direction:column}", True),
        (".body{display:flex}", True),
    ],
)
def test_a_page_in_a_row_does_not_stand_beside_what_is_added(
    brand: Brand, rule: str, *, kept: bool
) -> None:
    text = page_of(brand, f"<style>{rule}</style><article>{PARAGRAPHS}</article>")
    assert ("flex" in tree.elements(tree.parse(text), "style")[0].text) == kept


def test_rules_for_other_parts_stay(brand: Brand) -> None:
    rule = ".menu body-part{display:none} body .menu{display:none}"
    assert rule in page_of(brand, f"<style>{rule}</style><article>{PARAGRAPHS}</article>")


@pytest.mark.parametrize(
    ("beside", "kept"),
    [
        ("", False),
        ("<figcaption>A basket</figcaption>", False),
        ("<img src=/a.jpg>", True),
        ("<a style=\"background-image:url('/a.jpg')\"></a>", True),
    ],
)
def test_the_room_of_a_picture_that_never_came_is_folded(
    brand: Brand, beside: str, kept: bool
) -> None:
    room = f'<figure><div style="padding-bottom:56%"><div></div></div>{beside}</figure>'
    page = page_of(brand, f"<article>{PARAGRAPHS}{room}{PARAGRAPHS}</article>")
    assert ("padding-bottom:56%" in page) == kept


@pytest.mark.parametrize("how", ["style='display:none'", "hidden", "class=hidden"])
def test_what_a_heading_opens_by_a_script_is_open(brand: Brand, how: str) -> None:
    panel = f"<h3 id=h>Baskets</h3><div role=region aria-labelledby=h {how}>Of reed</div>"
    text = page_of(brand, f"<article>{PARAGRAPHS}{panel}{PARAGRAPHS}</article>")
    shown = tree.select(tree.parse(text), "[role=region]")[0]
    assert dict(tree.attributes(shown)) == {"role": "region", "aria-labelledby": "h"}


@pytest.mark.parametrize(
    ("folded", "opened"),
    [
        ("panel-collapse collapse", "panel-collapse collapse in show"),
        ("tab-pane fade", "tab-pane fade in show active"),
        ("collapse show", "collapse show in"),
        ("collapsed", "collapsed"),
    ],
)
def test_what_bootstrap_folds_in_an_article_has_its_classes_for_open(
    brand: Brand, folded: str, opened: str
) -> None:
    part = f"<div id=part class='{folded}'>Of reed</div>"
    text = page_of(brand, f"{part}<article>{PARAGRAPHS}{part}{PARAGRAPHS}</article>")
    beside, inside = tree.select(tree.parse(text), "#part")
    assert (tree.get(beside, "class"), tree.get(inside, "class")) == (folded, opened)


ANSWER = "It is made of reed that was cut in the winter and dried until the spring came. " * 2


@pytest.mark.parametrize(
    ("part", "opened"),
    [
        ("<button aria-expanded=false aria-controls=part>How?</button><div id=part>{}</div>", True),
        ("<button aria-expanded=true aria-controls=part>How?</button><div id=part>{}</div>", False),
        ("<h3>How?</h3><div id=part class=elementor-accordion__body hidden>{}</div>", True),
        ("<h3>How?</h3><p id=part class=schema-faq-answer>{}</p>", True),
        ("<h3>How?</h3><div id=part class=my-FAQ--Content style='display:none'>{}</div>", True),
        ("<aside id=part aria-expanded=false>{}<button>More</button></aside>", True),
        ("<aside id=part aria-expanded=true>{}<button>Less</button></aside>", False),
        ("<h3>How?</h3><div id=part class=faq-heading>{}</div>", False),
        ("<div id=part class=toggle-content><a href=/a>{0}</a>{0}<a href=/b>{0}</a></div>", False),
        ("<div id=part class=toggle-content>How?</div>", False),
    ],
)
def test_a_text_that_waits_for_a_tap_is_open(brand: Brand, part: str, opened: bool) -> None:
    text = page_of(brand, f"<article>{PARAGRAPHS}{part.format(ANSWER)}{PARAGRAPHS}</article>")
    shown = tree.select(tree.parse(text), "#part")[0]
    style = tree.get(shown, "style")
    assert ("display:block!important" in style and "hidden" not in shown.attrs) == opened


@pytest.mark.parametrize(
    ("sheet", "unseen"),
    [
        (".box{display:none}", True),
        (".box{display:none}.page .box{display:flex}", False),
        (".box{display:none}@media(min-width:9px){.box{display:block}}", False),
        ("@media(min-width:9px){.box{display:none}}", False),
        (".box:hover{display:none}", False),
    ],
)
def test_a_box_that_a_sheet_takes_away_has_no_slot(brand: Brand, sheet: str, unseen: bool) -> None:
    texts, box = f"<p>{ANSWER}</p>" * 9, f"<div class=box>{PARAGRAPHS}</div>"
    article = f"<article class=page>{texts}{box}{texts}</article>"
    page = filled(brand(f"<!DOCTYPE html><html lang=en><style>{sheet}</style>{article}"))
    found = tree.select(tree.parse(page), ".box")[0]
    assert ("hidden" in found.attrs) == unseen
    assert ("data-slot" in found.html) != unseen


@pytest.mark.parametrize("how", ["style='display: none'", "hidden"])
def test_what_is_most_of_an_article_and_hidden_is_shown(brand: Brand, how: str) -> None:
    text = page_of(brand, f"<article><p>A recipe.</p><div {how} id=r>{PARAGRAPHS}</div></article>")
    assert dict(tree.attributes(tree.select(tree.parse(text), "#r")[0])) == {"id": "r"}


@pytest.mark.parametrize(
    "part",
    [
        "<p class='elementor-widget elementor-invisible'>{}</p>",
        "<div class='et_pb_blurb et_animated'>{}</div>",
        "<div class=wpb_animate_when_almost_visible>{}</div>",
        "<p style='transform:translate3d(0,3rem,0);opacity:0'>{}</p>",
    ],
)
def test_a_part_that_comes_in_when_it_is_scrolled_to_is_shown(brand: Brand, part: str) -> None:
    text = page_of(brand, f"<article>{PARAGRAPHS}{part.format('Come in.')}{PARAGRAPHS}</article>")
    shown = next(e for e in tree.elements(tree.parse(text)) if e.text == "Come in.")
    assert "opacity:1!important;transform:none!important" in tree.get(shown, "style")


@pytest.mark.parametrize("script", ["<script>$RC('B:0','S:0')</script>", ""])
def test_what_a_page_streams_behind_its_end_stands_where_its_script_would_put_it(
    brand: Brand, script: str
) -> None:
    half = len(PARAGRAPHS) // 2 + PARAGRAPHS[len(PARAGRAPHS) // 2 :].index("<p>")
    shell = (
        "<main><h1>Harvest</h1><!--$?--><template id=B:0></template><p>Loading <!--$-->the "
        "story<!--/$--></p><!--/$--><p>The end.</p></main>"
    )
    parts = (
        f"<div hidden id=S:0><div id=story>{PARAGRAPHS[:half]}<template id=P:1></template></div>"
        f"</div><div hidden id=S:1>{PARAGRAPHS[half:]}</div>{script}"
    )
    text = tree.parse(page_of(brand, f"<body>{shell}{parts}")).root.text
    said = "".join(text.split())
    assert "".join(tree.parse(PARAGRAPHS).root.text.split()) + "Theend." in said
    assert "Loading" not in said


def test_what_a_page_streams_stands_no_deeper_than_browsers_go(brand: Brand) -> None:
    deep = "<div>" * 300
    parts = f"<div hidden id=S:0>{deep}{PARAGRAPHS}</div><script>$RC('B:0','S:0')</script>"
    text = page_of(brand, f"<body>{deep}<template id=B:0></template>{'</div>' * 300}{parts}")
    depths = [len(list(e.ancestors)) for e in tree.elements(tree.parse(text))]
    assert max(depths) <= 402
    assert "all of them said yes" in text
