"""The demonstration: a sample site, two ads, and a week of readers replayed through the service.

`site` serves articles and pictures, as a publisher of its own on loopback; `cascade` draws readers
from a seed (pure); `shop` makes the account, the ads and the shares by the API; `replay` sends
every reader's events to the real endpoints, at the times of a `calendar` that runs through the week
in seconds; `stage` puts it together for `passalong demo`.
"""
