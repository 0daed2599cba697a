"""Finds names in a line of a page: by labels before them, roles behind them, and what is no name.

Lines have single spaces only, and patterns that are searched for match no more than one: a run of
spaces would be searched again from each of them.
"""

import re
from itertools import takewhile

# Months in languages that write them nearly as English does; `Marc` and `Julian` are people.
_MONTH = (
    r"(?:jan(?:uar[yi]?)?|feb(?:ruar[yi]?)?|mar(?:ch|s|zo)?|märz|apr(?:ile?)?|ma[yi]|june?|juni|july?"
    r"|juli|aug(?:ust)?|sept?(?:i?ember|iembre|embre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:i?embre|ember)?"
    r"|de[cz](?:ember|embre)?)\b\.?"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_DONE = r"(?:posted|published|written|words|text|story|article|authored|submitted|contributed)"
# Translations of `posted by` in Blogger, Drupal and WordPress.
_ELSEWHERE = (
    r"(?:(?:publicad[oa]s?|postado|escrito) por|(?:publié|écrit|rédigé) par|(?:eingestellt|erstellt"
    r"|veröffentlicht|geschrieben|verfasst|gespeichert|eingereicht) von|(?:pubblicato|scritto) da"
    r"|(?:lagt inn|skrevet|upplagd) av|(?:geplaatst|gepost|geschreven) door|張貼者|发帖者)"
)
# `Eine Kolumne von`
_PIECE = re.compile(
    r"^(?:eine? )?(?:gast|blog|presse)?[ -]?(?:texte?|artikel|beitrag|interview|bericht|kolumne"
    r"|reportage|kommentar|analyse|essay|rezension|mitteilung) von:?(?:\s+|$)",
    re.IGNORECASE,
)
# The first characters of labels: most lines fail here, which is fast.
_BEGINS = "(?=[abcdegilmprstuvwéа（(張发文作撰采记記著执筆بك])"
# A whole run that is a label: the name is in the next run.
_LABEL = re.compile(
    rf"^{_BEGINS}(?:(?:this (?:post|article|story) was )?(?:{_DONE}\s(?:.{{0,40}}\s)?)?by\s*:?"
    rf"|{_ELSEWHERE}\s*[:：]?"
    r"|(?:(?:the |post |article )?(?:authors?|writer)|autor(?:[/:*]?in|in/autor|es)?|auteurs?"
    r"|autore|автор|von|por|par|作者|文|撰文|记者|記者|著者|执笔|筆者"
    r"|text (?:&|und|and) (?:fotos?|photos?|bilder))\s*[:：|｜／/]?)$",
    re.IGNORECASE,
)
# A label before a name in the same run.
_LABELLED = re.compile(
    rf"^{_BEGINS}(?:(?:this (?:guest |blog )?(?:post|article|story) (?:was |is )?"
    r"|(?:(?:view|see|read) )?(?:all|more) (?:posts |articles |stories )?)?"
    rf"(?:{_DONE}\s(?:on .{{4,40}}\s)?)?by\s*:?\s+"
    rf"|{_ELSEWHERE}\s*[:：]?\s+|(?:von|por|par|di|door|av|af)\s+(?=[A-ZÀ-Þ])"
    r"|(?:authors?|writer|autor(?:[/:*]?in)?|auteur|autore|автор)\s*[:：]\s*"
    r"|(?:redaktion|texte?|bericht|texto|interview)\s*:\s*(?=[A-ZÀ-Þ])"
    r"|[(（]?\s*(?:文|作者|撰文|采写|记者|記者|著者|执笔)\s*[:：|｜／/]\s*"
    r"|(?:بقلم|كتبت?)(?: ?[:：-]| )\s*)",
    re.IGNORECASE,
)
_EDITED = re.compile(r"^[(（\[【]?\s*(?:责编|責編|责任编辑|責任編輯|編輯|编辑)\s*[:：]\s*")
# What follows an editor's name: a number or sign of theirs, the end of the brackets.
_EDITORS = re.compile(r"(?:^|[ _])[A-Z]*\d+\w*|_\w+|[)）\]】].*")
# Korean papers': `대전=이용민 기자 lee@paper.example`
_KOREAN = re.compile(r"(?:\S+=)?([\uac00-\ud7af]{2,4}) 기자(?: \S+@\S+)?")
# Labels that also precede the names of books, pictures and menus.
_WEAK = re.compile(
    r"\W*+(?:by|von|por|par|di|door|av|af|redaktion|texte?|bericht|texto)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"(?:reviewed|checked|edited|researched|photograph\w*|photos?|illustrat\w+|translated|designed"
    r"|powered|sponsored)(?: by)?:?$|(?:updated by|contributions from):?$",
    re.IGNORECASE,
)
# Words of a page, not a name, before what they are about: `Source:`
_LEADS = re.compile(r"(?:\S+|[^A-ZÀ-Þ\u0400-\u042f].*)[:：]")
_AND = re.compile(r",|&|/|、|，|and|und|et|y|e|och|og|en|, and|, &", re.IGNORECASE)
_BETWEEN = re.compile(r" ?(?:[,;、&]|\b(?:and|und|et|y)\b) ?", re.IGNORECASE)
# What may follow a name in a line: a date, a role, an agency, a place.
_AFTER = re.compile(
    rf"^{_MONTH}$|(?:^|,? )(?:on )?(?:{_MONTH} \d.*$|{_DAY}.*$)"
    r"| \S+@\S+| (?:[|–—@·•⋅]|-) .*$| ?[|｜·•⋅].*$|,? (?:(?:el|em|le|am|il|den|op) )?\(?\d.*$"
    r"| (?:on|in|at|on behalf of|for) (?=\d|[A-Z]).*$"
    r"| (?:illustration(?:en)?|fotos?|photos?|bilder|pictures)(?: by| von|:) .*$"
    r"| (?-i:of|on|in|at|under|unter|am|im)$",
    re.IGNORECASE,
)
_WRITES = "writer|editor|reporter|correspondent|columnist|journalist|contributor"
_ROLES = (
    f"{_WRITES}|producer|analyst|director|head|chief|founder|co-founder|c[eft]o|manager|president|officer|vp|lead|expert"
    "|specialist|engineer|professor|coordinator|consultant|strategist"
)
# A role before a name, such as `Our reporter`.
_ROLE_BEFORE = re.compile(
    rf"^(?:[\w’'-]+\s){{0,3}}?(?:[\w-]*(?:expert|redakteur|korrespondent|reporter|mitarbeiter)(?:e|in)?"
    rf"|{_WRITES}) (?=\w+ \w)|^(?:见习|实习|特约|本报)?(?:编辑|记者|記者)\s(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
# A newspaper's abbreviation of the author or an office in brackets; `reporter` in Korean.
_BEHIND = re.compile(r" ?\((?:[a-zà-ÿ.]{1,5}|[^()]{1,40}\s[^()]{1,40})\)$| 기자$")
_ROLE = re.compile(
    rf", (?:[^,]* )?(?:{_ROLES}|[^\W\d_]*(?:leiter|sprecher|redakteur|referent|direktor)(?:in)?)\b"
    r".*$",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"[记記]者 ?[:：]? ?([\u4e00-\u9fff]{2,4}(?:[、\s][\u4e00-\u9fff]{2,4})*)")
_NOBODY = re.compile(
    r"\b(?:follow|authors?|posts?|articles?|profile|view|read|more|share|about|minutes?|mins?"
    r"|updated?|published|subscribe|comments?|written|reviewed|edited|neueste|latest|recent|contributors?|bio|biography"
    r"|ago|autor(?:in|en)?|auteurs?|gesponserte?|sponsored|publicad[oa]|publié|veröffentlicht|publiziert|erschienen"
    r"|log ?in|sign in|menu|search|copyright|checked|researched|by|tags?|category|print(?:er)?"
    r"|download|posted|website|e-?mail|privacy|policy|privacidade|terms|name)\b|关注|分享|评论|登录"
    r"|^(?:(?:user )?admin|redaktion|stand|账号|作者|编辑|staff|guest|гость|anonymous|unknown"
    r"|message|the|meet your|insights from|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)$"
    r"|\b(?:19|20)\d\d\b|https?:|[{}<>?!;]",
    re.IGNORECASE,
)
_SMALL = (
    "de|da|del|della|van|von|der|den|ten|la|le|el|al|bin|ibn|ter|dos|du|di|y|of|the|and|&|und|et"
    "|with|avec|mit"
)
_WORD = r"[A-ZÀ-ÞĀ-Ž\u0400-\u042f][\w.'’-]*,?"
# Arabic, Hebrew, India's scripts.
_CASELESS = r"[\u0590-\u06ff\u0900-\u0d7f.]+"
_PERSON = re.compile(
    rf"(?:(?:{_SMALL}|\d\w+)\s+)?{_WORD}(?:\s+(?:{_WORD}|{_SMALL}|\([^)]*\)|/)){{0,7}}"
    r"|[\u3040-\u30ff\u3400-\u9fff·\s、／/]{2,24}|[\uac00-\ud7af]{2,4}"
    rf"|{_CASELESS}(?: {_CASELESS}){{1,3}}"
)
_LOGIN = re.compile(r"[\w.-]{4,30}")
_CAPITAL = r"[A-ZÀ-Þ][\w.'’-]*"
_FULL = re.compile(
    rf"{_CAPITAL}(?: (?:(?:van|von|de|der|den|da|del|di|la|le|ter) ){{0,2}}{_CAPITAL}){{1,3}}"
)
_DATE = re.compile(
    rf"\b{_MONTH} \d|\d(?:st|nd|rd|th)?\.? {_MONTH}|\d{{1,4}}[./-]\d\d?[./-]\d"
    r"|\b\d\d?\.? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
# Separators between a date and a name.
_APART = re.compile(r" [|·•–—-] | by |^[|·•–—-] ")
LONGEST = 80
CJK = 24
# In a line with no more names, the second is as often an office.
MANY = 2


def is_label(text: str) -> bool:
    """Whether a run is only a label, so that the author's name follows."""
    text = text.lstrip("·•|–— ")
    return len(text) <= LONGEST and (
        _LABEL.match(text) is not None or (" von" in text[-5:] and _is_piece(text))
    )


def _is_piece(text: str) -> bool:
    return _PIECE.match(text) is not None


def is_weak(text: str) -> bool:
    """Whether a run begins with a mere `by`, as other texts than bylines do."""
    return _WEAK.match(text) is not None or (" von " in text and _is_piece(text))


def of_others(text: str) -> bool:
    """Whether a text ends with a label of people who checked, drew or paid for the article."""
    return _OTHERS.search(text[-LONGEST:]) is not None


def joins(text: str) -> bool:
    """Whether a run only joins two names."""
    return _AND.fullmatch(text) is not None


def people(text: str) -> list[str]:
    """Split a line into its names."""
    return [name for name in _BETWEEN.split(text) if name]


def is_person(text: str) -> bool:
    """Whether a text is spelled like a name: capitalised words, or a few Chinese characters."""
    return _PERSON.fullmatch(text) is not None


def is_full(text: str) -> bool:
    """Whether a text is only a first and a last name, judged by its capitals."""
    return len(text) <= CJK and _FULL.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether a run is a date."""
    return len(text) <= LONGEST and _DATE.search(text) is not None


def dated(text: str) -> str:
    """The full name beside a date in a line, "" if there is none."""
    parts = _APART.split(text) if is_date(text) else []
    return next(filter(is_full, parts), "")


def labelled(text: str) -> str:
    """The name after a label in the same run, "" if there is none."""
    text = text.lstrip("-–— ") if len(text) <= 2 * LONGEST else ""
    if korean := _KOREAN.fullmatch(text):
        return korean[1]
    label = _behind(text)
    if label is None:
        return ""
    name = called(text[label.end() :])
    several = list(takewhile(is_full, people(name)))
    if len(several) > MANY:
        return ", ".join(several)
    login = name if is_date(text) and _LOGIN.fullmatch(name) else ""
    return login or next((one for one in (name, name.partition(",")[0]) if is_person(one)), "")


def _behind(text: str) -> re.Match[str] | None:
    """The label with which a text begins."""
    return _LABELLED.match(text) or (_PIECE.match(text) if " von " in text else None)


def edited(text: str) -> str:
    """The editors with whom a Chinese article closes, "" if a line names none."""
    label = _EDITED.match(text) if len(text) <= LONGEST else None
    names = _EDITORS.sub("", text[label.end() :]).split("、") if label else []
    return ", ".join(filter(None, (name.strip(" ,") for name in names)))


def own(text: str) -> str:
    """The name with which a run in a byline element begins, "" if it does not."""
    if is_label(text) or _LEADS.fullmatch(text):
        return ""
    label = _behind(text[: 4 * LONGEST])
    return called(text[label.end() if label else 0 :])


def bare(name: str) -> str:
    """A name without the role before it and the brackets behind it."""
    return _BEHIND.sub("", _ROLE_BEFORE.sub("", name))


def called(text: str) -> str:
    """The name with which a text begins, "" if it does not."""
    if reporter := _REPORTER.search(text[:LONGEST]):
        return reporter[1]
    name = _ROLE.sub("", _AFTER.sub("", text[: 4 * LONGEST])).strip(" ,:|·-–—→*／")
    name = bare(name)
    short = len(name) < 3 and name.isascii()
    none = short or not any(map(str.isalpha, name)) or _NOBODY.search(name)
    return name if 1 < len(name) <= LONGEST and not none else ""
