"""Processes: supervisor, workers, embedded store, metrics."""
