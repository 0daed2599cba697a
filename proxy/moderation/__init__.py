"""What publishers and the operator forbid or allow, after publishing and before.

The `watch` reads publishers' signals again; `takedown` ends or lowers what the operator names, by
means of `endings`; `vetting` reviews newcomers' ads.
"""
