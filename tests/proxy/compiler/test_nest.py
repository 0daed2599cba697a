"""The elements around blocks: found once for all, they agree with each block's ancestors."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.compiler import tree
from proxy.compiler.blocks import Block, blocks
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.tree import Element


def _wrapped(inside: list[str]) -> str:
    return f"<div class={'a' if len(inside) == 1 else 'b'}>text{''.join(inside)}</div>"


NESTED = st.recursive(st.just("<p>x"), lambda inner: st.lists(inner).map(_wrapped), max_leaves=30)


def around(block: Block, top: Element) -> list[Element]:
    whole = [block.first, *tree.ancestors(block.first)]
    return [e for e in whole[: whole.index(top)] if isinstance(e, Element)]


@given(NESTED)
def test_sums_and_tests_are_those_of_the_ancestors(markup: str) -> None:
    body = tree.elements(tree.parse(markup), "body")[0]
    found = blocks(body)
    nest = Nest(found, body)
    sums = nest.sums((block, block.weight) for block in found)
    is_inside = nest.inside(lambda element: tree.get(element, "class") == "a")
    for element in tree.elements(body):
        inside = [block.weight for block in found if element in around(block, body)]
        assert sums.get(element, 0) == sum(inside)
    for block in found:
        assert list(nest.around(block)) == around(block, body)
        assert is_inside(block) == any(tree.get(e, "class") == "a" for e in around(block, body))
