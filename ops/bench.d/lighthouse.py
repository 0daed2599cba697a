"""Lighthouse on the demonstration's console and a reader's page; the goal is 95 or more.

`ops/bench lighthouse [-v] [PAGE …]` measures all screens, or those whose names in the table end
with PAGE (`/spread /s/…`). Lighthouse (Apache-2.0) is no dependency: npm installs a fixed version
into .venv at the first run. Chromium is $CHROMIUM or PATH's. The phone is Lighthouse's own, slowed
down four times; on a busy machine the performance score falls, the other two do not. The page
inside a preview allows no script, not even Lighthouse's, so only the preview around it is measured.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

VERSION = "12.8.2"
ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
WANTED = 95
TRIES = 3
PORT = 18_433


def lighthouse() -> Path:
    """The installed program's path."""
    program = HOME / "node_modules/.bin/lighthouse"
    if not program.exists():
        HOME.mkdir(exist_ok=True)
        npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
        subprocess.run([*npm, f"lighthouse@{VERSION}"], cwd=HOME, check=True)
    return program


@contextmanager
def demo() -> Iterator[str]:
    """The output of `passalong demo`, which runs during the block."""
    command = [sys.executable, "-m", "proxy", "demo", "--port", str(PORT)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        printed = ""
        while "Ctrl-C" not in printed:
            printed += process.stdout.readline()
        yield printed
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


class Visitor:
    """A person with a session at the console of a demonstration, from its output."""

    def __init__(self, printed: str) -> None:
        jar = CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        where = re.search(r"(http\S+)/signin\?email=(\S+)", printed)
        password = re.search(r"Password: (\S+)", printed)
        article = re.search(r"paste: ([^\s,]+)", printed)
        assert where
        assert password
        assert article
        self.origin, self._article = where[1], article[1]
        self._token = ""
        self._token = self.found(r'name="csrf" value="([^"]+)"', "/signin")[0]
        self.found("", "/signin", email=where[2], password=password[1])
        self._token = self.found(r'name="csrf" value="([^"]+)"', "/settings")[0]
        self.cookie = "; ".join(f"{each.name}={each.value}" for each in jar)

    def found(self, what: str, path: str, **form: str) -> list[str]:
        """All matches of a pattern in the page at `path`; posts `form` to it if there is one."""
        data = urllib.parse.urlencode({"csrf": self._token, **form}).encode() if form else None
        request = urllib.request.Request(self.origin + path, data, {"Origin": self.origin})
        return re.findall(what, self._browser.open(request).read().decode())

    def pages(self) -> list[tuple[str, bool]]:
        """One address of each kind, and whether to visit it with the session."""
        shares = self.found(r'href="/shares/(\w{12})"', "/shares")
        ads = self.found(r'href="/ads/(\w{12})"', "/ads")
        ad, share, ended = f"/ads/{ads[0]}", f"/shares/{shares[-1]}", shares[0]
        mine = ["/", "/shares", share, f"{share}/ready", f"{share}/spread", f"{share}/report"]
        mine += ["/ads", "/ads/new", ad, f"{ad}/versions", f"{ad}/report", f"{ad}/report/links"]
        mine += [f"{ad}/ledger", f"/preview?url={urllib.parse.quote(self._article)}"]
        mine += ["/preview?url=nothing", "/settings", "/operator", "/nowhere"]
        given = self.found(r"data-selectable>([^<]+)", f"{ad}/report/links", days="7")
        given += self.found(
            r"data-selectable>([^<]+join[^<]+)", "/settings/people", email="a@b.example"
        )
        anyone = ["/signin", "/start?token=x", "/about", f"/report?share={shares[-1]}", "/offline"]
        pages, *_ = self.found(r'src="(http[^"]+)/p/[^"]+"', mine[13])
        self.found("", f"/shares/{ended}/end", really="1")
        readers = [f"{pages}/{path}" for path in (f"s/{shares[-1]}", f"s/{ended}", "s/none", "me")]
        looked = [*(self.origin + path for path in anyone), *given, *readers]
        return [(self.origin + path, True) for path in mine] + [(url, False) for url in looked]


def measured(program: Path, url: str, cookie: str, *, desktop: bool) -> dict[str, Any]:
    """Lighthouse's own report; `cookie` is "" without a session."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            str(program),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ]
        command += ["--preset=desktop"] if desktop else []
        # Error pages are measured, too.
        command.append("--ignore-status-code")
        if cookie:
            command.append("--extra-headers=" + json.dumps({"Cookie": cookie}))
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
        environ = os.environ | {"CHROME_PATH": chromium}
        for left in reversed(range(TRIES)):
            done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL)
            if not done.returncode:
                return json.loads(out.read_text())
            # A starved browser may not record when navigation began (NO_NAVSTART).
            print(f"    {url}: Lighthouse gave up, {left} tries are left", file=sys.stderr)
        sys.exit(f"{url}: not measured")


def _told(audits: dict[str, Any]) -> None:
    """Print the audits that cost points."""
    for audit in audits.values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print("   ", audit["id"], audit["score"], audit.get("displayValue", ""))


def _path(url: str) -> str:
    """An address without its ids, as in the table."""
    return re.sub(r"[\w.-]{12,}", "…", urllib.parse.urlsplit(url).path)


def main(options: argparse.Namespace) -> None:
    program = lighthouse()
    least = 100.0
    with demo() as printed:
        visitor = Visitor(printed)
        print(f"{'page':<28}{'screen':<9}" + "".join(f"{name:>16}" for name in CATEGORIES))
        for url, entered in visitor.pages():
            path = _path(url)
            if options.pages and not path.endswith(tuple(options.pages)):
                continue
            for screen in ("phone", "desktop"):
                cookie = visitor.cookie if entered else ""
                found = measured(program, url, cookie, desktop=screen == "desktop")
                points = [100 * (found["categories"][name]["score"] or 0) for name in CATEGORIES]
                least = min(least, *points)
                print(f"{path:<28}{screen:<9}" + "".join(f"{n:>16.0f}" for n in points), flush=True)
                if options.verbose:
                    _told(found["audits"])
    print(f"lowest: {least:.0f} (wanted: {WANTED})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "pages", nargs="*", metavar="PAGE", help="how the names of those wanted end"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="tells what was found")
    main(parser.parse_args())
