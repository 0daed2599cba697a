"""One running service a module, for the whole module."""

from collections.abc import Iterator

import pytest

from tests.contract.kit import World, world
from tests.service import Service


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with a running service, limits off, loopback allowed to the fetcher."""
    folder = tmp_path_factory.mktemp("contract")
    service = Service(folder / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    with world(service) as made:
        yield made
