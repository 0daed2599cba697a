"""The ad's side: ad -> slot -> ticket -> event -> fold -> report.

An advertiser's `ad` becomes the HTML of a `slot`; the page that carries it holds a signed
`ticket`. A reader's browser sends `events`; `client` says what the request tells about its
sender, `verdict` judges, `spool` makes the record (`receipt`) durable before the answer, `fold`
applies it to the store exactly once, and `report`, `spread` and `ledger` read folded figures only.
`rolling` sums them over an ad's shares before anybody asks, `ageing` lets the old ones go.
`export` tells the events themselves, with the verdicts that `judge` finds from them.

To this package a share is an opaque string with the facts that publishing booked for it
(`booking`). It never imports `proxy`; what it must reach outward for is a callable handed in.
"""
