"""Ads and their versions, in a real store."""

import asyncio

import pytest
from redis.asyncio import Redis

from ads import ad as rules
from ads import booking
from ads.accounts import Account
from ads.ad import Ad
from ads.errors import Problem
from ads.ids import new_id
from ads.picture import Picture
from ads.store import keys, records
from ads.store.ads import Ads
from ads.store.changes import Changes
from ads.store.pictures import Pictures
from ads.store.removal import Removal
from ads.store.schedule import Schedule, Timetable

TEXT = {"name": "Spring", "advertiser": "Acme Tea", "kind": "text", "title": "Tea"}
PICTURE = "0123456789abcdef01234567" + "0c8" + "064"
COPY = "76543210fedcba9876543210" + "0c8" + "064"


class Told(Changes):
    """What was published."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def publish(self, *changed: str) -> None:
        self.keys += changed


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def copied() -> list[str]:
    return []


@pytest.fixture
def ads(redis: Redis, told: Told, copied: list[str]) -> Ads:
    async def copy(url: str) -> str:
        copied.append(url)
        if "missing" in url:
            raise Problem("not_found", "Nothing there.")
        if "away" in url:
            raise Problem("store_unavailable")
        return COPY

    ticks = iter(range(1_800_000_000_000, 1_900_000_000_000))
    return Ads(redis, told, copy, lambda: next(ticks))


async def make(ads: Ads, owner: str = "me", **fields: object) -> Ad:
    return await ads.create(owner, rules.parse({**TEXT, **fields}))


async def refused(code: str, call: object) -> Problem:
    with pytest.raises(Problem) as caught:
        await call  # type: ignore[misc]
    assert caught.value.code == code
    return caught.value


async def test_every_change_is_a_version_and_earlier_ones_stay(ads: Ads, told: Told) -> None:
    ad = await make(ads)
    changed = await ads.change("me", ad.id, {"title": "Coffee"})
    assert (ad.version, changed.version) == (1, 2)
    assert await ads.get(ad.id) == changed
    assert await ads.version(ad.id, 1) == ad
    assert await ads.version(ad.id, 2) == changed
    assert await ads.version(ad.id, 3) is None
    assert told.keys == [f"ad:{ad.id}"]


async def test_of_changes_to_the_same_version_one_wins(ads: Ads) -> None:
    ad = await make(ads)
    calls = [ads.change("me", ad.id, {"title": str(n)}, if_match=1) for n in range(6)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    won = [each for each in results if isinstance(each, Ad)]
    assert len(won) == 1
    assert {e.code for e in results if isinstance(e, Problem)} == {"precondition_failed"}
    assert await ads.get(ad.id) == won[0]


async def test_changes_of_different_fields_at_once_are_all_kept(ads: Ads) -> None:
    ad = await make(ads)
    fields = ("title", "body", "button")
    await asyncio.gather(*(ads.change("me", ad.id, {name: "new"}) for name in fields))
    now = await ads.get(ad.id)
    assert now is not None
    assert (now.version, now.title, now.body, now.button) == (4, "new", "new", "new")


async def test_every_version_is_kept_and_there_are_only_so_many(
    ads: Ads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "AD_VERSIONS_MAX", 4)
    ad = await make(ads)
    for n in range(2, 5):
        await ads.change("me", ad.id, {"title": str(n)})
    with pytest.raises(Problem) as refused:
        await ads.change("me", ad.id, {"title": "5"})
    assert refused.value.code == "conflict"
    kept = [await ads.version(ad.id, number) for number in range(1, 5)]
    assert [each and each.title for each in kept] == ["Tea", "2", "3", "4"]
    await ads.delete("me", ad.id)


async def test_states_are_remembered_with_their_times(ads: Ads) -> None:
    ad = await make(ads)
    await ads.change("me", ad.id, {"title": "x"})
    await ads.change("me", ad.id, {"state": "paused"})
    now = await ads.change("me", ad.id, {"state": "active"})
    assert [state for _, state in now.history] == ["active", "paused", "active"]
    paused_at = now.history[1][0]
    assert not booking.active_at(now.history, paused_at)
    assert booking.active_at(now.history, paused_at - 1)


async def test_a_deleted_ad_is_gone_for_its_owner_and_known_to_its_pages(
    ads: Ads, told: Told
) -> None:
    other = await make(ads)
    ad = await make(ads, fallback=other.id)
    await ads.delete("me", ad.id)
    await refused("not_found", ads.owned("me", ad.id))
    await refused("not_found", ads.delete("me", ad.id))
    await refused("not_found", ads.change("me", ad.id, {}))
    assert await ads.list("me", "", 10) == ([other], None)
    assert booking.shown(await booking.chain(await ads.get(ad.id), ads.get)) == other
    assert told.keys == [f"ad:{ad.id}"]


async def test_nobody_reaches_another_accounts_ad(ads: Ads) -> None:
    ad = await make(ads, "you")
    await refused("not_found", ads.owned("me", ad.id))
    await refused("not_found", ads.change("me", ad.id, {"title": "x"}))
    await refused("not_found", ads.delete("me", ad.id))
    assert await ads.list("me", "", 10) == ([], None)
    assert await ads.get(ad.id) == ad


async def test_a_list_is_paged_newest_first_without_gap_or_repetition(ads: Ads) -> None:
    made = [await make(ads, name=str(n)) for n in range(7)]
    seen: list[Ad] = []
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = await ads.list("me", cursor, 3)
        seen += found
    assert seen == made[::-1]


# --- fallback -------------------------------------------------------------------------------------


async def test_a_fallback_is_another_ad_of_the_same_owner(ads: Ads) -> None:
    mine, yours, gone = await make(ads), await make(ads, "you"), await make(ads)
    await ads.delete("me", gone.id)
    for wrong in (yours.id, gone.id, "nothing", new_id()):
        problem = await refused("invalid", make(ads, fallback=wrong))
        assert problem.errors[0]["field"] == "fallback"
    await refused("invalid", ads.change("me", mine.id, {"fallback": mine.id}))
    ad = await make(ads, fallback=mine.id)
    await ads.delete("me", mine.id)
    # What was allowed once does not stand in the way of another change.
    assert (await ads.change("me", ad.id, {"title": "x"})).fallback == mine.id


# --- pictures -------------------------------------------------------------------------------------


async def test_an_external_picture_is_copied_once_when_the_ad_is_saved(
    ads: Ads, copied: list[str]
) -> None:
    url = "https://pictures.example/a.jpg"
    variants = [{"id": "a", "image": url}, {"id": "b", "title": "x"}]
    ad = await make(ads, image=url, variants=variants)
    assert (ad.image, ad.variants[0].image, ad.variants[1].image) == (COPY, COPY, None)
    assert copied == [url]
    changed = await ads.change("me", ad.id, {"title": "x"})
    assert (changed.image, copied) == (COPY, [url])


async def test_an_uploaded_picture_is_used_by_its_id_or_its_address(
    ads: Ads, redis: Redis, copied: list[str]
) -> None:
    await Pictures(redis).own("me", PICTURE)
    assert (await make(ads, image=PICTURE)).image == PICTURE
    assert (await make(ads, image=f"http://127.0.0.1:8080/m/{PICTURE}")).image == PICTURE
    assert copied == []


async def test_another_accounts_picture_cannot_be_used(ads: Ads, redis: Redis) -> None:
    await Pictures(redis).own("you", PICTURE)
    problem = await refused("invalid", make(ads, image=PICTURE))
    assert problem.errors[0]["field"] == "image"
    assert problem.errors[0]["code"] == "not_found"


async def test_a_picture_that_cannot_be_copied_is_named_by_its_field(ads: Ads) -> None:
    missing = [{"id": "a", "image": "https://x.example/missing"}]
    problem = await refused("invalid", make(ads, variants=missing))
    assert problem.errors[0]["field"] == "variants.0.image"
    await refused("store_unavailable", make(ads, image="https://x.example/away"))


async def test_a_picture_is_kept_and_found(redis: Redis) -> None:
    pictures = Pictures(redis)
    made = await pictures.put(Picture(b"pixels", "image/png", 200, 100))
    stored = await pictures.get(made)
    assert stored is not None
    assert (stored.data, stored.media_type) == (b"pixels", "image/png")
    assert await pictures.get(COPY) is None


async def test_a_forgotten_ad_waits_for_nobody_and_nothing(redis: Redis, ads: Ads) -> None:
    newcomer = Account("me", "me@example.org", "Mei", "", newcomer=True)
    await records.save(redis, keys.ACCOUNT.format(account="me"), newcomer)
    ad, stays = await make(ads), await make(ads)
    await Schedule(redis).put("me", ad.id, Timetable(starts=1, ends=2), 0)
    await Removal(redis).ad(ad)
    assert [each.id for each in await ads.waiting(1)] == [stays.id], "it took another's place"
    assert await Schedule(redis).take(9) is None
    assert not [name async for name in records.names(redis, f"*{ad.id}*")]
