"""Who advertises, in law: what an ad's archive names beside the name that readers see. Pure."""

import msgspec

from ads import text
from ads.errors import fields_of, invalid

LONGEST = 200


class Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an advertiser is known by; "" is not told.

    Name, address and a contact that works are what China's advertising rules have a publisher
    register (Internet advertising measures of 2023, article 14); `registration` is the number in a
    trade register, `paid_by` who pays, if that is another (Digital Services Act, article 39, 2c).
    """

    legal_name: str = ""
    registration: str = ""
    address: str = ""
    contact: str = ""
    paid_by: str = ""


FIELDS = Identity.__struct_fields__


def parse(value: object, field: str) -> Identity:
    """An identity, whole. Raises Problem("invalid") with every fault."""
    return Identity(**fields_of(dict.fromkeys(FIELDS, _line), value, field))


def _line(value: object, field: str) -> str:
    cleaned = text.clean(value) if isinstance(value, str) and len(value) <= LONGEST else None
    if cleaned is None:
        raise invalid(field, "text", f"One line, at most {LONGEST} characters.")
    return cleaned
