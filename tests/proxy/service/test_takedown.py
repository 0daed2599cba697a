"""What the operator ends: the page says so, its owner reads why, the audit trail says who."""

import asyncio

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad, parse
from ads.errors import Problem
from ads.store.accounts import Accounts
from ads.store.bookings import Bookings
from ads.store.changes import Changes
from ads.store.removal import Removal
from proxy.moderation.takedown import WHY_MAX, Reason
from proxy.publish import PublishRequest
from proxy.shares import Share
from proxy.store import keys
from proxy.store.audit import Act
from proxy.store.shares import ShareStore
from tests.proxy.service.conftest import DRAFT, Origin, Start, Time, Worker, until
from tests.proxy.service.test_watch import shown

BOSS = Reason("boss@example.org", "It used a trade mark.")
PASSWORD = "a sentence to remember"
OF_THE_BODY = "hurt a hand that rests on it"


@pytest.mark.parametrize(("law", "status"), [(False, 410), (True, 451)])
async def test_a_share_ends_at_once_for_readers_and_for_counting(
    worker: Worker, redis: Redis, share: Share, law: bool, status: int
) -> None:
    assert (await shown(worker, share))[0] == 200
    await worker.takedown.share(share.id, Reason("boss@example.org", "It lied.", law))
    answer, page = await shown(worker, share)
    assert (answer, "took it down" in page, "It lied" in page) == (status, True, False)
    assert ("because the law required it" in page, "依法" in page) == (law, law)
    booked = await Bookings(redis, Changes(redis)).get(share.id)
    assert booked
    assert booked.state == "ended"


async def test_the_owner_reads_why_and_cannot_bring_it_back(
    worker: Worker, redis: Redis, site: Origin
) -> None:
    account = await Accounts(redis).create("mei@example.org", "Mei", PASSWORD)
    key = await Accounts(redis).new_key(account.id, "test")
    ad = await worker.ads.create(account.id, parse(DRAFT))
    share = await worker.publisher.publish(account, PublishRequest(f"{site.url}/tea", ad.id))
    named = {"Authorization": f"Bearer {key}"}
    one = f"/api/v1/shares/{share.id}"
    assert "ending" not in await (await worker.api.get(one, headers=named)).json()
    await worker.takedown.share(share.id, BOSS)
    told = await (await worker.api.get(one, headers=named)).json()
    assert told["state"] == "ended"
    assert told["ending"] == {"by": "operator", "why": BOSS.why, "law": False}
    answer = await worker.api.patch(one, json={"state": "active"}, headers=named)
    assert (answer.status, (await answer.json())["code"]) == (403, "forbidden")
    await worker.takedown.lift_share(share.id, BOSS)
    assert (await (await worker.api.get(one, headers=named)).json())["state"] == "active"
    assert (await shown(worker, share))[0] == 200


@pytest.mark.parametrize("status", [404, 503])
async def test_a_share_whose_source_is_away_is_lowered_all_the_same(
    worker: Worker, share: Share, site: Origin, status: int
) -> None:
    site.pages["/tea"] = status
    await worker.takedown.lower_share(share.id, "excerpt", BOSS)
    answer, page = await shown(worker, share)
    assert (answer, share.card.title in page, OF_THE_BODY in page) == (200, True, False)


async def test_a_share_that_is_lowered_to_less_and_then_to_more_has_a_page_while_its_source_is_away(
    worker: Worker, share: Share, site: Origin
) -> None:
    site.pages["/tea"] = 503
    for most in ("card", "excerpt"):
        await worker.takedown.lower_share(share.id, most, BOSS)
        assert (await shown(worker, share))[0] == 200


@pytest.mark.parametrize("first", ["owner", "operator"])
async def test_a_share_that_its_owner_ended_too_stays_ended_when_the_operator_takes_it_back(
    worker: Worker, mei: Account, share: Share, first: str
) -> None:
    if first == "owner":
        await worker.publisher.end(mei, share.id)
    await worker.takedown.share(share.id, BOSS)
    if first == "operator":
        await worker.publisher.end(mei, share.id)
    await worker.takedown.lift_share(share.id, BOSS)
    assert (await shown(worker, share))[0] == 410
    await worker.publisher.change(mei, share.id, {"state": "active"})
    assert (await shown(worker, share))[0] == 200


