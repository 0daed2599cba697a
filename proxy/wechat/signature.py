"""The signature by which WeChat's app knows a page as an account's (pure)."""

import hashlib
from collections.abc import Mapping


def signed(app_id: str, ticket: str, url: str, nonce: str, second: int) -> Mapping[str, str]:
    """What the page sends to the app with each call, for its address `url` without a fragment.

    `second` is the time since the epoch. WeChat, JS-SDK, appendix 1 ("signature algorithm"); the
    names are those that its SDK gives to the bridge.
    """
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={second}&url={url}"
    return {
        "appId": app_id,
        "verifyAppId": app_id,
        "verifySignType": "sha1",
        "verifyTimestamp": str(second),
        "verifyNonceStr": nonce,
        "verifySignature": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    }
