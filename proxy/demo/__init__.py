"""The demonstration: two ads on the samples, and a week of readers replayed through the service.

`cascade` draws readers from a seed (pure); `shop` makes the ads and the shares by the API; `replay`
sends every reader's events to the real endpoints by a `line`, in the `guises` of their browsers, at
the times of a `calendar` that runs through the week in seconds; `stage` puts it together for
`passalong demo`.
"""
