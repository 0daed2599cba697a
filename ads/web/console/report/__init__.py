"""A report: `screens` show what the `teller` finds of a `period`.

`answers` has its blocks, with `times`, `charts`, `funnel`, `rates` and `carriers`, and `sentences`
that say what they mean; `live` says when it changed, `shown` shows it to people without an account.
"""
