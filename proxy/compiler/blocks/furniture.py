"""Recognises what sites put around articles, by class, id and wording; no rule is one site's."""

import re
from collections.abc import Callable
from typing import Final

from proxy.compiler import tree
from proxy.compiler.tree import Element

# Matches at the start of a class, or of a part of one.
_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:related|recommend|recirc|shar(?:e|ing)(?:d|s|r|bar|box|tools?|buttons?|$|[\s_-])"
    r"|addthis|addtoany|a2a_|shariff|heateor_sss|sociali?(?:z|$|[\s_-](?!(?:media[\s_-])?embed))|newsletter|subscri|signup|sign-up|promo|advert|breadcrumb"
    r"|disqus|respond|popular|trending|most-?read|read-?more|also-like|tags?(?:$|[\s_-]list|s?-links)"
    r"|tag-?list|toolbar|author-?(?:bio|box|card|info)|(?<![_-])author(?:$|\s)|about-?(?:the-?)?author|pagination|pager"
    r"|sr-only|screen-reader|visually-hidden|jp-relatedposts|sharedaddy|noprint|hatnote|copyright"
    r"|comments(?:$|[\s_-])|comment-(?:list|form|respond|count|area)|editsection|navbox"
    r"|off-?screen|toc(?:$|\s)|table-of-contents|(?:prev|next)-?(?:prev|next|article|post|story)(?:$|[\s_-])"
    r"|post-?nav|nav-(?:panel|links|previous|next)|user-bio|inline-ads?|ads?-box(?:$|\s)"
    r"|vjs-(?:control|menu|modal|error|text-track|load|hidden)|mejs-"
    r"|mw-editsection|printfooter|catlinks|postmeta|post-meta|entry-meta|(?:inline-)?cta(?:$|[\s_-]))",
    re.IGNORECASE,
)
# An id may be made of a heading's words ("sharing-with-others"): only these ids count.
_ID: Final = re.compile(
    r"^(?:comments?|comment-?form|disqus\w*|respond|related\w*|toc|jp-\w+|newsletter|catlinks|siteSub|contentSub)$",
    re.IGNORECASE,
)
_OWN: Final = tree.names("blockquote figure picture pre code article main h1 html body")
_TAGS: Final = tree.names("nav aside footer")
_COMMENTS: Final = re.compile(
    r"(?:^|[\s_-])(?:comments|commentlist|disqus\w*)(?:$|[\s_-])", re.IGNORECASE
)
_CAPTION: Final = re.compile(r"caption|cutline|photo-?credit|image-?credit", re.IGNORECASE)
_BUTTON: Final = re.compile(r"(?:^|[\s_-])(?:btn|buttons?)(?:$|[\s_-])", re.IGNORECASE)
_HIDING: Final = frozenset({"hidden", "is-hidden", "u-hidden", "d-none"})
_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROOM: Final = re.compile(r"padding(?:-(?:bottom|top))?\s*:\s*(?:0\s+0\s+)?\d+(?:\.\d+)?%")
_SENTENCE: Final = re.compile(r"[.!?…。！？:：;；][\"'”’»」』)）\]]*(?:\s*\[\d+\])*\s*$")
_DATED: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|^(?:by|von|par|por|di|door|av|af)\s|^作者|^来源|^文[｜|/]",
    re.IGNORECASE,
)
# The label of a place for an advert, in many languages.
ADVERT: Final = (
    "advertise?ments?|anzeige|werbung|advertorial|reklam[ae]?|publicidade?|publicité|pubblicità"
    "|advertentie|annonse?|mainos|iklan|hirdetés|διαφήμιση|реклама|विज्ञापन|إعلان|광고|広告|广告|廣告"
)


def is_furniture(element: Element) -> bool:
    """Whether an element's tag, class or id is that of something around an article."""
    if element.tag in _TAGS:
        return True
    if element.tag in _OWN:
        return False
    return bool(_CLASS.search(tree.get(element, "class")) or _ID.match(tree.get(element, "id")))


