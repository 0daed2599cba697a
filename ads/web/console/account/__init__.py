"""Signing in with a password (`signin`) or `passkeys`; `settings`; `owndata`, all that is kept."""
