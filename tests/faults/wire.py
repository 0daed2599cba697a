"""A proxy between the service and a store that can cut a connection after a command was applied."""

import asyncio
import random
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal

Mode = Literal["pass", "cut", "none", "silent"]
CHUNK = 1 << 16


class Wire:
    """Listens on a Unix socket and forwards to the store's, in a thread, as a test may block.

    `pass`: everything is forwarded. `cut`: now and then a reply is lost, whole or in part, with its
    connection, though the command was applied. `none`: connections are closed. `silent`: replies
    are dropped, and their connections stay open and dead until the other side gives up.
    """

    def __init__(self, path: Path, store: Path, seed: int) -> None:
        self.path = path
        self._store = store
        self._rng = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.mode: Mode = "pass"
        self.lost = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    def open(self) -> None:
        """Start; returns when it listens."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def set(self, mode: Mode) -> None:
        """Set the mode; `none` also closes existing connections."""
        self.mode = mode
        if mode == "none":
            self._loop.call_soon_threadsafe(self._hang_up)

    async def _open(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def _close(self) -> None:
        assert self._server
        self._server.close()
        self._hang_up()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hang_up(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                if self.mode != "none":
                    await self._join(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_store, to_store = await asyncio.open_unix_connection(str(self._store))
        ways = [
            asyncio.create_task(self._requests(reader, to_store)),
            asyncio.create_task(self._replies(from_store, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_store.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()

    async def _replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = False
        while data := await reader.read(CHUNK):
            dead = dead or self.mode == "silent"
            if dead:
                self.lost += 1
            elif self.mode == "cut" and self._rng.random() < 0.3:
                self.lost += 1
                writer.write(data[: self._rng.choice((0, 0, 1, len(data) // 2))])
                return
            else:
                writer.write(data)
                await writer.drain()
