"""The rules of the code base: imports, sizes, who reads the environment, documented settings."""

import ast
import re
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from proxy.config import SETTINGS

ROOT = Path(__file__).parents[1]
MODULES = sorted(p for room in ("proxy", "ads") for p in (ROOT / room).rglob("*.py"))
COMPOSERS = {
    "proxy.stores",
    "proxy.parts",
    "proxy.routes",
    "proxy.run.worker",
}  # they pass the client on and send no command
# `folder/test_file.py`, `test_file::case`, or `::case` in the last named file.
NAMED_TEST = r"`([\w/]*test_\w+)(?:\.py)?(?:::(\w+))?`|`::(\w+)`"
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "proxy", "ads", "ops", "tests"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name(p) for p in MODULES}


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules that `path` imports, anywhere in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in NAMES else node.module


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name(path)}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return listed.stdout.splitlines()


def test_the_arrow_runs_from_proxy_to_ads_and_never_back() -> None:
    back = {
        name(p)
        for p in MODULES
        if name(p).startswith("ads")
        for i in imports(p)
        if i.split(".")[0] == "proxy"
    }
    assert not back


@pytest.mark.parametrize("room", [p for p in MODULES if p.name == "__init__.py"], ids=name)
def test_the_map_of_a_room_names_all_that_is_in_it(room: Path) -> None:
    told = ast.get_docstring(tree(room)) or ""
    held = {each.rpartition(".")[2] for each in NAMES if each.rpartition(".")[0] == name(room)}
    assert not {each for each in held - {"__main__"} if not re.search(rf"`{each}[.`]", told)}


@pytest.mark.parametrize("depth", [2, 9], ids=["room", "module"])
def test_none_reaches_itself_through_its_imports(depth: int) -> None:
    def short(full: str) -> str:
        return ".".join(full.split(".")[:depth])

    graph: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        one = short(name(path))
        graph[one] |= {short(i) for i in imports(path) if i in NAMES} - {one}

    def reaches(start: str) -> bool:
        seen: set[str] = set()
        ahead = set(graph[start])
        while ahead:
            step = ahead.pop()
            if step == start:
                return True
            if step not in seen:
                seen.add(step)
                ahead |= graph[step]
        return False

    assert not [m for m in graph if reaches(m)]


def test_no_file_is_over_300_lines() -> None:
    scripts = [*ROOT.glob("ads/**/*.lua"), *ROOT.glob("ads/web/scripts/**/*.ts")]
    files = [*MODULES, *scripts]
    assert not {str(p): n for p in files if (n := len(p.read_text().splitlines())) > 300}


def test_no_function_is_over_50_lines_and_the_median_is_under_10() -> None:
    lengths = dict(f for p in MODULES for f in functions(p))
    assert not {f: n for f, n in lengths.items() if n > 50}
    assert statistics.median(lengths.values()) < 10


def test_only_the_settings_and_the_commands_see_the_environment() -> None:
    readers = {name(p) for p in MODULES if re.search(r"os\.(environ|getenv)", p.read_text())}
    assert {r for r in readers if not r.startswith("proxy.cli.")} <= {"proxy.config"}


def test_one_room_knows_the_html_engine() -> None:
    assert {name(p) for p in MODULES if "turbohtml" in {i.split(".")[0] for i in imports(p)}} <= {
        "proxy.compiler.tree"
    }


def test_only_the_stores_speak_redis() -> None:
    speakers = {
        name(p)
        for p in MODULES
        if re.search(r"^from redis\S* import .*Redis\b", p.read_text(), re.MULTILINE)
    }
    assert {s for s in speakers if ".store" not in s} <= COMPOSERS


def test_pure_rooms_do_no_input_or_output() -> None:
    doors = {"aiohttp", "redis", "asyncio", "socket", "ads.store", "proxy.store", "proxy.fetch"}
    pure = re.compile(
        r"proxy\.(links|lists|addresses|rights|shares|frame|page|compiler.*|render.*)$|"
        r"ads\.(ad|ad\..*|booking|ticket|events|events\.(hops|verdict|ledger)|slot|accounts.*)$"
    )
    for path in MODULES:
        if pure.match(name(path)):
            assert not {
                i for i in imports(path) if any(i == d or i.startswith(d + ".") for d in doors)
            }, path


def test_every_setting_is_documented_and_the_example_has_its_default() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [s.variable for s in SETTINGS if f"| `{s.variable}` |" not in text]
    example = (ROOT / "ops/.env.example").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(line.removeprefix("#") for line in example) == sorted(
        f"{s.variable}={s.default}" for s in SETTINGS
    )


def test_the_top_level_is_the_users_own() -> None:
    tops = {f.split("/")[0] for f in tracked()}
    assert {t for t in tops if not t.startswith(".")} <= TOP_LEVEL


def test_lock_files_carry_hashes_and_no_address() -> None:
    for lock in (
        "ops/requirements.lock",
        "ops/test.lock",
        "ops/fuzz.lock",
        "ops/package-lock.json",
    ):
        text = (ROOT / lock).read_text()
        assert "sha256:" in text or "sha512-" in text
        assert not re.search(r'--(extra-)?index-url|"resolved": *"http', text)


@pytest.mark.parametrize("document", ["0017-threat-model", "0018-asvs-level-2"])
def test_every_test_that_a_safety_document_names_is_there(document: str) -> None:
    text = (ROOT / f"ops/decisions/{document}.md").read_text()
    code = ""
    for path, first, further in re.findall(NAMED_TEST, text):
        if path:
            found = [p for p in (ROOT / "tests").rglob("test_*.py") if f"{path}.py" in str(p)]
            assert found, path
            code = "".join(p.read_text() for p in found)
        case = (first or further).removeprefix("test_")
        assert not case or f"def test_{case}(" in code, case
