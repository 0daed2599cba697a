import re
from pathlib import Path

import pytest

from ads.client import agent

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko)"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("text", "device"),
    [
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "phone"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x1800312d) NetType/WIFI", "phone"),
        (f"{ANDROID} wxwork/4.1 MicroMessenger/7.0.1", "phone"),
        (ANDROID, "phone"),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 Chrome/120.0 Safari/537",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "desktop",
        ),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 TV Safari/537.36", "tv"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1 Mobile", "phone"),
        ("Mozilla/5.0 (Tablet; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1", "tablet"),
        ("Mozilla/5.0 (PC; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1", "desktop"),
        ("Mozilla/5.0 (OHOS; OHOS x86_64) AppleWebKit/537.36 Chrome/139.0.0.0", "desktop"),
        ("Something/1.0", ""),
    ],
)
def test_the_device_is_read_from_the_platform(text: str, device: str) -> None:
    assert agent.read(text).device == device


def test_a_user_agent_without_end_is_read_so_far_only() -> None:
    assert not agent.read(ANDROID + " " * agent.MAX_LENGTH + "Googlebot/2.1").bot


def test_people_in_wechat_are_people(corpus: Path) -> None:
    lists = corpus / "suites" / "useragents"
    people = (lists / "micromessenger-others.txt").read_text().splitlines()
    people += re.findall(
        r"user_agent: (Mozilla.*)", (lists / "matomo/micromessenger.yml").read_text()
    )
    assert len(people) > 60
    assert not [text for text in people if agent.read(text).bot]
    assert {agent.read(text).source for text in people} <= {"wechat", "wecom"}
