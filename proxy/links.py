"""A pasted link -> Link: WHATWG's reading of it, and the article's identity (pure).

The tables say which parameters tell how a link travelled, not what it shows. They are cautious: a
parameter that some site needs stays, for two keys of one article cost a second compile, and the
page's canonical link joins them again; one key of two articles would show the wrong one.
"""

import re
from dataclasses import dataclass

import ada_url

from proxy.errors import SourceProblem

MAX_URL = 8_192  # characters; servers take no more, WeChat's longest are about 1,000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Whole names, lower-case.
TRACKING = _words(
    # Clicks on advertisements and in mails, then social networks and AMP, then share buttons of
    # Chinese apps and WeChat's mark on other sites' links, then Alibaba, bilibili, Weibo, Baidu.
    """
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid fbclid msclkid twclid ttclid
    yclid ysclid ymclid li_fat_id sccid sc_cid s_kwcid ef_id rb_clickid irclickid epik wickedid
    mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv
    _openstat _bta_tid _bta_c ml_subscriber ml_subscriber_hash ck_subscriber_id _kx
    _ga _gl _gac ncid icid ocid cmpid s_cid sr_share guccounter guce_referrer guce_referrer_sig
    cmp wt_mc wt_zmc xtor ito smid smtyp

    fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map
    action_ref_map igshid igsh mibextid rdid ref_src ref_url __twitter_impression share_id
    amp_js_v amp_gsa amp_ct usqp

    share_token share_from share_medium share_source share_plat share_tag share_session_id
    share_times share_type sharefrom sharesource shareuid shareid share_uid sharer sharer_shareid
    sharer_sharetime sharer_shareinfo sharer_shareinfo_first share_user_id share_app_id
    share_did tt_from wxshare_count wxfrom wx_header isappinstalled nsukey clicktime enterid
    scene subscene srcid

    spm scm spm_id_from from_spmid vd_source share_bili_ids unique_k plat_id is_story_h5 buvid
    luicode lfid featurecode spss spsuid spsdevid spsw spsnuid
    hmsr hmpl hmcu hmkw hmci bd_vid
    """
)
# Beginnings of names: campaign families.
TRACKING_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "oly_", "trk_", "__cft__", "__tn__",
    "at_medium", "at_campaign", "at_custom", "at_format", "at_link", "at_ptr", "at_bbc",
)  # fmt: skip
# `from` says where to start on some sites and whence one came on others: its value tells.
WHENCE = _words(
    """
    singlemessage groupmessage timeline message appmessage wechat weixin wx wxshare weibo qq qzone
    share app appshare share_app android ios iphone ipad client h5 wap mobile m pc web
    home homepage index feed feeds rss search push notification email newsletter facebook twitter
    telegram whatsapp linkedin line kakao copy copylink copy_link link qrcode poster article
    """
)
# What names an article on mp.weixin.qq.com; the rest says who sent it to whom.
WECHAT_KEEPS = frozenset({"__biz", "mid", "idx", "sn"})
WECHAT_HOST = "mp.weixin.qq.com"
# Parameters that only these hosts (and hosts under them) use for tracking.
BY_HOST = {
    "youtube.com": frozenset({"si", "feature", "pp", "ab_channel"}),
    "youtu.be": frozenset({"si", "feature"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
    "medium.com": frozenset({"source"}),
    "substack.com": frozenset({"r", "showwelcomeonshare", "triedredirect", "isfreemail"}),
    "weibo.com": frozenset({"type", "from", "wm", "sourcetype", "dt"}),
    "weibo.cn": frozenset({"from", "wm", "sourcetype", "dt"}),
    "bilibili.com": frozenset({"from", "seid", "mid", "plat_id", "timestamp", "bsource"}),
    "toutiao.com": frozenset({"app", "timestamp", "req_id", "use_new_style", "from", "channel"}),
    "163.com": frozenset({"f", "from", "s", "referfrom"}),
    "theguardian.com": frozenset({"ref"}),
    "linkedin.com": frozenset({"trk", "trackingid", "rcm"}),
}

_AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[^/]+/?.*)")
_AMP_CACHE = re.compile(r"/[cv]/(s/)?([^/]+\.[^/]+/?.*)")
_UNRESERVED = re.compile(r"%(2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link that may be tried: `url` is fetched; equal `key`s are one article."""

    url: str
    key: str


def parse(text: str, own_hosts: frozenset[str] = frozenset()) -> Link:
    """One absolute http(s) URL by WHATWG's parser, without its tracking parameters and fragment.

    `own_hosts` are our pages' `host[:port]`, a default port left out. Raises
    SourceProblem("bad_url") for anything else, userinfo, and a link to our own pages.
    """
    url = _unwrapped(absolute(text))
    if own_page(url, own_hosts):
        raise SourceProblem("bad_url", "This is a branded page already; paste the original's link.")
    url.search = "&".join(p for p in _pairs(url.search) if _meaningful(url, p))
    url.hash = ""
    return Link(url.href, _key(url))


def absolute(text: str, base: str | None = None) -> ada_url.URL:
    """`text` by WHATWG's parser, relative to `base` if given.

    Raises SourceProblem("bad_url") for what is no http(s) URL, has userinfo or is over MAX_URL.
    """
    try:
        url = ada_url.URL(text, base=base) if len(text) <= MAX_URL else None
    except ValueError:  # lone surrogates as well: UnicodeEncodeError is one
        url = None
    if url is None or url.protocol not in ("http:", "https:") or not _resolvable(url.hostname):
        raise SourceProblem("bad_url", "This is not one complete link that begins with http(s)://")
    if url.username or url.password:
        raise SourceProblem("bad_url", "A link with a user name in it cannot be published.")
    return url


def _resolvable(name: str) -> bool:
    """DNS has labels of 1 to 63 octets and names of 253; WHATWG's parser lets longer ones by."""
    labels = name.removesuffix(".").split(".")
    return len(name) <= 254 and all(0 < len(label) <= 63 for label in labels)


def own_page(url: ada_url.URL, own_hosts: frozenset[str]) -> bool:
    """Whether `url` is on one of our own hosts, `host[:port]` as WHATWG writes them."""
    return _same_host(url.host) in own_hosts


def _unwrapped(url: ada_url.URL) -> ada_url.URL:
    """Google's AMP viewer and the AMP cache -> the page that they show."""
    viewer = re.fullmatch(r"(www\.)?google\.[a-z.]{2,6}", url.hostname)
    cache = url.hostname.endswith(".cdn.ampproject.org")
    pattern = _AMP_VIEWER if viewer else _AMP_CACHE
    match = pattern.fullmatch(url.pathname) if viewer or cache else None
    if not match:
        return url
    return absolute(f"http{'s' if match[1] else ''}://{match[2]}{url.search}")


def _same_host(host: str) -> str:
    name, colon, port = host.partition(":")
    return name.removesuffix(".") + colon + port


def _pairs(search: str) -> list[str]:
    return [pair for pair in search.removeprefix("?").split("&") if pair]


def _meaningful(url: ada_url.URL, pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    host = url.hostname.removesuffix(".")
    if host == WECHAT_HOST and url.pathname.startswith("/s/"):
        return False
    if host == WECHAT_HOST and url.pathname == "/s" and "__biz=" in url.search:
        # A link from a search has no __biz; its signature is what opens it.
        return name in WECHAT_KEEPS
    if name == "from" and value.lower() in WHENCE:
        return False
    if name in TRACKING or name.startswith(TRACKING_PREFIXES):
        return False
    return not any(
        name in names and (host == site or host.endswith("." + site))
        for site, names in BY_HOST.items()
    )


def _key(url: ada_url.URL) -> str:
    """Scheme, order of parameters, needless escapes and a root dot do not make another article."""
    pairs = sorted(_pairs(url.search), key=lambda pair: pair.partition("=")[0])
    text = url.pathname + ("?" + "&".join(pairs) if pairs else "")
    return _same_host(url.host) + _plain(text)


def _plain(text: str) -> str:
    """RFC 3986, section 6.2.2: unreserved characters unescaped, other escapes in upper case."""
    text = _UNRESERVED.sub(lambda m: chr(int(m[1], 16)), text)
    return _ESCAPE.sub(lambda m: m[0].upper(), text)
