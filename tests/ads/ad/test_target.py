"""Where an ad may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.ad.target import expand_target, fault


@pytest.mark.parametrize(
    "target",
    [
        "https://acme.example/",
        "http://acme.example:8080/a?b=c#d",
        "https://acme.example/{share}/{channel}?d={depth}#{share}",
        "https://例え.jp/茶",
        'https://acme.example/?q={"a":1}',
        "tel:+41 44 123-45-67",
        "tel:*100#",
        "mailto:me@acme.example?subject={share}",
    ],
)
def test_web_telephone_and_mail_addresses_are_targets(target: str) -> None:
    assert fault(target) == ""


@pytest.mark.parametrize(
    "target",
    [
        "acme.example",
        "//acme.example/",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "ftp://acme.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@acme.example/",
        "https://bank.example@acme.example/",
        "https://{channel}/",
        "https://{share}.acme.example/",
        "https://acme.example:{depth}/",
        "https://acme.example/{hop}",
        "{share}",
        "tel:",
        "tel:call-me",
        "mailto:nobody",
        "mailto:a@b,c",
    ],
)
def test_anything_else_is_refused_with_a_reason(target: str) -> None:
    assert fault(target)


def test_placeholders_are_filled_and_the_address_is_normalised() -> None:
    target = "HTTPS://Acme.example/{share}?c={channel}&d={depth}"
    expanded = expand_target(target, "s1", "朋友圈 & co", 3)
    assert expanded == ("https://acme.example/s1?c=%E6%9C%8B%E5%8F%8B%E5%9C%88%20%26%20co&d=3")


def test_no_target_leads_nowhere() -> None:
    assert expand_target("", "s1") == ""


@given(st.text(), st.sampled_from(["https://a.example/{channel}", "https://a.example?{channel}"]))
def test_no_channel_leads_to_another_site(channel: str, target: str) -> None:
    channel = channel.encode("utf-8", "ignore").decode()
    expanded = expand_target(target, "s", channel)
    assert expanded.startswith("https://a.example/")
    assert expanded.isascii()
