"""Metrics: sums over workers that never fall."""

from collections import Counter

from prometheus_client import CollectorRegistry, generate_latest

from proxy.run.metrics import SLOT_BYTES, Slot, Sums


def exposed(slots: list[Slot]) -> str:
    registry = CollectorRegistry()
    registry.register(Sums([slots]))
    return generate_latest(registry).decode()


def test_counters_are_summed_over_workers() -> None:
    slots = [Slot(), Slot()]
    slots[0].write(Counter({("passalong_events", "counted"): 2}))
    slots[1].write(Counter({("passalong_events", "counted"): 3, ("passalong_events", "bot"): 1}))
    text = exposed(slots)
    assert 'passalong_events_total{verdict="counted"} 5.0' in text
    assert 'passalong_events_total{verdict="bot"} 1.0' in text


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
