"""The console: server-rendered pages for people who log in; they work without scripts.

The `desk` makes a `Visit` of every request: session, language, checked form; `views` render the
answer. `csrf` and `policy` guard it; `once` makes a form that is sent twice act once; `faults`
explains a form's errors; `words` formats numbers and dates, `reader_codes` the codes by which
readers are shown. Screens: `account`, `ad`, `report`, `spread`; `public`, for people without an
account. `pwa` makes the console an app on a phone; `figures` are shown beside listed shares.
"""
