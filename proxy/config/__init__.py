"""Settings: the only place that reads the environment, with every name in one table.

`values` parses single settings.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit

from ads.client.places import fault_of_countries, fault_of_ranges
from ads.config import AdsConfig, Signup
from proxy import logs
from proxy.addresses import AllowedNet
from proxy.cdn import edges
from proxy.cdn.edges import Edge
from proxy.config.values import Reader
from proxy.lists import Entry
from proxy.page import MODES, Mode
from proxy.wechat.account import API, Account


class ConfigError(Exception):
    """Some settings are wrong; `faults` has one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Setting:
    """One setting: its name without the prefix, its default, and what it is for."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"PASSALONG_{self.name}"


# Cloudflare, CloudFront, Vercel, Fastly, Bunny, Google's App Engine, Tencent's EdgeOne, Alibaba's.
COUNTRY_HEADERS = (
    "CF-IPCountry,CloudFront-Viewer-Country,X-Vercel-IP-Country,Fastly-Geo-Country,"
    "CDN-RequestCountryCode,X-AppEngine-Country,EO-Client-IPCountry,Ali-IP-Country,X-Country-Code"
)

KEY_MIN = 32
"""The least characters of a signing key."""
_PASSWORD = re.compile(r"://[^\s']*@")

SETTINGS = (
    Setting("HOST", "", "Address to listen on; empty: 127.0.0.1 and ::1."),
    Setting("PORT", "8080", "Port to listen on."),
    Setting("WORKERS", "2", "Worker processes."),
    Setting("DATA_DIR", "data", "Directory for the embedded store, the spool and made keys."),
    Setting("REDIS_URL", "", "Redis or Valkey >= 7.0, or a cluster, instead of the embedded one."),
    Setting("CONSOLE_ORIGIN", "", "Where people log in; empty: http://localhost:PORT."),
    Setting("PAGES_ORIGIN", "", "Where readers read; empty: http://127.0.0.1:PORT."),
    Setting("FETCH_ALLOW_NETS", "", "Networks (`net` or `net:port`) to fetch though not public."),
    Setting("FETCH_PROXY", "", "http://host:port that every fetch goes through; empty: none."),
    Setting("TRUSTED_PROXIES", "", "Networks whose X-Forwarded-For is believed."),
    Setting("COUNTRY_HEADERS", COUNTRY_HEADERS, "Headers in which trusted proxies name a country."),
    Setting("COUNTRY_FILE", "", "An MMDB file that knows the country of an address."),
    Setting("DATA_CENTRE_FILE", "", "A file of networks, one a line, whose events are a bot's."),
    Setting("SECRET_KEYS", "", "Signing keys, 32 characters or more; the first signs, all verify."),
    Setting("SIGNUP", "invite", "Who may make an account: open, invite or closed."),
    Setting("NEWCOMER_ADS", "10", "Ads a day of an account that signed up by itself."),
    Setting("NEWCOMER_SHARES", "20", "Shares a day of such an account."),
    Setting("AD_ARCHIVE_DAYS", "1096", "For so many days after its last an ad is kept on record."),
    Setting("LIMITS", "on", "Rate limits; `off` for tests."),
    Setting("PURGE_URLS", "", "Edges that are told when a page changes; see ops/README.md."),
    Setting("FASTLY_TOKEN", "", "The API token for fastly:// edges."),
    Setting("CLOUDFLARE_TOKEN", "", "The API token for cloudflare:// edges."),
    Setting("WECHAT_APP_ID", "", "An official account, for cards in WeChat; see ops/README.md."),
    Setting("WECHAT_SECRET", "", "The account's secret."),
    Setting("WECHAT_PROOF", "", "What its file MP_verify_….txt says, to show whose the host is."),
    Setting("WECHAT_API", API, "Where WeChat's API stands."),
    Setting("DEFAULT_MODE", "full", "Mode of a share that asks for none."),
    Setting(
        "SPOOL_SYNC", "on", "`on`: an event is durable once fdatasync returned; `off`: faster."
    ),
    Setting("HOURS_DAYS", "90", "For so many days figures are kept by the hour, then by the day."),
    Setting("HOPS_DAYS", "365", "For so many days after its last event a share keeps its hops."),
    Setting("EVENTS_DAYS", "7", "For so many days events can be exported one by one; 0: never."),
    Setting(
        "PICTURE_HOSTS", "", "Hosts, and all below them, whose pictures come by way of the service."
    ),
    Setting("PUBLISHERS_FILE", "", "How much of which site may be published, by line."),
    Setting("ROBOTS", "named", "Rules of robots.txt that bind: of groups that name us, or of all."),
    Setting(
        "RENEW_MINUTES", "10", "How often the source of a new share is asked again; 0: on request."
    ),
    Setting(
        "KEEP_VANISHED_DAYS", "30", "How long the copy of an article stands that its source lost."
    ),
    Setting("LOG_FORMAT", "console", "`console` or `json`."),
    Setting("HOT_MB", "256", "Memory of each worker for pages, in megabytes."),
    Setting("SHELF_MB", "512", "Disk of each worker for pages beyond its memory, in megabytes."),
    Setting("METRICS_PORT", "", "Port of /metrics on 127.0.0.1; empty: none."),
)


@dataclass(frozen=True)
class Config:
    """All settings, parsed. `host` "" means both loopback addresses."""

    ads: AdsConfig
    host: str
    port: int
    workers: int
    redis_url: str | None
    fetch_allow_nets: tuple[AllowedNet, ...]
    purge_edges: tuple[Edge, ...]
    default_mode: Mode
    metrics_port: int | None
    log_format: str
    picture_hosts: frozenset[str]
    hot_bytes: int
    shelf_bytes: int
    publishers: tuple[Entry, ...]
    robots_bind_all: bool
    fetch_proxy: str
    renew_minutes: int
    keep_vanished_days: int
    wechat: Account | None

    @property
    def data_dir(self) -> Path:
        """The directory of the embedded store, the spool and the made key."""
        return self.ads.data_dir

    @property
    def own_hosts(self) -> frozenset[str]:
        """`host[:port]` of both origins: links to these are not articles."""
        origins = (self.ads.console_origin, self.ads.pages_origin)
        return frozenset(urlsplit(origin).netloc for origin in origins)


def load(environ: Mapping[str, str], **options: object) -> Config:
    """The settings from `environ`; command-line `options` (lower-case names) override these.

    Without `SECRET_KEYS`, makes the data directory and a key in it (mode 0600). Raises ConfigError
    with every fault found.
    """
    values = {s.name: environ.get(s.variable) or s.default for s in SETTINGS}
    values |= {k.upper(): str(v) for k, v in options.items() if v is not None}
    reader = Reader(values)
    config = _build(reader)
    if reader.faults:
        # A fault quotes the setting as it was given, except a password in a URL.
        raise ConfigError([_PASSWORD.sub("://…@", fault) for fault in reader.faults])
    return config


def strange(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings but are none: misspelt, they would change nothing."""
    known = {setting.variable for setting in SETTINGS}
    return sorted(name for name in environ if name.startswith("PASSALONG_") and name not in known)


