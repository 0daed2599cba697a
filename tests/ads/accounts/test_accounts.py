"""The rules for an account's fields."""

import pytest

from ads import accounts
from ads.accounts import access
from ads.errors import Problem


@pytest.mark.parametrize("email", ["Me@Example.org", " me@example.org ", "ME@EXAMPLE.ORG"])
def test_an_email_is_one_however_it_is_written(email: str) -> None:
    assert accounts.email(email) == "me@example.org"


@pytest.mark.parametrize(
    "email", ["", "me", "@x", "me@", "a b@x", "me@x@y", "me@.x", "x" * 250 + "@y.z", 5]
)
def test_what_is_no_email_is_refused(email: object) -> None:
    with pytest.raises(Problem):
        accounts.email(email)


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 1025, None])
def test_a_password_has_12_characters_or_more(password: object) -> None:
    with pytest.raises(Problem):
        accounts.password(password)


@pytest.mark.parametrize("password", ["x" * 12, "correct horse", "密码密码密码密码密码密码"])
def test_a_password_has_no_other_rule(password: str) -> None:
    assert accounts.password(password) == password


@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich", "Asia/Shanghai"])
def test_a_time_zone_is_one_of_iana(zone: str) -> None:
    assert accounts.time_zone(zone) == zone


@pytest.mark.parametrize("zone", ["", "Mars/Phobos", "../../etc/passwd", "/etc/passwd", None, 1])
def test_what_is_no_time_zone_is_refused(zone: object) -> None:
    with pytest.raises(Problem):
        accounts.time_zone(zone)


def test_every_fault_of_a_patch_is_told_at_once() -> None:
    with pytest.raises(Problem) as caught:
        accounts.parse_patch({"name": "", "locale": "fr", "email": "x@y"})
    assert [fault["field"] for fault in caught.value.errors] == ["name", "locale", "email"]


@pytest.mark.parametrize(
    ("signup", "invited", "lets_in"),
    [
        ("open", False, True),
        ("invite", False, False),
        ("invite", True, True),
        ("closed", True, False),
    ],
)
def test_the_operator_says_who_may_sign_up(signup: str, invited: bool, lets_in: bool) -> None:
    if lets_in:
        access.check_signup(signup, invited=invited)
    else:
        with pytest.raises(Problem, match=r"needed|closed"):
            access.check_signup(signup, invited=invited)
