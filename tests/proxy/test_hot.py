"""The memory cache is bounded, drops by surrogate key, and keeps nothing built from old records."""

from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st

from proxy import hot
from proxy.hot import KEPT_EACH, Hot

KEYS = ["a", "b", "c"]


def filled(cache: Hot, *names: str, size: int = 10) -> None:
    for name in names:
        cache.put(name, name, size, [name], cache.mark())


def test_an_entry_is_found_until_one_of_its_keys_changes() -> None:
    cache = Hot(100)
    cache.put("page", 1, 10, ["ad:1", "share:1"], cache.mark())
    cache.drop("ad:2")
    assert cache.get("page") == 1
    cache.drop("share:1")
    assert cache.get("page") is None
    assert cache.size == 0


def test_the_least_recently_used_goes_first() -> None:
    cache = Hot(30)
    filled(cache, "a", "b", "c")
    cache.get("a")
    filled(cache, "d")
    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]


def test_what_is_over_its_part_of_the_memory_goes_first() -> None:
    cache = Hot(1600)
    filled(cache, "page", size=140)
    for number in range(60):
        cache.put(("body", number), number, 100, ["key"], cache.mark(), "body")
        cache.put(("small", number), number, 10, ["key"], cache.mark(), "small")
    assert cache.get("page")
    assert sum(cache.get(("small", number), "small") is not None for number in range(60)) >= 40
    assert cache.size <= 1600


def test_a_kind_may_take_what_others_leave() -> None:
    cache = Hot(1600)
    for number in range(16):
        cache.put(number, number, 100, ["key"], cache.mark(), "body")
    assert len(cache) == 16


def test_what_can_be_had_again_comes_into_full_memory_by_turns() -> None:
    cache = Hot(1600)
    assert cache.admits("other", 100)
    filled(cache, *map(str, range(16)), size=100)
    assert [cache.admits("other", 100) for _ in range(2 * KEPT_EACH)].count(True) == 2
    assert cache.admits("small", 100), "what others have of its part is its own"


def test_an_entry_named_by_a_surrogate_key_goes_with_it() -> None:
    cache = Hot(100)
    mark = cache.mark()
    cache.put("share:1", 1, 1, (), mark)
    cache.drop("share:1")
    assert cache.get("share:1") is None
    cache.put("share:1", 1, 1, (), mark)
    assert cache.get("share:1") is None, "it was read before the change"


def test_what_is_too_big_for_all_is_not_kept_and_drives_nothing_out() -> None:
    cache = Hot(30)
    filled(cache, "a")
    filled(cache, "b", size=31)
    assert cache.get("a") == "a"
    assert cache.get("b") is None


def test_an_entry_that_grows_counts_with_its_new_size() -> None:
    cache = Hot(30)
    filled(cache, "a", "b")
    cache.resize("b", "other", 25)
    assert cache.get("a") is None
    assert cache.size == 25


def test_an_entry_built_before_a_change_of_its_key_is_not_kept() -> None:
    cache = Hot(100)
    mark = cache.mark()
    cache.drop("ad:1")
    cache.put("stale", 1, 10, ["ad:1"], mark)
    cache.put("other", 1, 10, ["ad:2"], mark)
    assert cache.get("stale") is None
    assert cache.get("other") == 1


def test_an_entry_built_before_everything_was_dropped_is_not_kept() -> None:
    cache = Hot(100)
    mark = cache.mark()
    cache.clear()
    cache.put("stale", 1, 10, ["ad:1"], mark)
    assert cache.get("stale") is None


def test_an_entry_built_before_forgotten_changes_is_not_kept() -> None:
    cache = Hot(100)
    mark = cache.mark()
    cache.drop("ad:1")
    for number in range(hot.REMEMBERED_CHANGES):
        cache.drop(f"share:{number}")
    cache.put("stale", 1, 10, ["ad:1"], mark)
    assert cache.get("stale") is None


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(KEYS), st.integers(1, 12)),
        st.tuples(st.just("drop"), st.sampled_from(KEYS), st.just(0)),
        st.tuples(st.just("clear"), st.just(""), st.just(0)),
    )
)


@given(ACTIONS)
def test_its_size_is_the_sum_of_what_it_holds_and_within_bounds(
    actions: list[tuple[str, str, int]],
) -> None:
    cache, sizes = Hot(20), dict[str, int]()
    for what, key, size in actions:
        if what == "put":
            cache.put(key, size, size, [key, "all"], cache.mark())
            sizes[key] = size
        elif what == "drop":
            cache.drop(key)
        else:
            cache.clear()
        assert cache.size == sum(sizes[k] for k in KEYS if cache.get(k) is not None) <= 20


async def test_it_follows_changes_and_drops_all_after_a_gap() -> None:
    async def told() -> AsyncIterator[str | None]:
        yield "ad:1"
        assert (cache.get("one"), cache.get("two")) == (None, 2)
        yield None

    cache = Hot(100)
    cache.put("one", 1, 1, ["ad:1"], cache.mark())
    cache.put("two", 2, 1, ["ad:2"], cache.mark())
    await cache.follow(told())
    assert len(cache) == 0
