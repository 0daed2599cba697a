"""The console: server-rendered pages for people who log in; they work without scripts.

`desk` opens each visit (session, language, the check of a form) and answers with a page of `views`;
`csrf` and `policy` are its guards, `words` writes numbers and dates, `sentences` says what they
mean, `figures` prepares what a chart draws. The other modules are one screen each.
"""
