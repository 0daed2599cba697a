"""What every test may use: a real store, the corpus, and only loopback as network."""

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
from proxy.run.store import binary
from tests.commands import Fork
from tests.service import Service

# Hypothesis bounds the number of examples, not their time: the machine may be busy.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


Service.begin = Fork

# pytest's time limit covers neither the clean-up after a test nor the end of the run. After so long
# all threads' stacks are printed and the process ends.
TIDY_SECONDS = 90.0
STDERR = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[STDERR] = os.dup(2)  # during a test, pytest replaces descriptor 2


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
    """The folder of real pages next to the checkout."""
    if not (CORPUS / "MANIFEST.tsv").exists():
        pytest.skip("NO CORPUS: ../shared/corpus is not beside this checkout")
    return CORPUS


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey on a Unix socket, for the whole run."""
    folder = Path(tempfile.mkdtemp(prefix="passalong-test-"))
    socket = folder / "valkey.sock"
    places = ("--unixsocket", socket, "--dir", folder)
    server = subprocess.Popen(
        [binary(), *"--port 0 --appendonly no".split(), "--save", "", *places],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # if it kept ours open, a reader of ours would wait for it
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
    """A client of a store, which it empties."""
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
    """A client of an empty store."""
    async with emptied(valkey_url) as client:
        yield client


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("PASSALONG_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The whole service with two workers, allowed to fetch from loopback; not started yet."""
    made = Service(tmp_path / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    yield made
    made.close()
