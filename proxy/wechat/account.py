"""What the operator says of the account (a leaf)."""

from dataclasses import dataclass, field

API = "https://api.weixin.qq.com"


@dataclass(frozen=True)
class Account:
    """`proof` is what its file `MP_verify_….txt` says, by which WeChat sees whose the host is."""

    app_id: str
    secret: str = field(repr=False)
    api: str = API
    proof: str = ""
