"""Every test of this folder has a cluster where others have one server."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import Cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Three masters and three replicas, for the tests of one file."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        made = Cluster(Path(folder))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def valkey_url(cluster: Cluster) -> str:
    """What the store's tests ask for by this name."""
    return cluster.url
