"""The apps and sites in which links are opened: how each makes itself known (pure).

A row: its name in reports, its browser's token in the user agent, its packages on Android, the
sites (and all below them) its links come from. Apps carry each other's tokens: the first row wins.
"""

from typing import NamedTuple


class App(NamedTuple):
    """One app or site; `token` is a pattern, "" if its browser writes none."""

    name: str
    token: str = ""
    packages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


APPS = (
    App("wecom", r"wxwork/", ("com.tencent.wework",)),
    App("wechat", r"MicroMessenger/", ("com.tencent.mm",), ("weixin.qq.com", "wechat.com")),
    App("weibo", r"__weibo__|Weibo \(", ("com.sina.weibo",), ("weibo.com", "weibo.cn", "t.cn")),
    App("dingtalk", r"DingTalk[/(]\d", ("com.alibaba.android.rimet",), ("dingtalk.com",)),
    App("lark", r"\bLark/|Feishu/", ("com.ss.android.lark",), ("feishu.cn", "larksuite.com")),
    App("alipay", r"AlipayClient/", ("com.eg.android.AlipayGphone",)),
    App("douyin", r"\baweme[_/]", ("com.ss.android.ugc.aweme",), ("douyin.com", "iesdouyin.com")),
    App(
        "toutiao",
        r"NewsArticle/|NewsLite/|\bTTWebView/",
        ("com.ss.android.article.news",),
        ("toutiao.com",),
    ),
    App("kuaishou", r"\bKwai/|Kuaishou|ksNebula", ("com.smile.gifmaker",), ("kuaishou.com",)),
    App(
        "xiaohongshu",
        r"\bxhs|discover/[\d.]+ ",
        ("com.xingin.xhs",),
        ("xiaohongshu.com", "xhslink.com"),
    ),
    App("bilibili", r"BiliApp|\bbili/", ("tv.danmaku.bili",), ("bilibili.com", "b23.tv")),
    App(
        "qq", r"\bQQ/\d", ("com.tencent.mobileqq", "com.tencent.tim"), ("qzone.qq.com", "im.qq.com")
    ),
    App("zhihu", r"ZhihuHybrid|osee2unifiedRelease", ("com.zhihu.android",), ("zhihu.com",)),
    App("douban", r"com\.douban\.frodo", ("com.douban.frodo",), ("douban.com",)),
    App("baidu", r"baiduboxapp", ("com.baidu.searchbox",), ("baidu.com",)),
    App("instagram", r"\bInstagram ", ("com.instagram.android",), ("instagram.com",)),
    App(
        "messenger",
        r"FBAN/Messenger|FB_IAB/MESSENGER|FB_IAB/Orca",
        ("com.facebook.orca",),
        ("messenger.com",),
    ),
    App(
        "facebook",
        r"\bFBA[NV]/|FB_IAB/|MetaIAB Facebook",
        ("com.facebook.katana", "com.facebook.lite"),
        ("facebook.com", "fb.com", "fb.me"),
    ),
    App("threads", r"\bBarcelona ", ("com.instagram.barcelona",), ("threads.net", "threads.com")),
    App(
        "x",
        r"Twitter for|TwitterAndroid",
        ("com.twitter.android",),
        ("t.co", "twitter.com", "x.com"),
    ),
    App(
        "tiktok",
        r"musical_ly|BytedanceWebview|trill_",
        ("com.zhiliaoapp.musically", "com.ss.android.ugc.trill"),
        ("tiktok.com",),
    ),
    App("linkedin", r"LinkedInApp", ("com.linkedin.android",), ("linkedin.com", "lnkd.in")),
    App("pinterest", r"\[Pinterest/", ("com.pinterest",), ("pinterest.com", "pin.it")),
    App("snapchat", r"Snapchat/", ("com.snapchat.android",), ("snapchat.com",)),
    App(
        "telegram",
        r"Telegram-Android|Telegram/",
        ("org.telegram.messenger", "org.telegram.messenger.web", "org.thunderdog.challegram"),
        ("telegram.org", "t.me"),
    ),
    App(
        "whatsapp", r"\bWhatsApp/", ("com.whatsapp", "com.whatsapp.w4b"), ("whatsapp.com", "wa.me")
    ),
    App("line", r"\bLine/\d", ("jp.naver.line.android",), ("line.me",)),
    App("kakaotalk", r"KAKAOTALK", ("com.kakao.talk",), ("kakao.com",)),
    App("viber", r"Viber", ("com.viber.voip",), ("viber.com",)),
    App("reddit", r"Reddit/", ("com.reddit.frontpage",), ("reddit.com", "redd.it")),
    App("discord", r"\bDiscord/", ("com.discord",), ("discord.com", "discordapp.com")),
    App("slack", r"\bSlack[/_]", ("com.Slack",), ("slack.com",)),
    App("teams", r"\bTeams/", ("com.microsoft.teams",), ("teams.microsoft.com", "teams.live.com")),
    App("signal", packages=("org.thoughtcrime.securesms",), sites=("signal.org",)),
    App("bluesky", packages=("xyz.blueskyweb.app",), sites=("bsky.app",)),
    App("mastodon", packages=("org.joinmastodon.android",), sites=("mastodon.social",)),
    App("google", r"\bGSA/", ("com.google.android.googlequicksearchbox",), ("google.com",)),
    App("bing", sites=("bing.com",)),
    App("gmail", packages=("com.google.android.gm",), sites=("mail.google.com",)),
    App(
        "outlook",
        packages=("com.microsoft.office.outlook",),
        sites=("outlook.live.com", "outlook.office.com"),
    ),
)
