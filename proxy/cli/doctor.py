"""`passalong doctor`: what is wrong with this installation, and how to mend it."""

import asyncio
import os
import shutil
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis.exceptions import NoPermissionError, RedisError, ResponseError

from ads.store import connect
from ads.store.cluster import Cluster
from ads.store.counts import Counts
from proxy import config as settings
from proxy.cdn import purge
from proxy.cli.command import connected, in_words
from proxy.config import Config
from proxy.poster import fonts
from proxy.run import lock
from proxy.run.store import answers, socket_path, store_url
from proxy.store import schema, signer
from proxy.wechat import tickets as wechat

CLOCK_OFF_SECONDS = 2.0
LEAST_FREE_BYTES = 1 << 30
FULL = 0.9

Finding = tuple[bool, str]
"""(fine, sentence)."""


def add_arguments(parser: ArgumentParser) -> None:
    """`doctor` takes no options; it reads the settings of `serve`."""


def run(_: Namespace) -> int:
    """Prints every finding; 1 if anything needs mending."""
    findings = list(examine())
    for fine, sentence in findings:
        print(f"{'ok   ' if fine else 'FAULT'} {sentence}")
    return 0 if all(fine for fine, _ in findings) else 1


def examine() -> Iterator[Finding]:
    """The findings of every check in turn; only those of the settings, if they cannot be read."""
    try:
        config = settings.load(os.environ)
    except settings.ConfigError as error:
        yield from ((False, fault) for fault in error.faults)
        return
    yield True, "settings can be read"
    for name in settings.strange(os.environ):
        near = get_close_matches(name, [each.variable for each in settings.SETTINGS], 1)
        yield False, f"settings: there is no {name}" + (f"; is it {near[0]}?" if near else "")
    checks = (_store, _spool, _origins, _proxies, _edges, _wechat, _fonts)
    for check in checks:
        yield from check(config)


def _store(config: Config) -> Iterator[Finding]:
    where = store_url(config)
    if not config.redis_url and not answers(socket_path(config.data_dir)):
        yield _silent(config.data_dir / "store" / "lock")
        return
    try:
        info, seconds, written, masters, refused = asyncio.run(_ask(where))
    except NoPermissionError as error:
        yield False, f"store: {error}; ops/README.md says what its user must be allowed"
        return
    except (RedisError, OSError) as error:
        named = urlsplit(where).netloc.rpartition("@")[2] or where  # it may hold a password
        yield False, f"store: {named} does not answer ({in_words(error)}); mend PASSALONG_REDIS_URL"
        return
    text = str(info.get("valkey_version") or info["redis_version"])
    new = tuple(map(int, text.split(".")[:2])) >= (7, 0)
    yield new, f"store: version {text} (7.0 or later is needed)"
    aof = bool(info.get("aof_enabled"))
    kept = "is on" if aof else "is off; set `appendonly yes`, or a crash loses counts"
    ours = schema.VERSION
    yield written == ours, f"store: of version {written}, this service reads {ours}"
    yield aof, f"store: append-only file {kept}"
    how = f"is refused ({refused})" if refused else "is in it"
    yield not refused, f"store: the function that counts {how}"
    yield from _memory(info)
    yield from _cluster(masters)
    known = asyncio.run(connected(where, lambda redis: signer.known(redis, config.ads.secret_keys)))
    yield known, f"keys: {'all that sign are ours' if known else signer.STRANGE}"
    off = abs(seconds - time.time())
    yield off < CLOCK_OFF_SECONDS, f"clock: {off:.1f} s from the store's (run an NTP client)"


def _silent(held: Path) -> Finding:
    """The embedded store does not answer: it does not run, or it hangs and holds its lock."""
    try:
        if held.exists():
            os.close(lock.take(held))
    except lock.LockedError as error:
        mend = "if it hangs, kill its valkey-server, and the service starts it again"
        return False, f"store: the embedded one does not answer ({error}); {mend}"
    return True, "store: the embedded one, which starts with `passalong serve`"


async def _ask(where: str) -> tuple[dict[str, Any], float, int, list[int], str]:
    """The store's INFO, its clock (s), its records' version, the replicas of each master.

    The last is why the store refuses our function, "" if it takes it.
    """
    async with aclosing(connect(where)) as redis:
        info = await redis.info()
        seconds, micros = await redis.time()
        masters = await redis.masters() if isinstance(redis, Cluster) else {}
        known = await schema.version(redis)
        refused = ""
        try:
            await Counts(redis).load_library()
        except NoPermissionError as error:
            refused = f"{error}; allow its user FUNCTION LOAD and FCALL"
        except ResponseError as error:
            refused = str(error)
        return info, seconds + micros / 1e6, known, list(masters.values()), refused


