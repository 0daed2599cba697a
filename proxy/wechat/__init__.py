"""The operator's WeChat account, which signs pages there so that their links become cards.

`account` has its settings; `tickets` gets its ticket, once for all workers; with the ticket a
`signature` proves that a page is the account's.
"""

from proxy.wechat.account import Account
from proxy.wechat.tickets import RefusedError, Tickets

__all__ = ["Account", "RefusedError", "Tickets"]
