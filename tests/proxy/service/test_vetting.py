"""Newcomers' ads: readers see them only after the operator's review."""

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from ads.accounts.access import newcomers
from ads.ad import Ad, parse
from ads.clock import DAY
from ads.errors import Problem
from ads.store import invites, keys
from ads.store.accounts import Accounts
from ads.store.ads import Ads
from ads.store.changes import Changes
from proxy.moderation.takedown import Reason
from proxy.moderation.vetting import Vetting
from proxy.publish import PublishRequest, limits
from proxy.shares import Share
from tests.proxy.service.conftest import DRAFT, Origin, Start, Time, Worker

BOSS = "boss@example.org"
WORDS = "First flush"


@pytest.fixture
async def worker(start: Start) -> Worker:
    """A worker with its limits, as newcomers have some."""
    return await start(limits=True)


@pytest.fixture
async def accounts(redis: Redis, time: Time) -> Accounts:
    found = Accounts(redis, time)
    await found.create(BOSS, "Boss", "a sentence to remember")
    return found


@pytest.fixture
async def jo(accounts: Accounts) -> Account:
    return await accounts.sign_up("open", "jo@example.org", "Jo", "a sentence to remember")


@pytest.fixture
def vetting(worker: Worker, accounts: Accounts, time: Time) -> Vetting:
    return Vetting(worker.stores, time)


@pytest.fixture
async def hers(worker: Worker, jo: Account) -> Ad:
    return await worker.ads.create(jo.id, parse(DRAFT | {"title": WORDS}))


@pytest.fixture
async def shared(worker: Worker, jo: Account, hers: Ad, site: Origin) -> Share:
    return await worker.publisher.publish(jo, PublishRequest(f"{site.url}/tea", hers.id))


async def page(worker: Worker, share: Share) -> str:
    await worker.heard()
    answer = await worker.pages.get(f"/s/{share.id}", headers={"Host": "pages.example"})
    assert answer.status == 200
    return await answer.text()


async def test_a_newcomers_ad_is_on_no_page_until_it_passes(
    worker: Worker, vetting: Vetting, hers: Ad, shared: Share
) -> None:
    assert (hers.review.state, hers.state, hers.history[-1][1]) == ("waiting", "active", "waiting")
    text = await page(worker, shared)
    assert (text.count('data-slot="'), WORDS in text) == (0, False)
    assert "What the last oolong" in text, "the article itself is there"
    assert [ad.id for ad, _ in await vetting.waiting(9)] == [hers.id]
    await vetting.passes(hers.id, hers.version, BOSS)
    assert WORDS in await page(worker, shared)
    assert not await vetting.waiting(1001)
    assert [(act.what, act.done, act.who) for act in await worker.audit.newest(1)] == [
        ("ad", "passed", BOSS)
    ]


async def test_until_then_a_stand_in_that_runs_is_shown(
    worker: Worker, vetting: Vetting, jo: Account, hers: Ad, shared: Share
) -> None:
    stand_in = await worker.ads.create(jo.id, parse(DRAFT | {"title": "Second flush"}))
    await worker.ads.change(jo.id, hers.id, {"fallback": stand_in.id})
    assert 'data-slot="' not in await page(worker, shared), "a stand-in waits as well"
    await vetting.passes(stand_in.id, None, BOSS)
    assert "Second flush" in await page(worker, shared)


async def test_a_refused_ad_says_why_and_waits_again_when_it_was_changed(
    worker: Worker, vetting: Vetting, jo: Account, hers: Ad, shared: Share
) -> None:
    refused = await vetting.refuse(hers.id, None, Reason(BOSS, "No medicine."))
    assert (refused.review.state, refused.review.why) == ("refused", "No medicine.")
    again = await worker.ads.change(jo.id, hers.id, {"name": "Other", "state": "paused"})
    again = await worker.ads.change(jo.id, hers.id, {"state": "active"})
    assert again.review.state == "refused", "nothing that readers see was changed"
    assert WORDS not in await page(worker, shared)
    changed = await worker.ads.change(jo.id, hers.id, {"title": "Tea"})
    assert changed.review.state == "waiting"
    assert [ad.version for ad, _ in await vetting.waiting(9)] == [changed.version]
    with pytest.raises(Problem) as unsaid:
        await vetting.refuse(hers.id, None, Reason(BOSS, " "))
    assert unsaid.value.code == "invalid"


