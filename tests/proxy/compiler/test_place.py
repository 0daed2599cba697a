"""Slots are between blocks of the body, never inside a sentence, list, table or quotation."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.compiler import compile_page, tree
from proxy.compiler.body.readability import opinion
from proxy.page import Page
from proxy.rights import Signals
from proxy.source import Source

from .conftest import AT, PARAGRAPHS, TEXT, URL, article, filled

Brand = Callable[..., Page]

BLOCKS = [
    f"<p>{TEXT}</p>",
    f"<div>{TEXT}</div>",
    f"<section><span>{TEXT}</span></section>",
    "<h2>A heading</h2>",
    f"<ul><li>{TEXT}</li><li>short</li></ul>",
    f"<blockquote><p>{TEXT}</p><p>{TEXT}</p></blockquote>",
    "<table><tr><td>1</td><td>2</td></tr></table>",
    f"<pre><code>{TEXT}\n\n{TEXT}</code></pre>",
    "<figure><img src=/a.jpg><figcaption>A caption</figcaption></figure>",
    "<p><img src=/a.jpg></p>",
    f"{TEXT}<br><br>{TEXT}<br><br>",
    f"<p>{TEXT}<br><br>{TEXT}<br> <br>{TEXT}</p>",
    f"<p id=x><font size=2>{TEXT}<br><br>{TEXT}<br><br>{TEXT}</font></p>",
    f"<p>{TEXT}<br>{TEXT}<br>{TEXT}</p>",
    f"<div><div>{TEXT}</div><div><p>{TEXT}</p></div></div>",
    "<details><summary>More</summary><p>Words</p></details>",
]
INSIDE = frozenset(["p", "ul", "ol", "li", "dl", "table", "blockquote", "figure", "pre", "code"])
SLOTS = ("top", "middle", "end")
LINES = "Who carries the baskets down to the valley, and what they think of the rain."


def slots(page: Page) -> dict[str, tree.Element]:
    found = tree.elements(tree.parse(filled(page)), "note-card")
    return {tree.get(e, "data-slot"): e for e in found}


def beside(page: Page, slot: str, after: bool = True) -> str:
    """The beginning of the text after a slot, or the end of the text before it."""
    body = filled(page).partition("<body")[2]
    before, _, behind = body.partition(f'<note-card data-slot="{slot}"></note-card>')
    text = tree.parse(behind if after else before).root.text
    words = " ".join(text.replace("\n", " ").split())
    return words[:40] if after else words[-40:]


def test_a_text_whose_paragraphs_are_headings_has_all_slots(brand: Brand) -> None:
    headings = PARAGRAPHS.replace("<p>", "<h3>").replace("</p>", "</h3>")
    page = brand(article(paragraphs=headings))
    assert not page.skipped
    assert beside(page, "middle").startswith("The harvest")
    assert not beside(page, "end")


@given(st.lists(st.sampled_from(BLOCKS), min_size=3, max_size=25))
@settings(max_examples=100, deadline=None)
def test_no_slot_ever_stands_inside_a_block(several: list[str]) -> None:
    markup = article("".join(several))
    page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "full", Signals())
    places = slots(page)
    for slot in SLOTS:
        if slot in places:
            assert not INSIDE & {above.tag for above in tree.ancestors(places[slot])}


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=25))
@settings(max_examples=50, deadline=None)
def test_the_slots_change_no_text_and_keep_their_order(several: list[str]) -> None:
    markup = article("".join(several))
    page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "full", Signals())
    order = ("head", "sharer", "top", "middle", "end", "share", "tail")
    assert [order.index(gap) for gap in page.gaps] == sorted(order.index(g) for g in page.gaps)
    assert len(page.segments) == len(page.gaps) + 1
    made = filled(page)
    assert tree.serialise(tree.parse(made)) == made


def test_top_stands_after_title_and_byline(brand: Brand) -> None:
    opening = "<h1>Harvest</h1><p class=byline>By Ann Lee</p><p class=date>4 May 2026</p>"
    page = brand(f"<title>Harvest</title><article>{opening}{PARAGRAPHS}</article>")
    assert beside(page, "top").startswith("The harvest came early")
    assert beside(page, "top", after=False).endswith("4 May 2026")


def test_top_does_not_part_a_place_and_an_agency_from_the_line_they_begin(brand: Brand) -> None:
    dateline = "<div class=source><cite>4 May 2026, The Valley News &nbsp;—&nbsp;</cite></div>"
    page = brand(article(paragraphs=dateline + PARAGRAPHS))
    assert beside(page, "top").startswith("4 May 2026, The Valley News")


def test_middle_stands_within_a_part_of_the_text_rather_than_between_two(brand: Brand) -> None:
    part = f"<section>{f'<p>{TEXT}</p>' * 12}</section>"
    page = brand(f"<title>Harvest</title><article><h1>Harvest</h1>{part * 2}</article>")
    above = tree.parent(slots(page)["middle"])
    assert above is not None
    assert above.tag == "section"


def test_the_last_paragraphs_of_a_short_text_are_no_signature(brand: Brand) -> None:
    column = f"<div>{f'<p>{TEXT}</p>' * 5}</div>"
    page = brand(
        article(paragraphs=f"{column}<div><p>{TEXT}</p><p>{TEXT}</p><p>The end.</p></div>")
    )
    assert beside(page, "end", after=False).endswith("The end.")


def test_end_stands_before_what_more_readers_said_than_the_article_does(brand: Brand) -> None:
    said = f"<h3>4 responses to “Harvest”</h3><ol>{f'<li>{TEXT}</li>' * 40}</ol>"
    page = brand(article(paragraphs=f"<p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p>{said}"))
    assert beside(page, "end").startswith("4 responses")


def test_top_stands_below_a_title_that_notes_come_before(brand: Brand) -> None:
    notes = (
        "<p>This part was paid for. It was made by us.</p><h1>Harvest</h1><p>Author: Ana Lee</p>"
    )
    page = brand(article(paragraphs=notes + PARAGRAPHS).replace("<h1>Harvest</h1>", "", 1))
    assert (
        "Harvest" in filled(page).partition('<note-card data-slot="top"')[0].partition("<body")[2]
    )


def test_end_parts_no_question_from_its_answers(brand: Brand) -> None:
    asked = "<p>War dieser Artikel hilfreich?</p>"
    row = f"<div class=row><div>{asked}</div><div><p>Ja, sehr</p><a href=/n>Nein</a></div></div>"
    page = brand(f"<title>Harvest</title><article><div>{PARAGRAPHS}{row}</div></article>")
    assert beside(page, "end", after=False).endswith("Ja, sehrNein")


@pytest.mark.parametrize(
    "icons",
    [
        "<ul class=shariff-buttons><li><a href=/x><svg></svg></a></ul>",
        "<div class=a2a_kit><a class=a2a_button_x href=/x></a></div><p><a href=/a>All news</a></p>",
    ],
)
def test_end_stands_before_icons_to_share(brand: Brand, icons: str) -> None:
    before, _, after = filled(brand(article(paragraphs=PARAGRAPHS + icons))).partition(
        '<note-card data-slot="end">'
    )
    assert "<a " not in before
    assert "<a " in after


def test_end_stands_before_what_follows_an_article(brand: Brand) -> None:
    after = (
        "<h3>Share this</h3><ul class=share><li><a href=/x>There</a></li></ul>"
        "<p class=tags><a href=/t>Tag</a></p>"
    )
    page = brand(f"<title>Harvest</title><article>{PARAGRAPHS}{after}</article>")
    assert beside(page, "end", after=False).endswith("all of them said yes.")
    assert beside(page, "end").startswith("Share this")


@pytest.mark.parametrize(
    "before",
    [
        "<h1>Harvest</h1><p>A summary that says in one sentence what the article is going to tell "
        "us about the harvest.</p><div class=meta>By Ann Lee</div><ul class=share><li>Share</ul>",
        "<h1>Harvest</h1><div class=byline>Ann Lee</div>"
        "<figure><img src=a.jpg><figcaption>The slope in spring</figcaption></figure>",
        "<h2>Harvest</h2><div class=newsletter-box>Get our letter every morning</div>",
        "<h1>Harvest</h1><div class=photobox><img src=a.jpg><div class=caption>The slope in spring "
        "seen from the road that leads down to the valley, as it was before the rain.</div></div>",
        "<h1>Harvest</h1><p class=by>Von Ann Lee</p><div>Updated 07.01.2026 - 18:50, 4 min.</div>",
        "<ul><li>Jan 18, 2026 10:15 am, updated later on that day by those who know</li><li>The "
        "size of the letters: large or small, as you like</li></ul><h2>Harvest</h2>",
    ],
)
def test_what_stands_above_a_text_is_no_part_of_it(brand: Brand, before: str) -> None:
    page = brand(f"<title>Harvest</title><article>{before}{PARAGRAPHS}</article>")
    assert beside(page, "top").startswith("The harvest came early")


@pytest.mark.parametrize(
    "after",
    [
        "<p>（责任编辑：王小明）</p>",
        "<p>本文来源：新华网</p><p>分享到：</p>",
        f"<h3>3 Comments</h3><p>{TEXT}</p><p>{TEXT}</p>",
        f"<h3>12 thoughts on “Harvest”</h3><p>{TEXT[:135]}</p><p>{TEXT[:135]}</p>",
        f"<div class=comments-wrapper><b>All of you</b><ol>{f'<li>{TEXT[:135]}' * 40}</ol></div>",
        f"<div class=author-bio><p>{TEXT}</p></div>",
        f"<p>Recommended for you</p><div><h4>Rain</h4><p>{TEXT[:135]}</p></div>",
        "<p>The post Harvest of the valley appeared first on Valley.</p>",
        f"<div><h4>Ann Lee</h4><section class='vcard author'><p>{TEXT}</p></section></div>",
        "<p>If you want more, see these!</p> <p><a href=/n>What came next in the valley</a></p> "
        "<p>Mei Lin in the valley contributed to this report.</p>",
        "<p><a href=/n>What came next in the other valley</a></p>",
        "<h4>Topics</h4><ul><li><a href=/a>Slopes</a></li><li><a href=/b>Rain</a></li></ul>",
        "<p>Mei Lin in the valley contributed to this report.</p>",
        "<p>Sign up now and <a href=/s>get all we know of baskets</a> every morning.</p>",
        "<h2>References</h2><ol><li>The Book of Baskets, third edition, 1987.</li></ol>",
        "<p>Attention: Comments with words that nobody can read are not shown to anyone here.</p>",
        f"<div><h2>Отзывы</h2><p>{TEXT[:135]}</p></div>",
        f"<div><h2>Reviews (13)</h2><p>{TEXT[:135]}</p></div>",
        f"<h3>Comentar</h3><p>{TEXT[:135]}</p><p>{TEXT[:135]}</p>",
        f"<h3>Über die Autorin:</h3><img src=a.jpg><p>{TEXT[:135]}</p>",
        f"<h3>Autor:innen</h3><p>{TEXT[:135]}</p>",
        f"<p>Weitere Informationen zur Ernte</p><p>{TEXT[:135]}</p>",
        "<p>MÁS INFORMACIÓN:</p><p>All that we know of baskets in the valley, and of rain.</p>",
        "<p>*We may earn something when you buy a basket by way of us.</p>",
        "<div>Posted by: Lee on 17 May</div><div>It is time that baskets were clearly set out in "
        "advance, so that people know exactly what they are going to carry.</div>",
    ],
)
def test_what_stands_below_a_text_is_no_part_of_it(brand: Brand, after: str) -> None:
    page = brand(f"<title>Harvest</title><article>{PARAGRAPHS}{after}</article>")
    last = PARAGRAPHS.rpartition("<p>")[2].removesuffix("</p>")
    assert beside(page, "end", after=False) == last[-40:]
    assert beside(page, "end") in " ".join(tree.parse(after).root.text.split()) + " "


def test_a_link_that_leads_on_above_the_last_chapter_ends_no_text(brand: Brand) -> None:
    last = f"<h2>In the end</h2><p>{TEXT}{TEXT[:-1]}, in the end.</p>"
    onward = "<p>Read more: <a href=/baskets>Who carries the baskets</a></p>"
    page = brand(article(paragraphs=PARAGRAPHS * 4 + onward + last))
    assert beside(page, "end", after=False).endswith("said yes, in the end.")


def test_a_slot_stands_in_the_column_of_the_text(brand: Brand) -> None:
    """Not between two columns, where it would be a third."""
    columns = f"<div class=row><div class=col><h1>Harvest</h1>{PARAGRAPHS}</div>"
    page = brand(f"<title>Harvest</title>{columns}<div class=col><h3>Related</h3></div></div>")
    for slot in SLOTS:
        above = tree.parent(slots(page)[slot])
        assert above is not None
        assert tree.get(above, "class") == "col"


def test_the_text_in_a_cell_below_its_titles_cell_is_found(brand: Brand) -> None:
    text = f"<tr><td id=text>{PARAGRAPHS}</td></tr>"
    story = f"<table><tr><td><h1>Harvest</h1></td></tr>{text}</table>"
    beside = f"<table><tr><td>{PARAGRAPHS[: len(PARAGRAPHS) * 4 // 5]}</td></tr></table>"
    cells = f"<tr><td>{story}</td><td>{beside}</td></tr>"
    page = brand(f"<title>Harvest</title><table>{cells}</table>")
    above = [tree.parent(slots(page)[slot]) for slot in SLOTS]
    assert [a and tree.get(a, "id") for a in above] == ["text"] * 3


def test_the_article_in_a_cell_of_an_old_page_is_found(brand: Brand) -> None:
    menu = "".join(f"<a href=/{n}>Menu entry {n}</a><br>" for n in range(20))
    cells = f"<tr><td>{menu}</td><td id=text><h1>Harvest</h1>{PARAGRAPHS}</td></tr>"
    page = brand(f"<title>Harvest</title><table>{cells}</table>")
    for slot in SLOTS:
        assert tree.get(next(tree.ancestors(slots(page)[slot])), "id") == "text"


def test_middle_stands_near_half_of_the_text_and_never_under_a_heading(brand: Brand) -> None:
    """Directly below this heading is nearer to half, but a heading belongs to what follows it."""
    paragraph = f"<p>{TEXT}</p>"
    halves = paragraph * 5 + "<h2>The second half</h2>" + paragraph * 6
    page = brand(f"<title>Harvest</title><article>{halves}</article>")
    assert beside(page, "middle").startswith("The second half")


@pytest.mark.parametrize(
    "announcing",
    [
        f"{LINES[:-1]}:",
        f"{LINES[:-1]}\uff1a",
        f"<strong>{LINES[:20]}</strong><b>{LINES[20:-1]}?</b>",
    ],
)
def test_middle_stands_before_a_text_that_announces_the_next(brand: Brand, announcing: str) -> None:
    """After the announcement, or a question in bold, would be nearer to half of the text."""
    paragraph = f"<p>{TEXT}</p>"
    halves = f"{paragraph * 5}<p>{announcing}</p>{paragraph * 5}"
    page = brand(f"<title>Harvest</title><article>{halves}</article>")
    assert beside(page, "middle").startswith(LINES[:30])


@pytest.mark.parametrize(
    "announced",
    ["<p>Read next:</p>", "<p>点击进入专题：</p>", "<h4>Baskets</h4><p>We read this week:</p>"],
)
def test_end_stands_before_a_line_that_announces_what_follows(brand: Brand, announced: str) -> None:
    links = "<ul><li><a href=/n>What came next in the valley</a></ul>"
    page = brand(f"<title>Harvest</title><article>{PARAGRAPHS}{announced}{links}</article>")
    assert beside(page, "end", after=False).endswith("all of them said yes.")


def test_middle_does_not_part_a_paragraph_from_its_button(brand: Brand) -> None:
    """Before the button would be nearest to half of the text."""
    paragraph = f"<p>{TEXT}</p>"
    halves = f"{paragraph * 5}<p><a href=/b>Order a basket</a></p>{paragraph * 5}"
    page = brand(f"<title>Harvest</title><article>{halves}</article>")
    assert beside(page, "middle").startswith("The harvest")


def test_middle_stands_two_blocks_or_more_from_top_and_end_where_it_can(brand: Brand) -> None:
    """Before the long last paragraph would be nearer to half of the text."""
    few = "".join(f"<p>{n}. {TEXT}</p>" for n in "1234") + f"<p>{TEXT * 6}</p>"
    page = brand(f"<title>Harvest</title><article>{few}</article>")
    assert beside(page, "middle").startswith("4. The harvest")
    page = brand(f"<title>Harvest</title><article>{f'<p>{TEXT * 5}</p>' * 3}</article>")
    assert "middle" in page.gaps


def test_middle_stands_between_other_blocks_where_no_paragraphs_meet(brand: Brand) -> None:
    lists = f"<ul><li>{TEXT}</li></ul><blockquote>{TEXT}</blockquote>" * 3
    page = brand(f"<title>Harvest</title><article>{lists}</article>")
    assert "middle" in page.gaps


def test_middle_stands_off_the_middle_where_a_list_is_most_of_the_text(brand: Brand) -> None:
    points = f"<ul><li>{'</li><li>'.join([TEXT] * 12)}</li></ul>"
    page = brand(f"<title>Harvest</title><article>{f'<p>{TEXT}</p>' * 3}{points}</article>")
    assert page.skipped == {}
    assert beside(page, "middle").startswith("The harvest")
    assert tree.parent(slots(page)["middle"]).tag == "article"  # type: ignore[union-attr]


CODE = "def carry(baskets):\n    for basket in baskets:\n        valley.put(basket)"


@pytest.mark.parametrize(
    ("blocks", "before"),
    [
        (f"<p>{LINES}</p><p>{TEXT * 6}</p>", LINES[-30:]),
        (f"<p>{TEXT}</p><ol><li>{'</li><li>'.join([TEXT] * 20)}</li></ol>", "said yes."),
        (f"<p>{LINES}</p><blockquote>{TEXT * 4}</blockquote><p>Yes.</p>", LINES[-30:]),
        (f"<p>Here is how:</p><pre>{CODE * 2}</pre><p>{LINES}</p>", CODE[-9:]),
        (f"<p>It begins.</p><p><img src=a.jpg></p><p>{TEXT * 3}</p>", "It begins."),
        (f"<figure><img src=a.jpg><figcaption>A slope</figcaption></figure><p>{TEXT * 3}</p>",
         "A slope"),
    ],
)  # fmt: skip
def test_a_short_text_has_its_middle_where_more_than_a_line_or_a_picture_is_above_and_below(
    brand: Brand, blocks: str, before: str
) -> None:
    page = brand(f"<title>Harvest</title><article><h1>Harvest</h1>{blocks}</article>")
    assert page.skipped == {}
    assert beside(page, "middle", after=False).endswith(before)


def test_a_text_that_is_laid_out_in_cells_has_no_middle(brand: Brand) -> None:
    """It would stand inside a table."""
    rows = "".join(f"<tr><td><img src=/{n}.jpg><td>{n} {TEXT * 4}</tr>" for n in range(6))
    page = brand(f"<title>Harvest</title><body><table><tr><td><table>{rows}</table></table>")
    assert list(page.skipped) == ["middle"]


def test_lines_broken_twice_are_paragraphs(brand: Brand) -> None:
    text = "<br><br>".join([TEXT] * 9)
    page = brand(f"<title>Harvest</title><div id=artibody>{text}</div>")
    assert page.gaps == ("head", "sharer", "top", "middle", "end", "share", "tail")
    assert beside(page, "middle").startswith("The harvest came early")


PARTED = "<br><br>".join(f"{n} {TEXT}" for n in range(8))


@pytest.mark.parametrize(
    "markup",
    [f"<p class=text id=one>{PARTED}</p>", f"<p><font size=2>{PARTED}</font></p>",
     f"<font size=2>{PARTED}</font>", f"<span>{PARTED}</span>",
     f"<span><span>{PARTED}</span></span>"],
)  # fmt: skip
def test_a_text_in_one_element_is_parted_where_two_line_breaks_part_it(
    brand: Brand, markup: str
) -> None:
    page = brand(f"<title>Harvest</title><h1>Harvest</h1><div class=article-body>{markup}</div>")
    assert page.skipped == {}
    assert beside(page, "middle").startswith("4 The harvest")
    parsed = tree.parse(filled(page))
    assert "".join(parsed.root.text.split()).count("saidyes.") == 8
    assert not [a for a in tree.ancestors(slots(page)["middle"]) if a.tag == "p"]
    assert len(tree.select(parsed, "#one")) <= 1


def test_the_span_around_a_whole_page_is_no_sentence(brand: Brand) -> None:
    menu = "<table><tr><td><a href=/>Home</a> <a href=/m>Map</a></td></tr></table>"
    page = brand(
        f"<title>Harvest</title><span id=site>{menu}<table><tr><td><h1>Harvest</h1>"
        f"<div>{PARAGRAPHS}</div></td></tr></table></span>"
    )
    assert page.skipped == {}
    assert beside(page, "top").startswith("The harvest came early")


def test_tags_below_a_short_text_are_not_taken_for_its_byline(brand: Brand) -> None:
    short = "".join(f"<p>{n} {TEXT[:80]}.</p>" for n in range(3))
    tags = "<p class=tags>Tags: <a href=/t>tea</a></p>"
    page = brand(f"<title>Harvest</title><article><h1>Harvest</h1>{short}{tags}</article>")
    assert beside(page, "top").startswith("0 The harvest")


@pytest.mark.parametrize(
    ("paragraphs", "reason"),
    [
        (f"<p>{TEXT}</p>", "too_short"),
        (f"<p>{TEXT * 5}</p><p>They said yes.</p>", "no_paragraphs"),
        (
            f"<h2>The valley and its harvest, told by those who carry it</h2><p>{TEXT}</p>",
            "no_paragraphs",
        ),
    ],
)
def test_where_middle_cannot_stand_the_reason_is_kept(
    brand: Brand, paragraphs: str, reason: str
) -> None:
    page = brand(f"<title>Harvest</title><article>{paragraphs}</article>")
    assert "middle" not in page.gaps
    assert page.skipped == {"middle": reason}


@pytest.mark.parametrize("how", ["style='display:none'", "class='paywall hidden'", "hidden"])
def test_a_slot_never_stands_where_nobody_sees_it(brand: Brand, how: str) -> None:
    hidden = f"<div {how} id=unseen>{f'<p>{TEXT}</p>' * 3}</div>"
    page = brand(f"<title>x</title><article>{PARAGRAPHS}{hidden}{PARAGRAPHS}</article>")
    for slot in SLOTS:
        above = tree.ancestors(slots(page)[slot])
        assert not any(tree.get(e, "id") == "unseen" for e in above)


@pytest.mark.parametrize(
    "box",
    [
        "<aside>{}</aside>",
        "<div class='tools hidden-xs'>{}</div>",
        "<div class=hide-on-mobile>{}</div>",
        "<div class='row visible-md-block'>{}</div>",
        "<div class=desktop-only>{}</div>",
        "<nav>{}</nav>",
        "<div class=left-sidebar1>{}</div>",
        "<div class='slick-slide slick-cloned'>{}</div>",
        "<div class=swiper-wrapper>{}</div>",
    ],
)
def test_a_slot_stands_in_no_box_beside_the_text_or_that_some_screens_do_not_show(
    brand: Brand, box: str
) -> None:
    said = box.format("<p>It was printed by all who carried baskets down to the valley.</p>")
    text = f"<h1>Harvest</h1>{said}{PARAGRAPHS}{said}"
    page = brand(f"<title>Harvest</title><article>{text}</article>")
    above = [tree.parent(slots(page)[slot]) for slot in ("top", "end")]
    assert [a and a.tag for a in above] == ["article", "article"]
    assert beside(page, "top").startswith("The harvest")


def test_our_own_parts_stand_first_and_last(brand: Brand) -> None:
    page = brand(article())
    assert page.segments[0].endswith(b"<head>")
    last = page.segments[1].rstrip()
    assert last[last.rindex(b"<") :].startswith(b"<body")
    assert page.segments[-1].startswith(b"</body>")


def test_an_uncertain_body_carries_only_top_and_the_tail(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two columns of one size, and a second opinion that finds nothing."""
    monkeypatch.setattr("proxy.compiler.body.opinion", lambda _: "")
    column = f"<div>{PARAGRAPHS}</div>"
    page = brand(f"<title>Two</title><body><div>{column}</div><div>{column}</div>")
    assert page.gaps == ("head", "sharer", "top", "share", "tail")
    assert page.skipped == {"middle": "uncertain_body", "end": "uncertain_body"}


