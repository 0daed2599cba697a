"""Every key and lifetime of the ad's side in the store; units stand in the names."""

SCHEMA = "passalong:schema"  # the version of what is kept here (`proxy.store.schema`)
CHANGES_CHANNEL = "passalong:changes"
CHANGES_JOURNAL = "passalong:changes-journal"  # stream: what changed, to tell edges
CHANGES_JOURNAL_MAX = 100_000
CHANGE_HEARD = "passalong:heard:{change}"  # list: an item for each worker that dropped its copies
CHANGE_HEARD_SECONDS = 10

# --- accounts, keys, sessions ---------------------------------------------------------------
ACCOUNT = "account:{account}"  # msgpack of the account
ACCOUNT_OF_EMAIL = "account-of-email:{email}"  # account id; the claim that makes an e-mail unique
ACCOUNTS = "accounts"  # index of all accounts
FIRST_ACCOUNT = "first-account"  # id of the owner's account; claimed once
NOBODY = "-"  # in its place, once the owner's account is gone
FIRST_LINK = "first-link"  # digest of the one-time link's token
FIRST_LINK_SECONDS = 24 * 3600
API_KEY = "api-key:{digest}"  # account id, and after a space the scope if it is not all
KEYS_OF_OWNER = "api-keys-of:{owner}"  # hash: key id -> msgpack of its record
SESSION = "session:{digest}"  # account id
SESSIONS_OF_OWNER = "sessions-of:{owner}"  # hash: session id -> msgpack of its record
SESSION_SECONDS = 30 * 24 * 3600
INVITE = "invite:{digest}"  # id of the invitation
INVITES = "invites"  # hash: invitation id -> msgpack of its record
INVITE_SECONDS = 7 * 24 * 3600
PASSKEY = "passkey:{digest}"  # account id, by credential id
PASSKEYS_OF_OWNER = "passkeys-of:{owner}"  # hash: credential id -> msgpack of the passkey
PASSKEY_CHALLENGE = "passkey-challenge:{digest}"  # the bytes that an answer must hold
PASSKEY_CHALLENGE_SECONDS = 300
AUDIT = "audit:{account}"  # list, newest first: msgpack of an entry
REPORT_LINK = "report-link:{digest}"  # msgpack of the link; expires with it
REPORT_LINKS_OF_OWNER = "report-links-of:{owner}"  # hash: link id -> msgpack of its record
BUCKET = "bucket:{purpose}:{digest}"  # a throttle's next free moment, ms; expires when it is past
KNOWN_ADDRESS = "known-address:{account}:{digest}"  # an address that this account signed in from
KNOWN_ADDRESS_SECONDS = 30 * 24 * 3600
IDEMPOTENT = "idempotent:{account}:{digest}"  # msgpack of the remembered answer
IDEMPOTENT_SECONDS = 24 * 3600
IDEMPOTENT_RUNNING_SECONDS = 120  # how long a call that died blocks its key

# --- ads, pictures, bookings ------------------------------------------------------------------
AD = "ad:{ad}"  # hash: "at" -> version, "current" and each kept version number -> msgpack of the ad
AD_VERSIONS_MAX = 10_000
ADS_WAITING = "ads-waiting"  # sorted set by time, ms: ads that wait for the operator's review
ARCHIVED_AD = "archived-ad:{ad}"  # hash: register lines (JSON) of a forgotten ad; expires
AD_TIMETABLE = "ad-timetable:{ad}"  # msgpack of when the ad starts and ends by itself
AD_TRANSITIONS = "ad-turns"  # sorted set by time, ms: owner, ad and the state that it becomes
ADS_OF_OWNER = "ads-of:{owner}"  # index
FALLBACKS_OF_OWNER = "fallbacks-of:{owner}"  # set: an ad and its fallback, earlier ones too
PICTURE = "picture:{picture}"  # msgpack of media type and bytes
PICTURES_OF_OWNER = "pictures-of:{owner}"  # set of picture ids
BOOKING = "booking:{share}"  # msgpack of the booking
BOOKINGS_OF_AD = "bookings-of-ad:{ad}"  # index: every share that ever carried the ad
BOOKINGS_OF_OWNER = "bookings-of:{owner}"  # index

