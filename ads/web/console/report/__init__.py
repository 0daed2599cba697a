"""A report: `screens` show what the `presenter` puts together for a `period`.

Each question of a report is a block: `blocks` builds them with `times`, `charts`, `funnel`, `rates`
and `carriers`; `sentences` say what the numbers mean. `live` tells a page that is open when they
changed, `links` show a report to people without an account.
"""
