"""Parses single settings: text -> value, or a sentence that says what is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network
from pathlib import Path

import ada_url

from ads.store.cluster import fault_of
from proxy import lists
from proxy.addresses import AllowedNet
from proxy.compiler import urls
from proxy.lists import Entry


class Reader:
    """Parses settings by name; `faults` gathers what is wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.faults: list[str] = []

    def text(self, name: str) -> str:
        """The setting as it was given, stripped."""
        return self._values[name].strip()

    def items(self, name: str) -> list[str]:
        """The setting's comma-separated parts, stripped, without empty ones."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`; anything else is a fault."""
        text = self.text(name)
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        self.faults.append(f"PASSALONG_{name}: {text!r} is not a whole number {low}-{high}")
        return low

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """One of the `allowed` words; anything else is a fault."""
        options = tuple(allowed)
        text = self.text(name)
        if text not in options:
            self.faults.append(f"PASSALONG_{name}: {text!r} is none of {', '.join(options)}")
            return options[0]
        return text

    def networks(self, name: str, *, ports: bool = True) -> tuple[AllowedNet, ...]:
        """Networks, each with a port or None; with `ports` False, a port is a fault."""
        found = []
        for item in self.items(name):
            try:
                found.append(_network(item, ports=ports))
            except ValueError:
                self.faults.append(f"PASSALONG_{name}: {item!r} is not a network")
        return tuple(found)

    def hosts(self, name: str) -> frozenset[str]:
        """Hosts' names as the compiler writes them: in lower case and Punycode."""
        found = set()
        for item in self.items(name):
            host = urls.host(f"http://{item}/")
            if not re.fullmatch(r"[a-z0-9.-]+", host) or re.search(r"[/:@?#]", item):
                self.faults.append(f"PASSALONG_{name}: {item!r} is not a host's name")
            found.add(host)
        return frozenset(found)

    def file(self, name: str, fault_of: Callable[[Path], str]) -> Path | None:
        """A file's path, None if none is named; `fault_of` says why a file is of no use, or ""."""
        path = Path(self.text(name)).absolute() if self.text(name) else None
        if path and (fault := fault_of(path)):
            self.faults.append(f"PASSALONG_{name}: {fault}")
        return path

    def store(self, name: str) -> str | None:
        """The store's URL, None if none; a fault does not quote it, as it may hold a password."""
        if fault := fault_of(url := self.text(name)):
            self.faults.append(f"PASSALONG_{name}: {fault}")
        return url or None

    def publishers(self, name: str) -> tuple[Entry, ...]:
        """The entries of the operator's file."""
        path = self.text(name)
        try:
            return lists.parse(Path(path).read_text(encoding="utf-8")) if path else ()
        except (OSError, ValueError) as error:
            self.faults.append(f"PASSALONG_{name}: {error}")
            return ()

    def origin(self, name: str, default: str) -> str:
        """`scheme://host[:port]` as browsers write it: lower case, Punycode, no default port."""
        text = self.text(name) or default
        if not re.fullmatch(r"https?://[^/?#@\s]+/?", text, re.IGNORECASE) or not urls.host(text):
            self.faults.append(f"PASSALONG_{name}: {text!r} is not scheme://host[:port]")
            return default
        return ada_url.URL(text).origin


def _network(item: str, *, ports: bool) -> AllowedNet:
    """`10.0.0.0/8`, `10.0.0.0/8:8080`, `[fd00::/8]`, `[fd00::]/8:8080` -> network and port.

    An address with bits beyond its prefix (`127.0.0.1/8`) stands for the network that it is in.
    """
    match = re.fullmatch(r"\[([^\]]+)\](/\d+)?(?::(\d+))?|([^:]+)(?::(\d+))?", item)
    if not match:
        return ip_network(item, strict=False), None
    net, port = match[4] or match[1] + (match[2] or ""), match[3] or match[5]
    if port and not (ports and 0 < int(port) < 65536):
        raise ValueError(port)
    return ip_network(net, strict=False), int(port) if port else None
