"""Whether a user agent is a robot's, by what robots and browsers write in general (pure).

A robot says so (`WORDS`), gives an address to ask at or uses a tool's words where no phone is named
(`TOOLS`), stands in the maintained list, or names nothing that people read with (`READS_WITH`).
Families of words before names of products; `ops/bench.d/agents.py` says which lists were read.
"""

import re
from collections.abc import Iterable

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

# Patterns of the list that people's browsers match as well.
PEOPLES = frozenset(
    {
        r"AP3A\.240617\.008",  # the build of Android 15 on millions of phones
        "MetaIAB Facebook",  # Facebook's browser on Android
        "Viber",  # Viber's browser; its previews are its bare name
        "Sonic",  # ViewSonic's tablets
        "Sogou",  # Sogou's browser on phones
        "WhatsApp",  # WhatsApp's window on desktops; its previews begin with it
        "Butterfly",  # HTC's phone
        "speedy",  # HTC's phone
        r"Code\/1\.",  # Visual Studio Code's window
        r"008\/",  # the end of many a model's number
    }
)

# What robots call themselves and their trade. Lower case; a lookaround spares people's words.
WORDS = (
    r"(?<!cu)(?<!tur)bots?(?![a-z]|\d{3})",
    r"\bbot(?!tle|swana|im)",
    "robot(?!ic)",
    "crawl",
    "spider",
    "(?<!droid )spyder",
    "slurp",
    "scrap(?:e|y|ing)",
    # the apps' own fetchers of cards; their browsers stand further on in the string
    "(?<!mozac)fetch",
    "(?<!developer)preview",
    "snippet",
    "thumbnail",
    "screenshot",
    "unfurl",
    r"^whatsapp(?!.*device/)",
    "^viber$",
    "^facebook",
    "^snapchat$",
    r"^swcd\b",
    # looking sites over
    "monitor",
    "synthetic",
    "lighthouse",
    "page ?speed",
    r"\bptst\b",
    "health ?check",
    "catchpoint|neustar|gomez|ruxit|dynatrace|keynote|pingdom|site24x7|statuscake|datadog|newrelic",
    "rigor\\b|splunk|debugbear|speedcurve|dareboost|yottaa|uptrends|alertra|functionize",
    "browserstack|saucelabs|lambdatest|wappalyzer|builtwith|datanyze|sitebulb|netcraft|qualys",
    "acunetix|netsparker|burpco|zaproxy|assetnote|censys|shodan|observatory",
    # browsers with nobody in front
    "headless",
    "phantomjs",
    "selenium",
    "webdriver",
    "puppeteer",
    "playwright",
    "cypress/",
    "prerender",
    # Google's many hands, none of its apps
    r"-google\b|\bgoogle-|google(?:weblight|other|favicon|messages|image|producer)",
    "google (?:favicon|page|search|read)",
    # ways of speaking
    r"\+https?:",
    r"(?:gecko|safari/[\d.]+|\))[;,]? ?\(?compatible;(?! msie)",
    r"\$\{|<[?!]|\bselect\b.*\(|sleep\(|'\)|\"<",
)

