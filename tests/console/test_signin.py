"""Signing in and out, and what a form must have to be accepted."""

import html
import json
import re
from collections import Counter

import pytest

from ads.accounts import Account
from tests.console.conftest import PASSWORD, Browser, Console, token, visitor

pytestmark = pytest.mark.timeout(30)


async def _first_token(console: Console) -> str:
    found = await console.parts.stores.accounts.invites.first_link()
    assert found
    return found


async def test_the_one_time_link_makes_the_first_account_and_lets_it_in(
    console: Console, browser: Browser
) -> None:
    link = f"/start?token={await _first_token(console)}"
    form = {"name": "Mei Lin", "email": "mei@halfhill.example", "password": PASSWORD}
    form |= {"token": link.partition("=")[2], "time_zone": "Asia/Taipei"}
    answer, page = await browser.send(link, "/start", form)
    assert (answer.status, answer.url.path) == (200, "/")
    assert "Hello, Mei." in page
    account = await console.parts.stores.accounts.by_email("mei@halfhill.example")
    assert (account.role, account.time_zone) == ("owner", "Asia/Taipei")


@pytest.mark.parametrize("path", ["/start", "/join"])
async def test_a_link_that_nobody_gave_or_that_was_used_says_so_before_its_form_is_filled_in(
    console: Console, browser: Browser, path: str
) -> None:
    used = await _first_token(console)
    await console.member()
    for wrong in ("x", used):
        answer, page = await browser.get(f"{path}?token={wrong}")
        assert answer.status == 410
        assert "This link no longer works" in page
        assert "passalong account create" in page


async def test_a_refused_field_keeps_what_was_typed_and_says_what_it_needs(
    console: Console, browser: Browser
) -> None:
    link = f"/start?token={await _first_token(console)}"
    form = {"name": "Mei Lin", "email": "no address", "password": PASSWORD}
    answer, page = await browser.send(link, "/start", form | {"token": link.partition("=")[2]})
    assert answer.status == 422
    assert 'value="Mei Lin"' in page
    assert 'id="h-email">This is not an email address.' in page


