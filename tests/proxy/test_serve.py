"""The service for an operator: starting, refusing to start, dying processes, ending."""

import asyncio
import os
import pty
import re
import signal
from pathlib import Path

import aiohttp

from tests.service import Service, free_port


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        await answer.read()
        return answer.status


def test_it_ends_with_the_terminal_that_it_was_started_in(service: Service) -> None:
    terminal, inside = pty.openpty()
    words = ["serve", "--port", str(service.port)]
    service.process = service.begin(words, service.environment, (inside, inside, inside))
    os.close(inside)
    service.wait_ready()
    os.close(terminal)
    service.process.send_signal(signal.SIGHUP)  # as the system does
    assert service.process.wait(20) == 0
    assert not service.members()


def test_the_first_link_is_printed_until_there_is_an_account_and_an_end_leaves_no_process(
    service: Service,
) -> None:
    service.start()
    link = service.first_link()
    assert link.startswith(f"{service.console}/start?token=")
    assert any(re.search(rf"{service.console}\b", line) for line in service.output)
    assert asyncio.run(status(link)) == 200
    made = service.command("account", "create", "--email", "mei@example.com", "--print-key")
    assert made.returncode == 0
    assert len(service.members()) >= 4, "supervisor, two workers, the store"
    assert service.stop() == 0
    assert not service.members()
    assert "killed" not in "".join(service.output), "every worker ended by itself"
    service.output.clear()
    service.start()
    assert "/start?token=" not in "".join(service.output)


def test_a_store_that_does_not_answer_is_one_clear_line_and_exit_1(tmp_path: Path) -> None:
    lonely = Service(tmp_path, redis_url=f"redis://127.0.0.1:{free_port()}")
    ended = lonely.command("serve", "--port", str(lonely.port))
    assert ended.returncode == 1
    assert ended.stderr.startswith("passalong: the store does not answer")
    assert len(ended.stderr.splitlines()) == 1


def test_a_second_service_on_the_same_data_directory_is_refused(service: Service) -> None:
    service.start()
    ended = service.command("serve", "--port", str(free_port()))
    assert ended.returncode == 1
    assert "in use by another passalong service" in ended.stderr


async def test_a_killed_worker_is_replaced_and_no_connection_refused(service: Service) -> None:
    service.start()
    assert service.process
    store = [p for p, name in service.members().items() if "valkey" in name]
    workers = [p for p in service.members() if p != service.process.pid and p not in store]
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert await asyncio.wait_for(status(f"{service.pages}/healthz"), 30) == 200
    assert not set(workers) & set(service.members())
