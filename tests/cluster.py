"""A real cluster on loopback: three masters and three replicas, each a process of its own."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import redis as sync
from redis.crc import key_slot
from redis.exceptions import RedisError

from proxy.run.store import binary
from tests.service import free_port

MASTERS = 3
START_SECONDS = 60.0
NODE_TIMEOUT_MS = 1500
"""When a replica asks to take over from a master that does not answer."""


class Node:
    """A server; its folder and port outlive it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.bus = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.client = sync.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        """Starts it with the data and the place in the cluster that it left."""
        self.folder.mkdir(exist_ok=True)
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "cluster-enabled": "yes",
            "cluster-port": str(self.bus),
            "cluster-node-timeout": str(NODE_TIMEOUT_MS),
            "cluster-replica-validity-factor": "0",
            "repl-diskless-sync-delay": "0",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "logfile": str(self.folder / "log"),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = subprocess.Popen([binary(), *words])

    def kill(self) -> None:
        """kill -9; returns when it is gone."""
        if self.process:
            self.process.kill()
            self.process.wait(20)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask(self, *words: str | int) -> object:
        """Its raw answer to a command."""
        return self.client.execute_command(*map(str, words))

    def name(self) -> str:
        """Its id in the cluster."""
        return _text(self.ask("CLUSTER", "MYID"))

    def is_master(self) -> bool:
        with contextlib.suppress(RedisError):
            return self.replication()["role"] == "master"
        return False

    def replication(self) -> dict[str, object]:
        """INFO on its replicas, or on its master."""
        return dict(self.client.info("replication"))


class Cluster:
    """Six servers that know each other; `url` names them all."""

    def __init__(self, folder: Path) -> None:
        self.nodes = [Node(folder / str(number)) for number in range(2 * MASTERS)]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self) -> None:
        """Starts all, assigns the slots, and waits until every replica has its copy."""
        for node in self.nodes:
            node.start()
        first = self.nodes[0]
        _until(lambda: all(_answers(node) for node in self.nodes), "servers that answer")
        for number, node in enumerate(self.nodes[:MASTERS]):
            low, high = (16384 * (number + at) // MASTERS for at in (0, 1))
            node.ask("CLUSTER", "ADDSLOTSRANGE", low, high - 1)
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node in self.nodes[1:]:
            first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, node.bus)
        _until(self._acquainted, "servers that know each other")
        for master, replica in zip(self.nodes[:MASTERS], self.nodes[MASTERS:], strict=True):
            replica.ask("CLUSTER", "REPLICATE", master.name())
        self.settle()

    def settle(self) -> None:
        """Waits until the cluster is whole."""
        _until(self.whole, "masters with a replica each")

    def _acquainted(self) -> bool:
        known = [_text(node.ask("CLUSTER", "INFO")) for node in self.nodes]
        return all(
            "cluster_state:ok" in each and f"cluster_known_nodes:{len(self.nodes)}" in each
            for each in known
        )

    def replica_of(self, master: Node) -> Node:
        """A master's living replica."""
        return next(
            node
            for node in self.nodes
            if node.running() and node.replication().get("master_port") == master.port
        )

    def cut_off(self, master: Node) -> Node:
        """Makes the master's replica stop following, though it lives; returns the replica."""
        replica = self.replica_of(master)
        replica.ask("CONFIG", "SET", "masterauth", "nobody asks for one")
        master.ask("CLIENT", "KILL", "TYPE", "replica")
        return replica

    def fail_over(self, master: Node) -> float:
        """Kills the master; returns the seconds until its replica has taken over."""
        replica, started = self.replica_of(master), time.monotonic()
        master.kill()
        _until(replica.is_master, "replica that takes over")
        replica.ask("CONFIG", "SET", "masterauth", "")
        return time.monotonic() - started

    def depose(self, replica: Node) -> None:
        """Makes the replica take over from a living master, which follows it from then on."""
        replica.ask("CLUSTER", "FAILOVER", "TAKEOVER")
        replica.ask("CONFIG", "SET", "masterauth", "")
        _until(self.whole, "new master")

    def move(self, key: str) -> Node:
        """Moves the key's slot to another master at once; returns that master."""
        source, slot = self.master_of(key), self.slot_of(key)
        target = next(n for n in self.nodes if n is not source and n.running() and n.is_master())
        source.ask("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", target.name())
        _until(lambda: slot in _slots(target), "slot that moves")
        return target

    def whole(self) -> bool:
        """Whether all slots are served, and each living server is a master or follows one."""
        with contextlib.suppress(RedisError, OSError):
            living = [node for node in self.nodes if node.running()]
            told = [_text(node.ask("CLUSTER", "INFO")) for node in living]
            found = [node.replication() for node in living]
            return (
                all("cluster_state:ok" in each for each in told)
                and all(each.get("master_link_status", "up") == "up" for each in found)
                and all(len(each) > 3 for each in living[0].ask("CLUSTER", "SLOTS"))
            )
        return False

    def master_of(self, key: str) -> Node:
        """The server that serves this key."""
        slot = self.slot_of(key)
        for node in self.nodes:
            if node.running() and node.is_master() and slot in _slots(node):
                return node
        raise AssertionError(f"nobody serves {key}")

    def slot_of(self, key: str) -> int:
        return key_slot(key.encode())

    def stop(self) -> None:
        for node in self.nodes:
            node.client.close()
            node.kill()


def _slots(node: Node) -> set[int]:
    """The slots that a server says it serves."""
    text = _text(node.client.execute_command("CLUSTER", "NODES"))
    line = next(line for line in text.splitlines() if "myself" in line)
    found: set[int] = set()
    for part in line.split()[8:]:
        if not part.startswith("["):
            low, _, high = part.partition("-")
            found |= set(range(int(low), int(high or low) + 1))
    return found


def _answers(node: Node) -> bool:
    with (
        contextlib.suppress(RedisError, OSError),
        socket.create_connection(("127.0.0.1", node.port), 1),
    ):
        return bool(node.client.ping())
    return False


def _text(answer: object) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.02)
