"""The demonstration: two ads on the samples, and a week of readers replayed through the service.

`cascade` draws readers from a seed (pure); `shop` makes the ads and the shares by the API. `replay`
sends every reader's events to the real endpoints: `line` is its HTTP client, `guises` are the
headers of the readers' browsers, and `calendar` is a clock that runs through the week in seconds.
`stage` puts it together for `passalong demo`.
"""
