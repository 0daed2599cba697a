"""The console: server-rendered pages for people who log in; they work without scripts.

`desk` opens each visit (session, language, the check of a form) and answers with a page of `views`;
`csrf` and `policy` are its guards, `faults` says what is wrong with a form, `words` writes numbers
and dates, `codes` readers. The screens: `account`, `ad`, `report`, `spread`; `public` is for people
without an account, `installed` makes it an app, `figures` stand beside shares in a list.
"""
