"""The ad's side: ad -> slot -> ticket -> event -> fold -> report.

To this package a share is an opaque id with the facts that publishing booked for it (`booking`).
The package never imports `proxy`; it is given callables for what it needs from there. Its parts, in
the order in which an event passes them:

an account  `accounts`: who logs in, and what they may do; a `complaint` needs no account
an ad       `ad`, with its `picture` (`picture_id`); `timetable` starts and ends it, `slot` writes
            its HTML, `ticket` signs pages; `register` keeps its versions on record for years
an event    `receiver` judges it by the rules of `events` and by `client`, what is known of its
            sender, and writes it to the `spool` before the answer
a fold      `fold` reads the spool, `store` counts each event exactly once
a report    `reports` reads the folded figures, and exports the events themselves
a screen    `web`: the API, the beacon, the console; `text`, `markup`, `i18n` with `locale/`
leaves      `clock`, `config`, `errors`, `ids`, `tally`; `tasks`, background work
"""
