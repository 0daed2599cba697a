"""The operator's account with WeChat, which vouches for pages there: links become cards.

An `account` is what the settings say; its ticket is asked for by `tickets`, once for all workers;
a `signature` with it says that a page is the account's.
"""

from proxy.wechat.account import Account
from proxy.wechat.tickets import RefusedError, Tickets

__all__ = ["Account", "RefusedError", "Tickets"]
