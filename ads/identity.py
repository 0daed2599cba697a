"""Who advertises, in law: what an ad's archive names beside the name that readers see. Pure."""

from collections.abc import Mapping

import msgspec

from ads import text
from ads.errors import FieldError, Problem, invalid

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


def parse(value: object) -> Identity:
    """An identity, whole. Raises Problem("invalid") with every fault."""
    if not isinstance(value, Mapping):
        raise invalid("identity", "type", "An object.")
    faults: list[FieldError] = []
    told: dict[str, str] = {}
    for field, said in value.items():
        cleaned = text.clean(said) if isinstance(said, str) and len(said) <= LONGEST else None
        if field not in FIELDS:
            faults.append(_fault(field[:64], "unknown", "There is no such field."))
        elif cleaned is None:
            faults.append(_fault(field, "text", f"One line, at most {LONGEST} characters."))
        else:
            told[field] = cleaned
    if faults:
        raise Problem("invalid", "Some fields cannot be used.", errors=faults)
    return Identity(**told)


def _fault(field: str, code: str, detail: str) -> FieldError:
    return {"field": f"identity.{field}", "code": code, "detail": detail}
