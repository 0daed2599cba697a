"""Handlers of the ad's side: no rule, no Redis.

readers  `beacon`, `click`, `pictures`
API      `ads`, `account`, `reports`, `events`; `auth` tells who calls, `body` and `paging` what is
         asked, `idempotency` repeats an answer, `problem` refuses; they answer in `views`, which
         `openapi` describes
console  `console`, with each `form`
"""
