"""Our own parts of a branded page, around the article and the slots. Pure.

In the page's order: `head` with our `style`; `sharer_line`; after the article `share_block` (or
`original_block` if no server serves the page), all in `share`; last `facts` and the `script`.
`script_hash` is for the Content-Security-Policy.
"""

from proxy.frame.head import head
from proxy.frame.script import facts, script, script_hash
from proxy.frame.share import original_block, share_block, sharer_line

__all__ = ["facts", "head", "original_block", "script", "script_hash", "share_block", "sharer_line"]
