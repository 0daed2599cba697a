"""The only Redis commands of the article's side, one module a noun; `keys` names what they keep.

articles   `articles` (pages, downloads, locks), `templates` of pages that are alike, `renewals`
shares     `shares`, `previews`; `published` from which origin
publishers `sites` and what they said, the operator's `lists`, the `audit` of what followed
edges      `purges`
chats      the ticket of an account with `wechat`
how        `batch` reads many records over a `line` of its own; a `lease` is held by one worker
all of it  `schema` is the form of the records, `signer` whose key signs what goes out, `snapshot`
           the whole store at one moment, `transfer` puts it into another
"""
