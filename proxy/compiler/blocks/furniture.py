"""Recognises what sites put around articles, by class, id and wording; no rule is one site's."""

import re
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
_READERS: Final = re.compile(
    r"(?:^|[\s_-])(?:comments|commentlist|disqus\w*)(?:$|[\s_-])", re.IGNORECASE
)
# An id may be made of a heading's words ("sharing-with-others"): only these ids count.
_ID: Final = re.compile(
    r"^(?:comments?|comment-?form|disqus\w*|respond|related\w*|toc|jp-\w+|newsletter|catlinks|siteSub|contentSub)$",
    re.IGNORECASE,
)
_OWN: Final = tree.names("blockquote figure picture pre code article main h1 html body")
_TAGS: Final = tree.names("nav aside footer")
_BYLINE: Final = re.compile(
    r"byline|author|date|time|meta|info|source|share|social|tool|posted|publish|credit|kicker"
    r"|subtitle|standfirst|breadcrumb|category|tag|views|profile|rich_media_meta|caption",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d|^(?:by|von|par|por|di|door|av|af)\s|^作者|^来源|^文[｜|/]",
    re.IGNORECASE,
)
_CAPTION: Final = re.compile(r"caption|cutline|photo-?credit|image-?credit", re.IGNORECASE)
_PICTURE: Final = re.compile(r"photo|image|picture|thumb|slide|gallery|media", re.IGNORECASE)
_GALLERY: Final = re.compile(
    r"gallery|slide-?show|slider|carousel|swiper|(?:^|\s)slick-", re.IGNORECASE
)
_GALLERIES: Final = re.compile(
    r"(?:^|[\s_-])(?:gallery|slide-?show|carousel)(?:$|\s)", re.IGNORECASE
)
_BUTTON: Final = re.compile(r"(?:^|[\s_-])(?:btn|buttons?)(?:$|[\s_-])", re.IGNORECASE)
_HIDING: Final = frozenset({"hidden", "is-hidden", "u-hidden", "d-none"})
_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# The label of a place for an advert, in many languages.
ADVERT: Final = (
    "advertise?ments?|anzeige|werbung|advertorial|reklam[ae]?|publicidade?|publicité|pubblicità"
    "|advertentie|annonse?|mainos|iklan|hirdetés|διαφήμιση|реклама|विज्ञापन|إعلان|광고|広告|广告|廣告"
)
# Beginnings of lines that lead away from the article.
_AWAY: Final = re.compile(
    r"(?:read (?:more|also|next|the original)|see also|don.t miss|also:|you may also"
    r"|more from|more:|watch:"
    r"|related(?:$|:| (?:articles?|stor(?:y|ies)|news|posts?|links?|content|topics?))"
    r"|share (?:this|on|back)|like this|click here to subscribe|sign up|subscribe|advertisement"
    r"|follow (?:us|me)|originally published|image credits?:"
    rf"|(?:{ADVERT})\s*$"
    r"|(?:à )?(?:lire|voir) aussi"
    r"|sur le même sujet|(?:lee|lea|mira|vea) (?:también|más|además)|(?:te|le) puede interesar"
    r"|puedes ver:|(?:leia|veja|ouça) (?:também|mais)|saiba mais|leggi anche"
    r"|mehr (?:zum thema|themen)|lesen sie (?:auch|dazu)|passend dazu|auch (?:interessant|lesen)"
    r"|jetzt neu (?:bei|auf) |(?:czytaj|przeczytaj|zobacz) (?:też|także|więcej)|читайте также"
    r"|смотрите также|ссылки по теме|les også|läs (?:också|även|mer)|lue myös|lees ook|zie ook"
    r"|相关(?:阅读|新闻|链接|文章)|推荐阅读"
    r"|延伸阅读|延伸閱讀|猜你(?:喜欢|爱看|想看)|往期(?:推荐|精彩|回顾|文章)|(?:热门|精彩|相关)推荐|更多精彩|更多>>|分享到|分享至|扫码|长按|字[号號]\s*$|関連記事)",
    re.IGNORECASE,
)
# WordPress's heading of comments; nothing else begins so.
_SAID: Final = re.compile(
    r"\d+\s+(?:comments?|thoughts?|repl(?:y|ies)|responses?) (?:on|to) [\"'“‘«]", re.IGNORECASE
)
# Headings of comments and of words about the author, after the text.
_TALK: Final = re.compile(
    r"(?:\d+\s+)?(?:comments?|responses|replies|kommentare?|commentaires?|comentar(?:ios?)?|commenti|reacties"
    r"|комментари\w*|отзывы|komentarze|yorumlar|评论|網友留言|网友(?:留言|评论)|我要(?:跟帖|评论)|跟帖"
    r"|留言|发表评论|發表(?:留言|評論)|コメント|댓글)\b[\s:：(（\d)）]*$"
    r"|(?:leave a (?:reply|comment)|posted by:?|add your comments?|post a comment|add a comment"
    r"|join the (?:conversation|discussion)|about the authors?"
    r"|schreibe einen kommentar|laisser un commentaire|deja una respuesta)\b",
    re.IGNORECASE,
)
# A whole line that heads a text's own table of contents.
_CONTENTS: Final = re.compile(
    r"(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|[íi]ndice"
    r"|(?:tabla de )?contenidos?|spis treści|содержание|目录|目錄|目次)\s*[:：]?\s*",
    re.IGNORECASE,
)
# A whole line that heads other articles.
_OTHERS: Final = re.compile(
    r"\W{0,5}(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in)"
    r"|related (?:articles?|posts?|stor(?:y|ies)|content|news|reading|links)"
    r"|recommended(?: (?:for you|reading|articles?|posts?))?|read next|keep reading|up next"
    r"|(?:latest|recent|more|other) (?:articles?|posts?|stories|news)|more (?:from|like) .{2,40}"
    r"|(?:ähnliche|verwandte|weitere) (?:beiträge|artikel|themen)|zum weiterlesen"
    r"|das (?:thema )?könnte (?:dich|dir|sie|ihnen|euch) (?:auch )?(?:interessieren|gefallen)"
    r"|vous aimerez aussi|articles (?:similaires|liés)|artículos relacionados|noticias relacionadas"
    r"|articoli correlati|artigos relacionados|gerelateerde artikelen)"
    r"\W{0,3}$",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?…。！？:：;；][\"'”’»」』)）\]]*(?:\s*\[\d+\])*\s*$")


