"""A snapshot that the store cannot write ends with an error, not never."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest

from proxy.run.store import EmbeddedStore, url
from proxy.store import snapshot


def test_a_store_whose_disk_takes_no_snapshot_is_told(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store:
        shutil.rmtree(store.folder)
        with pytest.raises(snapshot.SnapshotError, match="began no snapshot"):
            snapshot.take(url(tmp_path), BytesIO())
