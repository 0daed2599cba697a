"""The commands of `passalong`, one module each; `command` has what they share.

To run the service: `serve`, `doctor`, `demo`; a page without a server: `brand`; on what the service
holds: `account`, `list`, `ad`, `archive`, `backup`, `restore`, `forget`, `purge`; to moderate:
`takedown`, `review`.
"""
