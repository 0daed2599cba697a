"""Every key and lifetime of the article's side in the store; units stand in the names."""

PREFIX = "passalong:p"

# --- articles ---------------------------------------------------------------------------------
# A page that is not published expires long after its preview; publishing makes it permanent.
UNPUBLISHED_PAGE_S = 2 * 3600
# Whoever reactivates an ended share finds its page, though the source may be gone.
UNSHARED_PAGE_S = 30 * 24 * 3600
SHOWN_S = 2 * 24 * 3600
TEMPLATE_S = 24 * 3600
# Longer than a confirmed page counts as fresh.
CONFIRMED_S = 3600
# Redirects change: an alias of an article is followed again after this.
ALIAS_S = 24 * 3600
# Long enough for a second mode without a second download.
SOURCE_S = 600
FAILURE_S = 10
# Longer than a fetch and a compile may take together; a dead worker's lock expires.
LOCK_MS = 90_000


def page(article: str, mode: str) -> str:
    """The compiled page of one mode (`proxy.render.prepared`)."""
    return f"{PREFIX}:cut:{{{article}}}:{mode}"


def parts(article: str, mode: str) -> str:
    """The segments of a page that readers get as `shown`; the page's own record lacks them."""
    return f"{PREFIX}:parts:{{{article}}}:{mode}"


def shown(article: str, mode: str, settings: str) -> str:
    """A page as it is under an operator's settings (picture proxy), kept for `SHOWN_S`."""
    return f"{PREFIX}:shown:{{{article}}}:{mode}:{settings}"


def template(article: str, name: str) -> str:
    """A page joined for all shares that are alike (`proxy.render.template`), for `TEMPLATE_S`."""
    return f"{PREFIX}:template:{{{article}}}:{name}"


def confirmed(article: str, mode: str) -> str:
    """When (ms) the source last said that a page is as it was, kept for `CONFIRMED_S`."""
    return f"{PREFIX}:confirmed:{{{article}}}:{mode}"


def alias(article: str) -> str:
    """Another name of an article -> the article's own link."""
    return f"{PREFIX}:alias:{{{article}}}"


def source(article: str) -> str:
    """The download, compressed, kept for `SOURCE_S`."""
    return f"{PREFIX}:source:{{{article}}}"


def failure(article: str, mode: str) -> str:
    """Why the last try failed, kept for `FAILURE_S`."""
    return f"{PREFIX}:failure:{{{article}}}:{mode}"


DUE = f"{PREFIX}:due"
"""Sorted set: `article:mode` of published pages by when (ms) their source is asked again."""


def shares_of(article: str) -> str:
    """Sorted set: the active shares of an article by when they were made (ms)."""
    return f"{PREFIX}:shares:{{{article}}}"


def lock(article: str) -> str:
    """The token of the one worker that fetches or compiles this article now."""
    return f"{PREFIX}:lock:{{{article}}}"


# --- shares and previews -------------------------------------------------------------------------
PREVIEW_S = 600


def share(share_id: str) -> str:
    """A share's record."""
    return f"{PREFIX}:share:{{{share_id}}}"


def preview(token: str) -> str:
    """What a preview's page shows, kept for `PREVIEW_S`."""
    return f"{PREFIX}:preview:{{{token}}}"


# --- publishers --------------------------------------------------------------------------------
SIGNALS_S = 30 * 24 * 3600
ORIGINS = f"{PREFIX}:origins"
"""Sorted set: origins with published pages, by when their signals were last read (ms)."""
LISTED = f"{PREFIX}:listed"
"""Hash: host and path -> msgpack of the operator's entry."""


def of_origin(origin: str) -> str:
    """Set: `article mode` of the pages published from an origin."""
    return f"{PREFIX}:of-origin:{{{origin}}}"


def signals(origin: str) -> str:
    """A site's signals for all its pages, msgpack, kept for `SIGNALS_S` from their last reading."""
    return f"{PREFIX}:said:{{{origin}}}"


# --- the store itself ---------------------------------------------------------------------------
SIGNER = f"{PREFIX}:signer"
NOTHING = f"{PREFIX}:nothing"
"""A key that never exists: writing nothing to it tells whether the store takes writes."""

# --- purges --------------------------------------------------------------------------------------
PURGED = f"{PREFIX}:purged"  # hash: edge -> id of the last entry of the journal that it was told
PURGE_TURN_MS = 60_000  # how long a worker that died while it told an edge keeps others waiting
SETTLED_MS = 1_000


def purge_turn(edge: str) -> str:
    """The token of the one worker that tells this edge now."""
    return f"{PREFIX}:purge-turn:{edge}"


# --- the audit trail ------------------------------------------------------------------------------

AUDIT = f"{PREFIX}:audit"
"""List: acts of people, newest first, msgpack."""
AUDIT_HEARD = f"{PREFIX}:audit-heard"
"""List: acts that followed from a publisher's signal or the lists, likewise."""
AUDIT_MAX = 10_000


# --- WeChat ---------------------------------------------------------------------------------------
WECHAT_TURN_MS = 15_000  # two calls, each of 5 s at most


def wechat_ticket(app_id: str) -> str:
    """The ticket by which pages are signed, kept while it holds."""
    return f"{PREFIX}:wechat:{{{app_id}}}"


def wechat_turn(app_id: str) -> str:
    """The token of the one worker that asks for a ticket now."""
    return f"{PREFIX}:wechat-turn:{{{app_id}}}"
