"""The OpenAPI document is true: a client made from it finds no fault."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.kit import World, ask

# Before Python 3.11.8 a collection of garbage in the midst of ast.parse may let another thread
# parse, and both fail (gh-106905).
CLIENT = "import gc; gc.disable(); from schemathesis.cli import schemathesis; schemathesis()"
CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES, AT_ONCE = "4", "2"
"""Added to some two hundred for each call, made from the document's bounds."""
BODIES: dict[str, Any] = {"post": {}, "patch": {}}


def described(w: World) -> list[tuple[str, str]]:
    """(method, path) of every call of the API."""
    document = ask(f"{w.service.console}/api/openapi.json").json
    return [(method, path) for path, calls in document["paths"].items() for method in calls]


@pytest.fixture(scope="module")
def owned(w: World) -> dict[str, str]:
    """An object of each kind, owned by one account, by its parameter in paths."""
    key = w.account.ok("POST", "/account/keys", {"label": "till"}, 201)
    return {"ad": w.ad, "share": w.share()["id"], "key": key["id"], "session": "none-of-theirs"}


@pytest.mark.timeout(300)  # some ten thousand calls
def test_a_client_made_from_the_document_finds_no_fault(w: World, owned: dict[str, str]) -> None:
    w.other.share(w.publish(), w.other.ad()["id"])
    done = subprocess.run(
        [
            *(sys.executable, "-c", CLIENT, "--config-file", CONFIG, "run"),
            *(f"{w.service.console}/api/openapi.json", "--header"),
            *(f"Authorization: Bearer {w.other.key}", "--max-examples"),
            *(EXAMPLES, "--workers", AT_ONCE, "--generation-deterministic", "--no-color"),
        ],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
        cwd=w.service.data_dir.parent,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_nobody_gets_anything_without_a_key(w: World, owned: dict[str, str]) -> None:
    for method, path in described(w):
        where = w.service.console + path.format_map(owned)
        for key in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
            answer = ask(where, method.upper(), headers=key)
            assert answer.said == (401, "unauthorized"), path
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_another_tenant_gets_404_from_every_call_that_names_an_object(
    w: World, owned: dict[str, str]
) -> None:
    for method, path in described(w):
        if "{" in path:
            short = path.format_map(owned).removeprefix("/api/v1")
            answer = w.other.ask(method.upper(), short, BODIES.get(method))
            assert answer.said == (404, "not_found"), (method, path)


def test_another_tenants_lists_hold_nothing_of_ones_own(w: World, owned: dict[str, str]) -> None:
    for method, path in described(w):
        if method == "get" and "{" not in path:
            found = w.other.ask("GET", path.removeprefix("/api/v1")).text
            assert not [name for name in owned.values() if re.search(rf'"{name}"', found)], path


def test_what_is_told_of_one_tenant_is_found_by_the_tenant(w: World, owned: dict[str, str]) -> None:
    for name in ("ad", "share"):
        assert w.account.ask("GET", f"/{name}s/{owned[name]}").status == 200
