"""The tests of this folder have a cluster where others have one server."""

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
    """The cluster's URL, under the name that the store's tests use."""
    return cluster.url


@pytest.fixture
def stride() -> int:
    """Of the orders of a story every seventh is tried: one server has tried them all."""
    return 7
