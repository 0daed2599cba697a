"""Handlers of the ad's side: they contain no rule and no Redis command.

readers  `beacon`, `click`, `pictures`
API      `ads`, `account`, `reports`, `events`; `auth` finds the caller, `body` and `paging` read
         the request, `idempotency` repeats an answer, `problem` answers errors; they answer with
         `views`, which `openapi` describes
console  `console`; its forms are read by `form`
"""
