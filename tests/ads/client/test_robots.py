"""Robots and people by families, and the two rates on the lists of the corpus."""

import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from hypothesis import given
from hypothesis import strategies as st

from ads.client import robots

BENCH = Path(__file__).parents[3] / "ops/bench.d"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 14; 23013RK75C Build/UKQ1.230804.001; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/138.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)

# Fetchers of link cards, by their own documentation.
PREVIEWS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0",
    "WhatsApp/2.2413.51 W",
    "Twitterbot/1.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "meta-externalagent/1.1",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example/)",
    "Mastodon/4.3.0 (http.rb/5.2.0; +https://social.example/) Bot",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "SkypeUriPreview Preview/0.5",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    "Pinterestbot/1.0",
    "kakaotalk-scrap/1.0; +https://devtalk.kakao.com/",
    "Viber",
    "Notion/1.0 (https://notion.so; team@makenotion.com)",
    "MicroMessenger Client",
    "WeChatShareExtensionNew/8.0.60.33 CFNetwork/3826.500.131 Darwin/24.5.0",
)


@pytest.mark.parametrize("text", PREVIEWS)
def test_who_draws_a_links_card_is_a_robot(text: str) -> None:
    assert robots.is_robot(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Nameless/1.0",
        "Mozilla/5.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
        "Mozilla/5.0 (compatible; Something/1.0)",
        "okhttp/4.12.0",
        "Java/17.0.6",
        "Go-http-client/2.0",
        "node-fetch/1.0",
        "httpx/0.27",
        "curl/8.4.0",
        "python-requests/2.31.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
        "NewCrawler/1",
        f"Anonymous, {CHROME}",
        f"library/1.6.6, {CHROME}",
        f"{CHROME} Any-User/1.0",
        f"{CHROME} by Siteimprove",
        f"{WEBVIEW} SeoSiteCheckup (https://seositecheckup.com)",
        'Opera/9.80 <a href="https://shop.example/">phones</a> (Windows NT 5.1; U; en) Presto/2.10',
        'Mozilla/5.0 <a href="http://shop.example/juice/">x</a> (Windows NT 5.1) Presto/2.10',
        "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/533.16 Safari/533.16 SomeHtmlToPdf/3.5",
        "Mozilla/5.0 (compatible; heritrix/1.5.0 http://pandora.library.example/)",
        "Mozilla/4.0 (Windows XP 5.1) Java/1.6.0",
        "Some%20Downloader/1750 CFNetwork/760.0.5 Darwin/15.0.0 (x86_64)",
        "CFNetwork/548.1.4 Darwin/11.0.0",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Some Search Agent)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X) PowerPoint/14.39.0",
        "PocketCasts/1.0 (Pocket Casts Feed Parser; +http://pocketcasts.com/)",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/80.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
        f"{CHROME} (compatible; Whoever/2)",
        f"{CHROME} (we ask at https://whoever.example/)",
        f"{CHROME} ask@whoever.example",
        f"{CHROME} SomeMonitor/1.0",
        f"{WEBVIEW} Chrome-Lighthouse",
        f"{IPHONE} MicroMessenger/8.0.38(0x1800262b) Language/zh_CN qcloudcdn-xinan",
        f"{WEBVIEW} MicroMessenger/7.0.14.1660(0x27000E37) NetType/WIFI wechatdevtools",
        f"{IPHONE} (compatible; NewBot/1.0)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "HeadlessChrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/26.0.0",
        f"{CHROME} ${{jndi:ldap://x}}",
    ],
)
def test_a_robots_way_of_speaking_is_known(text: str) -> None:
    assert robots.is_robot(text)


