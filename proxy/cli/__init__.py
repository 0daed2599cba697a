"""The commands of `passalong`, one module each."""