@pytest.mark.parametrize(
    ("head", "before", "whole"),
    [
        ("<h1>Tea</h1>", 3, True),
        ("<h1>Tea</h1>", 0, False),
        ("", 3, True),
    ],
)
def test_an_article_does_not_begin_with_a_chapter_in_its_midst(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, head: str, before: int, whole: bool
) -> None:
    """Of two opinions on the body one is a box in the other, and a third one agrees with it."""
    chapter = f"<div class=chapter>{PARAGRAPHS}</div>"
    monkeypatch.setattr("proxy.compiler.body.opinion", lambda _: tree.parse(chapter).text)
    monkeypatch.setattr(
        "proxy.compiler.tree.main_content", lambda page: tree.first(page, ".chapter")
    )
    paragraphs = [f"<p>Part {n} {f'tells of slope {n} and its tea ' * 8}.</p>" for n in range(20)]
    opening, closing = "".join(paragraphs[:before]), "".join(paragraphs[before:])
    page = brand(
        f"<title>Tea</title><body><header>{head}</header><div>{opening}{chapter}{closing}</div>"
    )
    assert beside(page, "top").startswith("Part 0" if whole else "The harvest")


def test_of_an_article_and_its_half_the_one_under_the_title_is_taken(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotes and joiners may differ from the title's; no further opinion is needed."""
    monkeypatch.setattr("proxy.compiler.body.opinion", pytest.fail)
    half = f"<div>{PARAGRAPHS}</div>"
    page = brand(
        "<title>The valley's harvest</title><body><div><div class=own><h1>The valley’s harvest"
        f"\u2060</h1><div>{half}{half}</div></div></div><div><p>{TEXT}</p></div>"
    )
    assert page.skipped == {}
    for slot in SLOTS:
        above = tree.ancestors(slots(page)[slot])
        assert any(tree.get(e, "class") == "own" for e in above)


def test_an_article_is_found_beside_more_that_its_readers_say(brand: Brand) -> None:
    said = "".join(f"<li><p>{n} {TEXT}</p></li>" for n in range(40))
    page = brand(
        f"<title>Harvest</title><div class=post><h1>Harvest</h1><div class=text>{PARAGRAPHS}</div>"
        f"<div id=entry-comments><h3>Comments</h3><ol class=list>{said}</ol></div></div>"
    )
    assert beside(page, "top").startswith("The harvest came early")
    assert beside(page, "end").startswith("Comments")


def test_a_page_of_scripts_gets_a_second_opinion_too() -> None:
    scripts = f"<script>var state = '{'x' * 2_000_000}';</script>"
    said = opinion(f"<title>Harvest</title>{scripts}<div>{PARAGRAPHS}</div>")
    assert "The harvest came early" in said


ICON = "<div><a href=/share><svg><path d=''/></svg></a></div>"
GRID = (
    "<div class=grid><h1>Harvest</h1><div class=row><p class=author>By Mei Lin</p>{icons}</div>"
    "<div class=story>{story}</div><div class=foot><p>{text}</p></div></div>"
)


def test_slots_are_children_of_what_the_paragraphs_are_children_of(brand: Brand) -> None:
    markup = GRID.format(icons=3 * ICON, story=PARAGRAPHS, text="More from the valley")
    page = brand(f"<title>Harvest</title><body><article>{markup}</article>")
    above = [tree.parent(slots(page)[slot]) for slot in SLOTS]
    assert [a and tree.get(a, "class") for a in above] == ["story"] * 3


def test_slots_keep_their_order_where_lines_are_short_and_one_is_long(brand: Brand) -> None:
    lines = "".join(
        f"<section><section><p>第{n}行是很短的一行。</p></section></section>" for n in range(30)
    )
    words = "这一段比别的都长，" * 12
    long = f"<section><section><section><p>{words}</p></section></section></section>"
    page = brand(
        f"<title>茶</title><body><div id=js_content><section>{lines}{long}{lines}</section></div>"
    )
    assert page.gaps == ("head", "sharer", "top", "middle", "end", "share", "tail")
    assert "第29行" in beside(page, "end", after=False)


def test_slots_keep_their_order_beside_a_block_that_is_a_column_of_its_own(brand: Brand) -> None:
    page = brand(f"<footer>t</footer><a><v class=entry-content>{'The harvest came early. ' * 9}")
    assert page.gaps == ("head", "sharer", "top", "end", "share", "tail")


def test_slots_keep_their_order_above_a_list_of_sources_longer_than_the_text(brand: Brand) -> None:
    line = "<li>[2] Ana Lee, The tea of the north face, 2009, pages 2 to 11.</li>"
    sources = f"<h2>References</h2><ul>{line * 10}</ul>"
    text = f"<h2>Introduction</h2><div><p>{TEXT * 2}</p></div><section>{sources}</section>"
    page = brand(f"<title>Tea</title><body><article>{text}</article>")
    assert page.gaps == ("head", "sharer", "top", "middle", "end", "share", "tail")