def _cluster(replicas: Sequence[int]) -> Iterator[Finding]:
    """Whether each master of a cluster has a living replica; nothing for a single store."""
    alone = replicas.count(0)
    if replicas:
        lost = f"; {alone} without a living replica, and what such a one holds goes with it"
        yield not alone, f"store: a cluster of {len(replicas)} masters{lost if alone else ''}"


def _memory(info: Mapping[str, Any]) -> Iterator[Finding]:
    """A full store takes no writes; a store that evicts keys loses counts."""
    most, policy = info["maxmemory"], info["maxmemory_policy"]
    if not most:
        return
    used = info["used_memory"]
    room = used < FULL * most
    memory = f"store: memory {used >> 20} MB of {most >> 20} MB"
    yield room, memory + ("" if room else "; raise maxmemory")
    kept = policy == "noeviction"
    yield kept, f"store: maxmemory-policy {policy}" + ("" if kept else "; set noeviction")


def _spool(config: Config) -> Iterator[Finding]:
    shut = [path for path in _of_the_service(config.data_dir) if not os.access(path, os.W_OK)]
    kept = "cannot be written; give it to the service's user" if shut else "can be written"
    yield not shut, f"spool: {shut[0] if shut else config.data_dir} {kept}"
    spool = config.data_dir / "spool"  # it may have a disk of its own
    free = shutil.disk_usage(spool if spool.exists() else config.data_dir).free
    yield free > LEAST_FREE_BYTES, f"spool: {free >> 20} MB free (1024 MB or more is wanted)"


def _of_the_service(data_dir: Path) -> Iterator[Path]:
    """All that the service writes to; another user's command may have left files of its own."""
    yield data_dir
    for name in ("spool", "events", "store"):
        folder = data_dir / name
        yield from (path for path in (folder, *folder.glob("*")) if path.exists())


def _origins(config: Config) -> Iterator[Finding]:
    console, pages = (urlsplit(o) for o in (config.ads.console_origin, config.ads.pages_origin))
    if console.hostname != pages.hostname:
        yield True, "origins: console and pages have hosts of their own"
    else:
        shared = "origins: console and pages share a host, so pages get the strict sandbox"
        yield False, f"{shared}; set PASSALONG_PAGES_ORIGIN to another registrable domain"
    for name, origin in (("console", console), ("pages", pages)):
        local = origin.hostname in ("localhost", "127.0.0.1", "::1")
        safe = origin.scheme == "https" or local
        yield safe, f"origins: {name} is {origin.geturl()}" + ("" if safe else "; use https")


def _edges(config: Config) -> Iterator[Finding]:
    """Whether each edge takes purges, tried with an empty one."""
    for edge in config.purge_edges:
        refusal = asyncio.run(purge.probe(edge))
        how = "takes purges" if refusal is None else f"does not take purges ({refusal})"
        yield refusal is None, f"edges: {edge.name} {how}"


def _wechat(config: Config) -> Iterator[Finding]:
    """Whether WeChat gives a ticket; the call counts against the account's daily limit."""
    if config.wechat is None:
        return
    try:
        asyncio.run(wechat.asked(config.wechat, config.fetch_proxy))
    except wechat.RefusedError as error:
        yield False, f"wechat: no ticket: {error}"
    else:
        yield True, f"wechat: {config.wechat.app_id} vouches for pages"


def _proxies(config: Config) -> Iterator[Finding]:
    nets = config.ads.trusted_proxies
    if wide := ", ".join(str(net) for net in nets if net.prefixlen == 0):
        yield False, f"proxies: {wide} trusts everyone's X-Forwarded-For; name your proxies only"
    elif not nets and config.ads.pages_origin.startswith("https:"):
        mend = "name what ends https, and the edge, in PASSALONG_TRUSTED_PROXIES"
        yield False, f"proxies: none is trusted, so all readers are one address; {mend}"
    else:
        yield True, f"proxies: {len(nets)} trusted networks"


def _fonts(_: Config) -> Iterator[Finding]:
    """Never a fault: only posters need the font."""
    lacking = f"no font for Chinese titles, which are left out; install {fonts.PACKAGE}"
    yield True, f"posters: {'Chinese titles can be written' if fonts.chinese() else lacking}"
