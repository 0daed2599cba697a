# Passalong's edge by Varnish 7 with xkey; ops/edge fills in the @NAMES@ and starts it.
#
# A page is kept for 12 hours, and purged by key when its ad, article or share changes, so the next
# request sees the change. After that readers get the old copy while a new one is fetched, for ten
# hours if the service is down (Varnish ignores stale-if-error). Ten, because a CDN in front may add 25
# hours to these 22, and all cache times together must stay under 48: tickets expire after 96.
vcl 4.1;

import std;
import xkey;

backend service {
    .host = "@HOST@";
    .port = "@PORT@";
    .connect_timeout = 1s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 30s;
}

# Who may purge: this machine, and the networks of `ops/edge --purge-from`.
acl purgers {
    "127.0.0.0"/8;
    "::1";
@PURGERS@
}

# CDNs in front, named by `ops/edge --behind`: their country headers are passed on.
# The names are those of PASSALONG_COUNTRY_HEADERS.
acl cdns {
@BEHIND@
}

sub vcl_recv {
    unset req.http.X-Encoding;
    if (req.method == "PURGE") {
        call purge_by_key;
    }
    if (client.ip !~ cdns) {
        unset req.http.CF-IPCountry;
        unset req.http.CloudFront-Viewer-Country;
        unset req.http.X-Vercel-IP-Country;
        unset req.http.Fastly-Geo-Country;
        unset req.http.CDN-RequestCountryCode;
        unset req.http.X-AppEngine-Country;
        unset req.http.EO-Client-IPCountry;
        unset req.http.Ali-IP-Country;
        unset req.http.X-Country-Code;
    }
    if (req.url ~ "^/(?:[sgmi]/|e(?:\?|$)|robots\.txt$)") {
        unset req.http.Cookie;
        unset req.http.Authorization;
    }
    if (req.method != "GET" && req.method != "HEAD") {
        # Events have ids and count once, so a retry on a fresh connection is safe.
        if (req.url ~ "^/e(?:\?|$)" && std.integer(req.http.Content-Length, 1000000) < 131072) {
            std.cache_req_body(128KB);
        }
        return (pass);
    }
    # Browsers write hosts in lower case; each other spelling would get a copy of its own.
    if (req.http.Host ~ "[A-Z]") {
        return (pass);
    }
    if (req.url ~ "^/s/[A-Za-z0-9_-]+(?:\?|$)") {
        # Two copies, whatever the query (hop ids): brotli for browsers, and gzip, which Varnish
        # decompresses for clients that take neither. A quality of 0 is a refusal (RFC 9110, 12.4.2).
        set req.url = regsub(req.url, "\?.*$", "");
        if (req.http.Accept-Encoding ~ "(?i)(?:^|,)\s*br\s*(?:;\s*q\s*=\s*(?:1(?:\.0{0,3})?|0?\.\d*[1-9]\d*)\s*)?(?:,|$)") {
            set req.http.X-Encoding = "br";
        }
        return (hash);
    }
    if (req.url ~ "^/(?:[mi]/[A-Za-z0-9_./-]+|robots\.txt)(?:\?|$)") {
        set req.url = regsub(req.url, "\?.*$", "");
        return (hash);
    }
    return (pass);
}

# `PURGE` with `xkey-purge: KEYS` drops everything that has one of the keys; without it, the page at
# that address. A request that came through a proxy is a reader's and is refused.
sub purge_by_key {
    if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
        return (synth(403, "Not allowed to purge"));
    }
    if (req.http.xkey-purge) {
        set req.http.X-Purged = xkey.purge(req.http.xkey-purge);
        return (synth(200, "Purged " + req.http.X-Purged));
    }
    set req.url = regsub(req.url, "\?.*$", "");
    return (purge);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Encoding) {
        set bereq.http.Accept-Encoding = bereq.http.X-Encoding;
    }
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    unset beresp.http.Set-Cookie;
    if (beresp.http.Cache-Control !~ "(?i)(?:^|,)\s*public\b") {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    if (beresp.ttl > 12h) {
        set beresp.ttl = 12h;
    }
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    if (beresp.status == 200) {
        set beresp.grace = 10h;
    }
    # The service's answers vary by Accept-Encoding, of which two values are left.
    if (beresp.http.Vary) {
        set beresp.http.Vary = "X-Encoding";
    }
    return (deliver);
}

sub vcl_backend_error {
    if (bereq.retries == 0 && (bereq.method == "GET" || bereq.url ~ "^/e(?:\?|$)")) {
        return (retry);
    }
    set beresp.status = 503;
    set beresp.ttl = 0s;
    set beresp.http.Content-Type = "text/plain";
    set beresp.http.Retry-After = "2";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Access-Control-Allow-Origin = "*";
    set beresp.body = {"The service is away for a moment.
"};
    return (deliver);
}

sub vcl_deliver {
    if (resp.http.Vary ~ "(?i)X-Encoding") {
        set resp.http.Vary = "Accept-Encoding";
    }
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
