"""`passalong demo`: every screen shows something, and nothing remains afterwards."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.request import urlopen

import aiohttp
import pytest

from tests.service import Lines, end_session, free_port, session_members

pytestmark = pytest.mark.timeout(120)
START_SECONDS = 90.0


class Demo:
    """The running command and its output."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PASSALONG_")}
        environ |= {"TMPDIR": str(folder), "PASSALONG_DATA_DIR": str(folder / "mine")}
        command = [sys.executable, "-m", "proxy", "demo", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = Lines(self.process.stdout)

    def told(self, form: str) -> str:
        found = re.search(form, "".join(self.lines.told))
        assert found, self.lines.told
        return found[1]

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with tempfile.TemporaryDirectory() as folder:
        running = Demo(Path(folder))
        try:
            running.lines.until("Ctrl-C", START_SECONDS)
            # It listens earlier, but only once it answers, Ctrl-C ends it in an orderly way.
            urlopen(f"http://127.0.0.1:{running.port}/healthz", timeout=START_SECONDS).close()
            yield running
        finally:
            end_session(running.process.pid)
            running.process.wait(20)


@pytest.fixture
async def mei(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    """A session of somebody who signed in as the command's output says."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        url = demo.told(r"(http\S+/signin\?email=\S+)")
        async with session.get(url) as answer:
            page = await answer.text()
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        email = re.search(r'name="email" value="([^"]+)"', page)
        assert token, page
        assert email, page
        form = {"csrf": token[1], "email": email[1], "password": demo.told(r"Password: (\S+)")}
        origin = f"http://localhost:{demo.port}"
        async with session.post(
            f"{origin}/signin", data=form, headers={"Origin": origin}
        ) as answer:
            assert answer.url.path == "/", await answer.text()
        yield session


async def _page(demo: Demo, session: aiohttp.ClientSession, path: str) -> str:
    async with session.get(f"http://localhost:{demo.port}{path}") as answer:
        assert answer.status == 200, (path, answer.status)
        return await answer.text()


async def test_every_screen_shows_something(demo: Demo, mei: aiohttp.ClientSession) -> None:
    shares = re.findall(r'href="/shares/(\w{12})"', await _page(demo, mei, "/shares"))
    ads = re.findall(r'href="/ads/(\w{12})"', await _page(demo, mei, "/ads"))
    assert (len(set(shares)), len(set(ads))) == (7, 2)
    report = re.sub(r"<[^>]+>", "", await _page(demo, mei, f"/ads/{ads[0]}/report"))
    assert re.search(r"6\d\d readers\. The ad was seen [\d,]+ times and tapped \d+ times", report)
    assert "The longest chain is" in report
    for word in ("Robot", "Prefetch", "It adds up"):
        assert word in await _page(demo, mei, f"/ads/{ads[0]}/ledger")
    assert "hops deep" in await _page(demo, mei, f"/shares/{shares[-1]}/spread")
    article = demo.told(r"paste: (\S+),")
    preview = await _page(demo, mei, f"/preview?url={article}")
    assert "What the last oolong of the year tastes like" in preview


def test_it_ends_in_order_and_leaves_nothing_behind(demo: Demo) -> None:
    session = demo.process.pid
    assert demo.end() == 0
    assert session_members(session) == {}
    assert list(demo.folder.iterdir()) == []
