"""Headers about a request's body are checked before anything else reads them."""

import re

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from ads.errors import Problem
from ads.web.body import media_type


def read(said: str) -> str:
    return media_type(make_mocked_request("POST", "/", {"Content-Type": said}))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("", ""),
        ("TEXT/PLAIN;charset=UTF-8", "text/plain"),
        ("application/json ; ", "application/json"),
        ('application/vnd.api+json; ext="https://a.example/x, y"', "application/vnd.api+json"),
        (
            "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            "multipart/form-data",
        ),
        ('multipart/form-data; boundary="=_(a b)?"; charset=utf-8', "multipart/form-data"),
    ],
)
def test_a_media_type_is_read_without_its_parameters(said: str, kind: str) -> None:
    assert read(said) == kind


@pytest.mark.parametrize(
    "said",
    [
        "text/plain " + '"' * 8_000,
        "text/plain;" + "a=b;" * 2_000,
        "text/plain " + "(" * 500,
        "text/plain; a*=utf-8''%ff;" * 9,
        "text",
        "text/plain, text/plain",
    ],
)
def test_what_would_take_seconds_to_read_is_no_media_type(said: str) -> None:
    with pytest.raises(Problem, match="no media type"):
        read(said)


@given(
    st.from_regex(
        re.compile(r"[a-z/]{3,6}/x(?:; ?[a*0-]{1,3}=[a\"\\()%*' ;]*){0,3}"), fullmatch=True
    )
)
def test_what_is_a_media_type_here_is_the_same_to_aiohttp(said: str) -> None:
    request = make_mocked_request("POST", "/", {"Content-Type": said})
    try:
        kind = media_type(request)
    except Problem:
        return
    assert (kind, request.charset) == (request.content_type, None)
