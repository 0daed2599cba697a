"""A backup: one file with the store and the spool at one moment, and the signing key.

The spool is copied before the store's snapshot, and no segment is removed between the two. So each
acknowledged event is in the spool, in the store or in both; the store's marks say which are folded,
and a restored service folds the others once.
"""

import errno
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import msgspec

from ads.spool import backup_lock
from proxy.store import snapshot

ABOUT = "about.json"
STORES = "store*.rdb"
"""One file for each server that holds a part of the store."""
KEPT_FOLDERS = ("spool", "events")
KEPT_FILES = ("secret.key",)
_NOT_KEPT = (backup_lock.NAME,)
HOLD_SECONDS = 60.0
FORM = 1


class BackupError(Exception):
    """The backup cannot be made or put back; the message says why."""


class About(msgspec.Struct, frozen=True):
    """The header of a backup; `made_at` in seconds since the epoch.

    A server's snapshot holds all its databases; ours is number `database`.
    """

    form: int
    version: str
    schema: int
    made_at: int
    database: int = 0


def make(data_dir: Path, servers: Sequence[str], into: Path, about: About) -> int:
    """Writes a backup to `into`, whether or not the service runs; returns its length in bytes.

    `servers` are the URLs of all servers of the store; all keys of a share are on one of them.
    Raises SnapshotError, RedisError, OSError (TimeoutError while another backup is under way).
    """
    into = into.resolve()  # a link stays one
    if into.exists() and not into.is_file():  # a device or a pipe would be replaced by a file
        raise OSError(errno.EINVAL, "no regular file", str(into))
    half = into.with_name(f".{into.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)  # from the first byte on: the key is in it
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=".backup-") as folder:
        try:
            with tarfile.open(half, "w") as tar:
                _gather(tar, data_dir, servers, Path(folder), about)
            half.replace(into)
        finally:
            half.unlink(missing_ok=True)
    return into.stat().st_size


def _gather(
    tar: tarfile.TarFile, data_dir: Path, servers: Sequence[str], folder: Path, about: About
) -> None:
    rdbs = [folder / STORES.replace("*", f"-{n}" if n else "") for n in range(len(servers))]
    spool = data_dir / "spool"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    _put(tar, ABOUT, msgspec.json.encode(about))
    with backup_lock.copying(spool, HOLD_SECONDS):
        for file in _files(data_dir):
            with suppress(FileNotFoundError):  # kept events expire meanwhile; the spool is held
                # Read whole: a segment that is being written grows meanwhile.
                _put(tar, str(file.relative_to(data_dir)), file.read_bytes())
        for rdb, server in zip(rdbs, servers, strict=True):
            with rdb.open("wb") as out:
                snapshot.take(server, out)
    for rdb in rdbs:
        tar.add(rdb, rdb.name)


def _files(data_dir: Path) -> Iterator[Path]:
    for name in KEPT_FILES:
        if (data_dir / name).exists():
            yield data_dir / name
    for folder in KEPT_FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            if path.is_file() and path.name not in _NOT_KEPT:
                yield path


def _put(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), 0o600, int(time.time())
    tar.addfile(entry, BytesIO(data))


def read(path: Path) -> About:
    """The header of a backup. Raises BackupError, OSError."""
    try:
        with tarfile.open(path, "r:") as tar:
            member = tar.extractfile(ABOUT)
            about = msgspec.json.decode(member.read() if member else b"", type=About)
    except (KeyError, tarfile.TarError, msgspec.MsgspecError) as error:
        raise BackupError(f"{path} is no backup: {error}") from error
    if about.form != FORM:
        raise BackupError(f"{path} has form {about.form}; this service reads {FORM}")
    return about


@contextmanager
def unpacked(path: Path, data_dir: Path) -> Iterator[Path]:
    """Unpacks a backup; spool, kept events and key move into `data_dir` when the block succeeds.

    Yields a temporary folder in which an embedded store finds the snapshots. Raises BackupError,
    also if `data_dir` has a spool already.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    taken = [file for file in _files(data_dir) if file.name not in KEPT_FILES]
    if taken:
        raise BackupError(f"{data_dir} has a spool with {len(taken)} files; choose an empty one")
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder:
        try:
            with tarfile.open(path, "r:") as tar:
                tar.extractall(folder, filter="data")
        except tarfile.TarError as error:
            raise BackupError(f"{path} is no backup: {error}") from error
        store = Path(folder) / "store"
        store.mkdir(mode=0o700)
        rdbs = [rdb.rename(store / rdb.name) for rdb in Path(folder).glob(STORES)]
        if not rdbs or not all(map(snapshot.is_snapshot, rdbs)):
            raise BackupError(f"{path} holds no snapshot of a store")
        yield Path(folder)
        for name in (*KEPT_FOLDERS, *KEPT_FILES):
            _move(Path(folder) / name, data_dir / name)


def _move(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(exist_ok=True, mode=0o700)
        for each in source.iterdir():
            _move(each, target / each.name)
    elif source.exists():
        source.replace(target)
