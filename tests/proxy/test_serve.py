"""The service as an operator meets it: starting, refusing to start, what dies, the end."""

import asyncio
import os
import re
import signal
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.client import advertiser, event, hop, passed_along, serving, until
from tests.pages import ARTICLE
from tests.service import Service, free_port


async def status(url: str, host: str | None = None) -> int:
    headers = {"Host": host} if host else {}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_hosts_are_told_apart_and_unknown_ones_misdirected(service: Service) -> None:
    service.start()
    assert await status(f"{service.console}/signin") == 200
    assert await status(f"{service.pages}/signin") == 404
    assert await status(f"{service.console}/s/none") == 404
    assert await status(f"{service.pages}/signin", host="rebound.example") == 421
    for probe in ("/healthz", "/readyz"):
        assert await status(f"{service.pages}{probe}", host="10.0.0.9") == 200


def test_an_orderly_end_exits_0_and_leaves_no_process(service: Service) -> None:
    service.start()
    assert len(service.members()) >= 4, "supervisor, two workers, the store"
    assert service.stop() == 0
    assert not service.members()
    assert "killed" not in "".join(service.output), "every worker ended by itself"


def test_the_first_link_is_printed_until_there_is_an_account(service: Service) -> None:
    service.start()
    assert "/start?token=" in service.first_link()
    made = service.command("account", "create", "--email", "mei@example.com", "--print-key")
    assert made.returncode == 0
    assert len(made.stdout.split()) == 1
    service.stop()
    service.output.clear()
    service.start()
    assert "/start?token=" not in "".join(service.output)


def test_an_account_can_be_made_while_nothing_serves(service: Service) -> None:
    words = ("account", "create", "--email", "mei@example.com", "--print-key")
    assert service.command(*words).returncode == 0
    again = service.command(*words)
    assert again.returncode == 2
    assert "conflict" in again.stderr
    service.start()
    assert service.command(*words).returncode == 2


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


@pytest.mark.parametrize(
    ("setting", "value"), [("PORT", "http"), ("SECRET_KEYS", "short"), ("DEFAULT_MODE", "frame")]
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, setting: str, value: str) -> None:
    ended = Service(tmp_path, **{setting: value}).command("serve")
    assert ended.returncode == 1
    assert f"PASSALONG_{setting}" in ended.stderr


async def test_beacons_are_taken_while_a_killed_store_comes_back(service: Service) -> None:
    service.start()
    async with passed_along(service) as (client, ad, _share, ticket):
        (store,) = [p for p, name in service.members().items() if "valkey" in name]
        os.kill(store, signal.SIGKILL)
        sent = [await client.send(event(ticket, "open", hop(1), "")) for _ in range(50)]
        assert set(sent) == {204}

        async def counted() -> bool:
            async with client.http.get(
                f"{service.console}/api/v1/ads/{ad['id']}/ledger",
                headers={"Authorization": f"Bearer {client.key}"},
            ) as answer:
                return answer.status == 200 and (await answer.json())["counted"].get("open") == 50

        await until(counted, "acknowledged events reach the store that came back")


async def test_a_killed_worker_is_replaced_and_no_connection_refused(service: Service) -> None:
    service.start()
    assert service.process
    store = [p for p, name in service.members().items() if "valkey" in name]
    workers = [p for p in service.members() if p != service.process.pid and p not in store]
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert await asyncio.wait_for(status(f"{service.pages}/healthz"), 30) == 200
    assert not set(workers) & set(service.members())


async def test_metrics_sum_over_workers_on_a_port_of_their_own(service: Service) -> None:
    port = free_port()
    service.settings["metrics_port"] = str(port)
    service.start()
    async with advertiser(service) as client:
        assert [await client.send(event("forged", "open", hop(1), "")) for _ in range(20)] == (
            [204] * 20
        )

        async def seen() -> bool:
            async with client.http.get(f"http://127.0.0.1:{port}/metrics") as answer:
                told = await answer.text()
            memory = re.search(r"^passalong_store_memory_bytes (\S+)$", told, re.MULTILINE)
            known = memory is not None and float(memory[1]) > 1e5
            return known and 'passalong_beacons_total{status="204"} 20.0' in told

        await until(seen, "the workers' counts are summed")
        assert await status(f"{service.console}/metrics") == 404


async def test_a_draining_service_refuses_new_connections_and_answers_what_is_in_flight(
    service: Service,
) -> None:
    service.start()
    release = asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        asked.set()
        await release.wait()
        return web.Response(text=ARTICLE, content_type="text/html")

    asked = asyncio.Event()
    async with advertiser(service) as client, serving(slow) as publisher:
        ad = await client.ad()
        publishing = asyncio.create_task(client.share(f"{publisher}/slow", ad["id"]))
        await asked.wait()
        assert service.process
        service.process.send_signal(signal.SIGTERM)

        async def refused() -> bool:
            try:
                await status(f"{service.pages}/healthz")
            except aiohttp.ClientConnectionError:
                return True
            return False

        await until(refused, "a draining service accepts no more")
        release.set()
        assert (await publishing)["state"] == "active"
    assert await asyncio.to_thread(service.process.wait, 20) == 0
