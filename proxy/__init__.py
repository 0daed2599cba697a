"""The article's side: a pasted link becomes a page that carries an ad.

A paste: `web` -> `publish` -> `links` (text -> Link), `articles` (`fetch` -> Source, `signals` ->
`rights`, `compiler` -> Page, once for everyone) -> `shares` -> `ads.booking`.
After publishing: `watch` hears publishers and the operator's `lists` again and again; `takedown`
ends what the operator says.
A page: `wire` (certain requests, before aiohttp reads them) or `web` -> `display` -> `hot`, else
`shelf` (articles beyond memory, in a file of the worker's), else `stock` (from the store: articles
deflated, with `pictures` by way of us where readers cannot load them; ads; names)
-> `render` (`gaps`, drawn by `stencil`, and parts become a `mould` for all shares alike, kept by
`moulds`, joined by `splice`) -> `cdn` headers -> `answers`.
`run` holds the processes: supervisor, workers, the embedded store, the compile pool, metrics.
`sample` has the articles that an empty console offers.
`kept` and `parts` put all of it together, `routes` maps addresses, `app` tells the two origins
apart; `config` alone reads the environment.
"""
