"""Pure, no I/O: Source -> Page."""