def _build(reader: Reader) -> Config:
    port = reader.number("PORT", 1, 65535)
    if reader.text("METRICS_PORT") == str(port):
        reader.faults.append("PASSALONG_METRICS_PORT: it is PASSALONG_PORT; choose another")
    ads = _ads(reader, port)
    return Config(
        ads=ads,
        host=reader.text("HOST"),
        port=port,
        workers=reader.number("WORKERS", 1, 256),
        redis_url=reader.store("REDIS_URL"),
        fetch_allow_nets=reader.networks("FETCH_ALLOW_NETS"),
        purge_edges=_edges(reader, ads.pages_origin),
        log_format=reader.choice("LOG_FORMAT", logs.FORMATS),
        default_mode=cast(Mode, reader.choice("DEFAULT_MODE", MODES)),
        metrics_port=reader.number("METRICS_PORT", 1, 65535)
        if reader.text("METRICS_PORT")
        else None,
        picture_hosts=reader.hosts("PICTURE_HOSTS"),
        hot_bytes=reader.number("HOT_MB", 16, 1 << 20) << 20,
        shelf_bytes=reader.number("SHELF_MB", 0, 1 << 20) << 20,
        publishers=reader.publishers("PUBLISHERS_FILE"),
        robots_bind_all=reader.choice("ROBOTS", ("named", "all")) == "all",
        fetch_proxy=reader.origin("FETCH_PROXY", "") if reader.text("FETCH_PROXY") else "",
        renew_minutes=reader.number("RENEW_MINUTES", 0, 100_000),
        keep_vanished_days=reader.number("KEEP_VANISHED_DAYS", 0, 36_500),
        wechat=_wechat(reader),
    )


