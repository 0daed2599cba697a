"""Accounts, their keys and sessions, in a real store."""

import asyncio

import pytest
from redis.asyncio import Redis

from ads.accounts import Key, passwords
from ads.clock import DAY, MINUTE
from ads.errors import Problem
from ads.store import accounts as store
from ads.store import keys
from ads.store.accounts import Accounts
from ads.store.apikeys import ApiKeys

PASSWORD = "correct horse"


class Clock:
    def __init__(self) -> None:
        self.at = 1_800_000_000_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(redis: Redis, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    # The real thing is slow on purpose; one test below uses it.
    async def digest(password: str) -> str:
        return f"plain {password}"

    async def matches(stored: str | None, password: str) -> bool:
        return stored == f"plain {password}"

    monkeypatch.setattr(passwords, "digest", digest)
    monkeypatch.setattr(passwords, "matches", matches)
    return Accounts(redis, clock)


async def refused(code: str, call: object) -> Problem:
    with pytest.raises(Problem) as caught:
        await call  # type: ignore[misc]
    assert caught.value.code == code
    return caught.value


async def test_a_password_is_kept_as_a_salted_slow_hash(redis: Redis) -> None:
    account = await Accounts(redis).create("me@example.org", "Mei", PASSWORD)
    assert account.password_hash.startswith("$argon2id$")
    assert await Accounts(redis).verify("Me@Example.org", PASSWORD) == account
    assert await Accounts(redis).verify("me@example.org", "wrong horse!") is None
    assert await Accounts(redis).verify("nobody@example.org", PASSWORD) is None


# Of twelve characters and more, from lists of leaked passwords; then what a guesser makes of them.
TRIED_FIRST = (
    "123456789012", "unbelievable", "administrator", "1q2w3e4r5t6y", "qwertyuiop123",
    "password1234", "Password123!", "P4ssw0rd1234", "iloveyou1234", "princess1234",
    "aaaaaaaaaaaa", "abcdefghijkl", "letmeinletmein", "mei@example.org", "mei@example.org1",
    "Passw0rd2025", "hello123hello",
)  # fmt: skip


@pytest.mark.parametrize("password", TRIED_FIRST)
async def test_a_password_that_is_tried_first_is_refused_wherever_one_is_chosen(
    accounts: Accounts, password: str
) -> None:
    fields = ("mei@example.org", "Mei Lin", password)
    first, invited = await accounts.invites.first_link(), await accounts.invites.create("Mei")
    for choosing in (
        accounts.claim_first_link(str(first), *fields),
        accounts.claim_invite(invited, *fields),
        accounts.create(*fields),
    ):
        assert (await refused("invalid", choosing)).errors[0]["code"] == "common"
    await accounts.claim_first_link(str(first), *fields[:2], PASSWORD)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "twelve chars", "山高月小水落石出", "x7!Kd9&mPw2z", "e" + "Qv9#kL2" * 100],
)
async def test_any_other_password_is_taken(accounts: Accounts, password: str) -> None:
    await accounts.create(
        "mei@example.org", "Mei", password if len(password) > 11 else password * 2
    )


async def test_all_accounts_are_told_however_many_are_read_together(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "AT_ONCE", 2)
    made = [await accounts.create(f"{n}@example.org", f"n{n}", PASSWORD) for n in range(3)]
    assert {each.id for each in await accounts.all()} == {each.id for each in made}


