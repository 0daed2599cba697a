"""A snapshot goes past the store's disk; one that it cannot write ends with an error."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from redis import Redis

from proxy.run.store import EmbeddedStore, url
from proxy.store import snapshot


def test_a_snapshot_needs_nothing_of_the_stores_disk_if_its_user_may_say_so(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store, Redis.from_url(url(tmp_path)) as redis:
        less = ("+@all", "-@admin", "-@dangerous", "+sync")  # as ops/README.md has it
        redis.execute_command("ACL", "SETUSER", "less", "on", ">pw", "~*", "&*", *less)
        shutil.rmtree(store.folder)
        assert snapshot.take(url(tmp_path), BytesIO())
        with pytest.raises(snapshot.SnapshotError, match="began no snapshot"):
            snapshot.take(url(tmp_path).replace("unix://", "unix://less:pw@"), BytesIO())
