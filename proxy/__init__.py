"""The article's side: a pasted link becomes a page that carries an ad.

a paste     `web` reads it, `publish` does it: `links` (text -> Link), `articles` (once for
            everyone: `fetch` -> Source, `signals` and the operator's `lists` -> `rights`,
            `compiler` -> `page`), `shares`, `ads.booking`; `store` keeps them
afterwards  `articles.renew` asks sources again; `moderation` hears publishers and the operator,
            and ends or lowers what they say; `forget` leaves nothing
a page      `wire` (certain requests, before aiohttp reads them) or `web` -> `serving` (from memory,
            a file or the store; `render` joins it with our own parts from `frame`, `pictures` by
            way of us) -> bytes under the headers of `cdn`, which also tells edges what changed
in WeChat   `wechat` has an account there vouch for pages, so that links become cards
a poster    `poster` draws what is posted or printed
a process   `run`: supervisor, workers, the embedded store, metrics; `pool` for what may be slow
            or fatal; `cli` the commands, `backup` what two of them do, `demo` the one that shows
            all of it, with the articles that an empty console offers (`sample`)
together    `config` alone reads the environment; `stores` are what both sides keep, `parts` a whole
            worker; `routes` maps addresses, `app` tells the two origins apart
leaves      `flight` (one run for all who ask), `fairness` (nobody's many hold up another's one),
            `hot` (what a worker has in memory), `addresses` and `reach` (where fetches may go),
            `edition` (which code made it), `encodings`, `observe`, `logs`, `source`, `death`,
            `errors`
"""
