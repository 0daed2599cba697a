"""Every key and lifetime of the article's side in the store; units stand in the names.

A key of something is a function of its id, and of what the comment behind it says.
"""

# --- articles ---------------------------------------------------------------------------------
# A page that is not published expires long after its preview; publishing makes it permanent.
UNPUBLISHED_PAGE_S = 2 * 3600
# Whoever reactivates an ended share finds its page, though the source may be gone.
UNSHARED_PAGE_S = 30 * 24 * 3600
parts = "passalong:p:parts:{{{}}}:{}".format  # mode: segments that its own record lacks (`shown`)
SHOWN_S = 2 * 24 * 3600  # of `shown`
TEMPLATE_S = 24 * 3600  # of `template`
confirmed = "passalong:p:confirmed:{{{}}}:{}".format  # mode: when (ms) the source last confirmed it
CONFIRMED_S = 3600  # longer than a confirmed page counts as fresh
alias = "passalong:p:alias:{{{}}}".format  # the link of the article of which this is another name
ALIAS_S = 24 * 3600  # redirects change: it is followed again after this
source = "passalong:p:source:{{{}}}".format  # the download, compressed
SOURCE_S = 600  # long enough for a second mode without a second download
failure = "passalong:p:failure:{{{}}}:{}".format  # mode: why the last try failed
FAILURE_S = 10
lock = "passalong:p:lock:{{{}}}".format  # the token of the one worker that fetches or compiles it
LOCK_MS = 90_000  # longer than both may take together; a dead worker's lock expires
shares_of = "passalong:p:shares:{{{}}}".format  # sorted set: active ones by their making, ms
DUE = "passalong:p:due"  # sorted set: `article:mode` by when (ms) its source is asked again

# --- shares and previews ----------------------------------------------------------------------
preview = "passalong:p:preview:{{{}}}".format  # by token: what the preview's page shows
PREVIEW_S = 600

# --- publishers, by origin --------------------------------------------------------------------
of_origin = "passalong:p:of-origin:{{{}}}".format  # set: `article mode` of the published pages
ORIGINS = "passalong:p:origins"  # sorted set: those that have any, by when they were last asked
signals = "passalong:p:said:{{{}}}".format  # the site's signals for all its pages, msgpack
SIGNALS_S = 30 * 24 * 3600  # from their last reading
LISTED = "passalong:p:listed"  # hash: host and path -> msgpack of the operator's entry

# --- the store itself -------------------------------------------------------------------------
SIGNER = "passalong:p:signer"
# Never exists: writing nothing to it tells whether the store takes writes.
NOTHING = "passalong:p:nothing"

# --- purges -----------------------------------------------------------------------------------
PURGED = "passalong:p:purged"  # hash: edge -> id of the last entry of the journal that it was told
purge_turn = "passalong:p:purge-turn:{}".format  # edge: the token of the one worker that tells it
PURGE_TURN_MS = 60_000  # how long a worker that died while it told an edge keeps others waiting
SETTLED_MS = 1_000

# --- the audit trail --------------------------------------------------------------------------
AUDIT = "passalong:p:audit"  # list: acts of people, newest first, msgpack
AUDIT_HEARD = "passalong:p:audit-heard"  # list: acts that followed from a signal or the lists
AUDIT_MAX = 10_000

# --- WeChat, by app id ------------------------------------------------------------------------
wechat_ticket = "passalong:p:wechat:{{{}}}".format  # by which pages are signed, while it holds
wechat_turn = "passalong:p:wechat-turn:{{{}}}".format  # the token of the worker that asks for one
WECHAT_TURN_MS = 15_000  # two calls, each of 5 s at most

# --- what a page is read from -----------------------------------------------------------------
# Spelled out, which takes a third of the time: a page that is in the store alone asks for all four.


def share(share_id: str) -> str:
    """A share's record."""
    return f"passalong:p:share:{{{share_id}}}"


def page(article: str, mode: str) -> str:
    """The compiled page of one mode (`proxy.render.prepared`)."""
    return f"passalong:p:cut:{{{article}}}:{mode}"


def shown(article: str, mode: str, settings: str) -> str:
    """A page as it is under an operator's settings, with pictures by way of us."""
    return f"passalong:p:shown:{{{article}}}:{mode}:{settings}"


def template(article: str, name: str) -> str:
    """A page joined for all shares that are alike (`proxy.render.template`)."""
    return f"passalong:p:template:{{{article}}}:{name}"
