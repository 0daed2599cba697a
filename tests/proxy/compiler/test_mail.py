"""E-mail addresses that Cloudflare hides until its script has run are written out."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import article, written


def hidden(text: str, key: int = 0x2A) -> str:
    """As Cloudflare hides a text: the key, then each byte with it."""
    return bytes([key, *(key ^ byte for byte in text.encode())]).hex()


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (f"<a href=/cdn-cgi/l/email-protection data-cfemail={hidden('a@b.example')}>"
         "[email&#160;protected]</a>", "<p>a@b.example</p>"),
        (f"<a href=/cdn-cgi/l/email-protection#{hidden('a@b.example?subject=Hi')}>Ann</a>",
         'href="mailto:a@b.example?subject=Hi"'),
        (f"<span data-cfemail={hidden('<b>é</b>')}>hidden</span>", "&lt;b&gt;é&lt;/b&gt;"),
        ("<span data-cfemail=2a4>hidden</span>", "<span data-cfemail=\"2a4\">hidden</span>"),
        ("<span data-cfemail=''>hidden</span>", "hidden"),
        (f"<html data-cfemail={hidden('a@b.example')}>shown", "shown"),
        ("<span data-cfemail=00ff>hidden</span>", "hidden"),
    ],
)  # fmt: skip
def test_a_hidden_address_is_shown_and_what_is_none_stays(
    brand: Callable[..., Page], markup: str, shown: str
) -> None:
    assert shown in written(brand(article(f"<p>{markup}</p>")))
