"""Handlers of the article's side: no rule, no Redis."""