async def test_a_lowered_share_shows_its_card_and_its_owner_reads_why_and_asks_for_no_more(
    worker: Worker, site: Origin, mei: Account, ad: Ad, share: Share
) -> None:
    other = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert OF_THE_BODY in (await shown(worker, share))[1]
    await worker.takedown.lower_share(share.id, "card", BOSS)
    status, page = await shown(worker, share)
    assert (status, OF_THE_BODY in page, share.card.title in page) == (200, False, True)
    told = await worker.publisher.get(mei, share.id)
    assert (told.mode, told.mode_reason, set(told.places)) == ("card", "operator", {"top", "end"})
    with pytest.raises(Problem, match=BOSS.why) as refused:
        await worker.publisher.change(mei, share.id, {"mode": "reader"})
    assert refused.value.code == "forbidden"
    assert OF_THE_BODY not in (await shown(worker, share))[1]
    assert OF_THE_BODY in (await shown(worker, other))[1], "it was one share that was lowered"
    await worker.takedown.lift_share(share.id, BOSS)
    assert OF_THE_BODY in (await shown(worker, share))[1]
    told = await worker.publisher.get(mei, share.id)
    assert (told.mode, told.mode_reason, told.lowered) == ("full", "", None)
    assert told.places == share.places
    assert [act.done for act in await worker.audit.newest(9)] == ["lifted", "card"]


async def test_a_share_is_lowered_again_and_rises_to_what_was_first_asked_for(
    worker: Worker, mei: Account, share: Share
) -> None:
    for most in ("card", "excerpt"):
        await worker.takedown.lower_share(share.id, most, BOSS)
        await worker.renewer._some()  # its source is asked at once
        told = await worker.publisher.get(mei, share.id)
        assert (told.asked, told.mode, told.mode_reason) == (most, most, "operator")
    await worker.takedown.lift_share(share.id, BOSS)
    assert (await worker.publisher.get(mei, share.id)).asked == "full"


async def test_when_a_share_ended_stays_whatever_is_lowered_or_lifted_later(
    worker: Worker, mei: Account, share: Share, time: Time
) -> None:
    ended = await worker.publisher.end(mei, share.id)
    time.at += 1
    await worker.takedown.lower_share(share.id, "card", BOSS)
    await worker.takedown.lift_share(share.id, BOSS)
    told = await worker.publisher.get(mei, share.id)
    assert (told.state, told.updated_at) == ("ended", ended.updated_at)
    assert (await shown(worker, share))[0] == 410


async def test_an_account_ends_with_its_shares_and_is_told_why(
    worker: Worker, redis: Redis, site: Origin
) -> None:
    accounts = Accounts(redis)
    await accounts.create("boss@example.org", "Boss", PASSWORD)
    account = await accounts.create("mei@example.org", "Mei", PASSWORD)
    key, session = await accounts.new_key(account.id, "k"), await accounts.new_session(account.id)
    ad = await worker.ads.create(account.id, parse(DRAFT))
    share = await worker.publisher.publish(account, PublishRequest(f"{site.url}/tea", ad.id))
    assert await worker.takedown.account(account, BOSS) == 1
    assert (await shown(worker, share))[0] == 410
    assert await accounts.by_session(session) is None
    for ask in (accounts.by_key(key), accounts.verify(account.email, PASSWORD)):
        with pytest.raises(Problem, match=BOSS.why) as refused:
            await ask
        assert refused.value.status == 403
    assert await accounts.verify(account.email, "wrong") is None, "only who knows it is told"
    await worker.takedown.lift_account(account, BOSS)
    assert await accounts.by_key(key)
    assert (await shown(worker, share))[0] == 410


async def test_an_advertiser_ends_with_all_who_share_its_ads(
    worker: Worker, redis: Redis, site: Origin, time: Time
) -> None:
    accounts = Accounts(redis)
    await accounts.create("boss@example.org", "Boss", PASSWORD)
    mei = await accounts.create("mei@example.org", "Mei", PASSWORD)
    guest = await accounts.create("jo@example.org", "Jo", PASSWORD, "sharer", mei.id)
    earlier = await accounts.create("ann@example.org", "Ann", PASSWORD, "viewer", mei.id)
    await worker.takedown.account(earlier, BOSS)
    time.at += 1
    keys = [await accounts.new_key(each.id, "k") for each in (guest, earlier)]
    invited = await accounts.invites.create("new@example.org", "sharer", mei.id)
    ad = await worker.ads.create(mei.id, parse(DRAFT))
    share = await worker.publisher.publish(guest, PublishRequest(f"{site.url}/tea", ad.id))
    assert (await shown(worker, share))[0] == 200
    assert await worker.takedown.account(mei, Reason(BOSS.who, "The tea is no tea.")) == 1
    assert (await shown(worker, share))[0] == 410
    for asked in (
        accounts.by_key(keys[0]),
        accounts.claim_invite(invited, "new@example.org", "New", PASSWORD),
    ):
        with pytest.raises(Problem, match="no tea"):
            await asked
    assert [act.target for act in await worker.audit.newest(2)] == [guest.email, mei.email]
    ended = await accounts.by_id(mei.id)
    assert ended
    await worker.takedown.lift_account(ended, BOSS)
    assert await accounts.by_key(keys[0])
    with pytest.raises(Problem, match=BOSS.why):
        await accounts.by_key(keys[1])


