"""The ad's side: ad -> slot -> ticket -> event -> fold -> report.

To this package a share is an opaque string with the facts that publishing booked for it
(`booking`). It never imports `proxy`; what it must reach outward for is a callable handed in. Every
module by the way that an event takes:

an ad       `ad`, `variant`, `picture` (`picture_id`); `review` before readers see it, `register` on
            record after, `timetable` begins and ends it; `slot` writes its HTML, `ticket` signs it
an event    `events` reads it, `client` its sender, `verdict` judges (`hops`, `limits`), `receive`
            makes a `receipt` of it, `spool` keeps that before the answer
a fold      `fold` reads the spool (`progress`), `settle` finds the final reason (`activity`,
            `mark`), `store` counts it exactly once
afterwards  `rolling` sums an ad's shares before anybody asks, `ageing` lets old counts go,
            `erasure` says what is forgotten
a report    `reports` reads folded figures: `report`, `spread`, `ledger` over `spans` of hours;
            `export` tells the events themselves, with the verdicts that `judge` finds from them
an account  `accounts`, `identity`, `access`, `passwords`, `passkeys`; a `complaint`
a screen    `web`: the API, the beacon, the console; `text`, `markup`, `i18n` with `locale/`
leaves      `clock`, `config`, `errors`, `ids`, `tally`; `tasks`, `turn`, `offload` for the loop
"""
