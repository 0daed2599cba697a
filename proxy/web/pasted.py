"""The first link in whatever was copied: text around it is nobody's fault. Pure."""

import re

TEXT_MAX = 16_384

# What may stand in an address as people copy it. Letters beyond ASCII of scripts that set words
# apart may stand anywhere; others (…/wiki/茶) only where a path, a word or a value begins with
# them: right after ASCII they are the sentence that goes on.
_PLAIN = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u00c0-\u0e4e\u1e00-\u1fff]"
_OWN = r"(?<=[/=_-])[^\W\x00-\x7f]+"
_HOST = r"[^\W_][\w\-]*(?:\.[\w\-]+)*(?::\d+)?"
_WITH_SCHEME = re.compile(rf"https?://(?:{_HOST})(?:[/?#](?:{_PLAIN}|{_OWN})*)?", re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_WITHOUT = re.compile(
    rf"(?<![\w@./-])(?:{_LABEL}\.)+[a-z]{{2,24}}(?::\d+)?(?:/(?:{_PLAIN}|{_OWN})*)?(?![\w@])",
    re.IGNORECASE,
)
# A link alone is taken whole, even with a letter that in a sentence would end it.
_ALONE = re.compile(r"https?://[!#-;=?-~]+", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "["}


def first_url(text: str) -> str:
    """The first address in `text`, https:// put before one without scheme; else `text` itself.

    >>> first_url("看看这篇 https://a.example/b，写得好")
    'https://a.example/b'
    """
    text = text[:TEXT_MAX].strip()
    found = _ALONE.fullmatch(text) or _WITH_SCHEME.search(text)
    if found:
        return _without_tail(found[0])
    bare = _WITHOUT.search(text)
    return f"https://{_without_tail(bare[0])}" if bare else text


def _without_tail(url: str) -> str:
    """Without the punctuation of the sentence that it stood in; (balanced) brackets stay."""
    while url:
        last = url[-1]
        opener = _CLOSERS.get(last)
        unbalanced = opener is not None and url.count(last) > url.count(opener)
        if last not in ".,;:!?'،؛؟।" and not unbalanced:
            break
        url = url[:-1]
    return url