@pytest.mark.parametrize(
    "patch",
    [
        {"title": "Cure"},
        {"body": "x"},
        {"advertiser": "Other"},
        {"target": "https://evil.example/"},
        {"button": "Go"},
        {"variants": [{"id": "b", "weight": 1000, "title": "Casino"}]},
        {"kind": "card", "card": {"person": "Jo"}},
    ],
)
async def test_what_passed_is_looked_at_again_once_readers_would_see_something_else(
    worker: Worker, vetting: Vetting, jo: Account, hers: Ad, shared: Share, patch: dict[str, object]
) -> None:
    passed = await vetting.passes(hers.id, None, BOSS)
    assert (await worker.ads.change(jo.id, hers.id, {"name": "n"})).review.state == "passed"
    changed = await worker.ads.change(jo.id, hers.id, patch)
    assert changed.review.state == "waiting"
    assert 'data-slot="' not in await page(worker, shared)
    with pytest.raises(Problem) as stale:
        await vetting.passes(hers.id, passed.version, BOSS)
    assert stale.value.code == "precondition_failed", "what was looked at is not what is there"


async def test_an_account_that_is_vouched_for_waits_no_more(
    worker: Worker, vetting: Vetting, accounts: Accounts, jo: Account, hers: Ad, shared: Share
) -> None:
    await worker.stores.redis.zadd(keys.ADS_WAITING, {f"others-{n}": n for n in range(1000)})
    known = await vetting.vouch(jo, BOSS)
    assert not known.newcomer
    assert WORDS in await page(worker, shared)
    assert (await worker.ads.create(jo.id, parse(DRAFT))).review.state == "passed"
    assert not await vetting.waiting(9)


async def test_an_account_that_is_doubted_waits_again_with_its_guests(
    worker: Worker, vetting: Vetting, accounts: Accounts, jo: Account, hers: Ad, shared: Share
) -> None:
    guest = await accounts.create(
        "guest@example.org", "Li", "a sentence to remember", "sharer", jo.id
    )
    await vetting.vouch(jo, BOSS)
    assert WORDS in await page(worker, shared)
    doubted = await vetting.doubt(jo, Reason(BOSS, "Medicine."))
    assert doubted.newcomer
    assert WORDS not in await page(worker, shared)
    assert [ad.id for ad, _ in await vetting.waiting(9)] == [hers.id]
    assert (await accounts.by_id(guest.id)).newcomer  # type: ignore[union-attr]
    act = (await worker.audit.newest(1))[0]
    assert (act.what, act.target, act.done, act.why) == (
        "account",
        jo.email,
        "lowered",
        "Medicine.",
    )
    owner = await accounts.by_email(BOSS)
    assert owner
    with pytest.raises(Problem, match="no newcomer"):
        await vetting.doubt(owner, Reason(BOSS, "Me."))


async def test_who_was_invited_is_no_newcomer_and_a_newcomers_guests_are(
    accounts: Accounts, worker: Worker, jo: Account
) -> None:
    fields = ("Li", "a sentence to remember")
    invited = await accounts.claim_invite(
        await accounts.invites.create("li"), "li@example.org", *fields
    )
    assert not invited.newcomer
    assert (await worker.ads.create(invited.id, parse(DRAFT))).review.state == "passed"
    token = await accounts.invites.create("guest", "sharer", jo.id)
    guest = await accounts.claim_invite(token, "guest@example.org", *fields)
    assert guest.newcomer
    await accounts.vouch(jo.id)
    assert not (await accounts.by_email("guest@example.org")).newcomer  # type: ignore[union-attr]


@pytest.mark.parametrize("signup", ["invite", "closed"])
async def test_nobody_signs_up_where_that_is_not_open_nor_as_the_first(
    redis: Redis, signup: str, time: Time
) -> None:
    accounts = Accounts(redis, time)
    fields = ("jo@example.org", "Jo", "a sentence to remember")
    with pytest.raises(Problem) as nobody_runs_it:
        await accounts.sign_up("open", *fields)
    await accounts.create(BOSS, "Boss", "a sentence to remember")
    with pytest.raises(Problem) as closed:
        await accounts.sign_up(signup, *fields)  # type: ignore[arg-type]
    assert (nobody_runs_it.value.code, closed.value.code) == ("forbidden", "forbidden")


