"""Contract, section 3: what all calls of the API have in common, and the statuses of each."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.client import AD
from tests.contract.kit import World, ask, until


def png(width: int = 40, height: int = 20) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    exif = picture.getexif()
    exif[0x010E] = "taken at home"
    picture.save(out, "PNG", exif=exif)
    return out.getvalue()


def form(data: bytes, name: str = "cup.png") -> tuple[bytes, str]:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def upload(w: World, data: bytes, **headers: str) -> Any:
    body, kind = form(data)
    return w.account.ask("POST", "/pictures", body, Content_Type=kind, **headers)


CALLS = [
    ("GET", "/ads"), ("POST", "/ads"), ("GET", "/ads/x"), ("PATCH", "/ads/x"),
    ("DELETE", "/ads/x"), ("POST", "/pictures"), ("POST", "/shares"), ("GET", "/shares"),
    ("GET", "/shares/x"), ("PATCH", "/shares/x"), ("DELETE", "/shares/x"),
    ("GET", "/shares/x/qr.svg"), ("GET", "/shares/x/qr.png"), ("POST", "/preview"),
    ("GET", "/ads/x/report"), ("GET", "/shares/x/report"), ("GET", "/shares/x/spread"),
    ("GET", "/ads/x/ledger"), ("GET", "/ads/x/report.csv"), ("GET", "/account"),
    ("PATCH", "/account"),
]  # fmt: skip


def test_the_description_names_every_call_of_the_contract(w: World) -> None:
    described = ask(f"{w.service.console}/api/openapi.json").json
    assert described["openapi"].startswith("3.")
    found = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    for method, path in CALLS:
        named = path.replace("/ads/x", "/ads/{ad}").replace("/shares/x", "/shares/{share}")
        assert (method, f"/api/v1{named}") in found


def test_unknown_addresses_and_methods_are_problems(w: World) -> None:
    assert w.account.ask("GET", "/nothing").said == (404, "not_found")
    for method, path, allowed in (
        ("PUT", "/ads", "GET HEAD POST"),
        ("OPTIONS", "/ads/x", "DELETE GET HEAD PATCH"),
        ("GET", "/preview", "POST"),
        ("POST", "/ads/x/report", "GET HEAD"),
    ):
        answer = w.account.ask(method, path)
        assert answer.said == (405, "method_not_allowed")
        assert set(answer.headers["Allow"].replace(",", " ").split()) == set(allowed.split())


def test_bodies_that_are_no_json_object_are_told(w: World) -> None:
    bodies = (b"", b"{", b"[" * 9999, b'{"url": NaN}', b'{"url": "\xff"}', b'{"url": "\\ud800"}')
    json = {"Content_Type": "application/json"}
    for call in (
        ("POST", "/ads"),
        ("POST", "/shares"),
        ("POST", "/preview"),
        ("PATCH", f"/ads/{w.ad}"),
    ):
        for body in bodies:
            assert w.account.ask(*call, body, **json).said == (400, "malformed")
        for body in (b"[]", b"null"):
            assert w.account.ask(*call, body, **json).said == (422, "invalid")
        assert w.account.ask(*call, b"{}", Content_Type="text/html").status == 415
        assert w.account.ask(*call, b'"' + b"x" * 400_000, **json).said == (413, "too_big")


def test_lists_are_paged_newest_first_each_item_once(w: World) -> None:
    made = [w.other.ad(name=f"Ad {number}")["id"] for number in range(7)]
    found: list[str] = []
    cursor = ""
    for _ in range(4):
        page = w.other.ok("GET", f"/ads?limit=2{cursor}")
        assert set(page) == {"items", "next"}
        found += [ad["id"] for ad in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert found == made[::-1]
    assert [ad["id"] for ad in w.other.ok("GET", "/ads")["items"]] == made[::-1]


def test_shares_are_listed_and_paged(w: World) -> None:
    made = [w.share()["id"] for _ in range(3)]
    first = w.account.ok("GET", "/shares?limit=2")
    assert [share["id"] for share in first["items"]] == made[:0:-1]
    second = w.account.ok("GET", f"/shares?limit=2&cursor={first['next']}")
    assert second["items"][0]["id"] == made[0]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "limit=",
        "cursor=x",
        "cursor=%00",
        "cursor=%0A",
        "cursor=%C3%A9",
    ],
)
def test_limits_over_100_and_cursors_of_nobody_are_invalid(w: World, query: str) -> None:
    for path in ("/ads", "/shares"):
        assert w.account.ask("GET", f"{path}?{query}").said == (422, "invalid")


def test_a_limit_of_100_is_taken(w: World) -> None:
    w.account.ok("GET", "/ads?limit=100")
    w.account.ok("GET", "/shares?limit=100")


def test_an_idempotency_key_answers_what_the_first_request_was_answered(w: World) -> None:
    url = w.publish()
    calls: list[tuple[str, Any]] = [
        ("/ads", AD | {"name": "Once"}),
        ("/shares", {"url": url, "ad": w.ad}),
        ("/preview", {"url": url, "ad": w.ad}),
    ]
    for path, body in calls:
        key = {"Idempotency_Key": f"key for {path}".replace(" ", "-")}
        first = w.account.ask("POST", path, body, **key)
        again = w.account.ask("POST", path, body, **key)
        assert (first.status, again.status) == (201, 201)
        assert first.body == again.body
        for name in ("Location", "ETag", "Content-Type"):
            assert first.headers[name] == again.headers[name]
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"
        assert w.account.ask("POST", path, body).body != first.body
        other = w.account.ask("POST", path, body | {"url": "x", "name": "y"}, **key)
        assert other.said == (409, "conflict")
    picture = {"Idempotency_Key": "a-picture"}
    assert upload(w, png(), **picture).body == upload(w, png(), **picture).body


def test_every_post_of_the_description_takes_an_idempotency_key(w: World) -> None:
    described = ask(f"{w.service.console}/api/openapi.json").json["paths"]
    posts = {path: calls["post"] for path, calls in described.items() if "post" in calls}
    for path, call in posts.items():
        assert "Idempotency-Key" in {each["name"] for each in call["parameters"]}, path
    path, key = f"/shares/{w.share()['id']}/refresh", {"Idempotency_Key": "ask-once"}
    first = w.account.ask("POST", path, **key)
    asked = len(w.publisher.asked)
    assert (first.status, w.account.ask("POST", path, **key).body) == (201, first.body)
    assert len(w.publisher.asked) == asked
    w.account.ok("POST", path, want=201)
    assert len(w.publisher.asked) > asked


def test_anothers_idempotency_key_is_another_key(w: World) -> None:
    key = {"Idempotency_Key": "shared-by-chance"}
    mine = w.account.ask("POST", "/ads", AD, **key).json["id"]
    theirs = w.other.ask("POST", "/ads", AD, **key).json["id"]
    assert mine != theirs


def test_a_refusal_may_be_tried_again_with_the_same_key(w: World) -> None:
    key = {"Idempotency_Key": "second-try"}
    assert w.account.ask("POST", "/ads", {}, **key).status == 422
    assert w.account.ask("POST", "/ads", AD, **key).status == 201


def test_an_ad_is_made_read_changed_and_deleted(w: World) -> None:
    made = w.account.ask("POST", "/ads", AD)
    assert made.status == 201
    ad = made.json
    path = f"/ads/{ad['id']}"
    assert (made.headers["Location"], made.headers["ETag"]) == (f"/api/v1{path}", '"1"')
    assert ad["version"] == 1
    assert {name: ad[name] for name in AD} == AD
    assert not {"owner", "history"} & set(ad)
    assert w.account.ok("GET", path) == ad
    changed = w.account.ask("PATCH", path, {"title": "New"}, If_Match=made.headers["ETag"])
    assert changed.status == 200
    assert (changed.json["title"], changed.json["version"]) == ("New", 2)
    assert changed.json["body"] == AD["body"]
    stale = w.account.ask("PATCH", path, {"title": "Newer"}, If_Match=made.headers["ETag"])
    assert stale.said == (412, "precondition_failed")
    stale = w.account.ask("DELETE", path, If_Match=made.headers["ETag"])
    assert stale.said == (412, "precondition_failed")
    assert w.account.ask("DELETE", path, If_Match=changed.headers["ETag"]).status == 204
    assert w.account.ask("GET", path).said == (404, "not_found")
    assert w.account.ask("DELETE", path).said == (404, "not_found")
    assert w.account.ask("PATCH", path, {"title": "x"}).said == (404, "not_found")
    assert ad["id"] not in [each["id"] for each in w.account.ok("GET", "/ads")["items"]]


def test_a_change_that_makes_the_ad_unusable_is_invalid(w: World) -> None:
    ad = w.account.ad()["id"]
    for patch in (
        {"title": ""},
        {"kind": "poster"},
        {"target": "ftp://x"},
        {"size": 3},
        {"id": "x"},
    ):
        assert w.account.ask("PATCH", f"/ads/{ad}", patch).said == (422, "invalid"), patch
    assert w.account.ok("GET", f"/ads/{ad}")["version"] == 1


def test_a_picture_is_encoded_anew_and_served_from_the_pages_origin(w: World) -> None:
    answer = upload(w, png())
    assert answer.status == 201
    assert set(answer.json) == {"id", "url", "width", "height"}
    assert (answer.json["width"], answer.json["height"]) == (40, 20)
    assert answer.json["url"] == f"{w.service.pages}/m/{answer.json['id']}"
    served = ask(answer.json["url"])
    assert served.status == 200
    assert served.headers["Content-Type"].startswith("image/")
    assert b"taken at home" not in served.body
    assert served.body != png()
    assert Image.open(io.BytesIO(served.body)).size == (40, 20)
    assert served.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_is_no_picture_is_told(w: World) -> None:
    assert upload(w, b"no picture").status in (415, 422)
    assert upload(w, b"x" * (9 << 20)).said == (413, "too_big")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    assert upload(w, svg).status in (415, 422)
    assert w.account.ask("POST", "/pictures", {}).said == (415, "unsupported_media_type")


def test_the_slots_of_a_share_are_those_of_its_ad_as_it_is_now(w: World) -> None:
    ad = w.account.ad(placements=["top", "middle", "end", "sticky"])["id"]
    share = w.share(ad=ad, mode="excerpt")
    assert share["slots"] == ["top", "end"]
    assert set(share["slots_skipped"]) == {"middle", "sticky"}
    w.account.ok("PATCH", f"/ads/{ad}", {"placements": ["end"]})
    share = w.account.ok("GET", f"/shares/{share['id']}")
    assert (share["slots"], share["slots_skipped"]) == (["end"], {})


def test_a_share_is_read_changed_and_ended(w: World) -> None:
    made = w.account.ask("POST", "/shares", {"url": w.publish(), "ad": w.ad})
    share, path = made.json, f"/shares/{made.json['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert w.account.ok("GET", path) == share
    changed = w.account.ok("PATCH", path, {"channel": "mail", "card": {"title": "Mine"}})
    assert (changed["channel"], changed["card"]["title"]) == ("mail", "Mine")
    assert w.account.ok("GET", path) == changed
    assert 'content="Mine"' in w.page(share).text
    assert w.account.ask("PATCH", path, {"mode": "poster"}).said == (422, "invalid")
    other = w.account.ad(title="Another one")["id"]
    assert w.account.ok("PATCH", path, {"ad": other})["ad"] == other
    until(lambda: "Another one" in w.page(share).text)
    assert w.account.ok("PATCH", path, {"mode": "excerpt"})["mode"] == "excerpt"
    assert w.account.ask("DELETE", path).status == 204
    until(lambda: w.page(share).status == 410)
    assert w.page(share).status == 410
    assert w.account.ok("GET", path)["state"] == "ended"


def test_a_link_has_a_qr_code_in_two_formats(w: World) -> None:
    share = w.share()["id"]
    svg = w.account.ask("GET", f"/shares/{share}/qr.svg")
    assert svg.status == 200
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert b"<svg" in svg.body
    png_ = w.account.ask("GET", f"/shares/{share}/qr.png")
    assert png_.headers["Content-Type"] == "image/png"
    width, height = Image.open(io.BytesIO(png_.body)).size
    assert width == height >= 400


def test_the_account_has_name_locale_and_time_zone(w: World) -> None:
    account = w.account.ok("GET", "/account")
    assert set(account) >= {"name", "locale", "time_zone"}
    patch = {"name": "Mei Lin", "locale": "zh", "time_zone": "Asia/Shanghai"}
    changed = w.account.ok("PATCH", "/account", patch)
    assert {name: changed[name] for name in patch} == patch
    share = w.share()
    assert "Mei Lin" in w.page(share).text
    assert w.account.ask("PATCH", "/account", {"time_zone": "Mars/Base"}).said == (422, "invalid")
    w.account.ok("PATCH", "/account", {"locale": "en"})


def test_ids_are_opaque_and_safe_in_addresses(w: World) -> None:
    share = w.share()
    assert share["id"].replace("-", "").replace("_", "").isalnum()
    assert not share["id"].isdigit()
