"""What of a publisher's markup may stay: allow-lists; what is named nowhere goes (a leaf).

Drawn up from the HTML Standard's element and attribute indices, SVG 2 and MathML Core.
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
# Gone with everything in them: they run, fetch, ask or hide text that is no part of the page.
DROPPED: Final = _set(
    """
    script template iframe frame frameset embed applet noembed noframes param portal fencedframe
    input select option optgroup datalist textarea keygen base bgsound dialog isindex
    """
)
# Elements under another name, so that the publisher's classes still find them.
RENAMED: Final = {
    "form": "div",
    # Ours alone: the reader's script looks for them, and gives what is in them the reader's hop.
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
# A custom element is an unknown one without its script: harmless, and style sheets name it. What
# is named nowhere (object, canvas, slot) goes, and its content stays in its place, in a span if it
# had a class: a sheet may hide by that what it holds.
CUSTOM: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9._]+)+")

# SVG's and MathML's own, which no custom element may be called (HTML, "valid custom element name").
RESERVED: Final = _set("annotation-xml color-profile missing-glyph font-face")

# `popover` without `popovertarget`: it is not shown, and nothing opens it above the ad.
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
# Attributes of ours, and the marks of scroll effects that hide text until a script runs.
REFUSED_DATA: Final = re.compile(r"data-(?:slot|passalong|aos(?:-.*)?|sal(?:-.*)?)$")
# What Angular's sheets know their elements by (view encapsulation "emulated").
SCOPES: Final = ("_ngcontent-", "_nghost-")
# Longer ones carry a script's data, which no style sheet asks for.
MAX_DATA: Final = 200
# Verdicts on names are remembered, and nobody names an attribute in so many letters.
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
# SVG and MathML: what paints and places; never a handler, an animation's target or a namespace,
# nor what takes the focus, which scrolls the page there, opens a popover above the ad, or tells
# whoever is linked this reader's address.
FOREIGN_ATTRIBUTE: Final = re.compile(
    r"(?!on|xmlns:|xml:|data-slot|data-passalong)[A-Za-z][A-Za-z0-9_.-]*$"
)
FOREIGN_REFUSED: Final = _set(
    "attributeName attributeType begin dur from to values by href src autofocus interestfor "
    "referrerpolicy ping download"
)
