"""What a user agent says: robot or person, device, the app whose browser it is (pure)."""

import re
from functools import lru_cache
from typing import NamedTuple

from ads.client import robots, source

MAX_LENGTH = 1024

# `ops/bench agents` prints how often the device is right (ops/decisions says beside what).
_TV = re.compile(
    r"SMART-TV|Smart-?T[vV]|Tizen.*TV|Web0S|webOS\.TV|AppleTV|GoogleTV|BRAVIA|HbbTV|AFT[A-Z]|NETTV|"
    r"TiVoOS|MiTV|CrKey|\bTV\b|_TV\b|-LED\d|\d\d(?:LED|LEX|UHD|QLED|OLED)|STB\b|OMI/"
)
# What has no "Mobile" in it is a tablet in a browser; apps that fetch by themselves never have it.
_TABLET = re.compile(
    r"iPad|Tablet|PlayBook|Kindle|/apad\b|\b[A-Z]{3}\d?-W\d\d\b|Lenovo TB|\bTab\b|"
    r"^(?!Dalvik)(?!.*\b ?Mobile).*(?:Android|Silk/)"
)
_PHONE = re.compile(
    r"Mobile|iPhone|iPod|Android|Windows Phone|BlackBerry|Opera Mini|(?<!PC; )OpenHarmony|MIDP|"
    r"UP\.Browser|KAIOS|Series ?[46]0|SymbianOS"
)
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux|OHOS|PC; OpenHarmony")


class Agent(NamedTuple):
    """What a user agent tells; "" is unknown."""

    bot: bool
    device: str
    source: str


def read(user_agent: str) -> Agent:
    """What `user_agent` says; its absence says that nobody reads."""
    return _read(user_agent[:MAX_LENGTH])


# A verdict takes 0.2 ms; a share's readers have few different browsers.
@lru_cache(maxsize=8192)
def _read(user_agent: str) -> Agent:
    kinds = (("tv", _TV), ("tablet", _TABLET), ("phone", _PHONE), ("desktop", _DESKTOP))
    device = next((kind for kind, form in kinds if form.search(user_agent)), "")
    return Agent(robots.is_robot(user_agent), device, source.of_agent(user_agent))
