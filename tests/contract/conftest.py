"""One running service for each module."""

from collections.abc import Iterator

import pytest

from tests.contract.kit import World, world
from tests.service import Service


@pytest.fixture(scope="module")
def w(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A running service with all around it, without limits, allowed to fetch from loopback."""
    folder = tmp_path_factory.mktemp("contract")
    service = Service(folder / "data", fetch_allow_nets="127.0.0.0/8", limits="off")
    with world(service) as made:
        yield made
