"""The different spellings of one article's link, as tables for `proxy.links` (a leaf).

They are cautious: a parameter that some site needs stays. Two keys for one article cost a second
compile, and the page's canonical link joins them again; one key for two articles would show the
wrong article.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of parameters, lower-case.
TRACKING = _words(
    # Clicks on advertisements and in mails, then social networks and AMP, then share buttons of
    # Chinese apps and WeChat's mark on other sites' links, then Alibaba, bilibili, Weibo, Baidu;
    # last a visitor's session, which is nobody else's.
    """
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid fbclid msclkid twclid ttclid
    yclid ysclid ymclid li_fat_id sccid sc_cid s_kwcid ef_id rb_clickid irclickid epik wickedid
    mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv
    _openstat _bta_tid _bta_c ml_subscriber ml_subscriber_hash ck_subscriber_id _kx
    _ga _gl _gac ncid icid ocid cmpid s_cid sr_share guccounter guce_referrer guce_referrer_sig
    cmp wt_mc wt_zmc xtor ito smid smtyp

    fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map
    action_ref_map igshid igsh mibextid rdid ref_src ref_url __twitter_impression share_id
    amp_js_v amp_gsa amp_ct usqp sfnsn paipv eav fbadid wprov _branch_match_id _branch_referrer
    sfmc_id sfmc_key wt.mc_id wtrid elqtrackid elqtrack elqcampaignid rdt_cid tblci dicbo mbid
    reflink wpisrc ftag intcid intcmp soc_src soc_trk ns_source ns_mchannel ns_campaign ns_linkname
    ga_source ga_medium ga_campaign echobox hootpostid msockid

    share_token share_from share_medium share_source share_plat share_tag share_session_id
    share_times share_type sharefrom sharesource shareuid shareid share_uid sharer sharer_shareid
    sharer_sharetime sharer_shareinfo sharer_shareinfo_first share_user_id share_app_id
    share_did tt_from wxshare_count wxfrom wx_header isappinstalled nsukey clicktime enterid
    scene subscene srcid

    spm scm spm_id_from from_spmid vd_source share_bili_ids unique_k plat_id is_story_h5 buvid
    luicode lfid featurecode spss spsuid spsdevid spsw spsnuid
    hmsr hmpl hmcu hmkw hmci bd_vid

    phpsessid jsessionid
    """
)
# Prefixes of names: families of campaign parameters.
TRACKING_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "oly_", "trk_", "__cft__", "__tn__",
    "at_medium", "at_campaign", "at_custom", "at_format", "at_link", "at_ptr", "at_bbc",
)  # fmt: skip
SESSION = re.compile(r";jsessionid=[^/;]*+", re.IGNORECASE)  # Jakarta Servlet 6.0, section 7.1.3
# Values of `from` that say where a reader came from; on other sites, `from` says where to start.
WHENCE = _words(
    """
    singlemessage groupmessage timeline message appmessage wechat weixin wx wxshare weibo qq qzone
    share app appshare share_app android ios iphone ipad client h5 wap mobile m pc web
    home homepage index feed feeds rss search push notification email newsletter facebook twitter
    telegram whatsapp linkedin line kakao copy copylink copy_link link qrcode poster article
    """
)
# Parameters that name an article on mp.weixin.qq.com; the others say who sent it to whom.
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
    "linkedin.com": frozenset({"trk", "trackingid", "rcm", "lipi"}),
    "threads.net": frozenset({"xmt"}),
    "threads.com": frozenset({"xmt"}),
    "baidu.com": frozenset({"wfr", "for"}),
    "nytimes.com": _words(
        "emc nl te campaign_id instance_id segment_id user_id regi_id partner referringsource"
    ),
}

# Redirect pages of chats, mails and networks: host and path -> the parameters that may hold the
# target. Most of these pages do not redirect, but ask a person to press a button.
LEADING_ON = {
    "lm.facebook.com/l.php": "u", "out.reddit.com/": "url", "gate.sc/": "url",
    "www.youtube.com/redirect": "q",
    "www.linkedin.com/redir/redirect": "url", "www.linkedin.com/safety/go": "url",
    "statics.teams.cdn.office.net/evergreen-assets/safelinks/2/atp-safelinks.html": "url",
    "slack-redir.net/link": "url", "t.umblr.com/redirect": "z", "vk.com/away.php": "to",
    "t.me/iv": "url", "exit.sc/": "url", "disq.us/url": "url",
    "steamcommunity.com/linkfilter/": "url u",
    "link.zhihu.com/": "target", "link.juejin.cn/": "target", "link.csdn.net/": "target",
    "www.jianshu.com/go-wild": "url", "weibo.cn/sinaurl": "u toasturl",
    "c.pc.qq.com/middlem.html": "pfurl",
    "c.pc.qq.com/index.html": "pfurl", "c.pc.qq.com/pc.html": "url",
    "mail.qq.com/cgi-bin/readtemplate": "gourl", "wx.mail.qq.com/xmspamcheck/xmsafejump": "url",
    "docs.qq.com/scenario/link.html": "url", "link.sspai.com/": "target",
    "link.segmentfault.com/": "url", "xie.infoq.cn/link": "target", "gitee.com/link": "target",
    "www.oschina.net/action/GoToLink": "url", "leetcode.cn/link/": "target",
    "mp.weixinbridge.com/mp/wapredirect": "url",
    "www.douban.com/link2/": "url", "link.jianshu.com/": "t",
}  # fmt: skip
# The same for patterns of hosts.
LEADING_ON_ALIKE = (
    (re.compile(r"[a-z0-9-]+\.safelinks\.protection\.outlook\.com/.*+"), "url"),
    (re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}/url"), "q url"),
    (re.compile(r"l\.(?:facebook|instagram|messenger|threads)\.(?:com|net)/(?:l\.php)?"), "u"),
)
MAX_LEADING_ON = 3
# Hosts for phones, or with an older design, that serve the same paths as the main host.
MOBILE = (
    (
        re.compile(r"([a-z-]+)\.m\.(wikipedia|wiktionary|wikinews|wikisource|wikivoyage)\.org"),
        r"\1.\2.org",
    ),
    (re.compile(r"(?:m|mobile|music)\.youtube\.com|youtube\.com"), "www.youtube.com"),
    (re.compile(r"(?:(?:m|mobile|www)\.)?twitter\.com|(?:m|mobile|www)\.x\.com"), "x.com"),
    (re.compile(r"(?:m|mbasic|touch|mobile)\.facebook\.com"), "www.facebook.com"),
    (re.compile(r"(?:old|new|np|i|m|amp)\.reddit\.com|reddit\.com"), "www.reddit.com"),
    (re.compile(r"m\.(bilibili|huxiu|36kr|ithome|guancha)\.com"), r"www.\1.com"),
)  # fmt: skip
SHORT_VIDEO = re.compile(r"/([A-Za-z0-9_-]{6,16})")

AMP_VIEWER = re.compile(r"/amp/(s/)?([^/]+\.[^/]+/?.*)")
AMP_CACHE = re.compile(r"/[cv]/(s/)?([^/]+\.[^/]+/?.*)")
