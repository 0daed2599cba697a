"""The headers that the browsers of the demonstration's readers send (a leaf)."""

from collections.abc import Mapping

_ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
_DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPAD = "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "Chrome/131.0.0.0"

GUISES: Mapping[str, Mapping[str, str]] = {
    "wechat": {"User-Agent": f"{_ANDROID} {_CHROME} Mobile Safari/537.36 MicroMessenger/8.0.54"},
    "wechat-ios": {"User-Agent": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 MicroMessenger/8.0"},
    "weibo": {
        "User-Agent": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 Weibo (iPhone16__weibo__)"
    },
    "x": {"User-Agent": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 Twitter for iPhone/10.7"},
    "phone": {"User-Agent": f"{_ANDROID} {_CHROME} Mobile Safari/537.36"},
    "iphone": {
        "User-Agent": f"{_IPHONE} (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    },
    "tablet": {"User-Agent": f"{_IPAD} Version/17.6 Mobile/15E148 Safari/604.1"},
    "desktop": {"User-Agent": f"{_DESKTOP} {_CHROME} Safari/537.36"},
    "mac": {"User-Agent": f"{_MAC} Version/18.1 Safari/605.1.15"},
    "crawler": {
        "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    },
    "preview": {"User-Agent": "WhatsApp/2.24.6 A"},
    "prefetch": {
        "User-Agent": f"{_ANDROID} {_CHROME} Mobile Safari/537.36",
        "Sec-Purpose": "prefetch",
    },
    "self": {"User-Agent": f"{_MAC} Version/18.1 Safari/605.1.15"},
}