@pytest.mark.parametrize(
    "text",
    [
        CHROME,
        f"{CHROME} Edg/140.0.0.0",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Code/1.99.0 "
        "Chrome/132.0.0.0 Electron/34.0 Safari/537.36",
        CHROME.replace("Chrome/", "Notion/4.12.0 Chrome/") + " Electron/34.0",
        f"{CHROME} Edg/140.0.0.0 wails.io",
        f"{IPHONE} MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN",
        f"{WEBVIEW} XWEB/1380143 MMWEBSDK/20250201 MicroMessenger/8.0.60 Weixin NetType/5G",
        f"{CHROME} NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat",
        f"{WEBVIEW} wxwork/4.1.36 MicroMessenger/7.0.1 Language/zh",
        f"{IPHONE} AlipayClient/10.7.26.6000 Language/zh-Hans",
        f"{WEBVIEW} __weibo__15.6.3__android__android14",
        f"{WEBVIEW} QQ/9.1.75.26175 NetType/WIFI",
        f"{CHROME},gzip(gfe) (via translate.google.com)",
        "Mozilla/5.0 (Windows NT 6.1; rv:9.0) Gecko/20100101 Any.com Toolbar 1.5 Firefox/9.0",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Google-TR-1)",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.0; Any Browser [anybrowser.com])",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1;  Embedded Web Browser from: "
        "http://maker.example/)",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Alcohol Search)",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows 98; Carrier.de ISDN 0404)",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1; http://www.shop.example)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0; @a~bHB4m*-<bBLBQq-cF[i%)",
        "Mozilla/4.0 (compatible; MSIE 6.0b; Windows NT 5.0) (Compatible;  ;  ; Trident/4.0)",
        "Mozilla/5.0 (Windows; U; Windows NT 5.1; pl; rv:1.9.2) Gecko/2010 (CK-Shop.com) Firefox/3",
        "Mozilla/5.0 (Windows; U; Windows NT 5.1; ja; rv:1.9.0.11) Gecko/2009060215 Firefox/3.0.11 "
        "AutoPager/0.5.2.2 (http://www.maker.example/)",
        "Mozilla/5.0 Galeon/1.2.6 (X11; Linux i686; U)",
        "Mozilla/3.01 (compatible; Netgem/3.6.8; netbox; Linux 2.2)",
        "Any Browser (http://www.anybrowser.com)",
        'HbbTV/1.1.1 (;Maker;BX;3;;) CE-HTML/1.0 (<profilelist><ui_profile name="X"/>)',
        "ELinks (0.11.3; Linux 2.6.23 i686; 128x48)",
        "OPWV-GEN-99/UNI10 UP.Browser/6.0.2.224 (GUI) MMP/HTTP-DIRECT",
        "Some%20Radio/3.1 CFNetwork/1404.0.5 Darwin/22.3.0",
        f"{WEBVIEW} AliApp(DingTalk/7.6.60) DingTalk/7.6.60",
        f"{WEBVIEW} DingTalk(7.0.30-Release.5089101)",
        f"{WEBVIEW} MetaIAB Facebook",
        f"{WEBVIEW} Viber/11.9.5.8",
        f"{WEBVIEW} SogouMSE,SogouMobileBrowser/5.28.7",
        f"{IPHONE} Safari Line/15.9.0",
        f"{WEBVIEW};KAKAOTALK 2511500",
        f"{IPHONE} [FBAN/FBIOS;FBAV/520.0.0.38.101;FBCR/vodafone.de;FBLC/de_DE;]",
        f"{WEBVIEW} Instagram 385.0 Android (33/13; 420dpi; google/google; Pixel 7; cheetah)",
        f"{IPHONE} Snapchat/13.45.0.40 (like Safari/8621.2.5, panda)",
        f"{IPHONE} [Pinterest/iOS]",
        f"{IPHONE} BytedanceWebview/d8a21c6 musical_ly_40.1.0",
        f"{WEBVIEW} Quark/7.14.5.880",
        f"{WEBVIEW} UCBrowser/17.3.6.1386",
        f"{WEBVIEW} BOTIM/3.28",
        CHROME.replace("Chrome/", "coccocbrowser/42.0 Chrome/"),
        f"{WEBVIEW} PingAnApp/8.1",
        f"{WEBVIEW} Blackboard/unspecified",
        f"{IPHONE} Safari/605.1 Blackboard/6.9",
        "Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.15) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0 Mobile Safari/537.36",
        f"{WEBVIEW} XiaoMi/MiuiBrowser/19.3.110306",
        "Mozilla/5.0 (Linux; U; Android 10; CUBOT NOTE 20 Build/QP1A) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Version/4.0 Chrome/100.0 Mobile Safari/537.36 PHX/14.9",
        "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        "Opera/9.80 (Android; Opera Mini/36.2/191.256; U; sw) Presto/2.12.423 Version/12.16",
        "UCWEB/2.0 (MIDP-2.0; U; Adr 9; ru) U2/1.0.0 UCBrowser/11.1.2 U2/1.0.0 Mobile",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 "
        "Safari/537.36 WebAppManager",
        "Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Mozilla/5.0 (Nintendo WiiU) AppleWebKit/536.30 (KHTML, like Gecko) NX/3.0.4.2.12 "
        "NintendoBrowser/4.3.1.11264.EU",
        "Mozilla/5.0 (Linux; U; en-US) AppleWebKit/528.5+ (KHTML, like Gecko, Safari/528.5+) "
        "Version/4.0 Kindle/3.0 (screen 600X800; rotate)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
        "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; https://intranet.example/; rv:11.0) like Gecko",
        "Mozilla/5.0 (Linux; Android 7.0; M bot 51 Build/NRD90M) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/56.0.2924.87 Mobile Safari/537.36",
        "Mozilla/5.0 (compatible; Konqueror/3.1; Linux 2.4.22; X11; i686)",
        "Mozilla/5.0 (X11; Linux i686) Netscape7/7.1",
        "Mozilla/5.0 (RISC OS) NetSurf/3.10",
        "SAGEM-my511X/1.0 UP.Browser/6.2.3 Teleca Q03",
        "Windows Server 2022 Program (Mozilla/4.0; MSIE 7.0; Windows NT 6.1)",
        "BoxHTML/1.0 AppleWebKit/605.1.15 (Brand; AB1; AB1.002.P; API/4.0.0) (+DVR+HTML+IPCMC+UHD)",
        "Brand/2.0 Viewer, BX-200/9.1.3 (Brand, BX-200, Wireless)",
        "eM Client/9.2.2157.0",
        "gPodder/3.10.15 (+http://gpodder.org/) Linux",
    ],
)
def test_a_browser_in_somebodys_hands_is_a_person(text: str) -> None:
    assert not robots.is_robot(text)


