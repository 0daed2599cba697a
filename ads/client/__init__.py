"""What a request tells about its sender, read before the address is forgotten.

`facts` are what is kept. `address` finds the client behind proxies, `places` its country; `agent`
reads the user agent (`robots` by their `words`; `apps`), `headers` the other headers, `source` the
app or site in which the link was opened; `reading` puts all together as `Client`.
"""

from ads.client.facts import ClientFacts
from ads.client.reading import Client

__all__ = ["Client", "ClientFacts"]
