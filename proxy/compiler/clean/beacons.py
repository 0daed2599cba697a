"""Pictures that count readers for somebody else, told by their size, host or file name.

The hosts are those that real publishers' pages still requested without scripts. A file name counts
only with a query, so that an article's own `counter.gif` stays.
"""

import re

from proxy.compiler import tree
from proxy.compiler.tree import Element

_HOSTS = """
    scorecardresearch.com doubleclick.net googleadservices.com googlesyndication.com
    google-analytics.com googletagmanager.com quantserve.com imrworldwide.com ivwbox.de ioam.de
    pixel.wp.com stats.wp.com counter.yadro.ru mc.yandex.ru top.list.ru top-fwz1.mail.ru
    counter.rambler.ru hm.baidu.com cnzz.com 51.la tanx.com miaozhen.com admaster.com.cn
    statcounter.com sitemeter.com histats.com chartbeat.net parsely.com omtrdc.net 2o7.net
    demdex.net xiti.com gemius.pl effectivemeasure.net krxd.net bluekai.com rlcdn.com adsrvr.org
    adnxs.com bat.bing.com px.ads.linkedin.com analytics.twitter.com ct.pinterest.com
    geo.yahoo.com smetrics.com adform.net criteo.com taboola.com outbrain.com
"""
_HOST = re.compile(
    r"(?:https?:)?//(?:[^/?#]*\.)?(?:"
    + "|".join(re.escape(host) for host in _HOSTS.split())
    + r"|facebook\.com/tr)(?=[/:?#]|$)"
)
_NAME = re.compile(
    r"/(?:piwik|matomo|\w*track(?:er|ing)?|hits?|count(?:er)?|\w*stats?|beacon|\w*pixel|log|[a-z0-9])"
    r"\.(?:gif|php|cgi|js)\?"
)
# `min-width` and `min-height` are no such size: Next.js gives its pictures these.
_LINE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?=;|!|$)", re.IGNORECASE)
# No beacon is a photograph; style sheets and scripts give one with a dot's size another.
_PHOTO = re.compile(r"[^?#]*\.(?:jpe?g|webp)(?:$|[?#])")
_DOTS = frozenset({"0", "1", "0px", "1px"})


def grow(picture: Element) -> None:
    """Remove a dot's size from a photograph with a description: it then has its real size."""
    if (
        _is_dot(picture)
        and picture.attr("alt")
        and _PHOTO.match((picture.attr("src") or "").strip().casefold())
    ):
        tree.drop(picture, "width", "height")


def counts(picture: Element) -> bool:
    """Whether an `<img>` only counts readers, so that it must go."""
    attr = picture.attr
    # In lower case: a pattern that ignores case takes twice as long.
    address = (attr("src") or "").strip().casefold()
    style = attr("style")
    return (
        _is_dot(picture)
        or (style is not None and "min-" not in style and len(_LINE.findall(style)) == 2)
        or _HOST.match(address) is not None
        or ("?" in address and _NAME.search(address) is not None)
    )


def _is_dot(picture: Element) -> bool:
    return all((picture.attr(side) or "").strip() in _DOTS for side in ("width", "height"))