@pytest.mark.parametrize(("asked", "language"), [("", "en"), ("&lang=zh", "zh-Hans")])
async def test_signing_in_goes_on_to_where_one_wanted_to_go_in_the_language_chosen_there(
    browser: Browser, console: Console, asked: str, language: str
) -> None:
    mei = await console.member()
    await console.parts.stores.accounts.patch(mei.id, {"locale": "en"})
    answer, _ = await browser.get("/ads?cursor=x")
    assert answer.url.path == "/signin"
    _, page = await browser.get(f"{answer.url.relative()}{asked}")
    sent = re.search(r'method="post" action="([^"]+)"', page)
    form = {"email": mei.email, "password": PASSWORD, "csrf": token(page)}
    answer, page = await browser.post(html.unescape(sent[1]), form)
    assert str(answer.url.relative()) == "/ads?cursor=x"
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize(
    "where",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/..//evil.example/", "/.//x"],
)
async def test_signing_in_leads_to_no_other_site(
    browser: Browser, console: Console, where: str
) -> None:
    await console.member()
    form = {"email": "mei@halfhill.example", "password": PASSWORD, "next": where}
    answer, _ = await browser.send("/signin", "/signin", form, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_no_link_of_a_page_that_was_not_found_leads_to_another_site(browser: Browser) -> None:
    answer, page = await browser.get("//evil.example/signin?a=1")
    other = re.search(r'hreflang="zh" href="([^"]+)"', page)
    assert (answer.status, html.unescape(other[1])) == (404, "?a=1&lang=zh")


async def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(
    browser: Browser, console: Console
) -> None:
    await console.member()
    said = []
    for email in ("mei@halfhill.example", "nobody@halfhill.example"):
        form = {"email": email, "password": "not the password"}
        answer, page = await browser.send("/signin", "/signin", form)
        assert answer.status == 401
        said.append("The email or the password is not right." in page)
    assert said == [True, True]


async def test_whose_account_was_ended_is_told_why_with_the_right_password_alone(
    browser: Browser, console: Console, mei: Account
) -> None:
    accounts = console.parts.stores.accounts
    jo = await accounts.create("jo@halfhill.example", "Jo", PASSWORD)
    await accounts.end(jo.id, "The tea is no tea.", 1)
    form = {"email": jo.email, "password": PASSWORD}
    answer, page = await browser.send("/signin", "/signin", form)
    assert (answer.status, "The tea is no tea." in page) == (403, True)
    _, page = await browser.send("/signin", "/signin", form | {"password": "another sentence"})
    assert "The tea is no tea." not in page


async def test_another_language_keeps_the_link_after_a_field_was_refused(
    browser: Browser, console: Console, mei: Account
) -> None:
    invited = await console.parts.stores.accounts.invites.create("Jo")
    _, page = await browser.get(f"/join?token={invited}")
    sent = re.search(r'method="post" action="([^"]+)"', page)
    form = {"csrf": token(page), "name": "Jo", "email": "no address", "password": PASSWORD}
    answer, page = await browser.post(html.unescape(sent[1]), form)
    other = re.search(r'hreflang="zh" href="([^"]+)"', page)
    assert answer.status == 422
    answer, page = await browser.get("/join" + html.unescape(other[1]))
    assert (answer.status, "这个邀请只能用一次" in page) == (200, True)


async def test_the_cookie_is_closed_to_scripts_and_to_other_sites(
    browser: Browser, console: Console
) -> None:
    await console.member()
    form = {"email": "mei@halfhill.example", "password": PASSWORD}
    answer, _ = await browser.send("/signin", "/signin", form, allow_redirects=False)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("passalong=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


async def test_a_token_that_somebody_planted_is_never_a_session(
    browser: Browser, console: Console
) -> None:
    await console.member()
    planted = {"passalong": "p" * 43}
    _, page = await browser.get("/signin", cookies=planted)
    form = {"email": "mei@halfhill.example", "password": PASSWORD, "csrf": token(page)}
    answer, _ = await browser.post("/signin", form, cookies=planted, allow_redirects=False)
    made = answer.cookies["passalong"].value
    assert answer.status == 303
    assert made != planted["passalong"]
    assert len(made) >= 43, "256 bits"
    async with visitor(console) as other:
        answer, _ = await other.get("/shares", cookies=planted)
        assert answer.url.path == "/signin"
        answer, _ = await other.get("/shares", cookies={"passalong": made})
        assert answer.url.path == "/shares"


async def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(member: Browser) -> None:
    kept = {c.key: c.value for c in member.session.cookie_jar}
    await member.send("/settings", "/signout", {})
    answer, _ = await member.get("/shares", cookies=kept)
    assert answer.url.path == "/signin"


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_from_elsewhere_is_refused(member: Browser, headers: dict[str, str]) -> None:
    answer, _ = await member.send("/settings", "/settings/keys", {"label": "x"}, headers=headers)
    assert answer.status == 403
    _, page = await member.get("/settings")
    assert "Revoke" not in page


async def test_a_form_without_the_sessions_token_is_refused(
    member: Browser, console: Console
) -> None:
    await console.member("jo@halfhill.example", "Jo")
    async with visitor(console) as stranger:
        _, page = await stranger.get("/signin")
    for wrong in ("", "x.y", token(page)):
        answer, _ = await member.post("/settings/keys", {"label": "x", "csrf": wrong})
        assert answer.status == 403


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def part(head: str, data: bytes) -> bytes:
    """A field of a multipart form."""
    return f"--x\r\nContent-Disposition: {head}\r\n\r\n".encode() + data + b"\r\n--x--\r\n"


async def test_every_page_carries_the_policy(member: Browser) -> None:
    for path in ("/", "/ads", "/settings", "/about", "/shares/unknown"):
        answer, page = await member.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert " style=" not in page
        assert " onclick" not in page


PART = 'form-data; name="email"'
PUNYCODE = "Content-Type: text/plain; charset=punycode"


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        (f"{FORM}; charset=punycode", b"a-" + b"aaaa" * 50_000, 415),
        (f"{FORM}; charset=uu", b"a=b", 415),
        (f"{FORM}; a*=utf-8''%ff;", b"a=b", 415),
        (f"{FORM}; charset=UTF-8", b"a=%C3%A9", 403),
        (FORM, b"a=\xff", 400),
        (FORM, b"&".join([b"a=1"] * 5_000), 413),
        (FORM, b"a" * 300_000, 413),
        (PARTS, part(f"{PART}\r\n{PUNYCODE}", b"a-" + b"a" * 200_000), 403),
        (PARTS, part(f"{PART}\r\nContent-Encoding: nonsense", b"x"), 403),
        (PARTS, part(PART, b"\xff"), 400),
        (PARTS, part(PART, b"x").replace(b"--\r\n", b"\r\n") * 501 + b"--x--\r\n", 400),
        (PARTS, part("form-data", b"x"), 400),
        (PARTS, part('form-data; name="_charset_"', b"x" * 99), 400),
        (PARTS, b"no form", 400),
        ("multipart/form-data", b"", 400),
    ],
)  # fmt: skip
async def test_a_form_is_read_in_utf_8_within_bounds_whatever_it_says_of_itself(
    browser: Browser, kind: str, data: bytes, status: int
) -> None:
    answer, _ = await browser.post("/signin", data, headers={"Content-Type": kind})
    assert answer.status == status, "403: read, and without its token"


@pytest.mark.parametrize("credential", ["{}", "[]", "[" * 16_000, '{"id":' + "[" * 16_000])
async def test_what_is_no_passkeys_answer_is_refused_however_deep(
    browser: Browser, credential: str
) -> None:
    _, page = await browser.get("/signin")
    _, asked = await browser.post("/signin/passkey/options", {"csrf": token(page)})
    form = {"csrf": token(page), "ticket": json.loads(asked)["ticket"], "credential": credential}
    answer, _ = await browser.post("/signin/passkey", form)
    assert answer.status == 403


async def test_passkeys_are_tried_only_so_often_from_one_place_and_the_owner_gets_in(
    console: Console, browser: Browser, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.parts.stores.throttle, "_enabled", True)
    _, page = await browser.get("/signin")
    form, statuses = {"csrf": token(page), "ticket": "x", "credential": "{}"}, Counter[int]()
    for path in ("/signin/passkey", "/signin/passkey/options") * 26:
        answer, _ = await browser.post(path, form)
        statuses[answer.status] += 1
    assert statuses == {403: 25, 200: 25, 429: 2}
    assert int(answer.headers["Retry-After"]) > 0
    password = {"email": mei.email, "password": PASSWORD}
    answer, _ = await browser.send("/signin", "/signin", password, allow_redirects=False)
    assert answer.status == 303
