"""Handlers of the ad's side: no rule, no Redis."""
