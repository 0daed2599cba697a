"""The guarded download: a public address -> Source, or the reason why not.

`config` has its limits. `target` judges the URL, `guard` each address that `names` resolves it to
(`egress`, if a proxy connects); `breaker` spares sites that are away. `fetcher` sends the requests;
`framing` bounds how an answer is framed, `body` how long it is; `answer` judges what it means.
"""

from proxy.fetch.config import HTML, FetchConfig, NotModified, Validators, user_agent
from proxy.fetch.fetcher import Fetcher

__all__ = ["HTML", "FetchConfig", "Fetcher", "NotModified", "Validators", "user_agent"]
