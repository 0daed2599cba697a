"""The article's side: a pasted link becomes a page that carries an ad.

A paste: `web` -> `publish` -> `links` (text -> Link), `articles` (`fetch` -> Source, `signals` ->
`rights`, `compiler` -> Page, once for everyone) -> `shares` -> `ads.booking`.
After publishing: `watch` hears publishers and the operator's `lists` again and again; `takedown`
ends what the operator says.
A page: `web` -> `hot` -> `pictures` (addresses of ours for those that readers cannot load) ->
`render` (Page + `ads.slot` + `ads.ticket` -> bytes) -> `cdn` headers.
`run` holds the processes: supervisor, workers, the embedded store, the compile pool, metrics.
`kept` and `parts` put all of it together, `routes` maps addresses, `app` tells the two origins
apart; `config` alone reads the environment.
"""
