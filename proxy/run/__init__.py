"""Processes: supervisor, workers, embedded store, compile pool, metrics."""