def class_and_id(element: Element) -> str:
    """An element's classes and id, as one string."""
    return f"{tree.get(element, 'class')} {tree.get(element, 'id')}"


def holds_comments(element: Element) -> bool:
    """Whether an element's class or id is that of readers' comments."""
    listed = element.tag in ("div", "section", "ol", "ul")
    return listed and bool(_COMMENTS.search(class_and_id(element)))


def has_accepted_answer(element: Element) -> bool:
    """Whether an element contains an accepted answer, as schema.org's `QAPage` marks it."""
    return tree.first(element, "[itemprop~=acceptedAnswer]") is not None


def is_caption(element: Element) -> bool:
    """Whether an element's tag, class or id is that of a caption."""
    return element.tag == "figcaption" or bool(_CAPTION.search(class_and_id(element)))


def is_button(element: Element) -> bool:
    """Whether an element's class is that of a button."""
    return bool(_BUTTON.search(tree.get(element, "class")))


def keeps_room(element: Element) -> bool:
    """Whether an element's own padding keeps room in the shape of a picture or a frame."""
    return bool(_ROOM.search(tree.get(element, "style")))


def is_hidden(element: Element) -> bool:
    """Whether an element's own attributes hide it."""
    attrs = element.attrs
    return (
        "hidden" in attrs
        or "popover" in attrs
        or bool(_NOT_SHOWN.search(tree.get(element, "style")))
    )


def has_hiding_class(element: Element) -> bool:
    """Whether a class of the element means `display:none` to frameworks, at every width."""
    return not _HIDING.isdisjoint(tree.get(element, "class").split())


def ends_sentence(text: str) -> bool:
    """Whether a text ends like a sentence."""
    return bool(_SENTENCE.search(text))


def is_dated(text: str) -> bool:
    """Whether a line has a year, a time, or a name after "By"."""
    return bool(_DATED.search(text))


def _is_named(pattern: str) -> Callable[[Element], bool]:
    """A test of an element's classes and id."""
    named = re.compile(pattern, re.IGNORECASE)
    return lambda element: named.search(class_and_id(element)) is not None


is_byline: Final = _is_named(
    r"byline|author|date|time|meta|info|source|share|social|tool|posted|publish|credit|kicker"
    r"|subtitle|standfirst|breadcrumb|category|tag|views|profile|rich_media_meta|caption"
)
"""Whether an element's class or id is that of a byline, a date or a caption."""
is_picture_box: Final = _is_named(r"photo|image|picture|thumb|slide|gallery|media")
"""The same of a box with a picture."""
is_slide_show: Final = _is_named(r"gallery|slide-?show|slider|carousel|swiper|(?:^|\s)slick-")
"""The same of a gallery, slide show or carousel, or of a part of one."""
is_gallery: Final = _is_named(r"(?:^|[\s_-])(?:gallery|slide-?show|carousel)(?:$|\s)")
"""The same of a whole gallery."""


def _begins(pattern: str) -> Callable[[str], bool]:
    """A test of how a line begins."""
    opening = re.compile(pattern, re.IGNORECASE)
    return lambda text: opening.match(text) is not None


