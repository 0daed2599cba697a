"""How a text closes: notes and sources, about the author, where to go on.

The closing is the article's own, and `reader` shows it. But the text ends before it, and the slot
at the end goes there.
"""

import re
from typing import Final

from proxy.compiler.blocks import Block
from proxy.compiler.blocks.furniture import class_and_id, leads_away
from proxy.compiler.extent.seen import LABEL, LINKED, Seen

# The largest share of the text that a closing may be; with a heading of notes, MOST_NOTES.
MOST = 0.08
MOST_NOTES = 0.15
# The longest, as `weigh` counts: a closing of a short text, a call to action, a heading.
LINE = 120
CALL = 350
HEADING = 120
# As `weigh` counts: a longer paragraph that is no part of a closing is text.
TEXT = 200
# At most so many blocks come between two sure parts of a closing.
NEAR = 2
# The longest number of a note, as `weigh` counts.
NUMBER = 3
# What `stills` puts before the name of a video.
STILL = "▶"
# How many blocks from the end are looked at, pictures included.
FAR = 100

_HEADS: Final = re.compile(
    r"\W{0,40}(?:references?|(?:foot|end) ?notes?|notes?|(?:re)?sources?|bibliography|citations?"
    r"|further reading|(?:learn|read|find out) more|more (?:on|about)|more (?:from|by)\b.{0,40}"
    r"|more\b.{0,30}(?:news|stories|articles|posts|videos)"
    r"|acknowledge?ments?|disclaimers?|disclosures?|corrections?|credits?|external links"
    r"|related\b.*|(?:other|more) (?:posts|ways)\b.*|you (?:might|may)\b.*"
    r"|still have (?:more )?questions|about (?:the )?(?:authors?|us)"
    r"|.*(?:funded by|favou?r to ask|newsletter|donat(?:e|ion)).*|about the company|contact(?: us)?"
    r"|stay (?:connected|in touch).*|need (?:more )?help\b.*|get (?:in touch|started)"
    r"|(?:join|follow|support|subscribe)\b.*|share (?:this|your)\b.*"
    r"|(?:über|zu[mr]) (?:den |die )?(?:auth?or(?:in|en)?|person)|autor(?:in|en|:innen|\*innen)?"
    r"|weiter(?:e|führende) (?:informationen|infos|links|artikel|beiträge)\b.*|weiterlesen"
    r"|bildnachweise?|(?:presse)?kontakt|ansprechpartner\b.*|teilen (?:sie|mit)\b.*"
    r"|à propos de l.auteure?|pour aller plus loin|en savoir plus|sobre (?:el|la|o|a) autora?"
    r"|más información|mais informações|per saperne di più|over de auteur|meer informatie"
    r"|quellen|einzelnachweise|anmerkungen|weblinks|fußnoten|notes et références"
    r"|referencias|fuentes|note|fonti|referências|fontes|bronnen|źródła|примечания|источники"
    r"|参考(?:文献|资料|来源)|參考(?:資料|文獻)|注释|注釋|脚注|相关阅读|作者简介|关于作者|免责声明"
    r"|出典|参考|참고)\W{0,9}$",
    re.IGNORECASE,
)
_CREDITS: Final = re.compile(
    r"is a production of|contributed to this (?:report|story|article)|affiliate links?"
    r"|^about the authors?\b|^the post\b.{3,200}\bappeared first on"
    r"|fundraising (?:campaign|drive|effort)"
    r"|can be (?:reached|contacted) (?:at|on|via)|^write to .{3,60} at "
    r"|^(?:information|material|reporting) from:? "
    r"|^this (?:article|story|post|podcast|piece|report|column|essay|interview|content|work)\b"
    r".{0,60}\b(?:originally|first|published|appeared|written|adapted|updated|reprinted|sponsored"
    r"|partnership|republished|commissioned|affiliate|produced|production)"
    r"|^(?:text|photos?|images?|pictures?|illustrations?|reporting|editing|translated|edited|story"
    r"|additional reporting)(?: credits?)?(?:\s+(?:by|from|courtesy)\b|\s*:)"
    r"|^(?:\w{2,12}[:!] ?)?(?:comments?|coment[aá]rios?|commentaires?|kommentare)\b"
    r"|^[*†‡]+\s*[^\s*]|^[(（\[]\d{1,2}[)）\]]\s"
    r"|^(?:editor.s? )?(?:note|disclaimer|disclosure|correction)s?\s*:"
    r"|^(?:via|source)s?\s*[:：]|^[(（]?(?:完|文中图片|图片来源|图源|素材来源|注[:：])"
    r"|^(?:本文|以上(?:内容|图片)|图片均?)(?:来源|转载|摘自|来自|由|首发|系|选自|为)",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"^\W{0,9}(?:please |to (?:have your|send|read|see|view|watch|hear|join|get|help|book|order|buy"
    r"|learn|find|subscribe|submit|contact|register|apply|sign|make|donate|support)"
    r"|for more|for further|if you|want (?:to|more|a)|ready to|(?:be|make) sure to|become a"
    r"|(?:other|more) ways to|you can also (?:connect|find|follow|join|reach)"
    r"|looking (?:for|to)|interested in|do you (?:have|need|want)|need (?:a|help)|have (?:a|you)"
    r"|like this|enjoy(?:ed)?|sign up|subscribe|register|join|follow|download|contact|call|e-?mail"
    r"|visit|check out|learn|find out|discover|explore|read|see|get|book|try|start|click|tap|buy"
    r"|shop|order|donate|support|share|begin|tell us|let us|fill|here.s|until|thanks|thank you)\b"
    r"|点击|关注|扫码|长按|公众号",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(
    r"foot-?note|end-?note|(?:^|[\s_-])ref(?:erence|list)|disclaim|disclosure|author"
    r"|(?:^|[\s_-])bio(?:$|[\s_-])|signature|after-?(?:content|post|entry)|donat|rating|feedback"
    r"|credits?(?:$|[\s_-])|attribution|source|tagline|cta(?:$|[\s_-])|call-?(?:to|2)-?action|banner"
    r"|nutrition-label|(?:^|[\s_-])fn\d*(?:$|[\s_-])"
    r"|opt-?in",
    re.IGNORECASE,
)


def closing(seen: Seen, start: int, stop: int) -> int:
    """Where the closing of `seen.found[start:stop]` begins; `stop` if there is none."""
    whole = sum(block.weight for block in seen.found[start:stop])
    most, most_notes = max(MOST * whole, LINE), max(MOST_NOTES * whole, LINE)
    end, passed, between, spoken = stop, 0, 0, 0
    for index in range(stop - 1, max(start, stop - FAR), -1):
        block = seen.found[index]
        passed += block.weight
        follows = end == index + 1 < stop and introduces(block)
        if passed > most_notes and not follows:
            break
        tells = _credits(block) or (_calls(block) and block.linked and not spoken)
        sure = between <= NEAR and (tells or _called(seen, block, most_notes))
        next_to = not between and (_leads(block) or (end < stop and _calls(block)))
        if follows or _heads(block) or (passed <= most and (sure or next_to)):
            end, between, spoken = index, 0, 0
        else:
            between += block.kind != "media" and block.weight > LABEL
            spoken += _goes_on(block)
    return end


def onward(found: list[Block]) -> list[Block]:
    """The blocks of a closing that are only a link: `reader` leaves them out.

    None of a closing with a heading or a line that introduces them, where links are sources; and
    no number of a note.
    """
    sources = any(_heads(block) or introduces(block) for block in found)
    return [b for b in found if not sources and b.weight > NUMBER and _is_link(b)]


def introduces(block: Block) -> bool:
    """Whether a line ends with a colon, so that what follows is the text's own."""
    return block.weight < TEXT and block.text.endswith((":", "\uff1a"))


def _is_link(block: Block) -> bool:
    still = block.text.startswith(STILL)
    return block.kind in ("paragraph", "other") and block.link_density > LINKED and not still


def _goes_on(block: Block) -> bool:
    """Whether a block is a paragraph of text: a call to action above it closes nothing."""
    return block.kind == "paragraph" and block.weight > TEXT and block.link_density <= 0.5


def _heads(block: Block) -> bool:
    """Whether a block is a heading, or like one, of notes or of what leads on."""
    heading = block.kind == "heading"
    button = block.link_density > LINKED and not heading
    fits = block.weight <= (HEADING if heading else LABEL) and not button
    return fits and _HEADS.match(block.text) is not None


def _credits(block: Block) -> bool:
    """Whether a block says where the text comes from, or is a note."""
    return block.kind in ("paragraph", "other") and _CREDITS.search(block.text) is not None


def _calls(block: Block) -> bool:
    """Whether a block is a call to action."""
    fits = block.kind in ("paragraph", "other") and block.weight < CALL
    return fits and _CALL.match(block.text) is not None


def _leads(block: Block) -> bool:
    """Whether a block leads away or is a link: such blocks also occur among paragraphs."""
    away = leads_away(block.text) or block.link_density > LINKED
    return block.kind in ("paragraph", "other") and away


def _called(seen: Seen, block: Block, most: float) -> bool:
    """Whether the class or id of an element around a block is that of notes, authors or calls."""
    return any(
        seen.weight(e) < most and _CALLED.search(class_and_id(e)) for e in seen.around(block)
    )
