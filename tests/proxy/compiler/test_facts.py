"""What a page says of itself: title, author, date, picture, language, canonical."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, headed, linked

Brand = Callable[..., Page]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Harvest</title>", "Harvest"),
        ("<meta property=og:title content='Early harvest'>", "Early harvest"),
        ("<title>Harvest - The Valley Post</title>", "Harvest"),
        ("<title>A long story of baskets | The Valley Post</title>", "A long story of baskets"),
        ("<title>The Post: a story of baskets</title>", "The Post: a story of baskets"),
        (
            "<title>Tea_Post</title><meta property=og:site_name content=Post>",
            "Tea",
        ),
        (linked(**{"@type": "NewsArticle", "headline": "Said in data"}), "Said in data"),
        ("", "Harvest"),
        (
            "<meta property=og:title content='Rain came – and stayed | Post'>",
            "Rain came – and stayed",
        ),
        ("<meta property=og:title content='Harvester of tea'>", "Harvester of tea"),
        ("<meta property=og:title content='Harvest: how it is done'>", "Harvest: how it is done"),
        ("<meta property=og:title content='Tea&amp;amp;Rain'>", "Tea&Rain"),
        ("<meta property=og:title content='Blé Âge'>", "Blé Âge"),
        (
            "<title>News desk: all of it - Rain on the second slope</title>",
            "Rain on the second slope",
        ),
        (
            "<meta property=og:site_name content=Post><meta property=og:title content=Post>"
            "<meta property=og:title content='Rain on the slope'>",
            "Rain on the slope",
        ),
        (
            "<title>Rain on the slope</title><meta property=og:title content='Post: news'>"
            "<meta name=application-name content='Post: news'>",
            "Rain on the slope",
        ),
        (
            "<title>Growers say &quot;no rain&quot; this year | Post</title>"
            "<meta property=og:title content='Growers say '>",
            'Growers say "no rain" this year',
        ),
        ("<title>茶园因雨推迟采摘工作-财经频道-山谷网</title>", "茶园因雨推迟采摘工作"),
    ],
)
def test_the_title_is_the_articles_own(brand: Brand, head: str, title: str) -> None:
    markup = f"<head>{head}</head><body><article><h1>Harvest</h1>{PARAGRAPHS}</article>"
    assert brand(markup).article.title == title


@pytest.mark.parametrize(
    ("declared", "shown", "title"),
    [
        ("Tea is picked late | Views | Post", "Tea is picked late | Views", "Tea is picked late"),
        ("Tea is picked late: what growers do now", "Tea is picked late",
         "Tea is picked late: what growers do now"),
        ("Tea of 2026-2030", "Tea of 2026", "Tea of 2026-2030"),
        ("tea_gcc is out | Post", "tea_gcc is out", "tea_gcc is out"),
    ],
)  # fmt: skip
def test_a_headline_ends_where_the_site_begins(
    brand: Brand, declared: str, shown: str, title: str
) -> None:
    head = f"<head><meta property=og:title content='{declared}'></head>"
    assert brand(f"{head}<body><article><h1>{shown}</h1>{PARAGRAPHS}").article.title == title


OPEN_GRAPH = "<meta property=og:title content='{}'>"
AGAIN = "<h1>Rain delays tea harvest again</h1>"


@pytest.mark.parametrize(
    ("named", "shared", "shown", "title"),
    [
        ("Tea: rain delays harvest", "Tea: rain delays harvest", AGAIN,
         "Rain delays tea harvest again"),
        ("Rain | Post", "Tea: rain delays harvest", AGAIN, "Tea: rain delays harvest"),
        ("Tea: rain delays harvest | Post", "Tea: rain delays harvest", AGAIN,
         "Tea: rain delays harvest"),
        ("Tea: rain delays harvest", "Tea: rain delays harvest",
         f"{AGAIN}<h1>Rain delays tea</h1>", "Tea: rain delays harvest"),
        ("Ten baskets and a slope", "Ten baskets and a slope", AGAIN, "Ten baskets and a slope"),
        ("Rain delays tea harvest again | Post", "Tea: rain delays harvest", AGAIN,
         "Tea: rain delays harvest"),
        ("Tea harvest delays: rain", "Tea harvest delays: rain", "<h1>Tea harvest: rain</h1>",
         "Tea harvest delays: rain"),
    ],
)  # fmt: skip
def test_a_shared_title_that_search_engines_are_told_too_gives_way_to_the_headline_shown(
    brand: Brand, named: str, shared: str, shown: str, title: str
) -> None:
    head = f"<head><title>{named}</title>{OPEN_GRAPH.format(shared)}</head>"
    assert brand(f"{head}<body>{shown}<article>{PARAGRAPHS}").article.title == title


@pytest.mark.parametrize(
    ("named", "shown", "title"),
    [
        ("VP: Rain delays the tea harvest", "<h1>Rain delays the tea harvest</h1>",
         "Rain delays the tea harvest"),
        ("The Post > Tea > Rain delays the harvest",
         "<font size=4><b>Rain delays the harvest</b></font>", "Rain delays the harvest"),
        ("Valley Post", "<h1>Rain delays the tea harvest</h1>", "Rain delays the tea harvest"),
        ("Valley Post", "<span class=article_headline>Rain delays the harvest</span>",
         "Rain delays the harvest"),
        ("", "<h2>Get involved</h2><h1>Rain delays the tea harvest</h1>",
         "Rain delays the tea harvest"),
        ("News.example: Baskets, baskets", "", "Baskets, baskets"),
        ("Rain delays the harvest (from News.example)", "", "Rain delays the harvest"),
        ("Rain delays the tea harvest • The Valley Post", "", "Rain delays the tea harvest"),
        ("Rain delays the tea harvest ⋆ Ann writes", "", "Rain delays the tea harvest"),
        ("Rain delays the harvest | The Best News", "", "Rain delays the harvest"),
        ("Rain delays the tea harvest — a tea company of the valley",
         "<h1>Rain delays the tea harvest</h1><b>a tea company of the valley</b>",
         "Rain delays the tea harvest"),
    ],
)  # fmt: skip
def test_what_only_the_title_names_is_held_against_what_the_page_shows(
    brand: Brand, named: str, shown: str, title: str
) -> None:
    markup = f"<title>{named}</title><body>{shown}<div class=entry-content>{PARAGRAPHS}</div>"
    assert brand(markup).article.title == title


@pytest.mark.parametrize(
    ("shared", "data", "title"),
    [
        ("Ten baskets and a slope", {"headline": "Who carries tea?"},
         "Ten baskets and a slope"),
        ("Tea | Who carries all the tea? * Post", {"headline": "Who carries all the tea?"},
         "Who carries all the tea?"),
        ("Who carries all the tea down here?", {"headline": "Who carries all the tea"},
         "Who carries all the tea down here?"),
        ("Who carries all the tea: a tale", {"headline": "Who carries all the tea"},
         "Who carries all the tea: a tale"),
        ("Tea: rain delays harvest", {"headline": "Rain delays tea harvest again"},
         "Rain delays tea harvest again"),
        ("Rain delays harvest", {"headline": "The valley: rain delays harvest"},
         "Rain delays harvest"),
        ("Tea: rain delays harvest",
         {"headline": "Rain delays tea harvest again", "alternativeHeadline":
          "Tea: rain delays harvest"}, "Tea: rain delays harvest"),
        ("茶园因雨推迟采摘工作", {"headline": "茶园遇雨推迟今年采摘"}, "茶园遇雨推迟今年采摘"),
        ("Rain came — and stayed", {"headline": "&quot;Rain came&quot; — and stayed"},
         "Rain came — and stayed"),
    ],
)  # fmt: skip
def test_of_two_headlines_the_shared_one_counts_of_two_versions_the_articles_own(
    brand: Brand, shared: str, data: dict[str, str], title: str
) -> None:
    head = OPEN_GRAPH.format(shared) + linked(**{"@type": "NewsArticle", **data})
    markup = f"<head>{head}</head><body><article>{PARAGRAPHS}</article>"
    assert brand(markup).article.title == title


def test_what_no_crawler_reads_forbids_nothing(brand: Brand) -> None:
    assert brand(article(head="<meta name=robots content=noarchive>"), "full").mode != "full"
    assert brand(article(head="<meta name=robots value=noarchive>"), "full").mode == "full"


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("<meta name=author content='By Ann Lee'>", "Ann Lee"),
        ("<meta name=author content='Ann Lee - Tea Team'>", "Ann Lee"),
        ("<meta name=author content='Ann Lee ann@tea.example'>", "Ann Lee"),
        ("<meta name=author content='www.social.example/ann'>", ""),
        (
            "<meta name=citation_author content='Lee, Ann'>"
            "<meta name=citation_author content='Lin, Mei'>",
            "Ann Lee, Mei Lin",
        ),
        (linked(**{"@type": "Article", "author": [{"name": "A"}, {"name": "B"}]}), "A, B"),
        (linked(**{"@graph": [{"@type": "BlogPosting", "author": {"name": "C"}}]}), "C"),
        ("<meta property=article:author content=https://facebook.com/x>", ""),
        ("<meta name=author content=105092>", ""),
        (
            linked(
                **{
                    "@graph": [
                        {"@type": "Article", "author": {"@id": "#/person/1"}},
                        {"@type": "Person", "@id": "#/person/1", "name": "D"},
                    ]
                }
            ),
            "D",
        ),
        (linked(**{"@type": "Article", "author": [{"name": "E"}, {"name": "news.example"}]}), "E"),
        (linked(**{"@type": "Article", "author": {"name": "news.example"}}), "news.example"),
        (
            "<meta property=article:author content=https://facebook.com/x>"
            "<meta name=citation_author content=F><meta name=citation_author content=G>",
            "F, G",
        ),
        ("<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content=H>", "H"),
        ("<meta name=author content='Ann Lee (https://lee.example/~ann)'>", "Ann Lee"),
        ("<meta name=author content='The News (www.news.example)'>", "news.example"),
        ("<meta name=author content='Reuters, Ann Lee'>", "Reuters, Ann Lee"),
        ("<meta name=author content='Copyright Tea Board'>", ""),
        ("<meta name=author content=name>", ""),
    ],
)
def test_the_author_is_a_name(brand: Brand, head: str, author: str) -> None:
    assert brand(article(head=head)).article.author == author


@pytest.mark.parametrize(
    ("shown", "author"),
    [
        ("<p class=byline>By <a href=/author/ann>Ann Lee</a> Tea editor</p>", "Ann Lee"),
        ("<p class=byline>By ANN LEE - Tea Writers | AP – 1 hr ago</p>", "ANN LEE"),
        ("<p class=author>Ann Lee Monday, May 4, 2026</p>", "Ann Lee"),
        ("<a href=/u/ann class=blog-post-author-name>Ann Lee</a>", "Ann Lee"),
        ("<span class=post-author-name>Ann Lee <b>-</b></span>", "Ann Lee"),
        ("<a rel=author>View all posts by Ann Lee</a>", "Ann Lee"),
        ("<p class=author><span class=screen-reader-text>Author</span>Ann Lee</p>", "Ann Lee"),
        ("<p>By TPN, in <a>News</a></p>", "TPN"),
        ("<div>By Ann Lee &bull; <span>4 May 2026</span></div>", "Ann Lee"),
        ("<div>by: Ann Lee, May 4</div>", "Ann Lee"),
        ("<p>By Ann Lee May 4</p>", "Ann Lee"),
        ("<div class=PostAuthorName>Ann Lee</div>", "Ann Lee"),
        ("<div class=author-name><p>Ann Lee</p><p>Tea editor</p></div>", "Ann Lee"),
        ("<div class=author><i>By</i><b>Ann Lee</b> ann@tea.example</div>", "Ann Lee"),
        ("<a href=/authors/>All who write</a>", ""),
        ("<div>（责编：牛镛、岳弘彬）</div><div>作者：余聪</div>", "余聪"),
        ("<div>(责编：牛镛、岳弘彬)</div>", "牛镛, 岳弘彬"),
        ("<div>[责任编辑：韩保林 PK155]</div>", "韩保林"),
        ("<div>责任编辑：王晓武_NF</div>", "王晓武"),
        ("<div>【编辑：HN666】</div>", ""),
        ("<div>( 编辑： 劉威 楊倩 ) 【字號：大】</div>", "劉威 楊倩"),
        ("<div>采写：南都见习记者 林子沛</div>", "林子沛"),
        ("<div>대전=이용민 기자 lee@paper.example</div>", "이용민"),
        ("<div>이용민 기자의 자동차 이야기</div>", ""),
        ("<div>كتبت أسماء نصار</div>", "أسماء نصار"),
        ("<p class=author>نورهان نبيل</p>", "نورهان نبيل"),
        ("<p style=text-align:right><strong>Lê Phương</strong></p>", "Lê Phương"),
        ("<p class=author>Follow Author</p>", ""),
        ("<p class=author>User Admin</p>", ""),
        ("<p class=author>Unknown</p>", ""),
        ("<p class=author>Message</p>", ""),
        ("<p itemprop=author>Гость</p>", ""),
        ("<p class=author>Publicado el 4 de mayo</p>", ""),
        ("<p class=author>Stand: 4. Mai</p>", ""),
        ("<p class=author-box>Über den Autor</p>", ""),
        ("<span class=auteurs>Ann Lee</span>", "Ann Lee"),
    ],
)
def test_a_byline_that_is_only_shown_is_read(brand: Brand, shown: str, author: str) -> None:
    assert brand(article(shown)).article.author == author


@pytest.mark.parametrize(
    ("behind", "author"),
    [
        ("<p>Tea; <span itemprop=author>tea/al;ml</span></p>", "tea/al;ml"),
        ("<i itemprop=author>tea/al</i> <i itemprop=author>tea/ml</i>", ""),
    ],
)
def test_initials_are_an_authors_where_microdata_says_so(
    brand: Brand, behind: str, author: str
) -> None:
    assert brand(headed("", behind=behind)).article.author == author


@pytest.mark.parametrize(
    ("beside", "author"),
    [
        ("<div><p>By</p><p>Ann Lee</p></div>", "Ann Lee"),
        ("<div>By</div><div>The Tea Team</div><div>|</div>", "The Tea Team"),
        ("<h3>Author</h3><p>Ann Lee</p>", "Ann Lee"),
        ("<b>Written by</b> <a href=/x>ann</a>", "ann"),
        ("<span>Author</span><i>AL</i><b>Ann Lee</b>", "Ann Lee"),
        ("Published May 4, 2026 <span>by Ann Lee</span>", "Ann Lee"),
        ("<div><time>May 4</time> by Ann Lee, Delegate of the valley to the tea board</div>",
         "Ann Lee"),
        ("<p>By <a href=/a>Ann Lee</a>, <a href=/m>Mei Lin</a> and <a href=/k>K. Ito</a></p>",
         "Ann Lee, Mei Lin, K. Ito"),
        ("<p>By <a href=/a>Ann Lee</a>, <i>Columnist</i></p>", "Ann Lee"),
        ("<h4>By</h4><a href=/t rel=tag>Tea Lists</a>", ""),
        ("<p>Reviewed by</p><p class=author>Mei Lin</p><p>Written by</p><p class=author>Ann Lee",
         "Ann Lee"),
        ("<div class=authorBox><span class=the-author>Ann</span></div>", "Ann"),
        ("<p class=dateAndAuthor><i>Dec 17, 2025</i><i>Ann Lee</i></p>", "Ann Lee"),
        ("<p class=byline><a>Ann Lee</a> <i>(with Mei Lin)</i></p>", "Ann Lee (with Mei Lin)"),
        ("<div class=authorbox><a>Tea Desk</a></div><p class=authorname><i>Ann Lee</i></p>",
         "Ann Lee"),
        ("<p class=author>Ann Lee, Tea Expert</p>", "Ann Lee"),
        ("<p>By 3i Global</p>", "3i Global"),
        ("<i>Lagt inn av</i> <b>Ann</b>", "Ann"),
        ("<p>Publicado por Ann Lee el 4 de mayo</p>", "Ann Lee"),
        ("<p>By <a>Ann Lee</a>, <a>Mei Lin</a>, <a>K. Ito</a> and <a>Lê Phương Mai</a></p>",
         "Ann Lee, Mei Lin, K. Ito, Lê Phương Mai"),
        ("<p><a rel=author>Ann Lee</a>, <a rel=author>Mei J. Lin</a>, <a rel=author>K. K. Ito</a>"
         " and <a rel=author>Lê Phương</a></p>", "Ann Lee, Mei J. Lin, K. K. Ito, Lê Phương"),
        ("<p class=author>上報快訊／范姜佳鈺</p>", "上報快訊／范姜佳鈺"),
        ("<p class=author>聯合報 記者林宸誼／即時報導</p>", "林宸誼"),
        ("<p class=author><b>余聪</b><b>关注</b></p>", "余聪"),
        ("<p>Edited by <span itemprop=author>Ann Lee</span></p>", "Ann Lee"),
        ("<p class=byline><a class=category>Tea</a></p>", ""),
        ("<table class='infobox vcard'><tr><th class=fn>Harvest</table>", ""),
        ("<div class=card><p class='vcard'><b class=fn>Harvest</b></div>", ""),
        ("<p class=author>Printer friendly</p>", ""),
        ("<p class=author-box__name>ann lee</p>", "ann lee"),
        ("<p class=author-box><b>ann lee</b></p>", ""),
        ("<p>By</p><p>Last Update: 3 May</p>", ""),
        ("<p>Ann Lee | Senior Writer | July 2, 2025</p>", "Ann Lee"),
        ("<p>July 2, 2025</p><p>Ann Lee</p>", "Ann Lee"),
        ("<p>Ann Lee</p><p>9 May 2026</p>", "Ann Lee"),
        ("<p>Ann Lee</p><p>Of the tea board</p>", ""),
        ("<p><a href=/c>Tea Culture</a></p><p>July 2, 2025</p>", ""),
        ("<p>TEA</p><p>July 2, 2025</p>", ""),
        ("<p>May 4</p><h3>Tea Culture</h3><p>July 2, 2025</p>", ""),
        ("<a class='fn n'>Ann Lee</a>, <a>@annlee</a>", "Ann Lee"),
        ("<ul class=fn><li>Ann Lee</ul>", ""),
        ("<p>By checking out, you agree to our terms</p>", ""),
        ("<nav>By <a href=/s>Company Size</a></nav>", ""),
        ("<div class=comment>by <b>Ann Lee</b></div>", ""),
        ("<p>by ops@tea.example</p>", ""),
        ("<a rel=author>Ann Lee</a><p>Updated by</p><a rel=author>Mei Lin</a>", "Ann Lee"),
        ("<a rel=author>Ann Lee</a><a rel=author>Tea Press</a>", "Ann Lee"),
        ("".join(f"<a rel=author>Ann {chr(65 + n)}. Lee</a>" for n in range(26)), "Ann A. Lee"),
        ("<p>By</p><a>Editor</a><p class=author>Ann Lee</p>", "Ann Lee"),
        ("<em>This post was written by</em> <a>Ann Lee, MD</a>, of the valley", "Ann Lee, MD"),
        ("<p>Ann Lee |</p><p>9 May 2026</p>", "Ann Lee"),
        ("<p>Contributed by Ann Lee of <a>Tea</a></p>", "Ann Lee"),
        ("<p>— by Ann Lee</p>", "Ann Lee"),
        ("<p>Text: Ann Lee</p>", "Ann Lee"),
        ("<p>Text: about tea</p>", ""),
        ("<p>Erstellt von Ann Lee</p>", "Ann Lee"),
        ("<b>Autorin/Autor</b> <i>Ann Lee</i>", "Ann Lee"),
        ("<p>By Ann Lee, Mei Lin, Kei Ito, Lea Mai and Tom Ott, TEA</p>",
         "Ann Lee, Mei Lin, Kei Ito, Lea Mai, Tom Ott"),
        ("<p>By Ann Lee, Tea Expert of all of the valley, in <a>Tea</a></p>", "Ann Lee"),
        ("<p>4. Mai 2026</p><p>Ann Lee</p>", "Ann Lee"),
        ("<p>Ann Lee</p><i>am</i><p>4. Mai 2026</p>", "Ann Lee"),
        ("<p>04.05.2026 | 13:10 Uhr | Ann Lee</p>", "Ann Lee"),
        ("<p>Monday 4 May 2026 by Ann Lee</p>", "Ann Lee"),
        ("<p>4 May 2026 - Tea</p>", ""),
        ("<p>By Ann Lee, NEWS South</p>", "Ann Lee"),
        ("<a class='fn n'>ann</a>", "ann"),
        ("<a class=author>ann</a>", ""),
    ],
)  # fmt: skip
def test_who_is_named_beside_the_headline_signs(brand: Brand, beside: str, author: str) -> None:
    assert brand(headed(beside)).article.author == author


@pytest.mark.parametrize(
    ("behind", "author"),
    [
        ("<h4>Written by</h4><p>Ann Lee</p>", "Ann Lee"),
        ("<div class=author-bio>This post was written by Ann Lee, Head of Tea</div>", "Ann Lee"),
        ("<a href=/x>All articles by Ann Lee</a>", "Ann Lee"),
        ("<div class=blog_author-box><b>Ann Lee</b><p>Ann Lee grows tea.</p></div>", "Ann Lee"),
        ("<p>Posted by: Ann Lee</p>", "Ann Lee"),
        ("<span class=author>Ann</span>", "Ann"),
        ("<p>It was made by <a>Ann Lee</a>, and carried by <a>Mei Lin</a></p>", ""),
        ("<p>Made <i>by</i> <a>Ann Lee</a></p>", ""),
        ("<h4>By Last Place</h4><li>By End User</li>", ""),
        ("<address class=vcard><b>Phone</b> <i>1 College Place, Valley Town</i></address>", ""),
    ],
)
def test_who_is_named_below_the_text_signs_where_nobody_else_does(
    brand: Brand, behind: str, author: str
) -> None:
    assert brand(headed("", behind=behind)).article.author == author
    assert brand(headed("<p>By Mei Lin</p>", behind=behind)).article.author == "Mei Lin"


@pytest.mark.parametrize(
    ("behind", "author"),
    [
        ("<p class=author>Ann Lee</p>", "Valley Post"),
        ("<p><b>Author:</b> Ann Lee</p>", "Ann Lee"),
    ],
)
def test_where_the_site_names_itself_whoever_is_named_below_is_labelled_or_another_articles(
    brand: Brand, behind: str, author: str
) -> None:
    head = (
        "<meta name=author content='Valley Post'><meta property=og:site_name content='Valley Post'>"
    )
    assert brand(headed("", head, behind)).article.author == author


BY = "<p>By Ann Lee</p>"


@pytest.mark.parametrize(
    ("declared", "beside", "author"),
    [
        ("Mei Lin", BY, "Ann Lee"),
        ("Mei Lin", f"{BY}<p>Photos: Mei Lin</p>", "Mei Lin"),
        ("Mei Lin", "<p class=author>Ann Lee</p>", "Mei Lin"),
        ("mei.lin", "<p class=author>Ann Lee</p>", "Ann Lee"),
        ("mei", "<p>Editor: mei</p><p class=author>Ann Lee</p>", "Ann Lee"),
        ("Mei", "<p class=author>Mei</p>", "Mei"),
        ("余聪", "<p class=author>Ann Lee</p>", "余聪"),
        ("page.head.author", BY, "Ann Lee"),
        ("news.example", BY, "Ann Lee"),
        ("Valley Tea Post", BY, "Ann Lee"),
        ("Team Valley Tea Post", BY, "Ann Lee"),
        ("Valley Tea Post Ltd", "", "Valley Tea Post Ltd"),
        ("Ann Lee, The Tea Post", "", "Ann Lee"),
        ("Site Admin", BY, "Ann Lee"),
        ("undefined", "", ""),
        ("design: Mei Lin, code: K. Ito", BY, "Ann Lee"),
        ("Ann &amp;amp; Mei", "", "Ann & Mei"),
        ("Ann Lee", "<p>By ANN LEE, Mei Lin and K. Ito</p>", "ANN LEE, Mei Lin, K. Ito"),
        ("Ann Lee", "<p>By <a>Ann Lee</a> and <a>Mei Lin</a></p>", "Ann Lee, Mei Lin"),
        (
            "Ann Lee",
            "<p>By <a>Dr Ann Lee</a> and <a>K. van der Tee</a></p>",
            "Dr Ann Lee, K. van der Tee",
        ),
        ("Ann Lee and Mei Lin", "<p>By <a>ann lee</a> and <a>mei lin</a>", "Ann Lee and Mei Lin"),
        ("ann-lee", "<p>By Mei Lin</p><p class=author>Ann Lee</p>", "Ann Lee"),
        ("Associated Press", "<p class=author>Ann Lee</p>", "Ann Lee"),
        ("Valley Tea Post", "<p class=author>DPA</p>", "DPA"),
        ("Valley Tea Post", "<p class=author>Valley for Tea</p>", "Valley Tea Post"),
        ("", "<a rel=author>Valley</a> <a rel=author>Ann Lee</a>", "Ann Lee"),
        ("post.example", f"{BY}<p>© post.example</p>", "Ann Lee"),
        ("post.example", "", "post.example"),
        ("Tea Board", "<meta name=copyright content='© Tea Board 2026'>", "Tea Board"),
    ],
)
def test_a_declared_author_gives_way_to_one_whom_the_page_shows_instead(
    brand: Brand, declared: str, beside: str, author: str
) -> None:
    site = "<meta property=og:site_name content='Valley Tea Post'>"
    head = f"<meta name=author content='{declared}'>{site}"
    assert brand(headed(beside, head)).article.author == author


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("<meta name=pubdate content=2026-05-04T10:00:00+0800>", "2026-05-04T10:00:00+08:00"),
        ("<meta name=pubdate content='2026-05-04 10:00'>", "2026-05-04"),
        ("<meta name=date content=2026年5月4日>", "2026-05-04"),
        ("<meta name=date content='February 31, 2026'>", ""),
        ("<meta name=date content=2026年13月4日>", ""),
        ("<meta name=date content=2026-05-04T25:00Z>", ""),
        (
            linked(**{"@type": "Report", "datePublished": "2026-05-04 10:00Z"}),
            "2026-05-04T10:00:00Z",
        ),
        ("<meta name=date content=yesterday>", ""),
        ("<meta name=date content='May 4th, 2026 at noon'>", "2026-05-04"),
        ("<meta name=date content='14 Sept. 2026'>", "2026-09-14"),
        ("<meta name=date content='May 45, 2026'>", ""),
        ("<meta name=date content=0001-01-01T00:00:00><meta name=dc.date content=2026>", ""),
        ("<meta name=date content=1970-01-01T00:00:00Z>", ""),
        ("<meta name=date content='December 31, 1969'>", ""),
        ("<meta name=date content='05/23/2026 4:23 pm'>", "2026-05-23"),
        ("<meta name=date content=05/04/2026>", ""),
        ("<meta name=publish-date content=2026-05-04>", "2026-05-04"),
        ("<meta name=citation_publication_date content=2026/05/04>", "2026-05-04"),
        ("<meta name=date content=20260504>", "2026-05-04"),
        ("<meta name=date content=20260504T10:00:00Z>", "2026-05-04T10:00:00Z"),
        ("<meta name=date content=20260504T100000+0200>", "2026-05-04"),
        ("<meta name=date content=202605041>", ""),
    ],
)
def test_the_date_is_rfc_3339_or_a_day(brand: Brand, head: str, published: str) -> None:
    assert brand(article(head=head)).article.published == published


@pytest.mark.parametrize(
    ("beside", "behind", "published"),
    [
        ("<p>By Ann Lee</p><p>May 4, 2026 · 3 min read</p>", "", "2026-05-04"),
        ("<p>Updated May 9, 2026</p><p>Published May 4, 2026</p>", "", "2026-05-04"),
        ("<p>Last modified: May 9, 2026</p>", "", ""),
        (f"<p>It rained on May 9, 2026, {'and it rained, ' * 9} and that was all.</p>", "", ""),
        ("", "<p>May 9, 2026</p>", ""),
        ("<p>Stand: 04.05.2026 - 18.15 Uhr</p>", "", "2026-05-04"),
        ("<p>4. 5. 2026</p>", "", "2026-05-04"),
        ("<p>4.13.2026</p>", "", ""),
        ("<p>Zuletzt aktualisiert: 04.05.2026</p>", "", ""),
    ],
)
def test_a_day_that_is_only_shown_beside_the_headline_is_the_articles(
    brand: Brand, beside: str, behind: str, published: str
) -> None:
    assert brand(headed(beside, behind=behind)).article.published == published


@pytest.mark.parametrize(
    ("language", "shown", "published"),
    [
        ("de-AT", "4. Mai 2026, 10 Uhr", "2026-05-04"),
        ("de", "04. Okt. 2026", "2026-10-04"),
        ("fr", "le 1er août 2026", "2026-08-01"),
        ("es", "04 de mayo de 2026", "2026-05-04"),
        ("ru", "15 августа 2026, 13:43", "2026-08-15"),
        ("en", "4. Mai 2026", ""),
        ("fr", "4. Oktober 2026", ""),
        ("zxx", "4. Oktober 2026", ""),
    ],
)
def test_a_month_is_read_in_the_pages_own_language(
    brand: Brand, language: str, shown: str, published: str
) -> None:
    markup = f"<html lang={language}>{headed(f'<p>{shown}</p>')}"
    assert brand(markup).article.published == published


def test_a_text_whose_paragraphs_have_a_sites_own_name_tells_its_language(brand: Brand) -> None:
    text = "<ne-p>收获的季节来得很早，谁来把篮子抬下山谷？</ne-p><br>" * 30
    page = f"<html><head><title>Madlife</title></head><body><h1>Madlife</h1>{text}</body></html>"
    assert brand(page, "reader").article.language == "zh"


@pytest.mark.parametrize(
    ("root", "text", "language"),
    [
        ("<html lang=en_us>", "", "en-US"),
        ("<html lang=en>", "收获的季节来得很早，谁来把篮子抬下山谷？" * 9, "zh"),
        ("<html lang=zh-cn>", "收获的季节来得很早，谁来把篮子抬下山谷？" * 9, "zh-CN"),
        ("<html lang=en>", "今年の収穫は早く来ました。かごを谷へ運ぶのは誰でしょうか。" * 9, "ja"),
        (
            "<html>",
            "Barry Pollard 拆解 Speculation Rules API，从 prefetch 到 prerender 的工程取舍，"
            "说明缓存与安全的成本。",
            "zh",
        ),
        ("<html lang=en>", "Autumn came early to the valley. 今年的秋天来得很早。 " * 9, "en"),
        ("<html>", "", "en"),
        ("<html lang='{{lang}}'>", "", "en"),
        (
            "<html>",
            f"收获的季节来得很早，谁来抬篮子？<script>{'if (this && that) go();' * 20}</script>"
            * 9,
            "zh",
        ),
        (
            "<html lang=en-US>",
            "جاء الحصاد مبكرا هذا العام، ومعه السؤال. " * 9,
            "ar",
        ),
        (
            "<html lang=uk>",
            "Врожай настав рано, і з ним питання, хто нестиме кошики. " * 9,
            "uk",
        ),
    ],
)
def test_the_language_is_what_is_written(brand: Brand, root: str, text: str, language: str) -> None:
    paragraphs = f"<p>{text}</p>" * 3 if text else PARAGRAPHS
    markup = article(paragraphs=paragraphs).replace("<html lang=en>", root)
    page = brand(markup)
    assert page.article.language == language
    assert f'lang="{language}"'.encode() in b"".join(page.segments)


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/story", "https://news.example/story"),
        ("https://www.news.example/story", "https://www.news.example/story"),
        ("https://elsewhere.example/story", ""),
        ("javascript:x", ""),
    ],
)
def test_the_canonical_link_names_the_same_site_or_nothing(
    brand: Brand, href: str, canonical: str
) -> None:
    assert brand(article(head=f"<link rel=canonical href={href}>")).canonical == canonical


def test_a_card_that_nobody_wrote_is_taken_from_the_text(brand: Brand) -> None:
    """A small picture is an icon; a lazy one gets its address first."""
    pictures = "<img src=/icon.png width=20><img src=/blank.gif data-src=/big.jpg>"
    page = brand(article(pictures))
    assert page.card.image == page.article.image == "https://news.example/big.jpg"
    assert page.card.description.startswith("The harvest came early this year")
    closed = "<meta name=robots content=nosnippet>"
    assert "harvest" not in brand(article(pictures, head=closed)).card.description


@pytest.mark.parametrize("name", ["image", "thumbnailUrl"])
def test_microdata_names_a_picture(brand: Brand, name: str) -> None:
    page = brand(article(f"<meta itemprop={name} content=/m.jpg>"))
    assert page.card.image == "https://news.example/m.jpg"


def test_the_card_is_what_a_chat_shows(brand: Brand) -> None:
    head = (
        "<meta property=og:title content=T><meta name=description content='  D\n d '>"
        "<meta property=og:image content=/i.jpg><meta property=og:site_name content=Post>"
    )
    page = brand(article(head=head))
    assert (page.card.title, page.card.description) == ("T", "D d")
    assert page.card.image == page.article.image == "https://news.example/i.jpg"
    assert page.article.site == "Post"


@pytest.mark.parametrize(
    ("shared", "publisher", "site"),
    [
        ("The Post", "Tea Holding", "The Post"),
        ("", "Tea &amp; Rain", "Tea & Rain"),
        ("Post – all of the tea", "Post", "Post"),
        ("thepost", "The Post", "The Post"),
        ("www.post.example", "The Valley Post", "The Valley Post"),
        ("Post", "Post of the Valley Ltd", "Post"),
        ("Post", "", "Post"),
        ("Post -", "", "Post"),
    ],
)
def test_a_publisher_names_the_site_where_open_graph_says_the_same_or_nothing(
    brand: Brand, shared: str, publisher: str, site: str
) -> None:
    data = linked(**{"@type": "Article", "publisher": {"name": publisher}})
    head = f"<meta property=og:site_name content='{shared}'>{data}"
    assert brand(article(head=head)).article.site == site


def test_without_a_site_name_the_host_stands_for_it(brand: Brand) -> None:
    assert brand(article(), url="https://www.post.example/x").article.site == "post.example"


@pytest.mark.parametrize("data", ["{", "[" * 5_000, "null", "[1,[2]]", '{"@graph":{"@type":3}}'])
def test_broken_structured_data_says_nothing(brand: Brand, data: str) -> None:
    head = f"<script type=application/ld+json>{data}</script>"
    assert brand(article(head=head)).article.title == "Harvest"


@pytest.mark.parametrize(
    ("head", "dark"),
    [
        ("<meta name=color-scheme content='light dark'>", True),
        ("<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style>", True),
        ("<style>p{color:#000}</style>", False),
    ],
)
def test_a_page_says_whether_it_follows_the_dark(brand: Brand, head: str, dark: bool) -> None:
    assert brand(article(head=head)).dark is dark


def test_a_cards_description_is_words_and_no_markup(brand: Brand) -> None:
    said = "&lt;p&gt;I &lt;a href=x&gt;saw&lt;/a&gt; 3 < 4.&lt;/p&gt;"
    head = f"<meta name=description content='{said}'>"
    assert brand(article(head=head)).card.description == "I saw 3 < 4."


def test_a_shortcuts_icon_is_no_picture_of_the_article(brand: Brand) -> None:
    head = "<meta name=msapplication-TileImage content=/tile.png>"
    assert brand(article(head=head)).card.image == ""
