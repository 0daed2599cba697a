"""The console: server-rendered pages for people who log in; they work without scripts.

Every request is a `Visit` of the `desk`: session, language, the check of a form; it is answered
with a page of `views`. `csrf` and `policy` guard it, `once` lets a form that is sent twice do one
thing, `faults` explains what is wrong with one, `words` writes numbers and dates, `reader_codes`
the codes that readers are shown by. The screens: `account`, `ad`, `report`, `spread`; `public` is
for people without an account, `pwa` makes the console an app on a phone, `figures` stand beside
shares in a list.
"""
