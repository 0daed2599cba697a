"""A report: `screens` show what the `presenter` puts together for a `period`.

Each question of a report is a block: `blocks` makes them with `times`, `charts`, `funnel`, `rates`
and `carriers`; `sentences` put the numbers into words. `live` notifies open pages of changes;
`links` show a report to people without an account.
"""
