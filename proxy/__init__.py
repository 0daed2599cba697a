"""The article's side: a pasted link becomes a page that carries an ad.

A paste: `web` (judged by `forms`) -> `publish` -> `links` (text -> Link, by `spellings`),
`articles` (`fetch` -> Source, `signals` -> `rights`, `compiler` -> Page, once for everyone) ->
`shares` -> `ads.booking`.
After publishing: `articles.renew` asks sources again; `moderation` hears publishers and the
operator's lists again and again, and ends or lowers what the operator says; `forget` leaves
nothing.
A page: `wire` (certain requests, before aiohttp reads them) or `web` -> `serving` (from memory, a
file or the store: prepared articles, with `pictures` by way of us where readers cannot load them,
our own parts from `frame`; ads; names; joined) -> `cdn` headers -> bytes. What changed is told to
caches, `edges`, by `purge`. `poster` draws what is posted or printed.
`run` holds the processes: supervisor, workers, the embedded store, the compile pool, metrics;
`cli` the commands, `backup` what two of them do, `demo` the one that shows all of it, with the
articles that an empty console offers (`sample`).
`kept` puts the stores together and `parts` all else, `routes` maps addresses, `app` tells the two
origins apart; `config` alone reads the environment, by `values`; `reach` and `addresses` say where
fetches may go.
Leaves that several lean on: `flight` (one run for all who ask), `turns` (nobody's many hold up
another's one), `encodings`, `observe`, `logs`, `edition`, `source`, `errors`.
"""
