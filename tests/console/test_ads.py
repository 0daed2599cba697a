"""The ad editor: one form for all kinds."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ads.accounts import Account
from ads.ad import Ad, draft_of, merge, parse
from ads.clock import DAY, HOUR, MINUTE, now_ms
from ads.store.schedule import Timetable
from ads.web.console.ad import editor
from ads.web.console.ad import form as adform
from tests.client import AD
from tests.console.conftest import Browser, Console, token

pytestmark = pytest.mark.timeout(60)
TEXTS = st.text("abc 茶", min_size=1, max_size=12).filter(str.strip)
FORM = {name: str(AD[name]) for name in ("name", "advertiser", "kind", "title", "body", "target")}


def _stored(**fields: Any) -> Ad:
    draft = parse(AD | fields)
    return Ad(id="a", owner="o", **{n: getattr(draft, n) for n in draft.__struct_fields__})


@given(
    TEXTS, st.sets(st.sampled_from(["top", "middle", "end", "sticky"]), min_size=1), st.booleans()
)
def test_a_form_sent_back_unchanged_changes_nothing(
    title: str, places: set[str], two: bool
) -> None:
    ordered = [p for p in ("top", "middle", "end", "sticky") if p in places]
    variants = [{"id": "a", "weight": 3}, {"id": "b", "weight": 1, "title": title, "image": "x"}]
    before = _stored(title=title, label="广告", placements=ordered, variants=[])
    if two:
        kept = [v | {"image": ""} if "image" in v else v for v in variants]
        before = _stored(title=title, placements=ordered, variants=kept)
    form = adform.of_ad(before)
    texts = {k: v for k, v in form.items() if isinstance(v, str)}
    texts |= {f"card.{k}": v for k, v in form["card"].items()}
    for at, row in enumerate(form["variants"]):
        texts |= {f"variants.{at}.{k}": v for k, v in row.items()}
    again = parse(merge(draft_of(before), adform.draft(adform.read(texts, ordered), before)))
    assert again == draft_of(before)


def test_the_first_variant_added_makes_two() -> None:
    rows = adform.with_variant(adform.blank())["variants"]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert [r["id"] for r in adform.with_variant({"variants": rows})["variants"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" www.yuzhu.cn/秋茶?a=1 ", "https://www.yuzhu.cn/秋茶?a=1"),
        ("茶.example:8080", "https://茶.example:8080"),
        ("+86 138 0013 8000", "tel:+86 138 0013 8000"),
        ("mei@halfhill.example", "mailto:mei@halfhill.example"),
        ("tel:*100#", "tel:*100#"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("see us", "see us"),
        ("", ""),
    ],
)
def test_where_an_ad_leads_is_written_without_its_scheme(written: str, meant: str) -> None:
    assert adform.address(written) == meant
    read = adform.read(FORM | {"target": written}, ("top",))
    assert adform.draft(read)["target"] == adform.sample(read, AD).target == meant


async def test_a_new_ad_is_its_makers_again(
    member: Browser, console: Console, mei: Account
) -> None:
    named = re.compile(r'name="advertiser" value="([^"]*)" required')
    assert named.findall((await member.get("/ads/new"))[1]) == [""]
    await console.ad(mei, advertiser="Half Hill & Daughters")
    assert named.findall((await member.get("/ads/new"))[1]) == ["Half Hill &amp; Daughters"]


async def test_an_ad_is_made_changed_paused_and_deleted(
    member: Browser, console: Console, mei: Account
) -> None:
    answer, page = await member.send("/ads/new", "/ads/new", FORM | {"placements": "top"})
    path = answer.url.path
    assert re.fullmatch(r"/ads/\w+", path)
    assert "Autumn oolong" in page
    assert re.search(r"data-said>.*Saved<", page)
    await member.send(path, path, FORM | {"placements": "end", "title": "The very last"})
    ad = await console.parts.stores.ads.get(path.rpartition("/")[2])
    assert (ad.version, ad.title, ad.placements) == (2, "The very last", ("end",))
    _, page = await member.send(path, f"{path}/state", {"state": "paused"})
    assert "Paused" in page
    await member.send(path, f"{path}/state", {"state": "deleted"})
    answer, _ = await member.get(path)
    assert answer.status == 404


FAULTS = [
    ("advertiser", " ", "Readers always see who advertises"),
    ("target", "javascript:alert(1)", "An address that begins with"),
    ("title", "x" * 121, "One line, at most 120 characters."),
]


@pytest.mark.parametrize(
    ("kind", "field", "said"),
    [
        ("banner", "image", "A picture is needed"),
        ("text", "title", "A title is needed."),
        ("card", "card.person", "A business card needs a name."),
        ("qr", "target", "An address is needed, or a picture of its code."),
        ("call", "card.phone", "A telephone number is needed."),
    ],
)
async def test_what_a_kind_cannot_do_without_is_asked_for_where_it_is_written(
    member: Browser, kind: str, field: str, said: str
) -> None:
    form = {"kind": kind, "advertiser": "Half Hill Tea", "placements": "end"}
    answer, page = await member.send("/ads/new", "/ads/new", form)
    assert answer.status == 422
    assert f'id="h-{field}">{said}' in page
    assert page.count('<a href="#f-') == 1


@pytest.mark.parametrize(("field", "value", "said"), FAULTS)
async def test_a_fault_stands_under_its_field_and_nothing_typed_is_lost(
    member: Browser, field: str, value: str, said: str
) -> None:
    form = FORM | {"placements": "end", field: value}
    answer, page = await member.send("/ads/new", "/ads/new", form)
    assert answer.status == 422
    assert f'id="h-{field}">{said}' in page
    assert f'<a href="#f-{field}">' in page, "summed up at the top"
    for kept in form.values():
        assert kept in page or kept == "end"


def _with_picture(page: str, **more: str) -> aiohttp.FormData:
    """The form of a banner on `page`, with a file."""
    drawn = io.BytesIO()
    Image.new("RGB", (400, 200), "#e9c68f").save(drawn, "PNG")
    fields = {"csrf": token(page), **FORM, "kind": "banner", "placements": "top"} | more
    form = aiohttp.FormData(fields)
    form.add_field("picture", drawn.getvalue(), filename="tea.png", content_type="image/png")
    return form


async def test_a_picture_is_taken_with_the_form(
    member: Browser, console: Console, mei: Account
) -> None:
    _, page = await member.get("/ads/new?kind=banner")
    answer, page = await member.post("/ads/new", _with_picture(page))
    ad = await console.parts.stores.ads.get(answer.url.path.rpartition("/")[2])
    assert f"{console.pages}/m/{ad.image}" in page
    async with member.session.get(f"{console.pages}/m/{ad.image}") as shown:
        assert shown.status == 200


@pytest.mark.parametrize("size", [1, 20_000_000])
async def test_what_is_no_picture_is_said_beside_the_field(member: Browser, size: int) -> None:
    _, page = await member.get("/ads/new?kind=banner")
    form = aiohttp.FormData({"csrf": token(page), **FORM, "kind": "banner", "placements": "top"})
    data = io.BytesIO(bytes(size))
    form.add_field("picture", data, filename="tea.png", content_type="image/png")
    form.add_field("button", "Typed after it")
    answer, page = await member.post("/ads/new", form)
    assert answer.status == 422
    assert 'id="h-image">A picture is needed' in page
    assert 'value="Typed after it"' in page


async def test_the_stage_shows_any_form_escaped_and_runs_nothing(member: Browser) -> None:
    words = {"kind": "text", "title": "<script>alert(1)</script>", "place": "middle"}
    answer, page = await member.get("/stage", params=words)
    assert "&lt;script&gt;alert(1)" in page
    assert 'data-slot="middle"' in page
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


async def test_a_variant_is_added_without_saving(
    member: Browser, console: Console, mei: Account
) -> None:
    more = FORM | {"placements": "top", "more": "1"}
    _, page = await member.send("/ads/new", "/ads/new", more)
    assert "Variant A" in page
    assert "Variant B" in page
    ads, _ = await console.parts.stores.ads.list(mei.id, "", 10)
    assert ads == []


async def test_a_file_stays_in_the_form_that_comes_back_unsaved(
    member: Browser, console: Console, mei: Account
) -> None:
    ad = await console.ad(mei)
    _, page = await member.get(f"/ads/{ad.id}")
    await console.parts.stores.ads.change(mei.id, ad.id, {"title": "Meanwhile"})
    for more in ({"more": "1"}, {"title": ""}, {"version": str(ad.version)}):
        _, page = await member.post(f"/ads/{ad.id}", _with_picture(page, **more))
        assert re.search(r'name="image" value="[^"]+"', page), more


async def test_variants_take_weights_and_a_wrong_one_is_said_beside_it(
    member: Browser, console: Console
) -> None:
    form = FORM | {"placements": "top", "variants.0.id": "a", "variants.0.weight": "3"}
    form |= {"variants.1.id": "b", "variants.1.title": "Forty kilos", "variants.1.weight": "1"}
    answer, _ = await member.send("/ads/new", "/ads/new", form)
    ad = await console.parts.stores.ads.get(answer.url.path.rpartition("/")[2])
    assert [(v.id, v.weight, v.title) for v in ad.variants] == [
        ("a", 3, None),
        ("b", 1, "Forty kilos"),
    ]
    for weight in ("0", "9" * 5_000):
        form |= {"variants.1.weight": weight}
        answer, page = await member.send("/ads/new", "/ads/new", form)
        assert answer.status == 422
        assert 'id="h-variants.1.weight">A whole number' in page


async def test_an_ad_begins_and_ends_by_itself(
    member: Browser, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = FORM | {"placements": "top", "starts": "2199-01-01T09:00", "ends": "2199-01-03T09:00"}
    answer, page = await member.send("/ads/new", "/ads/new", form)
    path = answer.url.path
    ad = path.rpartition("/")[2]
    assert 'value="2199-01-01T09:00"' in page
    keeper = console.parts.timetables
    for when, state in (
        ("2198-12-31T09:00", "paused"),
        ("2199-01-01T09:00", "active"),
        ("2199-01-03T08:59", "active"),
        ("2199-01-03T09:00", "ended"),
    ):
        at = round(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp() * 1000)
        monkeypatch.setattr(keeper, "_now", lambda at=at: at)
        await keeper.look()
        await keeper.look()
        kept = await console.parts.stores.ads.get(ad)
        assert kept.state == state, when
    assert kept.version == 3, "each turn once, however often it is looked at"
    answer, page = await member.send(path, path, form | {"ends": "2198-01-03T09:00"})
    assert 'id="h-ends">The end lies after the beginning' in page


async def test_an_ad_that_ended_by_itself_can_be_changed_and_begin_anew(
    member: Browser, console: Console, mei: Account
) -> None:
    stores = console.parts.stores
    ad = await console.ad(mei, state="ended")
    now = now_ms() // MINUTE * MINUTE
    await stores.schedule.put(mei.id, ad.id, Timetable(now - DAY, now - HOUR), now)
    path = f"/ads/{ad.id}"

    async def save(**changed: str) -> str:
        """Send the form as the page shows it, with these changes."""
        _, page = await member.get(path)
        times = dict(re.findall(r'name="(starts|ends)"[^>]*? value="([^"]*)"', page))
        form = FORM | {"placements": "top"} | times | changed
        answer, page = await member.post(path, {"csrf": token(page), **form})
        assert answer.status == 200, page
        kept = await stores.ads.get(ad.id)
        return kept.state

    assert await save(title="Another") == "ended"
    assert await save(starts="2199-01-01T09:00") == "paused", "until then"
    assert await save(title="A third") == "paused"
    assert (await stores.schedule.of(ad.id)).starts > now


async def test_versions_say_what_changed_and_one_can_be_brought_back(
    member: Browser, console: Console
) -> None:
    answer, _ = await member.send("/ads/new", "/ads/new", FORM | {"placements": "top"})
    path = answer.url.path
    await member.send(path, path, FORM | {"placements": "top", "title": "Another"})
    _, page = await member.get(f"{path}/versions")
    assert re.search(r"<b>Title</b>\s*<span class=\"hint\">today [\d:]+ · Mei Lin · Another", page)
    for none in ("²", "9", "1.0", ""):
        answer, _ = await member.send(f"{path}/versions", f"{path}/versions", {"version": none})
        assert answer.status == 404
    await member.send(f"{path}/versions", f"{path}/versions", {"version": "1"})
    ad = await console.parts.stores.ads.get(path.rpartition("/")[2])
    assert (ad.version, ad.title) == (3, FORM["title"])
    done = await console.parts.stores.accounts.audit.newest(ad.owner)
    assert [deed.of for deed in done if deed.what == "ad"] == [ad.id] * 3, "each version's saving"


async def test_an_ad_that_stands_in_stays_however_many_are_newer_and_though_it_was_deleted(
    member: Browser, console: Console, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "FALLBACKS", 1)
    stands_in = await console.ad(mei, name="The stand-in")
    ad = await console.ad(mei, fallback=stands_in.id)
    assert f'value="{stands_in.id}" selected' in (await member.get(f"/ads/{ad.id}"))[1]
    await console.parts.stores.ads.delete(mei.id, stands_in.id)
    assert f'value="{stands_in.id}" selected' in (await member.get(f"/ads/{ad.id}"))[1]


async def test_a_version_comes_back_without_the_stand_in_that_was_deleted_since(
    member: Browser, console: Console, mei: Account
) -> None:
    ads, stands_in = console.parts.stores.ads, await console.ad(mei)
    ad = await console.ad(mei, fallback=stands_in.id)
    await ads.change(mei.id, ad.id, {"title": "Another", "fallback": None})
    await ads.delete(mei.id, stands_in.id)
    path = f"/ads/{ad.id}/versions"
    await member.send(path, path, {"version": "1"})
    kept = await ads.get(ad.id)
    assert (kept.title, kept.fallback) == (ad.title, None)


async def test_what_was_copied_with_hidden_marks_is_taken_without_them(
    member: Browser, console: Console
) -> None:
    marked = {"title": "Spring\ttea", "card.phone": "\u202a+41 44 123 45 67\u202c"}
    answer, _ = await member.send("/ads/new", "/ads/new", FORM | {"placements": "top"} | marked)
    ad = await console.parts.stores.ads.get(answer.url.path.rpartition("/")[2])
    assert (ad.title, ad.card.phone) == ("Spring tea", "+41 44 123 45 67")


async def test_what_another_window_saved_meanwhile_is_not_replaced_unseen(
    member: Browser, console: Console, mei: Account
) -> None:
    ads, ad = console.parts.stores.ads, await console.ad(mei)
    _, page = await member.get(f"/ads/{ad.id}")
    form = FORM | {"placements": "top", "csrf": token(page), "version": "1", "title": "Mine"}
    await ads.change(mei.id, ad.id, {"state": "paused"})
    await ads.change(mei.id, ad.id, {"body": "Said elsewhere."})
    answer, page = await member.post(f"/ads/{ad.id}", form)
    assert (answer.status, 'value="Mine"' in page) == (409, True)
    assert 'name="version" value="3"' in page
    kept = await ads.get(ad.id)
    assert (kept.title, kept.body) == (ad.title, "Said elsewhere.")
    await ads.change(mei.id, ad.id, {"state": "active"})
    answer, page = await member.post(f"/ads/{ad.id}", form | {"version": "3"})
    kept = await ads.get(ad.id)
    assert (answer.status, kept.title, kept.state) == (200, "Mine", "active")
    await ads.delete(mei.id, ad.id)
    answer, page = await member.post(f"/ads/{ad.id}", form | {"version": "4"})
    assert (answer.status, 'value="Mine"' in page, 'action="/ads/new"' in page) == (409, True, True)


async def test_an_ad_that_was_set_running_before_its_time_runs_on_when_it_is_saved(
    member: Browser, console: Console
) -> None:
    form = FORM | {"placements": "top", "starts": "2199-01-01T09:00"}
    answer, _ = await member.send("/ads/new", "/ads/new", form)
    path = answer.url.path
    for starts, state in (("2199-01-01T09:00", "active"), ("2199-01-02T09:00", "paused")):
        await member.send(path, f"{path}/state", {"state": "active"})
        await member.send(path, path, form | {"title": "Without the typo", "starts": starts})
        ad = await console.parts.stores.ads.get(path.rpartition("/")[2])
        assert ad.state == state