async def test_of_many_that_claim_an_email_at_once_one_gets_it(
    accounts: Accounts, redis: Redis
) -> None:
    calls = [accounts.create("Me@example.org", f"n{n}", PASSWORD) for n in range(8)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    made = [each for each in results if not isinstance(each, Problem)]
    assert len(made) == 1
    assert {each.code for each in results if isinstance(each, Problem)} == {"conflict"}
    assert await accounts.all() == made
    assert len(await redis.keys("account:*")) == 1


async def test_of_the_first_accounts_one_is_the_owners(accounts: Accounts) -> None:
    calls = [accounts.create(f"{n}@example.org", "n", PASSWORD) for n in range(5)]
    made = await asyncio.gather(*calls)
    assert sorted(account.role for account in made) == ["member"] * 4 + ["owner"]


async def test_changes_at_once_are_all_kept(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    await asyncio.gather(
        accounts.patch(account.id, {"name": "Mei Lin"}),
        accounts.patch(account.id, {"locale": "zh"}),
        accounts.patch(account.id, {"time_zone": "Asia/Shanghai"}),
    )
    changed = await accounts.by_id(account.id)
    assert changed is not None
    assert (changed.name, changed.locale, changed.time_zone) == ("Mei Lin", "zh", "Asia/Shanghai")


async def test_what_is_not_there_is_not_changed(accounts: Accounts) -> None:
    await refused("not_found", accounts.patch("nobody", {"name": "x"}))


# --- keys ---------------------------------------------------------------------------------------


async def test_a_key_opens_its_account_until_it_is_revoked(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    text = await accounts.new_key(account.id, "cli")
    assert await accounts.by_key(text) == account
    assert await accounts.by_key(text + "x") is None
    (key,) = await accounts.api_keys.list(account.id)
    assert not await accounts.revoke_key("another", key.id)
    assert await accounts.revoke_key(account.id, key.id)
    assert await accounts.by_key(text) is None
    assert await accounts.api_keys.list(account.id) == []


async def test_no_secret_stands_in_the_store(accounts: Accounts, redis: Redis) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    secrets = [
        await accounts.new_key(account.id, "cli"),
        await accounts.new_session(account.id),
        await accounts.invites.create("Bo"),
    ]
    dumped = b""
    for key in await redis.keys("*"):
        dumped += key + (await redis.dump(key) or b"")
    assert not [secret for secret in secrets if secret[4:].encode() in dumped]


async def test_the_same_secret_again_is_the_same_key(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    first = await accounts.add_key(account.id, "cli", "s" * 43)
    assert await accounts.add_key(account.id, "cli", "s" * 43) == first
    await refused("conflict", accounts.add_key(account.id, "other", "s" * 43))


async def test_an_account_has_at_most_100_keys(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    for n in range(100):
        await accounts.new_key(account.id, str(n))
    await refused("conflict", accounts.new_key(account.id, "one more"))


# --- sessions -----------------------------------------------------------------------------------


async def test_a_session_lasts_until_it_is_ended(accounts: Accounts, clock: Clock) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    one, two = await accounts.new_session(account.id), await accounts.new_session(account.id)
    assert await accounts.by_session(one) == account
    await accounts.sessions.end_token(one)
    await accounts.sessions.end_token("never was")
    assert await accounts.by_session(one) is None
    (left,) = await accounts.sessions.list(account.id)
    assert await accounts.sessions.withdraw(account.id, left.id)
    assert await accounts.by_session(two) is None


async def test_a_session_that_is_over_leaves_the_list(accounts: Accounts, clock: Clock) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    await accounts.new_session(account.id)
    clock.at += 31 * DAY
    assert await accounts.sessions.list(account.id) == []


async def test_a_51st_session_ends_the_oldest(accounts: Accounts, clock: Clock) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    tokens = []
    for _ in range(51):
        clock.at += 1
        tokens.append(await accounts.new_session(account.id))
    assert await accounts.by_session(tokens[0]) is None
    assert await accounts.by_session(tokens[1]) == account


async def test_a_new_password_ends_every_session(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    token = await accounts.new_session(account.id)
    await accounts.set_password(account.id, "a new password")
    assert await accounts.by_session(token) is None
    assert await accounts.verify("me@example.org", "a new password")


# --- one-time links -----------------------------------------------------------------------------


async def test_the_first_link_makes_one_account_however_often_it_is_used(
    accounts: Accounts,
) -> None:
    token = await accounts.invites.first_link()
    assert token
    calls = [
        accounts.claim_first_link(token, f"{n}@example.org", "Mei", PASSWORD) for n in range(5)
    ]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sorted(getattr(each, "code", "made") for each in results) == ["ended"] * 4 + ["made"]
    assert await accounts.invites.first_link() is None


async def test_a_new_first_link_voids_the_one_before(accounts: Accounts) -> None:
    old, new = await accounts.invites.first_link(), await accounts.invites.first_link()
    assert old
    assert new
    await refused("ended", accounts.claim_first_link(old, "me@example.org", "Mei", PASSWORD))
    await accounts.claim_first_link(new, "me@example.org", "Mei", PASSWORD)


async def test_a_form_filled_in_wrongly_does_not_use_up_the_link(accounts: Accounts) -> None:
    token = await accounts.invites.first_link()
    assert token
    await refused("invalid", accounts.claim_first_link(token, "me@example.org", "Mei", "short"))
    await accounts.claim_first_link(token, "me@example.org", "Mei", PASSWORD)


async def test_once_there_is_an_account_the_first_link_is_worthless(accounts: Accounts) -> None:
    token = await accounts.invites.first_link()
    assert token
    await accounts.create("first@example.org", "First", PASSWORD)
    await refused("ended", accounts.claim_first_link(token, "me@example.org", "Mei", PASSWORD))


async def test_an_invitation_makes_one_account(accounts: Accounts) -> None:
    token = await accounts.invites.create("Bo")
    assert [invite.label for invite in await accounts.invites.list()] == ["Bo"]
    await accounts.claim_invite(token, "bo@example.org", "Bo", PASSWORD)
    await refused("ended", accounts.claim_invite(token, "b2@example.org", "Bo", PASSWORD))
    assert await accounts.invites.list() == []


async def test_an_invitation_can_be_withdrawn(accounts: Accounts) -> None:
    token = await accounts.invites.create("Bo")
    (invite,) = await accounts.invites.list()
    assert await accounts.invites.withdraw("", invite.id)
    await refused("ended", accounts.claim_invite(token, "bo@example.org", "Bo", PASSWORD))


# --- guessing -----------------------------------------------------------------------------------


async def tries(accounts: Accounts, email: str, address: str, times: int) -> int:
    """The number of wrong attempts, of `times`, that were not refused as too many."""
    heard = 0
    for _ in range(times):
        try:
            await accounts.verify(email, "a wrong guess", address)
        except Problem as problem:
            slowed = problem
        else:
            heard += 1
    assert heard == times or (slowed.code == "rate_limited" and slowed.retry_after)
    return heard


async def test_a_guesser_is_slowed_and_goes_on_later(accounts: Accounts, clock: Clock) -> None:
    await accounts.create("me@example.org", "Mei", PASSWORD)
    assert await tries(accounts, "me@example.org", "192.0.2.1", 20) == 10
    clock.at += MINUTE
    assert await tries(accounts, "me@example.org", "192.0.2.1", 20) == 3


async def test_a_clock_that_was_set_back_by_a_day_lets_nobody_wait_for_a_day(
    accounts: Accounts, clock: Clock
) -> None:
    await accounts.create("me@example.org", "Mei", PASSWORD)
    assert await tries(accounts, "me@example.org", "192.0.2.1", 20) == 10
    clock.at -= DAY
    heard = 0
    for _ in range(4):  # each of the three brakes lets go by turns
        heard += await tries(accounts, "me@example.org", "192.0.2.1", 1)
        clock.at += MINUTE
    assert heard


async def test_an_address_that_tries_many_emails_is_slowed(accounts: Accounts) -> None:
    heard = [await tries(accounts, f"{n}@example.org", "192.0.2.1", 1) for n in range(60)]
    assert sum(heard) == 50


async def test_a_crowd_of_guessers_does_not_lock_the_owner_out(accounts: Accounts) -> None:
    account = await accounts.create("me@example.org", "Mei", PASSWORD)
    assert await accounts.verify("me@example.org", PASSWORD, "198.51.100.7") == account
    crowd = [f"192.0.2.{n}" for n in range(60)]
    heard = [await tries(accounts, "me@example.org", address, 1) for address in crowd]
    assert sum(heard) < 60
    await refused("rate_limited", accounts.verify("me@example.org", PASSWORD, "203.0.113.1"))
    assert await accounts.verify("me@example.org", PASSWORD, "198.51.100.7") == account


async def test_without_limits_nobody_is_slowed(redis: Redis, accounts: Accounts) -> None:
    unlimited = Accounts(redis, limits=False)
    assert await tries(unlimited, "me@example.org", "192.0.2.1", 20) == 20


async def test_a_revoked_key_is_not_made_again_by_the_call_that_made_it(accounts: Accounts) -> None:
    me = await accounts.create("me@example.org", "Mei", PASSWORD)
    key, secret = await accounts.add_key(me.id, "deploy", "of-an-idempotency-key")
    assert await accounts.revoke_key(me.id, key.id)
    await refused("conflict", accounts.add_key(me.id, "deploy", "of-an-idempotency-key"))
    assert await accounts.by_key(secret) is None


async def test_what_is_left_of_a_revoked_key_outlives_the_calls_that_would_make_it_again(
    redis: Redis, clock: Clock
) -> None:
    kept = ApiKeys(redis, clock)

    async def call() -> tuple[Key, str]:
        return await kept.create("mei", "cli", await kept.repeated(lambda day: f"of day {day}"))

    first, secret = await call()
    clock.at += DAY
    assert (await call())[1] == secret
    await kept.withdraw("mei", first.id)
    await refused("conflict", call())
    left = keys.API_KEY.format(digest=first.digest)
    assert 0 < await redis.pttl(left) <= 2 * DAY
    await redis.delete(left)
    clock.at += DAY
    assert (await call())[1] != secret
