"""How a cluster's masters stand: who serves, and what a fail-over would leave (pure)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from redis.exceptions import ConnectionError  # noqa: A004 - redis-py's own, which is no OSError


class Standing(NamedTuple):
    """A master's: its `history` is another after each fail-over and restart.

    `written` is the length of its stream of changes, `copied` how much of that every replica has
    that could take over; None if the cluster knows of none that lives.
    """

    history: str
    written: int
    copied: int | None


Standings = Mapping[str, Standing]


def of_master(told: Mapping[str, Any], replicas: int) -> Standing:
    """From what INFO tells of its replication, and the number of replicas that the cluster has.

    Raises ConnectionError if it is no master any more.
    """
    if told["role"] != "master":
        raise ConnectionError("the cluster has changed")
    links = [told[f"slave{n}"] for n in range(told["connected_slaves"])]
    copies = [link["offset"] if link["state"] == "online" else 0 for link in links]
    # A replica that lives but does not follow may still be made master.
    copied_ = min(copies, default=None) if len(copies) >= replicas else 0
    return Standing(told["master_replid"], told["master_repl_offset"], copied_)


def same(before: Standings, now: Standings) -> bool:
    """Whether the same masters serve, none of them having been away."""
    return {n: s.history for n, s in before.items()} == {n: s.history for n, s in now.items()}


def copied(before: Standings, now: Standings) -> bool:
    """Whether every living replica has what its master had written before."""
    return all(
        each.copied is None or each.copied >= before[name].written for name, each in now.items()
    )
