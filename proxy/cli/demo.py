"""`passalong demo`: the service with sample articles, two ads and a replayed week of readers."""

import os
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from proxy import config as settings
from proxy.cli.command import failed
from proxy.cli.serve import ERRORS, serve
from proxy.config import Config
from proxy.demo.stage import EMAIL, Stage
from proxy.run.child import Child
from proxy.run.store import store_url
from proxy.sample import ARTICLES

OWN = ("PASSALONG_PORT", "PASSALONG_WORKERS", "PASSALONG_CONSOLE_ORIGIN", "PASSALONG_PAGES_ORIGIN")
"""The settings that the demonstration reads: none says where your own data are."""


def add_arguments(parser: ArgumentParser) -> None:
    """`--port P` and `--workers N`; it listens on loopback and keeps nothing."""
    parser.add_argument("--port", type=int, help="8080 if left out")
    parser.add_argument("--workers", type=int, help="2 if left out")


def run(args: Namespace) -> int:
    """Serves until SIGTERM or SIGINT, then leaves nothing behind; 1 if it could not start."""
    stage = Stage()
    environ = {name: os.environ[name] for name in OWN if name in os.environ}
    options = {"port": args.port, "workers": args.workers}
    with tempfile.TemporaryDirectory(prefix="passalong-demo-") as folder:
        try:
            config = settings.load(environ, data_dir=Path(folder), **options)
            serve(config, partial(_open, stage))
        except ERRORS as error:
            return failed(str(error))
        except KeyboardInterrupt:  # while the week was replayed; later it is an orderly end
            return 130
    return 0


def _open(stage: Stage, config: Config) -> Sequence[Child]:
    print("Telling a week of readers …", flush=True)
    stage.replay(config, store_url(config))
    origin = config.ads.console_origin
    print(
        f"Passalong's demonstration is at {origin}/signin?email={EMAIL}\n"
        f"  Email: {EMAIL}\n  Password: {stage.password}\n"
        f"Articles to paste: {', '.join(f'{origin}/sample/{name}' for name in ARTICLES)}\n"
        "Nothing of it is kept: it ends with Ctrl-C.",
        flush=True,
    )
    return [Child("readers", partial(stage.readers, config))]
