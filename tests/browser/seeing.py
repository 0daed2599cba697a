"""Steps of viewability tests, for any browser."""

from typing import Any

from tests.browser.origin import Origin

# The slot starts below the window.
BELOW = '<div style="height:1500px"></div>'
SET = "Object.defineProperty(document, '{0}', {{value: {1}, configurable: true}})"


async def turn(page: Any, *, hidden: bool) -> None:
    """Send the page to the background, or bring it back."""
    await page.evaluate(SET.format("hidden", str(hidden).lower()))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


async def leave(page: Any) -> None:
    """Leave the page: a moment later browsers hide it as well."""
    await page.evaluate("dispatchEvent(new Event('pagehide'))")
    await page.clock.run_for(40)
    await turn(page, hidden=True)


async def views(origin: Origin, page: Any) -> list[str]:
    """The slots whose views have been reported, after all pending events have arrived."""
    reads = len(origin.of("read"))
    await page.clock.run_for(2)
    await turn(page, hidden=True)
    await page.clock.run_for(2)
    await origin.until(lambda: len(origin.of("read")) > reads)
    await turn(page, hidden=False)
    return [event["s"] for event in origin.of("view")]


async def shape(page: Any, wide: float, high: float) -> None:
    """Give the slot a size, whatever its content."""
    await page.evaluate(
        """([wide, high]) => {
            const at = document.querySelector('note-card').style;
            const rules = {width: wide + 'px', height: high + 'px', 'max-width': 'none',
                'min-width': 0, 'min-height': 0, 'max-height': 'none', margin: 0,
                overflow: 'hidden', 'box-sizing': 'border-box'};
            for (const [name, value] of Object.entries(rules))
                at.setProperty(name, value, 'important');
        }""",
        [wide, high],
    )


async def show(page: Any, pixels: float) -> None:
    """Scroll until exactly the upper `pixels` of the slot are in the window, and check that."""
    await page.evaluate(
        """pixels => new Promise(done => {
            const {top} = document.querySelector('note-card').getBoundingClientRect();
            const before = scrollY;
            addEventListener('scroll', done, {once: true});
            scrollTo({top: scrollY + top + pixels - innerHeight, behavior: 'instant'});
            if (scrollY == before) done();
        }).then(() => 0)""",
        pixels,
    )