async def test_nobody_publishes_past_their_end(start: Start, redis: Redis, site: Origin) -> None:
    worker = await start(open_gate=False)
    accounts = Accounts(redis)
    await accounts.create("boss@example.org", "Boss", PASSWORD)
    mei = await accounts.create("mei@example.org", "Mei", PASSWORD)
    ad = await worker.ads.create(mei.id, parse(DRAFT))
    asked = PublishRequest(f"{site.url}/tea", ad.id)
    publishing = asyncio.create_task(worker.publisher.publish(mei, asked))
    await until(lambda: worker.pool.compiled)
    assert await worker.takedown.account(mei, BOSS) == 0
    worker.pool.gate.set()
    with pytest.raises(Problem, match=BOSS.why):
        await publishing
    (late,) = await ShareStore(redis).many(
        await Bookings(redis, Changes(redis)).of_owner(mei.id).all()
    )
    assert (await shown(worker, late))[0] == 410
    assert late.ending
    assert late.ending.why == BOSS.why


async def test_whoever_is_forgotten_while_publishing_leaves_no_share(
    start: Start, redis: Redis, site: Origin, mei: Account, ad: Ad
) -> None:
    worker = await start(open_gate=False)
    asked = PublishRequest(f"{site.url}/tea", ad.id)
    publishing = asyncio.create_task(worker.publisher.publish(mei, asked))
    await until(lambda: worker.pool.compiled)
    await Removal(redis).account(mei, Accounts(redis))
    worker.pool.gate.set()
    with pytest.raises(Problem) as refused:
        await publishing
    assert refused.value.code == "forbidden"
    assert await Bookings(redis, Changes(redis)).of_owner(mei.id).all() == []
    assert [some async for some in ShareStore(redis).all()] == []


async def test_whoever_runs_the_service_cannot_be_locked_out(worker: Worker, redis: Redis) -> None:
    owner = await Accounts(redis).create("boss@example.org", "Boss", PASSWORD)
    with pytest.raises(Problem, match="owner"):
        await worker.takedown.account(owner, BOSS)
    assert await Accounts(redis).verify(owner.email, PASSWORD)


async def test_the_trail_says_who_did_what_and_why(worker: Worker, share: Share) -> None:
    await worker.takedown.share(share.id, BOSS)
    await worker.takedown.source("news.example/a", "card", BOSS)
    await worker.takedown.lift_source("news.example/a", BOSS)
    trail = await worker.audit.newest(9)
    assert [(act.what, act.target, act.done) for act in trail] == [
        ("source", "news.example/a", "lifted"),
        ("source", "news.example/a", "card"),
        ("share", share.id, "ended"),
    ]
    assert {(act.who, act.why) for act in trail} == {(BOSS.who, BOSS.why)}


async def test_no_publishers_word_pushes_out_of_the_trail_what_people_did(
    worker: Worker, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "AUDIT_MAX", 3)
    await worker.takedown.share(share.id, BOSS)
    for number in range(9):
        await worker.audit.put(Act(number, "publisher", "share", str(number), "ended", "opt-out"))
    trail = await worker.audit.newest(9)
    assert [act.target for act in trail] == [share.id, "8", "7", "6"]
    assert [act.target for act in await worker.audit.newest(2)] == [share.id, "8"]


@pytest.mark.parametrize("why", ["", "   ", "x" * (WHY_MAX + 1)])
async def test_nothing_is_ended_without_a_reason(worker: Worker, share: Share, why: str) -> None:
    reason = Reason("boss@example.org", why)
    for ask in (
        worker.takedown.share(share.id, reason),
        worker.takedown.lower_share(share.id, "card", reason),
        worker.takedown.source("news.example", "none", reason),
    ):
        with pytest.raises(Problem) as refused:
            await ask
        assert refused.value.code == "invalid"
    assert (await shown(worker, share))[0] == 200
    assert await worker.audit.newest(1) == []


async def test_what_there_is_not_cannot_be_ended(worker: Worker) -> None:
    for ask in (
        worker.takedown.share("nothing", BOSS),
        worker.takedown.lower_share("nothing", "card", BOSS),
        worker.takedown.lift_share("nothing", BOSS),
        worker.takedown.lift_source("news.example", BOSS),
    ):
        with pytest.raises(Problem) as refused:
            await ask
        assert refused.value.code == "not_found"


async def test_an_account_that_was_ended_twice_goes_on_with_its_guests(
    worker: Worker, redis: Redis, time: Time
) -> None:
    accounts = Accounts(redis)
    await accounts.create("boss@example.org", "Boss", PASSWORD)
    mei = await accounts.create("mei@example.org", "Mei", PASSWORD)
    guest = await accounts.create("jo@example.org", "Jo", PASSWORD, "sharer", mei.id)
    for _ in ("a report", "another one"):
        now = await accounts.by_id(mei.id)
        assert now
        await worker.takedown.account(now, BOSS)
        time.at += 1
    ended = await accounts.by_id(mei.id)
    assert ended
    await worker.takedown.lift_account(ended, BOSS)
    assert await accounts.verify(guest.email, PASSWORD)