def _ads(reader: Reader, port: int) -> AdsConfig:
    data_dir = Path(reader.text("DATA_DIR")).absolute()
    return AdsConfig(
        secret_keys=_keys(reader, data_dir),
        console_origin=reader.origin("CONSOLE_ORIGIN", f"http://localhost:{port}"),
        pages_origin=reader.origin("PAGES_ORIGIN", f"http://127.0.0.1:{port}"),
        data_dir=data_dir,
        trusted_proxies=tuple(net for net, _ in reader.networks("TRUSTED_PROXIES", ports=False)),
        limits=reader.choice("LIMITS", ("on", "off")) == "on",
        spool_sync=reader.choice("SPOOL_SYNC", ("on", "off")) == "on",
        hours_days=reader.number("HOURS_DAYS", 8, 36_500),
        hops_days=reader.number("HOPS_DAYS", 8, 36_500),
        events_days=reader.number("EVENTS_DAYS", 0, 366),
        signup=cast(Signup, reader.choice("SIGNUP", get_args(Signup))),
        newcomer_ads=reader.number("NEWCOMER_ADS", 1, 10_000),
        newcomer_shares=reader.number("NEWCOMER_SHARES", 1, 10_000),
        ad_archive_days=reader.number("AD_ARCHIVE_DAYS", 0, 36_500),
        country_headers=tuple(reader.items("COUNTRY_HEADERS")),
        country_file=reader.file("COUNTRY_FILE", fault_of_countries),
        data_centre_file=reader.file("DATA_CENTRE_FILE", fault_of_ranges),
    )


def _edges(reader: Reader, pages_origin: str) -> tuple[Edge, ...]:
    host = urlsplit(pages_origin).netloc
    tokens = {name: reader.text(f"{name.upper()}_TOKEN") for name in ("fastly", "cloudflare")}
    found = []
    for item in reader.items("PURGE_URLS"):
        try:
            found.append(edges.parse(item, host, tokens))
        except ValueError as error:
            reader.faults.append(f"PASSALONG_PURGE_URLS: {item!r}: {error}")
    return tuple(found)


def _wechat(reader: Reader) -> Account | None:
    app_id, secret = reader.text("WECHAT_APP_ID"), reader.text("WECHAT_SECRET")
    if not app_id:
        return None
    if not secret:
        reader.faults.append("PASSALONG_WECHAT_SECRET: the account's secret is missing")
    proof, api = reader.text("WECHAT_PROOF"), reader.origin("WECHAT_API", API)
    if not re.fullmatch(r"[A-Za-z0-9]*", proof):
        reader.faults.append("PASSALONG_WECHAT_PROOF: letters and digits, as in the file's name")
    return Account(app_id, secret, api, proof)


def _keys(reader: Reader, data_dir: Path) -> tuple[bytes, ...]:
    keys = reader.items("SECRET_KEYS")
    if not keys:
        return (_made_key(reader, data_dir),)
    if any(len(key) < KEY_MIN for key in keys):
        reader.faults.append("PASSALONG_SECRET_KEYS: a key needs 32 characters or more")
    return tuple(os.fsencode(key) for key in keys)


def _made_key(reader: Reader, data_dir: Path) -> bytes:
    path = data_dir / "secret.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        reader.faults.append(f"PASSALONG_DATA_DIR: {error}")
        return b""
    if len(key) < KEY_MIN:  # anybody can guess, and so sign with, an empty or short key
        reader.faults.append(f"PASSALONG_DATA_DIR: {path} holds no key; restore or remove it")
    return key


def _write_key(path: Path) -> None:
    """Write a new key atomically; if several processes do so at once, the first one's stays."""
    draft = path.with_name(f".{secrets.token_hex(8)}.key")
    try:
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
