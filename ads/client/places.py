"""Where an address is, by the operator's files: its country, and whether it is a data centre's."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from ipaddress import collapse_addresses, ip_network
from pathlib import Path

import maxminddb

from ads.client.address import Address
from ads.config import Network

# What CDNs write where they know none: XX (Cloudflare, Google), T1 is Tor (Cloudflare), ZZ (CLDR).
_NO_COUNTRY = frozenset({"XX", "ZZ", "T1"})
_CODE = re.compile(r"[A-Z]{2}")


class Ranges:
    """Networks, looked up by halving: 10^5 of them cost a lookup microseconds."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._ends: dict[int, list[int]] = {}
        self._starts: dict[int, list[int]] = {}
        every = list(networks)
        for version in (4, 6):
            merged = collapse_addresses(n for n in every if n.version == version)  # type: ignore[type-var]  # one version at a time
            bounds = [(int(n.network_address), int(n.broadcast_address)) for n in merged]
            self._starts[version] = [start for start, _ in bounds]
            self._ends[version] = [end for _, end in bounds]

    def __contains__(self, address: Address) -> bool:
        at = bisect_right(self._starts[address.version], int(address)) - 1
        return at >= 0 and int(address) <= self._ends[address.version][at]


def read_ranges(path: Path) -> Ranges:
    """A network a line, `#` begins a comment. Raises OSError, and ValueError naming the line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text := line.partition("#")[0].strip():
            try:
                found.append(ip_network(text, strict=False))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    return Ranges(found)


def country_code(text: str) -> str:
    """An ISO 3166-1 alpha-2 code in upper case; "" for anything else and for "unknown"."""
    code = text.strip().upper()
    return code if _CODE.fullmatch(code) and code not in _NO_COUNTRY else ""


class Places:
    """The operator's two files, read once at start; without them nothing is known."""

    def __init__(self, countries: Path | None = None, data_centres: Path | None = None) -> None:
        self._countries = maxminddb.open_database(countries) if countries else None
        self._data_centres = read_ranges(data_centres) if data_centres else None

    def country(self, address: Address | None) -> str:
        """The country's code, "" if unknown."""
        if self._countries is None or address is None:
            return ""
        try:
            return country_code(_code(self._countries.get(address)))
        except ValueError:  # an IPv6 address in a file of IPv4 alone
            return ""

    def is_data_centre(self, address: Address | None) -> bool:
        """Whether machines rather than people have the address."""
        return (
            self._data_centres is not None and address is not None and address in self._data_centres
        )


def _code(record: object) -> str:
    """MaxMind and DB-IP nest it, IPinfo names it `country_code`, its older files `country`."""
    if not isinstance(record, dict):
        return ""
    country = record.get("country")
    found = (
        country.get("iso_code")
        if isinstance(country, dict)
        else record.get("country_code", country)
    )
    return found if isinstance(found, str) else ""


def fault_of_countries(path: Path) -> str:
    """Why the file cannot be used, "" if it can."""
    try:
        maxminddb.open_database(path).close()
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        return str(error)
    return ""


def fault_of_ranges(path: Path) -> str:
    """Why the file cannot be used, "" if it can."""
    try:
        read_ranges(path)
    except (OSError, ValueError) as error:
        return str(error)
    return ""