# Words of tools, and addresses: apps on somebody's phone use them too.
TOOLS = (
    # fetching for somebody
    "harvest",
    "archiv",
    "indexer",
    "ferret",
    "worm",
    "feed(?!back)",
    r"^rss|\brss\b",
    "aggregator",
    r"\d subscriber",
    r"grabber|\bgrab\b",
    "retriever",
    "extract",
    "transcod",
    "translat",
    "(?<!wap )proxy(?!less)",
    "cache",
    r"embed(?:ly|\b)",
    "link(?:check|scan|walk|tiger|analy)",
    # looking sites over
    r"check(?:er|ing)?\b",
    "check_",
    "validat",
    "audit",
    "analy[sz]",
    "inspect",
    "optimi[sz]e",
    "benchmark",
    "survey",
    "discover(?:er|engine)|(?:existence|protocol) discovery",
    "detect",
    "scan(?!pal|ia|dinav)",
    r"prob(?:e|ing)\b",
    "uptime",
    r"\bping(?!an)",
    "verif(?:y|ier|ication)",
    "security ?(?:head|scan|trails|research)",
    "nmap",
    "nikto",
    "sqlmap",
    "openvas",
    "nuclei",
    "(?<!en)seo(?!ul)",
    "(?<!f)rank",
    "backlink",
    "classif",
    "measure",
    "abuse",
    "advisor",
    "splash(?!top)",
    "simulat",
    "automat",
    r"(?:web|load|site|speed|page)[-_ ]?test|tester|testing(?!device)",
    r"yahoo!? ?(?:slurp|ad\b|pipes|link|cache|feed|mms|seeker)",
    r"\byandex",
    r"\(khtml, like gecko[;,](?! ?safari)",
    # tools and libraries
    "(?<!c)url",
    r"http[-_ ]?(?:client|get|request|kit|lib|core|unit|mon|x\b|ie\b)",
    "(?:ok|go-?|aio|py|fast|pcore-|rest-?)http",
    r"\bhttp[-_ ](?!pgdl|service)",
    "libwww[-_ ]?perl|^lib(?:www|curl)|lib(?:wisec|rss|fetch)",
    r"\b(?:curl|wget|axios|undici|got|needle|aria2|guzzle|scrapy|urllib|python|perl|ruby|php|"
    r"golang|rust|deno|bun|node|nodejs|jersey|jetty|jakarta|apache|nutch|heritrix|colly|faraday|"
    r"typhoeus|mechanize|lwp|zend|drupal|wordpress|joomla|powershell|winhttp|postman|insomnia|"
    r"paw|soapui|jmeter|k6|vegeta|wrk|siege|ab)\b",
    r"(?:rest|web|http|fetch|search)[-_ ]?api\b|\bapi[-/]|^api",
    r"^java|java/1\.\d\.\d+_",
    r"^(?:aws|avs)[\w.-]*sdk",
    "library",
    "framework",
    "(?<!html5 )parser",
    "(?<!http_)server",
    r"(?<!user[- ])agent\b",
    "webhook",
    "daemon",
    r"\bcron\b",
    "(?<!java)script(?!ed)",
    "(?<!qq)download",
    "offline(?!app)",
    "copier",
    "mirror",
    "sucker",
    "httrack",
    "collect",
    "torrent",
    "(?<!inapp; )(?<!sogou)search(?!app|browser| ultimate)",
    "^google(?!app|earth|tv|goggles)",
    "https?://",
    r"[\w.+-]+(?:@| at |\[at\])[a-z][\w-]*\.[a-z]{2,}",
    r"(?<![\w./-])(?!com\.|org\.|net\.|cn\.|web\.de|gmx\.)(?:[\w-]+\.)*[\w-]*[a-z][\w-]*\."
    r"(?:com|net|org|info|biz|io|ai|de|ru|fr|nl|cz|eu|uk|jp|app|dev|me)\b(?![.\w-])",
)
_APP = re.compile(
    r"android[ /:]|iphone|ipad|cfnetwork/|dalvik/|exoplayer|watchos|tvos|windows phone|"
    r"\bmobile\b|electron/|xbmc|kodi"
)

