"""Handlers of the article's side: no rule, no Redis.

readers  `pages`, `pictures` by way of us, `me`, `wechat`; `notes` say why there is no article
console  `paste` (what was `pasted`, why not: `refusals`), `shares` and their `qr` codes, `operator`
API      `shares_api`, `operator_api`; they answer in `views`, which `openapi` describes
"""
