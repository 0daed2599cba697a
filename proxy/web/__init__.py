"""Handlers of the article's side: they contain no rule and no Redis command.

readers  `pages`; `pictures`, the picture proxy; `me`, `wechat`; `notes`, pages without an article
console  `paste` (finds the link in what was `pasted`; explains `refusals`), `shares` with their
         `qr` codes, `operator`
API      `shares_api`, `operator_api`; they answer with `views`, which `openapi` describes
"""
