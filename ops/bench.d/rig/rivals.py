"""The baselines: nginx with files compressed beforehand, and stock aiohttp."""

import asyncio
import gzip
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import brotli
import uvloop
from aiohttp import web

from rig import cores
from tests.service import free_port

OPS = Path(__file__).parents[2]
BROTLI = "/usr/share/nginx/modules/ngx_http_brotli_static_module.so"
NGINX = """
load_module {brotli};
{user}worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=1000;
  types {{ }}
  default_type text/html;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    root {folder}/root;
    gzip_static on;
    brotli_static on;
  }}
}}
"""


class MissingError(Exception):
    """A rival that is not available here; the message says what to install."""


def needed(packages: str, *things: str) -> None:
    """Install Debian packages if a program or file is missing. Raises MissingError if it cannot."""
    if _there(things):
        return
    subprocess.run([OPS / "packages", *packages.split()], check=False)
    if not _there(things):
        raise MissingError(packages)


def _there(things: tuple[str, ...]) -> bool:
    return all(shutil.which(thing) or Path(thing).exists() for thing in things)


@contextmanager
def nginx(folder: Path, bodies: dict[str, bytes]) -> Iterator[tuple[int, list[int]]]:
    """nginx serving /s/page in each encoding; yields its port and processes."""
    needed("nginx-light libnginx-mod-http-brotli-static", "nginx", BROTLI)
    root = folder / "root" / "s"
    root.mkdir(parents=True)
    for encoding, suffix in (("identity", ""), ("gzip", ".gz"), ("br", ".br")):
        (root / f"page{suffix}").write_bytes(bodies[encoding])
    port = free_port()
    user = "" if os.geteuid() else "user root;\n"  # its default user may not read `folder`
    (folder / "nginx.conf").write_text(
        NGINX.format(brotli=BROTLI, folder=folder, port=port, user=user)
    )
    with _running(["nginx", "-c", str(folder / "nginx.conf")], port) as pids:
        yield port, pids


@contextmanager
def stock(folder: Path, bodies: dict[str, bytes]) -> Iterator[tuple[int, list[int]]]:
    """aiohttp as its documentation shows it, on uvloop, without access log."""
    (folder / "page").write_bytes(bodies["identity"])
    port = free_port()
    with _running([sys.executable, __file__, str(port), str(folder / "page")], port) as pids:
        yield port, pids


@contextmanager
def _running(command: list[str], port: int) -> Iterator[list[int]]:
    with cores.pinned({cores.SERVER}):
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
    try:
        _await(port)
        yield cores.tree(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int) -> None:
    for _ in range(500):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on {port}")


def _application(page: bytes) -> web.Application:
    bodies = {"br": brotli.compress(page, quality=5), "gzip": gzip.compress(page, 6)}

    async def share(request: web.Request) -> web.Response:
        accepted = request.headers.get("Accept-Encoding", "")
        encoding = next(name for name in bodies if name in accepted)
        headers = {"Content-Encoding": encoding, "Cache-Control": "public", "ETag": 'W/"page"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=bodies[encoding], headers=headers, content_type="text/html")

    async def nothing(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.get("/s/{share}", share), web.post("/e", nothing)])
    return app


async def _serve(port: int, page: bytes) -> None:
    runner = web.AppRunner(_application(page), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
