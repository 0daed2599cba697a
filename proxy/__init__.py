"""The article's side: a pasted link becomes a page that carries an ad.

A paste: `web` -> `publish` -> `links` (text -> Link), `articles` (`fetch` -> Source, `signals` ->
`rights`, `compiler` -> Page, once for everyone) -> `shares` -> `ads.booking`.
After publishing: `moderation` hears publishers and the operator's lists again and again, and ends
or lowers what the operator says.
A page: `wire` (certain requests, before aiohttp reads them) or `web` -> `serving` (from memory, a
file or the store: prepared articles, with `pictures` by way of us where readers cannot load them;
ads; names; joined) -> `cdn` headers -> bytes. What changed is told to caches by `purge`.
`run` holds the processes: supervisor, workers, the embedded store, the compile pool, metrics.
`sample` has the articles that an empty console offers.
`kept` and `parts` put all of it together, `routes` maps addresses, `app` tells the two origins
apart; `config` alone reads the environment.
"""
