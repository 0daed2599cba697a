"""Where a link was opened: by the browser's tokens, Android's package, the referrer's host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.client import source
from ads.client.apps import APPS
from tests.ads.client.test_robots import IPHONE, WEBVIEW


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{WEBVIEW} aweme_230400 JsSdk/1.0 NetType/WIFI BytedanceWebview/d8a21c6", "douyin"),
        (f"{IPHONE} BytedanceWebview/d8a21c6 musical_ly_40.1.0", "tiktok"),
        (f"{WEBVIEW} XWEB/1380143 MicroMessenger/8.0.60 Weixin NetType/5G", "wechat"),
        (f"{IPHONE} Twitter for iPhone/10.9", "x"),
        (
            f"{WEBVIEW} Telegram-Android/11.4.2 (Xiaomi 23013RK75C; Android 14; SDK 34; HIGH)",
            "telegram",
        ),
        (f"{IPHONE} WhatsApp/2.25.1", "whatsapp"),
        (f"{IPHONE} Safari Line/15.9.0", "line"),
        (f"{WEBVIEW} __weibo__15.6.3__android__android14", "weibo"),
        (f"{WEBVIEW} baiduboxapp/13.1.0", "baidu"),
        (f"{WEBVIEW} wxwork/4.1 MicroMessenger/7.0.1", "wecom"),
        (f"{WEBVIEW} Instagram 406.0.0.58.159 Android (35/15)", "instagram"),
        (f"{WEBVIEW} MetaIAB Facebook", "facebook"),
        (f"{IPHONE} [FBAN/FBIOS;FBAV/450.0]", "facebook"),
        (f"{WEBVIEW} Viber/11.9.5.8", "viber"),
        (f"{WEBVIEW} DingTalk/7.0.40", "dingtalk"),
        (f"{WEBVIEW} DingTalk(7.0.30-Release.5089101)", "dingtalk"),
        (WEBVIEW, ""),
    ],
)
def test_an_apps_browser_names_the_app(agent: str, name: str) -> None:
    assert source.of_agent(agent) == name


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("com.tencent.mm", "wechat"),
        ("com.whatsapp", "whatsapp"),
        ("com.twitter.android", "x"),
        ("org.telegram.messenger", "telegram"),
        ("XMLHttpRequest", ""),
        ("com.example.unknown", ""),
    ],
)
def test_androids_web_view_names_the_package(package: str, name: str) -> None:
    assert source.of_package(package) == name


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("t.co", "x"),
        ("l.facebook.com", "facebook"),
        ("LM.Facebook.com:443", "facebook"),
        ("mail.google.com", "gmail"),
        ("www.google.com", "google"),
        ("com.twitter.android", "x"),
        ("web.telegram.org", "telegram"),
        ("notfacebook.com", "web"),
        ("news.example", "web"),
        ("", ""),
        ("localhost", ""),
        ("a b.example", ""),
        ("x" * 300 + ".example", ""),
    ],
)
def test_a_referrers_host_names_a_site(host: str, name: str) -> None:
    assert source.of_site(host) == name


@given(st.text(max_size=300))
def test_what_a_client_writes_makes_no_row_of_its_own(text: str) -> None:
    known = {app.name for app in APPS} | {"", source.OTHER_SITE}
    assert {source.of_site(text), source.of_package(text), source.of_agent(text)} <= known
