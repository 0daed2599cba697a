"""Templates that the engine would misread are removed, others stay."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.compiler.foreign_templates import sound
from tests.proxy.compiler.conftest import PARAGRAPHS

ICON = '<svg viewBox="0 0 9 9" width=9><!-- ! by hand --><title id=t>Seek</title><path d=""/></svg>'
TEMPLATE = "<template id=B:0><div>later</div></template>"
PIECES = (
    "<svg>", "</svg>", "<svg/>", "<svg a='</svg>'>", '<svg a=x" b="></svg>">', "</svg\x0b>",
    "</svg x>", "<math>", "<mi>", "</mi>", "<template>", "<TEMPLATE\n>", "</template>", "<title>",
    "</title>", "<desc>", "</desc>", "<foreignObject>", "</foreignObject>", "<style>", "</style>",
    "<xmp>", "</xmp>", "<script>", "</script>", "<p>", "</p>",
    "<g>", "<b>", "<a>", "<!--", "-->", "<!-->", "--!>", "<![CDATA[", "]]>", '"', "'", ">", " x=",
    "text", "</body>", "<\u017fvg>",
)  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{ICON}{TEMPLATE}{ICON}",
        f"{TEMPLATE}<math><mi>x</mi></math>",
        f"<template>{ICON}</template>{TEMPLATE}",
        "<svg><foreignObject><p>no template",
        "<template-card><svg><style></svg>",
    ],
)
def test_a_page_whose_templates_stand_outside_of_drawings_is_as_it_was(markup: str) -> None:
    assert sound(markup) == markup


def test_after_a_drawing_in_doubt_templates_go_and_what_is_around_stays() -> None:
    page = f"<p>a</p>{TEMPLATE}<svg><svg></svg></svg>{TEMPLATE}<p>b</p><template><p>c"
    assert sound(page) == f"<p>a</p>{TEMPLATE}<svg><svg></svg></svg><!----><p>b</p><template-><p>c"


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg>",
        "<SVG\n/><template></template><math>",
        "<svg></svg\x0b>",
        "<svg><!-- ></svg> -->",
        "<svg><![CDATA[</svg>]]>",
        "<svg><svg></svg>",
        """<svg a=x" b="></svg>">""",
        "<svg a='</svg>'>",
        "<!--<svg>--><math><g></svg>",
        "<svg><desc><style></svg></style></desc>",
        "<svg><title><xmp></svg></xmp></title>",
        "<svg><foreignObject><xmp></svg></xmp></foreignObject>",
    ],
)
def test_a_drawing_that_only_seems_to_end_leaves_no_template_behind_it(drawing: str) -> None:
    assert sound(f"{drawing}<template>x</template>") == f"{drawing}<!---->".replace(
        "<template></template>", "<!---->"
    )
    assert sound("<svg><template></template></svg>") == "<svg><!----></svg>"


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_parser_finds_a_template_in_a_drawing_or_a_formula(markup: str) -> None:
    tree = html5lib.parse(sound(markup), namespaceHTMLElements=True)
    foreign = ("{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}")
    tags = [e.tag for e in tree.iter() if isinstance(e.tag, str) and e.tag.startswith(foreign)]
    assert not [tag for tag in tags if tag.endswith("}template")]


@pytest.mark.parametrize("root", ["svg", "math", "svg><g"])
def test_a_template_in_a_drawing_does_not_end_the_compiler(brand: object, root: str) -> None:
    hostile = f"<{root}><template><title><mi><b></template><a><ul><a>"
    page = brand(f"<title>Harvest</title><article>{PARAGRAPHS}</article>{hostile}")  # type: ignore[operator]
    assert b"The harvest came early" in b"".join(page.segments)
