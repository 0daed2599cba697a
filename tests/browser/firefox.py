"""A real Firefox for tests, by WebDriver BiDi, which it speaks without a driver.

`Tab` has those methods of Playwright's `Page` that our tests need, so that a test runs in both
browsers.
"""

import asyncio
import itertools
import json
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

CLOCK = (Path(__file__).parent / "clock.js").read_text(encoding="utf-8")
PATIENCE_S = 60
CONTROL = "\ue009"
MIDDLE = """selector => {
  const at = document.querySelector(selector);
  at.scrollIntoView({block: "center", behavior: "instant"});
  const {left, top, width, height} = at.getBoundingClientRect();
  return [Math.round(left + width / 2), Math.round(top + height / 2)];
}"""
# Otherwise a new tab has the size of the last one. (Firefox sends no telemetry while automated.)
SETTINGS = 'user_pref("browser.zoom.siteSpecific", false);'


class Failed(Exception):
    """A command that Firefox refused, or a script that threw."""


class Wire:
    """The connection: commands with their answers, and errors of pages."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.create_task(self._read())
        self.complaints: list[str] = []
        self.listeners: list[Callable[[dict[str, Any]], None]] = []

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if said["type"] == "event":
                self._hear(said)
            elif (waiting := self._waiting.get(said["id"])) and not waiting.done():
                waiting.set_result(said)

    def _hear(self, said: dict[str, Any]) -> None:
        for listener in self.listeners:
            listener(said)
        if said["method"] == "log.entryAdded" and said["params"]["level"] == "error":
            self.complaints.append(str(said["params"]["text"]))

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command's result. Raises Failed, and TimeoutError without an answer."""
        number = next(self._ids)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await waiting
        finally:  # an answer that comes too late is for nobody
            del self._waiting[number]
        if answer["type"] == "error":
            raise Failed(f"{method}: {answer['error']}: {answer['message']}")
        return dict(answer["result"])

    async def close(self) -> None:
        await self.call("browser.close")
        await self._reader


class Clock:
    """A tab's clock."""

    def __init__(self, tab: "Tab") -> None:
        self._tab = tab

    async def run_for(self, ms: int) -> None:
        await self._tab.evaluate(f"clock.run_for({ms})")

    async def fast_forward(self, ms: int) -> None:
        await self._tab.evaluate(f"clock.fast_forward({ms})")


class Tab:
    """A tab; the tabs of a profile are in one window, which shows one of them."""

    def __init__(self, wire: Wire, context: str) -> None:
        self._wire = wire
        self.context = context
        self.clock = Clock(self)

    async def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return await self._wire.call(method, context=self.context, **params)

    async def goto(self, url: str) -> None:
        await self._call("browsingContext.navigate", url=url, wait="complete")

    async def reload(self) -> None:
        await self._call("browsingContext.reload", wait="complete")

    async def go_back(self) -> None:
        await self._call("browsingContext.traverseHistory", delta=-1)

    async def bring_to_front(self) -> None:
        await self._call("browsingContext.activate")

    async def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        await self._call("browsingContext.setViewport", viewport=size)

    async def print(self) -> None:
        await self._call("browsingContext.print")

    async def evaluate(self, script: str, argument: object = None) -> Any:
        """The value of an expression; if that is a function, its result for `argument`."""
        said = await self._wire.call(
            "script.evaluate",
            expression=f"""(async () => {{
                const made = ({script});
                const value = made instanceof Function ? made({json.dumps(argument)}) : made;
                return JSON.stringify([await value]);
            }})()""",
            target={"context": self.context},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise Failed(said["exceptionDetails"]["text"])
        [value] = json.loads(said["result"]["value"])
        return value

    async def click(self, selector: str) -> None:
        """Click the middle of a selector's first element, by real mouse events."""
        x, y = await self.evaluate(MIDDLE, selector)
        press = [{"type": "pointerMove", "x": x, "y": y}]
        press += [{"type": f"pointer{way}", "button": 0} for way in ("Down", "Up")]
        hand = {"type": "pointer", "id": "h", "actions": press}
        await self._call("input.performActions", actions=[hand])

    async def zoom(self, steps: int) -> None:
        """Zoom as a person does, by the wheel with Ctrl held; out if `steps` is below 0."""
        turn = {"type": "scroll", "x": 9, "y": 9, "deltaX": 0, "deltaY": -120 if steps > 0 else 120}
        held = {"type": "key", "id": "k", "actions": [{"type": "keyDown", "value": CONTROL}]}
        wheel = {"type": "wheel", "id": "w", "actions": [{"type": "pause"}, *[turn] * abs(steps)]}
        await self._call("input.performActions", actions=[held, wheel])
        await self._call("input.releaseActions")


class Profile:
    """A person's profile, shared by their tabs and closed with them."""

    def __init__(self, wire: Wire, number: str) -> None:
        self._wire = wire
        self._number = number

    async def new_page(self, *, kind: str = "tab") -> Tab:
        """A tab in front of the others, or a window by `kind`; its time stands still."""
        made = await self._wire.call("browsingContext.create", type=kind, userContext=self._number)
        return Tab(self._wire, made["context"])

    async def close(self) -> None:
        await self._wire.call("browser.removeUserContext", userContext=self._number)


@dataclass(frozen=True)
class Firefox:
    """A running Firefox."""

    wire: Wire

    async def new_context(self) -> Profile:
        number = (await self.wire.call("browser.createUserContext"))["userContext"]
        early = {"functionDeclaration": CLOCK, "userContexts": [number]}
        await self.wire.call("script.addPreloadScript", **early)
        return Profile(self.wire, number)


async def _listening(process: asyncio.subprocess.Process) -> str:
    """The address on which Firefox says that it listens."""
    assert process.stderr
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stderr:
            if found := re.search(rb"BiDi listening on (ws://\S+)", line):
                return found[1].decode()
    raise Failed("Firefox ended before it listened")


@asynccontextmanager
async def firefox(path: str) -> AsyncIterator[Firefox]:
    """A headless Firefox with a temporary profile."""
    with tempfile.TemporaryDirectory(prefix="passalong-firefox-", ignore_cleanup_errors=True) as at:
        (Path(at) / "user.js").write_text(SETTINGS)
        process = await asyncio.create_subprocess_exec(
            *(path, "--headless", "--no-remote", "--profile", at, "--remote-debugging-port", "0"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            address = await _listening(process)
            assert process.stderr
            heard = asyncio.create_task(process.stderr.read())  # so that the pipe does not fill up
            async with ClientSession() as http, http.ws_connect(f"{address}/session") as socket:
                wire = Wire(socket)
                await wire.call("session.new", capabilities={})
                await wire.call("session.subscribe", events=["log.entryAdded"])
                yield Firefox(wire)
                await wire.close()
            await asyncio.wait_for(heard, PATIENCE_S)
        finally:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), PATIENCE_S)
