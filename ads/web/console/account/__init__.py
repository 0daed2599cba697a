"""Signing in, with a password or a passkey; settings, and all that is kept of an account."""
