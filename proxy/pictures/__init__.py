"""Proxies a source's pictures that a reader's browser would not or could not load itself.

`address` makes our signed address of a picture, `markup` puts such addresses into a compiled page.
`shrink` re-encodes a picture for phones and `sheets` cleans a style sheet, in separate processes;
`maker` fetches what an address names and runs these, `keeper` caches the results.
"""
