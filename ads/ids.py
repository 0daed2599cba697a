"""Random, URL-safe ids and secrets, and the digests by which secrets are stored (a leaf)."""

import hashlib
import secrets

ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def new_id(length: int = 12) -> str:
    """A random identifier of `length` characters, 5.8 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A bearer secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """64 hexadecimal digits. Fit for secrets of 256 random bits, not for passwords."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def short(digested: str) -> str:
    """A public id taken from a digest."""
    return digested[:16]
