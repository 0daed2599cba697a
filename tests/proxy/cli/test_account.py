"""`passalong account`: an account by command."""

import asyncio

from ads.store import connect
from ads.store.accounts import Accounts
from ads.store.removal import Removal
from tests.proxy.cli.conftest import Command

PASSWORD = "a sentence to remember"


async def _owner_gone(url: str) -> None:
    redis = connect(url)
    await redis.flushall()
    accounts = Accounts(redis)
    await Removal(redis).account(await accounts.create("a@x.example", "A", PASSWORD), accounts)
    await accounts.create("b@x.example", "B", PASSWORD)
    await redis.aclose()


async def _roles(url: str) -> dict[str, str]:
    redis = connect(url)
    found = await Accounts(redis).all()
    await redis.aclose()
    return {each.email: each.role for each in found}


def test_a_service_whose_owner_is_gone_gets_one_by_command_and_no_other_way(
    valkey_url: str, passalong: Command
) -> None:
    asyncio.run(_owner_gone(valkey_url))
    for email in ("c@x.example", "d@x.example"):
        assert passalong("account", "create", "--email", email)[0] == 0
    roles = {"b@x.example": "member", "c@x.example": "owner", "d@x.example": "member"}
    assert asyncio.run(_roles(valkey_url)) == roles
