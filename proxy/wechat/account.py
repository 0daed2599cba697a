"""The account's settings (a leaf)."""

from dataclasses import dataclass, field

API = "https://api.weixin.qq.com"


@dataclass(frozen=True)
class Account:
    """`proof` is the text of its file `MP_verify_….txt`, which tells WeChat who has the host."""

    app_id: str
    secret: str = field(repr=False)
    api: str = API
    proof: str = ""
