"""The headers that the browsers of the demonstration's readers send (a leaf)."""

_ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
_DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPAD = "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "Chrome/131.0.0.0"

_AGENTS = {
    "wechat": f"{_ANDROID} {_CHROME} Mobile Safari/537.36 MicroMessenger/8.0.54",
    "wechat-ios": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 MicroMessenger/8.0",
    "weibo": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 Weibo (iPhone16__weibo__)",
    "x": f"{_IPHONE} (KHTML, like Gecko) Mobile/22B91 Twitter for iPhone/10.7",
    "phone": f"{_ANDROID} {_CHROME} Mobile Safari/537.36",
    "iphone": f"{_IPHONE} (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "tablet": f"{_IPAD} Version/17.6 Mobile/15E148 Safari/604.1",
    "desktop": f"{_DESKTOP} {_CHROME} Safari/537.36",
    "mac": f"{_MAC} Version/18.1 Safari/605.1.15",
    "crawler": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "preview": "WhatsApp/2.24.6 A",
}
GUISES = {name: {"User-Agent": agent} for name, agent in _AGENTS.items()}
GUISES["prefetch"] = GUISES["phone"] | {"Sec-Purpose": "prefetch"}
GUISES["self"] = GUISES["mac"]