def named(element: Element) -> bool:
    """Whether an element's tag, class or id is that of something around an article."""
    if element.tag in _TAGS:
        return True
    if element.tag in _OWN:
        return False
    return bool(_CLASS.search(tree.get(element, "class")) or _ID.match(tree.get(element, "id")))


def called(element: Element) -> str:
    """An element's classes and id, as one string."""
    return f"{tree.get(element, 'class')} {tree.get(element, 'id')}"


def byline_named(element: Element) -> bool:
    """Whether an element's class or id is that of a byline, a date or a caption."""
    return bool(_BYLINE.search(called(element)))


def captions(element: Element) -> bool:
    """Whether an element's tag, class or id is that of a caption."""
    return element.tag == "figcaption" or bool(_CAPTION.search(called(element)))


def pictured(element: Element) -> bool:
    """Whether an element's class or id is that of a box with a picture."""
    return bool(_PICTURE.search(called(element)))


def slides(element: Element) -> bool:
    """Whether an element's class or id is that of a gallery, slide show or carousel."""
    return bool(_GALLERY.search(called(element)))


def gallery(element: Element) -> bool:
    """Whether an element's class or id is that of a whole gallery, not of a part of one."""
    return bool(_GALLERIES.search(called(element)))


def button(element: Element) -> bool:
    """Whether an element's class is that of a button."""
    return bool(_BUTTON.search(tree.get(element, "class")))


def said_hidden(element: Element) -> bool:
    """Whether a class of the element means `display:none` to frameworks, at every width."""
    return not _HIDING.isdisjoint(tree.get(element, "class").split())


def hidden(element: Element) -> bool:
    """Whether an element's own attributes hide it."""
    attrs = element.attrs
    return (
        "hidden" in attrs
        or "popover" in attrs
        or bool(_NOT_SHOWN.search(tree.get(element, "style")))
    )


def dated(text: str) -> bool:
    """Whether a line has a year, a time, or a name after "By"."""
    return bool(_DATED.search(text))


def readers(element: Element) -> bool:
    """Whether an element's class or id is that of readers' comments."""
    return element.tag in ("div", "section", "ol", "ul") and bool(_READERS.search(called(element)))


def accepted(element: Element) -> bool:
    """Whether an element contains an accepted answer, as schema.org's `QAPage` marks it."""
    return tree.first(element, "[itemprop~=acceptedAnswer]") is not None


def heads_others(text: str) -> bool:
    """Whether a line is only a heading of other articles."""
    return bool(_OTHERS.match(text))


def heads_contents(text: str) -> bool:
    """Whether a line is only a heading of a table of contents."""
    return _CONTENTS.fullmatch(text) is not None


def leads_away(text: str) -> bool:
    """Whether a line begins like one that leads to other articles."""
    return bool(_AWAY.match(text))


def heads_talk(text: str) -> bool:
    """Whether a line is WordPress's heading of comments: their number and the title."""
    return bool(_SAID.match(text))


def ends_text(text: str) -> bool:
    """Whether a line heads comments or words about the author."""
    return bool(_TALK.match(text))


def sentence(text: str) -> bool:
    """Whether a text ends like a sentence."""
    return bool(_SENTENCE.search(text))
