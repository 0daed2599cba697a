"""Settings: which values are accepted, and the errors for others."""

from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from proxy.config import ConfigError, load

KEY = "k" * 32


def test_of_many_processes_that_start_at_once_all_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load({}, data_dir=tmp_path).ads.secret_keys, range(40)))
    assert len({keys[0] for keys in found}) == 1
    assert len(found[0][0]) >= 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", ["", " \n", "short"])
def test_what_a_full_disk_left_of_a_key_signs_nothing(tmp_path: Path, left: str) -> None:
    (tmp_path / "secret.key").write_text(left)
    with pytest.raises(ConfigError, match="holds no key"):
        load({}, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("", set()),
        ("img.example", {"img.example"}),
        (" IMG.Example , bücher.example,", {"img.example", "xn--bcher-kva.example"}),
    ],
)
def test_picture_hosts_are_read_as_pages_name_them(
    text: str, hosts: set[str], tmp_path: Path
) -> None:
    config = load({"PASSALONG_PICTURE_HOSTS": text}, data_dir=tmp_path, secret_keys=KEY)
    assert config.picture_hosts == hosts


WRONG = {
    "PICTURE_HOSTS": ("https://img.example", "img.example/a", "*.example", "a:80", "a b"),
    "PAGES_ORIGIN": (
        "pages.example", "ftp://a", "https://a/b", "https://u@a", "http://a?b", "http://a:99999",
        "http://[::1", "http://[x]",
    ),
    "REDIS_URL": (
        "a:6379", "redis://a/x", "redis://a/0/1", "redis://a?nobody=1", "rediss://a?ssl_cert_reqs=x",
        "unix://a", "redis+cluster://", "redis+cluster://a/1", "redis://[::1", "redis+cluster://[x]",
        "redis://a:99999",
    ),
    "TRUSTED_PROXIES": ("all", "10.0.0.0/8:80"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(n, text) for n, texts in WRONG.items() for text in texts]
)
def test_what_cannot_be_used_is_said(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"PASSALONG_{name}"):
        load({f"PASSALONG_{name}": text}, data_dir=tmp_path, secret_keys=KEY)


def test_a_file_that_cannot_be_used_is_said_at_start(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("no network")
    named = {"PASSALONG_COUNTRY_FILE": str(wrong), "PASSALONG_DATA_CENTRE_FILE": str(wrong)}
    with pytest.raises(ConfigError, match=r"COUNTRY_FILE: .*DATA_CENTRE_FILE: line 1"):
        load(named, data_dir=tmp_path, secret_keys=KEY)


@pytest.mark.parametrize("name", ["PURGE_URLS", "FETCH_PROXY", "CONSOLE_ORIGIN", "REDIS_URL"])
def test_what_is_wrong_with_an_address_is_told_without_its_password(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=name) as told:
        load({f"PASSALONG_{name}": "http://me:pa/ss@host/"}, data_dir=tmp_path, secret_keys=KEY)
    assert "pa/ss" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://pages.example", "https://pages.example"),
        ("https://pages.example/", "https://pages.example"),
        ("HTTPS://Pages.Example:443", "https://pages.example"),
        ("http://pages.example:8080", "http://pages.example:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://my_host:8080", "http://my_host:8080"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(text: str, origin: str, tmp_path: Path) -> None:
    config = load({"PASSALONG_PAGES_ORIGIN": text}, data_dir=tmp_path, secret_keys=KEY)
    assert config.ads.pages_origin == origin


@pytest.mark.parametrize(
    ("text", "network", "port"),
    [
        ("10.0.0.0/8", "10.0.0.0/8", None),
        ("10.0.0.0/8:8080", "10.0.0.0/8", 8080),
        ("127.0.0.1", "127.0.0.1/32", None),
        ("127.0.0.1/8", "127.0.0.0/8", None),
        ("[fd00::/8]", "fd00::/8", None),
        ("[fd00::/8]:8080", "fd00::/8", 8080),
        ("[fd00::]/8", "fd00::/8", None),
        ("[::1]/128:8080", "::1/128", 8080),
        ("[::1]:8080", "::1/128", 8080),
        ("::1", "::1/128", None),
    ],
)
def test_a_network_is_read_however_it_is_written(
    text: str, network: str, port: int | None, tmp_path: Path
) -> None:
    config = load({"PASSALONG_FETCH_ALLOW_NETS": text}, data_dir=tmp_path, secret_keys=KEY)
    assert config.fetch_allow_nets == ((ip_network(network), port),)