# Engines that lay out pages, devices, and the apps that people hear, watch and read mail with.
READS_WITH = (
    "applewebkit|khtml|gecko|trident|presto|goanna|msie|netfront|obigo|polaris|dolfin|blink|edge/",
    r"servo|opera(?!tor)|icab|omniweb|netpositive|webtv|ms-office|browser?(?!rsh|rk)|explorer|mosaic|ladybird",
    r"^e?links\b|w3m|lynx|^mozilla/[1-4][^(]*\((?!compatible;)",
    r"android|iphone|ipad|ipod|\bios\b|watch ?os|tvos|apple ?tv|windows (?:phone|ce|mobile)",
    r"cfnetwork/|dalvik/|\badr\b|cronet|mozac",
    r"midp|cldc|up\.browser|up\.link|\bwap(?!pal)|brew|symbian|series ?[346]0|s60|epoc|blackberry",
    r"playbook|palm|webos|web0s|tizen|bada/|maui|mre/|kaios|harmony|cros |amiga|morphos|beos",
    r"haiku|os/2|sunos|risc ?os|ucweb|\bjuc|tv\b|_tv|smart-?tv|hbbtv|hybridcast|ce-html|dlna|upnp",
    r"roku|sonos|xbox|playstation|nintendo|\bps[345v]|\bwii|kindle|nook\b|reader|tablet|phone",
    r"mobile|messenger|googleapp|\bfb(?:an|av|_iab)|telegram/|microsoft office|outlook|mail(?!er)",
    "thunderbird|postbox|lotus|evolution|eudora|the bat!|superhuman|barca|sparrow|zimbra|zdesktop",
    "exoplayer|stagefright|player|podcast|podder|music|radio|audio|video|media|stream|itunes",
    r"quicktime|\bvlc|kodi|xbmc|\bplex|winamp|foobar|clementine|banshee|rhythmbox|amarok|audacious",
    r"xmms|xine|totem|\bmpv|aimp|lavf|gstreamer|squeeze|spotify|deezer|zune|boxee|\bares\b",
    r"nokia|samsung|\bsec-|\blge?[-/ ]|^lg[a-z]*\d|\bsie-|\bmot-|motorola|ericsson|sony|\bsharp",
    r"alcatel|\bzte|huawei|docomo|kddi|j-phone|vodafone|softbank|willcom|sagem|panasonic|philips",
    r"sanyo|\bhtc|xiaomi|redmi|oppo|vivo\b|lenovo|tecno|infinix|itel\b|micromax|karbonn|lava\b",
    "kyocera|kwc-|pantech|haier|archos|lumia|^(?:gt|sch|sgh|sph|sm|shv|asus|bird|amoi|acer)[-. ]",
)
# Where no engine is named, a desktop is none either: such a `Mozilla/5.0` is a name only.
_DESKTOP = re.compile(
    r"^(?!mozilla/[5-9]).*(?:windows|\bwin(?:9[58x]|nt|32|10|3\.)|wow64|macintosh|mac ?os|"
    r"mac_power|darwin\b|x11;)"
)

# What nearly all browsers write tells nothing: without it a verdict takes a fifth of the time.
_USUAL = re.compile(
    r"\bMozilla/5\.0 \(|\bAppleWebKit/[\d.]+ \(KHTML, like Gecko\)|\bVersion/[\d.]+|"
    r"\bChrome/[\d.]+|\bMobile(?:/\w+)? |\bSafari/[\d.]+$|\bGecko/[\d.]+ Firefox/[\d.]+|"
    r"\bLinux; (?:U; )?|\bWindows NT [\d.]+; |\bWin64; x64|\bMacintosh; Intel Mac OS X [\d_.]+"
)
_LITERAL = re.compile(r"[A-Za-z](?![?*+{])[^|]*$")


def _search(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all; those that begin with the same letter stand behind it once."""
    by_letter: dict[str, list[str]] = {}
    others = []
    for pattern in patterns:
        if _LITERAL.match(pattern):
            by_letter.setdefault(pattern[0], []).append(pattern[1:])
        else:
            others.append(pattern)
    behind = [f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()]
    return re.compile("|".join(behind + others))


_words = _search(WORDS)
_tools = _search(TOOLS)
_listed = _search(e["pattern"] for e in CRAWLER_USER_AGENTS_DATA if e["pattern"] not in PEOPLES)
_reads_with = _search(READS_WITH)


def is_robot(text: str) -> bool:
    """Whether nobody reads with the user agent `text`; an empty one names nothing to read with."""
    whole, told = text.lower(), _USUAL.sub(" ", text)
    low = told.lower()
    if _words.search(low) or _listed.search(told):
        return True
    if _tools.search(low) and not _APP.search(whole):
        return True
    return not (_reads_with.search(whole) or _DESKTOP.search(whole))
