"""A source's pictures by way of us: a reader's browser would not, or could not, load them itself.

`address` names a picture and signs it, `markup` puts such addresses into a compiled page, `shrink`
writes a picture anew for a phone and `sheets` cleans a style sheet, each in a process of its own;
`maker` fetches what an address names and has it made, `keeper` remembers it for a while.
"""
