"""Metrics: sums over workers that never fall, histograms, gauges."""

import socket
import subprocess
from collections import Counter

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from ads.tally import GAUGES, HISTOGRAMS, METRICS, Tally, observe
from proxy.run.metrics import SLOT_BYTES, Slot, Sums, serve


def exposed(slots: list[Slot]) -> str:
    registry = CollectorRegistry()
    registry.register(Sums([slots], len(slots), "1.2"))
    return generate_latest(registry).decode()


def test_counters_are_summed_over_workers() -> None:
    slots = [Slot(), Slot()]
    slots[0].write(Counter({("passalong_events", "counted"): 2}))
    slots[1].write(Counter({("passalong_events", "counted"): 3, ("passalong_events", "bot"): 1}))
    text = exposed(slots)
    assert 'passalong_events_total{verdict="counted"} 5.0' in text
    assert 'passalong_events_total{verdict="bot"} 1.0' in text


def test_a_port_that_is_taken_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        serve([], 0, "1.2", port)
    assert caplog.messages == [f"no /metrics: cannot listen on port {port}: Address already in use"]


def test_a_replacement_goes_on_from_the_dead_workers_snapshot() -> None:
    slot = Slot()
    slot.write(Counter({("passalong_folded",): 7}))
    again = slot.read()
    again["passalong_folded",] += 1
    slot.write(again)
    assert "passalong_folded_total 8.0" in exposed([slot])


def test_a_snapshot_too_large_for_its_slot_keeps_the_last_one() -> None:
    slot = Slot()
    slot.write(Counter({("passalong_folded",): 1}))
    slot.write(Counter({("passalong_requests", "x" * SLOT_BYTES, "200"): 1}))
    assert slot.read() == {("passalong_folded",): 1}


def test_a_process_says_when_it_is_ready_and_counts_do_not_unsay_it() -> None:
    slot = Slot()
    assert slot.ready_pid == 0
    slot.say_ready()
    slot.write(Counter({("passalong_folded",): 1}))
    assert slot.ready_pid > 0


def test_histograms_are_cumulative_and_summed() -> None:
    slots = [Slot(), Slot()]
    for slot, seconds in zip(slots, ((0.0004, 0.003), (0.003, 99.0)), strict=True):
        tally = Tally()
        for each in seconds:
            observe(tally, "passalong_beacon_seconds", each)
        slot.write(tally)
    text = exposed(slots)
    for bound, count in (("0.0005", 1), ("0.0025", 1), ("0.005", 3), ("2.5", 3), ("+Inf", 4)):
        assert f'passalong_beacon_seconds_bucket{{le="{bound}"}} {count}.0' in text
    assert "passalong_beacon_seconds_count 4.0" in text
    assert "passalong_beacon_seconds_sum 99.0064" in text


def test_gauges_are_of_workers_that_live() -> None:
    slots = [Slot(), Slot(), Slot()]
    up, files = ("passalong_store_up",), ("passalong_open_files",)
    slots[0].write(Tally(), {up: 1.0, files: 10.0, ("passalong_hot_bytes",): 5.0})
    slots[1].write(Tally(), {up: 0.0, files: 30.0, ("passalong_hot_bytes",): 6.0})
    slots[2].write(Tally(), {("passalong_hot_bytes",): 7.0})
    slots[2].write(Tally())  # it has ended
    text = exposed(slots)
    assert "passalong_store_up 0.0" in text
    assert "passalong_open_files 30.0" in text
    assert "passalong_hot_bytes 11.0" in text


def test_gauges_of_a_worker_that_was_killed_go_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = [Slot(), Slot()]
    for slot in slots:
        slot.write(Counter({("passalong_folded",): 1}), {("passalong_hot_bytes",): 5.0})
        with subprocess.Popen(["true"]) as killed:
            pass
        monkeypatch.setattr("os.getpid", lambda pid=killed.pid: pid)
    text = exposed(slots)
    assert "passalong_hot_bytes 5.0" in text
    assert "passalong_folded_total 2.0" in text


@pytest.mark.parametrize("name", [*METRICS, *HISTOGRAMS, *GAUGES])
def test_names_keep_prometheus_conventions(name: str) -> None:
    assert name.startswith("passalong_")
    assert not name.endswith("_total"), "the exposition adds it"
    if name in HISTOGRAMS:
        assert name.endswith("_seconds")
        assert list(HISTOGRAMS[name].bounds) == sorted(set(HISTOGRAMS[name].bounds))


def test_what_is_exposed_is_well_formed_before_anything_happened() -> None:
    families = {f.name for f in text_string_to_metric_families(exposed([Slot()]))}
    assert {"passalong_folded", "passalong_workers", "passalong_build_info"} <= families
