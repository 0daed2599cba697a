"""Replication in a cluster: which masters serve, and what a fail-over would lose. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from redis.exceptions import ConnectionError  # noqa: A004 - redis-py's own, which is no OSError


class MasterState(NamedTuple):
    """One master: its `history` (Redis' replication id) changes with each fail-over and restart.

    `written` is its replication offset in bytes, `copied` the smallest offset of any replica that
    could take over; None if the cluster knows of no living replica.
    """

    history: str
    written: int
    copied: int | None


MasterStates = Mapping[str, MasterState]


def of_master(told: Mapping[str, Any], replicas: int) -> MasterState:
    """From a server's INFO replication and the number of its replicas by the cluster's word.

    Raises ConnectionError if the server is no longer a master.
    """
    if told["role"] != "master":
        raise ConnectionError("the cluster has changed")
    links = [told[f"slave{n}"] for n in range(told["connected_slaves"])]
    copies = [link["offset"] if link["state"] == "online" else 0 for link in links]
    # A replica that lives but is not connected may still be made master.
    copied_ = min(copies, default=None) if len(copies) >= replicas else 0
    return MasterState(told["master_replid"], told["master_repl_offset"], copied_)


def same(before: MasterStates, now: MasterStates) -> bool:
    """Whether the same masters serve and none of them was away in between."""
    return {n: s.history for n, s in before.items()} == {n: s.history for n, s in now.items()}


def copied(before: MasterStates, now: MasterStates) -> bool:
    """Whether every living replica has what its master had written before."""
    return all(
        each.copied is None or each.copied >= before[name].written for name, each in now.items()
    )
