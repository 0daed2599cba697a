"""What a request tells about its sender, taken before the address is forgotten.

`facts` is what is kept, `address` finds the client behind proxies and `places` where that is,
`agent` reads the user agent (`robots` by their `words`, `apps`), `headers` the rest, `source` where
the link was opened; `reading` puts them together as `Client`.
"""

from ads.client.facts import ClientFacts
from ads.client.reading import Client

__all__ = ["Client", "ClientFacts"]
