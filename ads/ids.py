"""Opaque identifiers: random, URL-safe, without look-alike characters (a leaf)."""

import secrets

ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def new_id(length: int = 12) -> str:
    """A random identifier of `length` characters, 5.8 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A bearer secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)