def test_every_pattern_left_out_is_still_in_the_list() -> None:
    assert {e["pattern"] for e in CRAWLER_USER_AGENTS_DATA} >= robots.PEOPLES


@given(st.text(max_size=300))
def test_no_text_ends_in_an_error(text: str) -> None:
    assert robots.is_robot(text) in (True, False)


@given(st.from_regex(r"[1-9][0-9]{1,2}\.0\.[0-9]{1,4}\.[0-9]{1,3}", fullmatch=True))
def test_a_browsers_next_version_changes_nothing(version: str) -> None:
    assert not robots.is_robot(CHROME.replace("140.0.0.0", version))
    assert robots.is_robot(CHROME.replace("140.0.0.0", f"{version} Fetcher/1"))


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    """`ops/bench.d/agents.py`, which is in no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCH)
        yield importlib.import_module("agents")


@pytest.mark.parametrize(
    ("are_robots", "built_on", "limit"),
    [(True, True, 0.018), (True, False, 0.032), (False, True, 0.01), (False, False, 0.0006)],
)
def test_few_verdicts_on_the_lists_are_wrong(
    corpus: Path, bench: ModuleType, are_robots: bool, built_on: bool, limit: float
) -> None:
    kind = (are_robots, built_on)
    found = [s for s in bench.samples() if (s.robots, s.built_on) == kind]
    wrong = [text for sample in found for text in bench.wrong(sample, robots.is_robot)]
    assert len(wrong) <= limit * sum(len(sample.texts) for sample in found), wrong


def test_nine_devices_of_ten_are_told_right_on_rows_not_built_on(
    corpus: Path, bench: ModuleType
) -> None:
    right, total = bench.devices(slice(1, None, 2))
    assert total > 1000
    assert right >= 0.9 * total


@pytest.mark.parametrize(
    "unit", ["_", "a", "a-", "a.", "a.a-", "9", "select ", "(a, ", "tizen", "a@"]
)
def test_a_user_agent_four_times_as_long_takes_no_sixteen_times_as_long(unit: str) -> None:
    def cost(length: int) -> float:
        text = (unit * length)[:length]
        return min(_seconds(text) for _ in range(3))

    assert cost(4_000) < 9 * cost(1_000)


def _seconds(text: str) -> float:
    began = time.thread_time()
    robots.is_robot(text)
    return time.thread_time() - began
