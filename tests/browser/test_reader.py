"""Reader mode on a phone: what a publisher set for a desk is read there as well."""

import pytest
from playwright.async_api import Browser

from proxy.compiler import compile_page
from proxy.rights import Signals
from proxy.source import Source
from tests.proxy.compiler.conftest import AT, TEXT, URL, article, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLUMN = "".join(f"<p>{TEXT.format(n)}</p>" for n in range(3))
ASIDE = """() => {
    const [one, two] = document.querySelectorAll('td');
    return one.getBoundingClientRect().top === two.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize(
    ("row", "aside"),
    [
        (f"<td>{COLUMN}</td><td>{COLUMN}</td>", False),
        ("<td><p>1990</p></td><td><p>12 baskets</p></td>", True),
        (f"<th>Year</th><td>{COLUMN}</td><td>{COLUMN}</td>", True),
    ],
)
async def test_columns_of_text_follow_each_other_and_figures_stand_side_by_side(
    browser: Browser, row: str, aside: bool
) -> None:
    markup = article(f"<table><tr>{row}</tr></table>")
    page = compile_page(Source(URL, markup.encode(), fetched_at=AT), "reader", Signals())
    tab = await browser.new_page(viewport={"width": 390, "height": 844})
    await tab.set_content(written(page))
    assert await tab.evaluate(ASIDE) is aside
    await tab.close()
