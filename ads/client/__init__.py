"""What a request tells about its sender, taken before the address is forgotten.

`facts` is what is kept, `address` finds the client behind proxies, `agent` reads the user agent,
`reading` puts them together as `Client`.
"""

from ads.client.facts import ClientFacts
from ads.client.reading import Client

__all__ = ["Client", "ClientFacts"]
