"""The settings of the ad's side, which reads no environment of its own."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

Network = IPv4Network | IPv6Network
Signup = Literal["open", "invite", "closed"]


@dataclass(frozen=True)
class AdsConfig:
    """Settings of the ad's side. Origins are `scheme://host[:port]` without a trailing slash."""

    secret_keys: tuple[bytes, ...]
    console_origin: str
    pages_origin: str
    data_dir: Path
    trusted_proxies: tuple[Network, ...] = ()
    limits: bool = True
    spool_sync: bool = True
    events_days: int = 7
    hours_days: int = 90
    hops_days: int = 365
    signup: Signup = "invite"
    newcomer_ads: int = 10
    newcomer_shares: int = 20
    ad_archive_days: int = 1096
    country_headers: tuple[str, ...] = ()
    country_file: Path | None = None
    data_centre_file: Path | None = None