leads_away: Final = _begins(
    r"(?:read (?:more|also|next|the original)|see also|don.t miss|also:|you may also"
    r"|more from|more:|watch:"
    r"|related(?:$|:| (?:articles?|reads?|stor(?:y|ies)|news|posts?|links?|content|topics?))"
    r"|share (?:this|on|back)|like this|click here to subscribe|sign up|subscribe|advertisement"
    r"|follow (?:us|me)|tags:|originally published|image credits?:"
    rf"|(?:loading|{ADVERT})\W{{0,3}}$"
    r"|(?:à )?(?:lire|voir) aussi"
    r"|sur le même sujet|(?:lee|lea|mira|vea) (?:también|más|además)|(?:te|le) puede interesar"
    r"|puedes ver:|(?:leia|veja|ouça) (?:também|mais)|saiba mais|leggi anche"
    r"|siehe auch|mehr (?:zum? |themen)|lesen sie (?:auch|dazu)|passend dazu"
    r"|auch (?:interessant|lesen)|jetzt neu (?:bei|auf) "
    r"|(?:czytaj|przeczytaj|zobacz) (?:też|także|więcej)|les også|läs (?:också|även|mer)"
    r"|lue (?:myös|seuraavaksi|aiheesta)|lees ook|zie ook|(?:читайте|смотрите) (?:также|ещё|еще)"
    r"|(?:(?:ссылки|материалы|также|ещё|еще) )?по теме|(?:διαβάστε|δείτε) (?:επίσης|ακόμ|περισσ)"
    r"|[إا]قر[أا] (?:أيض|ايض|المزيد)|(?:مواضيع|موضوعات|أخبار) (?:ذات صلة|متعلقة)|مطالب مرتبط"
    r"|(?:यह|ये) भी पढ़ें|קר(?:או|א) (?:גם|עוד)|อ่านเพิ่มเติม|(?:xem|đọc) thêm|baca juga|관련 ?기사"
    r"|相关(?:阅读|新闻|链接|文章)|推荐阅读"
    r"|延伸阅读|延伸閱讀|猜你(?:喜欢|爱看|想看)|往期(?:推荐|精彩|回顾|文章)|(?:热门|精彩|相关)推荐|更多精彩|更多>>|分享到|分享至|扫码|长按|字[号號]\s*$|関連記事|あわせて読みたい)"
)
"""Whether a line begins like one that leads to other articles."""
heads_others: Final = _begins(
    r"\W{0,5}(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in)"
    r"|related (?:articles?|posts?|stor(?:y|ies)|content|news|reading|links)"
    r"|recommended(?: (?:for you|reading|articles?|posts?))?|read next|keep reading|up next"
    r"|(?:latest|recent|more|other) (?:articles?|posts?|stories|news)|more (?:from|like) .{2,40}"
    r"|(?:ähnliche|verwandte|weitere) (?:beiträge|artikel|themen)|zum weiterlesen"
    r"|das (?:thema )?könnte (?:dich|dir|sie|ihnen|euch) (?:auch )?(?:interessieren|gefallen)"
    r"|vous aimerez aussi|articles (?:similaires|liés)|artículos relacionados|noticias relacionadas"
    r"|articoli correlati|artigos relacionados|gerelateerde artikelen)"
    r"\W{0,3}$"
)
"""Whether a whole line heads other articles."""
heads_contents: Final = _begins(
    r"(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|[íi]ndice"
    r"|(?:tabla de )?contenidos?|spis treści|содержание|目录|目錄|目次)\s*[:：]?\s*"
    r"$"
)
"""Whether a whole line heads a text's own table of contents."""
counts_comments: Final = _begins(
    r"\d+\s+(?:comments?|thoughts?|repl(?:y|ies)|responses?) (?:on|to) [\"'“‘«]"
)
"""Whether a line is WordPress's heading of comments: their number and the title."""
heads_comments: Final = _begins(
    r"(?:\d+\s+)?(?:comments?|reviews|responses|replies|kommentare?|commentaires?|comentar(?:ios?)?|commenti|reacties"
    r"|комментари\w*|отзывы|σχόλια|(?:ال)?تعليقات|תגובות|ความคิดเห็น|bình luận|komentar(?:ze)?"
    r"|yorumlar|评论|網友留言|网友(?:留言|评论)|我要(?:跟帖|评论)|跟帖"
    r"|留言|发表评论|發表(?:留言|評論)|コメント|댓글)\b[\s:：(（\d)）]*$"
    r"|(?:leave a (?:reply|comment)|posted by:?|add your comments?|post a comment|add a comment"
    r"|join the (?:conversation|discussion)|about the authors?"
    r"|schreibe einen kommentar|laisser un commentaire|deja una respuesta)\b"
)
"""Whether a line heads comments or words about the author, after the text."""
