"""Uploading and serving pictures, over HTTP."""

import io

import pytest
from aiohttp import FormData
from PIL import Image
from redis.asyncio import Redis

from ads import picture
from ads.errors import Problem
from ads.store import pictures as stored_pictures
from ads.store.accounts import Accounts
from ads.store.pictures import Pictures
from tests.ads.web.calling import AD, ORIGIN, Calling


def form(data: bytes, **named: str) -> FormData:
    fields = FormData(default_to_multipart=True)
    for name, value in named.items():
        fields.add_field(name, value)
    fields.add_field("file", io.BytesIO(data), filename="tea.png", content_type="text/html")
    return fields


def png(width: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 20), "green").save(out, "PNG")
    return out.getvalue()


async def test_an_uploaded_picture_is_served_for_good_and_used_in_ads(api: Calling) -> None:
    answer = await api("POST", "/pictures", data=form(png(), note="hello"))
    made = await answer.json()
    assert answer.status == 201
    assert made == {"id": made["id"], "url": f"{ORIGIN}/m/{made['id']}", "width": 40, "height": 20}
    served = await api.http.get(f"/m/{made['id']}")
    assert (served.status, served.content_type) == (200, "image/png")
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(io.BytesIO(await served.read())).size == (40, 20)
    banner = {**AD, "kind": "banner", "image": made["url"]}
    ad = await (await api("POST", "/ads", banner)).json()
    assert ad["image"] == made["id"]
    assert await api.code("POST", "/ads", banner, key=api.yours) == "invalid"


async def test_a_picture_may_be_larger_than_other_bodies(api: Calling) -> None:
    out = io.BytesIO()
    Image.effect_noise((1800, 1500), 90).save(out, "PNG")
    assert out.tell() > 2 * 1024 * 1024
    assert (await api("POST", "/pictures", data=form(out.getvalue()))).status == 201


async def test_a_cache_that_has_it_is_not_sent_it_again(api: Calling) -> None:
    made = await (await api("POST", "/pictures", data=form(png()))).json()
    path = f"/m/{made['id']}"
    tag = (await api.http.get(path)).headers["ETag"]
    again = await api.http.get(path, headers={"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")
    assert (await api.http.head(path)).status == 200


@pytest.mark.parametrize("path", ["/m/" + "0" * 30, "/m/x", "/m/"])
async def test_an_unknown_picture_is_not_found(api: Calling, path: str) -> None:
    assert (await api.http.get(path)).status == 404


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unsupported_media_type"),
        (b"", "unsupported_media_type"),
        pytest.param(bytes(picture.BYTES_MAX + 1), "too_big", id="a byte too many"),
        pytest.param(bytes(picture.BYTES_MAX + 100_000), "too_big", id="said to be too many"),
    ],
)
async def test_what_is_no_picture_is_refused(api: Calling, data: bytes, code: str) -> None:
    assert await api.code("POST", "/pictures", data=form(data)) == code


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("image/png", b"x", "unsupported_media_type"),
        ("multipart/form-data", b"x", "malformed"),
        ("multipart/form-data; boundary=x", b"no boundary here", "malformed"),
        ("multipart/form-data; boundary=x", b"--x--\r\n", "invalid"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
            "invalid",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\ncut',
            "malformed",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
            "malformed",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="\x14"\r\n\r\nb\r\n--x--\r\n',
            "malformed",
        ),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(
    api: Calling, kind: str, body: bytes, code: str
) -> None:
    told = await api.code("POST", "/pictures", data=body, headers={"Content_Type": kind})
    assert told == code


async def test_what_is_too_many_is_refused_before_it_is_kept(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts, pictures = Accounts(redis), Pictures(redis)
    await accounts.create("boss@example.org", "Boss", "a sentence to remember")
    fields = ("jo@example.org", "Jo", "a sentence to remember")
    newcomer = await accounts.sign_up("open", *fields)
    monkeypatch.setattr(stored_pictures, "PICTURES_OF_NEWCOMER", 1)
    await pictures.keep(newcomer.id, png(8))
    before = await redis.dbsize()
    with pytest.raises(Problem) as full:
        await pictures.keep(newcomer.id, png(9))
    assert full.value.code == "conflict"
    assert await redis.dbsize() == before, "a refused picture takes no room"
    await accounts.vouch(newcomer.id)
    await pictures.keep(newcomer.id, png(9))
