"""The `passalong` command: one sub-command a module of `proxy.cli`."""

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from typing import NoReturn

# Imported only when asked for: `passalong brand` must not wait for the service's libraries.
COMMANDS = {
    "serve": "Run the service.",
    "demo": "Look around: sample articles, two ads, a replayed week of readers.",
    "brand": "Brand one page without a server.",
    "account": "Make accounts.",
    "list": "List accounts, ads or shares.",
    "ad": "Pause an ad on every page, or resume it.",
    "forget": "Forget a share, an ad, an account or a day's events for good.",
    "purge": "Let workers and edges drop pages by key.",
    "backup": "Write store and spool into one file, while the service runs.",
    "restore": "Put a backup into an empty store and data directory.",
    "takedown": "End or lower a share, a source or an account; reports and the trail.",
    "review": "Look at newcomers' ads: pass, refuse, or vouch for an account.",
    "archive": "Write the record of ads: each version, whose, when and on which shares.",
    "doctor": "Check settings, store, spool, clock, origins and proxies.",
}

ABOUT = "Share any article with your own ad in it."
NEEDS = "All read the service's settings: PASSALONG_DATA_DIR, too, where `serve` has --data-dir."
SERVING = (["serve"], ["demo"])
"""Commands that handle their own signals."""


class _Parser(ArgumentParser):
    """Bad usage is one line too, like every other failure (contract, section 1)."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: invalid: {message}; see {self.prog} --help\n")


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; the exit code (contract, section 1)."""
    if words is None:
        words = sys.argv[1:]
        if words[:1] not in SERVING:
            _end_in_order()
    _standard_streams()
    parser = _Parser("passalong", description=ABOUT, epilog=NEEDS)
    parser.add_argument("--version", action="version", version=f"passalong {version('passalong')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text, epilog=NEEDS)
        if name in words[:1]:
            import_module(f"proxy.cli.{name}").add_arguments(command)
    args = parser.parse_args(words)
    try:
        code = int(import_module(f"proxy.cli.{args.command}").run(args))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has what it wanted, as `head` does
        code = 0
    except OSError as error:
        sys.stderr.write(f"passalong: {error}\n")
        code = 1
    else:
        return code
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left in it
    return code


def _end_in_order() -> None:
    """A command that is told to end (by timeout(1), a lost line) removes what is half made."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, lambda number, _: sys.exit(128 + number))


def _standard_streams() -> None:
    """Make all text UTF-8, whatever the locale, and reopen streams that the shell has closed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # else the next file or socket would be taken for it
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))
    if not sys.flags.utf8_mode and sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - this command again
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
