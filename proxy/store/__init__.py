"""The only Redis commands of the article's side, one module a noun; `keys` names what they keep.

articles   `articles` (pages, downloads, locks); `templates`, joined pages; `renewals`, a queue
shares     `shares`, `previews`; `published`, by origin
publishers `sites` and what they said; the operator's `lists`; the `audit` of what was done
edges      `purges`
chats      the ticket of an account with `wechat`
tools      a `batch` reads many records at once over its own `line`; a worker holds a `lease`
the store  `schema`, the version of its records; `signer`, whose key signs; `snapshot`, all of it at
           one moment; `transfer` into another store
"""
