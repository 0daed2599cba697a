"""TXT records of a name, from the system's name servers, bounded in time."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.resolver

SECONDS = 2.0
MAX_RECORDS = 100


async def texts(name: str) -> Sequence[str] | None:
    """The texts of the records, maybe none; None if no name server answered."""
    try:
        # The system's settings are read for each name: its name servers may change while we run.
        found = await dns.asyncresolver.Resolver().resolve(
            name, "TXT", search=False, lifetime=SECONDS, raise_on_no_answer=False
        )
    except dns.resolver.NXDOMAIN:
        return ()
    except (dns.exception.DNSException, OSError, ValueError):
        return None
    parts = (record.strings for record in list(found.rrset or ())[:MAX_RECORDS])
    return [b"".join(strings).decode("utf-8", "replace") for strings in parts]