async def test_a_newcomer_makes_and_shares_only_so_much_in_a_day(
    redis: Redis, worker: Worker, jo: Account, mei: Account, ad: Ad, site: Origin, time: Time
) -> None:
    ads = Ads(redis, Changes(redis), no_picture, time, newcomers(3))
    made = [await ads.create(jo.id, parse(DRAFT)) for _ in range(3)]
    with pytest.raises(Problem) as enough:
        await ads.create(jo.id, parse(DRAFT))
    assert enough.value.code == "rate_limited"
    assert enough.value.retry_after == DAY // 3 // 1000
    request = PublishRequest(f"{site.url}/tea", made[0].id)
    for _ in range(20):
        await worker.publisher.publish(jo, request)
    with pytest.raises(Problem) as enough:
        await worker.publisher.publish(jo, request)
    assert enough.value.code == "rate_limited"
    for _ in range(25):
        await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    time.at += DAY // 3
    await ads.create(jo.id, parse(DRAFT))
    await worker.publisher.publish(jo, request)


async def test_what_a_newcomer_tries_in_vain_is_none_of_its_day_but_not_without_end(
    redis: Redis, worker: Worker, jo: Account, site: Origin, time: Time
) -> None:
    ads = Ads(redis, Changes(redis), no_picture, time, newcomers(1))
    for _ in range(19):
        with pytest.raises(Problem, match="another ad of yours"):
            await ads.create(jo.id, parse(DRAFT | {"fallback": "nobodys"}))
    ad = await ads.create(jo.id, parse(DRAFT))
    with pytest.raises(Problem, match="20 times a day"):
        await ads.create(jo.id, parse(DRAFT))
    for _ in range(25):
        with pytest.raises(Problem, match="404"):
            await worker.publisher.publish(jo, PublishRequest(f"{site.url}/nothing", ad.id))
    await worker.publisher.publish(jo, PublishRequest(f"{site.url}/tea", ad.id))


async def test_a_newcomer_fills_the_store_with_no_versions_and_no_previews(
    redis: Redis, worker: Worker, jo: Account, site: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.A_DAY, "previews", (1, "looks at {} previews"))
    ads = Ads(redis, Changes(redis), no_picture, newcomers=newcomers(1))
    made = await ads.create(jo.id, parse(DRAFT))
    for number in range(20):
        await ads.change(jo.id, made.id, {"title": f"Tea {number}"})
        await worker.publisher.preview(jo, PublishRequest(f"{site.url}/tea", made.id))
    for asked in (
        ads.change(jo.id, made.id, {"title": "Tea"}),
        worker.publisher.preview(jo, PublishRequest(f"{site.url}/tea", made.id)),
    ):
        with pytest.raises(Problem) as enough:
            await asked
        assert enough.value.code == "rate_limited"


async def test_one_advertisers_invitations_leave_the_others_theirs(
    accounts: Accounts, jo: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invites, "INVITES_MAX", 2)
    for _ in range(2):
        await accounts.invites.create("guest", "sharer", jo.id)
    with pytest.raises(Problem, match="At most 2"):
        await accounts.invites.create("guest", "sharer", jo.id)
    assert await accounts.invites.create("li")


async def test_a_newcomers_guests_share_within_its_own_measure(
    worker: Worker, accounts: Accounts, jo: Account, hers: Ad, site: Origin
) -> None:
    fields = ("Guest", "a sentence to remember")
    guests = [
        await accounts.claim_invite(
            await accounts.invites.create("guest", "sharer", jo.id),
            f"guest{n}@example.org",
            *fields,
        )
        for n in range(2)
    ]
    request = PublishRequest(f"{site.url}/tea", hers.id)
    for n in range(20):
        await worker.publisher.publish((jo, *guests)[n % 3], request)
    for account in (jo, *guests):
        with pytest.raises(Problem) as enough:
            await worker.publisher.publish(account, request)
        assert enough.value.code == "rate_limited"


async def no_picture(url: str) -> str:
    raise AssertionError(url)
