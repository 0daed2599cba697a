"""Allow-lists of a publisher's markup: what no list names must go (a leaf).

Sources: the HTML Standard's element and attribute indices, SVG 2, MathML Core.
"""

import re
from typing import Final


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Kept as they are.
ELEMENTS: Final = _set(
    """
    html head title meta link style body
    article section nav aside h1 h2 h3 h4 h5 h6 hgroup header footer main search address
    p hr pre blockquote ol ul menu li dl dt dd figure figcaption div
    a em strong small s cite q dfn abbr ruby rt rp rb rtc data time code var samp kbd sub sup
    i b u mark bdi bdo span br wbr ins del
    picture source img video audio track map area
    table caption colgroup col tbody thead tfoot tr td th
    details summary fieldset legend label button meter progress output
    acronym big center dir font nobr strike tt marquee basefont
    """
)
# Removed with their content: they run, fetch, ask, or hide text that is no part of the page.
DROPPED: Final = _set(
    """
    script template iframe frame frameset embed applet noembed noframes param portal fencedframe
    input select option optgroup datalist textarea keygen base bgsound dialog isindex
    """
)
# Elements that get another name and keep their classes, which the publisher's selectors match.
RENAMED: Final = {
    "form": "div",
    # Only ours may have this name: our script in the page finds them and adds the reader's hop.
    "note-card": "div",
    "note-line": "div",
    "note-pass": "div",
    "note-room": "div",
    "xmp": "pre",
    "plaintext": "pre",
    "listing": "pre",
    "image": "img",
    "amp-img": "img",
    "amp-video": "video",
    "amp-audio": "audio",
}
# Without its script a custom element is an unknown one: harmless, and style sheets may select it.
# Any other unlisted element (object, canvas, slot) is replaced by its content, in a span if it had
# a class or an id, by which a style sheet may hide the content.
CUSTOM: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9._]+)+")

# Names in SVG and MathML that no custom element may have (HTML, "valid custom element name").
RESERVED: Final = _set("annotation-xml color-profile missing-glyph font-face")

# `popover` without `popovertarget`: the element stays hidden, and nothing opens it above the ad.
GLOBAL_ATTRIBUTES: Final = _set(
    """
    class id lang dir title role translate hidden popover style tabindex align valign bgcolor color
    face size width height hspace vspace border background itemprop itemscope itemtype
    aria-label aria-hidden aria-labelledby aria-describedby aria-expanded aria-controls
    """
)
ATTRIBUTES: Final = {
    "a": _set("href hreflang target name rel"),
    "area": _set("href alt shape coords target"),
    "img": _set("src srcset sizes alt usemap ismap loading decoding"),
    "source": _set("src srcset sizes media type"),
    "video": _set("src poster controls loop muted playsinline preload"),
    "audio": _set("src controls loop muted preload"),
    "track": _set("src kind srclang label default"),
    "map": _set("name"),
    "link": _set("rel href media type sizes"),
    "meta": _set("name content charset"),
    "style": _set("media type"),
    "table": _set("cellpadding cellspacing rules frame summary"),
    "td": _set("colspan rowspan headers scope nowrap abbr"),
    "th": _set("colspan rowspan headers scope nowrap abbr"),
    "col": _set("span"),
    "colgroup": _set("span"),
    "ol": _set("start reversed type"),
    "ul": _set("type"),
    "li": _set("value type"),
    "br": _set("clear"),
    "hr": _set("noshade"),
    "pre": _set("wrap"),
    "body": _set("text link vlink alink topmargin leftmargin marginwidth marginheight"),
    "blockquote": _set("cite"),
    "q": _set("cite"),
    "ins": _set("cite datetime"),
    "del": _set("cite datetime"),
    "time": _set("datetime"),
    "data": _set("value"),
    "meter": _set("value min max low high optimum"),
    "progress": _set("value max"),
    "details": _set("open"),
    "button": _set("disabled"),
    "marquee": _set("behavior direction"),
    "html": _set("xmlns prefix"),
}
# Our own attributes, and those of scroll effects that hide text until a script runs.
REFUSED_DATA: Final = re.compile(r"data-(?:slot|passalong|aos(?:-.*)?|sal(?:-.*)?)$")
# Angular's style sheets select by these (view encapsulation "emulated").
SCOPES: Final = ("_ngcontent-", "_nghost-")
# Longer values are a script's data, which no style sheet selects by.
MAX_DATA: Final = 200
# Longer names are refused: no real attribute has one, and verdicts on names are cached.
MAX_NAME: Final = 100

META_NAMES: Final = _set(
    "viewport description author color-scheme theme-color format-detection keywords date"
)
LINK_RELS: Final = _set("stylesheet icon")

SVG_ELEMENTS: Final = _set(
    """
    svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan
    textPath image a style marker pattern mask clipPath linearGradient radialGradient stop switch
    filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence view
    """
)
MATHML_ELEMENTS: Final = _set(
    """
    math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
    annotation menclose mfenced mlabeledtr
    """
)
# SVG and MathML: attributes that paint and place. Never an event handler, a namespace, an
# animation's target; nor one that takes the focus (the page would scroll there), opens a popover
# above the ad, or sends the reader's address to the site of a link.
FOREIGN_ATTRIBUTE: Final = re.compile(
    r"(?!on|xmlns:|xml:|data-slot|data-passalong)[A-Za-z][A-Za-z0-9_.-]*$"
)
FOREIGN_REFUSED: Final = _set(
    "attributeName attributeType begin dur from to values by href src autofocus interestfor "
    "referrerpolicy ping download"
)
