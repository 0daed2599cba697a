"""The article's side: a pasted link becomes a page that carries an ad.

a paste     `web` takes the request, `publish` runs it: `links` (text -> Link), `articles` (made
            once for everyone: `fetch` -> Source, `signals` and the operator's `lists` -> `rights`,
            `compiler` -> `page`), `shares`, `ads.booking`; `store` keeps them
afterwards  `articles.renew` asks sources again; `moderation` ends or lowers what publishers or the
            operator do not allow; `forget` removes things for good
a page      `wire` (the fast path, before aiohttp) or `web` -> `serving` (from memory, a file or the
            store; `render` joins the article with our own parts from `frame`; `pictures` proxies
            some pictures) -> bytes, with the headers of `cdn`, which also purges edges
in WeChat   `wechat` signs pages by the operator's account there, so that links become cards
a poster    `poster` draws a share's picture to post or print
a process   `run`: supervisor, workers, the embedded store, metrics; `pool`: processes for work that
            may be slow or crash; `cli`: the commands; `backup`: what two of them share; `demo`: the
            one that shows everything, on the articles of `sample`
together    `config` alone reads the environment; `stores` has all stores of both sides, `parts` all
            of a worker; `routes` maps addresses, `app` tells the two origins apart
leaves      `flight` (single flight), `fairness` (fair queueing by account), `hot` (a worker's page
            cache), `addresses` and `reach` (where fetches may go), `edition` (a digest of the code
            that made a page), `encodings`, `observe`, `logs`, `source`, `death`, `errors`
"""
