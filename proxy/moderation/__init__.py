"""What publishers and the operator forbid or let through, before and after publishing.

`lists` is the operator's word on sites, `watch` hears publishers again, `vetting` is for what
newcomers want readers to see, `takedown` ends or lowers what the operator says, by `endings`.
"""
