"""Our parts of a branded page around the article and the slots. Pure.

In the order of the page's gaps: `head` with our `style`, `sharer_line`, (the slots), `share_block`
(`original_block` without a server; all three in `share`), then in the tail (the sticky slot)
`facts` and `script`. `script_hash` is for the policy.
"""

from proxy.frame.head import described, head, named
from proxy.frame.script import Missing, facts, script, script_hash
from proxy.frame.share import original_block, share_block, sharer_line

__all__ = [
    "Missing",
    "described",
    "facts",
    "head",
    "named",
    "original_block",
    "script",
    "script_hash",
    "share_block",
    "sharer_line",
]
