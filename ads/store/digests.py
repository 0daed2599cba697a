"""Secrets and names as they stand in the store: SHA-256, never themselves (a leaf)."""

import hashlib


def digest(secret: str) -> str:
    """64 hexadecimal digits. Fit for secrets of 256 random bits, not for passwords."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def short(digested: str) -> str:
    """A public id taken from a digest."""
    return digested[:16]
