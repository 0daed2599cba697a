"""The ad's side: ad -> slot -> ticket -> event -> fold -> report.

To this package a share is an opaque string with the facts that publishing booked for it
(`booking`). It never imports `proxy`; what it must reach outward for is a callable handed in. Every
room by the way that an event takes:

an account  `accounts`: who logs in, and what they may do; a `complaint` needs none
an ad       `ad`, with its `picture` (`picture_id`); `timetable` begins and ends it, `slot` writes
            its HTML, `ticket` signs it; `register` tells its versions years later
an event    `receiver` has it judged by the rules of `events`, by `client` what its sender is, and
            kept in the `spool` before the answer
a fold      `fold` reads the spool, `store` counts each event exactly once
a report    `reports` reads what was folded, and tells the events themselves
a screen    `web`: the API, the beacon, the console; `text`, `markup`, `i18n` with `locale/`
leaves      `clock`, `config`, `errors`, `ids`, `tally`; `tasks` beside the answers
"""