# --- erasures -------------------------------------------------------------------------------------
ERASURES = "erasures"  # hash: msgpack of an erasure -> when it was asked for, ms
ERASURE_MS = 30 * 24 * 3600 * 1000  # tickets hold for four days, but an old spool may turn up later

# --- what an export waits for -----------------------------------------------------------------
WANTED_SEGMENTS = "wanted-segments"  # set: ids of spool segments that an export waits for
WANTED_SEGMENTS_SECONDS = 60

# --- reports of pages, for the operator ----------------------------------------------------------
COMPLAINTS = "complaints"  # sorted set by time, ms: msgpack of the complaint
COMPLAINT_DAYS = 365
COMPLAINTS_MAX = 10_000

# --- counts: every key of a share carries its hash tag {share} ---------------------------------
SHARE_HEAD = "{{{share}}}:s"  # hash of small numbers and notes (`counts.fields`)
SHARE_NAMES = "{{{share}}}:x"  # hash: texts of the dimensions and the number each is kept as
SHARE_DIR = "{{{share}}}:d"  # sorted set: the first hop of each page of hops but the lowest
SHARE_BODY = "{{{share}}}:p"  # hash: pages of hops; figures by day and dimension (`counts.fields`)
SHARE_FORWARD = "{{{share}}}:f"  # sorted set: hops that forwarded, by readers below them
SHARE_BRANCH = "{{{share}}}:b"  # sorted set: first hops of branches, by readers in the branch
SHARE_PROFILE = "{{{share}}}:w"  # hash: widths by depth of each branch
SHARE_STRAY = "{{{share}}}:o"  # sorted set: hops whose parent is unknown, as parent id + own id
SHARE_WAIT = "{{{share}}}:e"  # sorted set: events that wait for their open, by time of receipt
SHARE_KEYS = (
    SHARE_HEAD,
    SHARE_NAMES,
    SHARE_DIR,
    SHARE_BODY,
    SHARE_FORWARD,
    SHARE_BRANCH,
    SHARE_PROFILE,
    SHARE_STRAY,
    SHARE_WAIT,
)
"""What is kept of a share, in the order that the fold's script declares."""
SHARE_OPENS = "{{{share}}}:o:{day}"  # hash: leaves of opens, leaves of events counted per id
REMEMBERED_DAYS = 6  # of opens and ids: 96 hours, a day of waiting, and the current day
BUCKET_SECONDS = (REMEMBERED_DAYS + 1) * 24 * 3600
SHARES_OF_AD = "counted-shares-of:{ad}"  # set: shares with any event under the ad
FORGOTTEN_OF_AD = "late-of:{ad}"  # hash: "g" -> how often all roll-ups were removed
# hash: `hour:dimension` (the day's first hour since 1970) -> an ad's figures of a closed day;
# `hour:late` -> how many late changes the day had
DAYS_OF_AD = "days-of:{ad}"
HOURS_OF_AD = "hours-of:{ad}:{day}"  # hash: the same for each closed hour of a recent day
HOURS_OF_AD_SECONDS = 3 * 24 * 3600  # from the last change on
ROLLUPS_DUE = "rollups-due"  # sorted set by time, ms: a day (hours since 1970) and its ad
RETAINED = "house-kept"  # claimed by the worker that looks after old counts today
RETAINED_SECONDS = 20 * 3600
ID_SALT = "id-salt"  # 16 random bytes: ids of events are digested under it


def of_share(share: str, *forms: str) -> list[str]:
    """The keys of a share in these forms."""
    return [form.format(share=share) for form in forms]
