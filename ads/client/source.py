"""The site or app in which a link was opened, as far as a request tells it (pure).

Three things tell: the tokens that an app's own browser writes into its user agent, the package that
Android's web view names in X-Requested-With, and the site that the reader's script saw as the
page's referrer. A name that is none of ours becomes `web`: what a client writes must not make rows.
"""

import re

from ads.client.apps import APPS

OTHER_SITE = "web"
MAX_SITE = 253

_TOKENS = tuple((app.name, re.compile(app.token)) for app in APPS if app.token)
_PACKAGES = {package: app.name for app in APPS for package in app.packages}
_SITES = {site: app.name for app in APPS for site in app.sites}
_SITE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def of_agent(user_agent: str) -> str:
    """The app whose browser writes so, "" if none is known."""
    return next((name for name, form in _TOKENS if form.search(user_agent)), "")


def of_package(package: str) -> str:
    """The app that Android names in X-Requested-With, "" if it is none of ours."""
    return _PACKAGES.get(package, "")


def of_site(host: str) -> str:
    """The app or site behind a referrer's host, `web` for one that is not known, "" for none."""
    host = host[: MAX_SITE + 1].lower().partition(":")[0]
    if host in _PACKAGES:  # android-app://com.twitter.android
        return _PACKAGES[host]
    if len(host) > MAX_SITE or not _SITE.fullmatch(host):
        return ""
    labels = host.split(".")
    known = (_SITES.get(".".join(labels[at:])) for at in range(len(labels) - 1))
    return next((name for name in known if name), OTHER_SITE)
