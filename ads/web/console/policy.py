"""What the browser may do on a page of the console."""

from collections.abc import Mapping


def headers(console: str, pages: str) -> Mapping[str, str]:
    """Security headers of every console page: nothing inline, frames only for previews."""
    policy = {
        "default-src": "'none'",
        "script-src": console,
        "style-src": console,
        # Thumbnails of articles and pictures of ads; sent without a referrer.
        "img-src": f"{console} {pages} https: data:",
        "connect-src": console,
        "manifest-src": console,
        "worker-src": console,
        "form-action": console,
        "frame-src": f"{console} {pages}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return _with(policy, console, "DENY")


def stage_headers(console: str, pages: str) -> Mapping[str, str]:
    """Headers of the ad editor's stage: a slot's own style, no script, framed by the console."""
    policy = {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": f"{pages} https: data:",
        "frame-ancestors": console,
        "base-uri": "'none'",
        "form-action": "'none'",
        "sandbox": "allow-same-origin",
    }
    return _with(policy, console, "SAMEORIGIN")


def _with(policy: Mapping[str, str], console: str, framing: str) -> Mapping[str, str]:
    common = {
        "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": framing,
        # `no-referrer` would turn the Origin of our own forms into null.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
    if console.startswith("https:"):
        common["Strict-Transport-Security"] = "max-age=31536000"
    return common
