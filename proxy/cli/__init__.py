"""The commands of `passalong`, one module each; `command` is what they have in common.

To run it: `serve`, `doctor`, `demo`; for a page without a server: `brand`. Of what it holds:
`account`, `list`, `ad`, `archive`, `backup`, `restore`, `forget`, `purge`. For the operator's word:
`takedown`, `review`.
"""
