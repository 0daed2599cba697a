"""The console: server-rendered pages for people who log in; they work without scripts.

`desk` opens each visit (session, language, the check of a form) and answers with a page of `views`;
`csrf` and `policy` are its guards, `words` writes numbers and dates, `sentences` says what they
mean. A report: `report` (its `Teller`) -> `answers`, block by block, with `times`, `charts`,
`rates` and `carriers`; `live` says when it changed, `shown` shows it to people without an account.
A spread: `spread` -> `tree` -> `spreadmap`. The other modules are one screen each.
"""
