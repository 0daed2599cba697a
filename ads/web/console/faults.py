"""What is wrong with a form, field by field, in the reader's language (pure)."""

from ads.accounts.identity import FIELDS, LONGEST
from ads.ad.fields import LINE_MAX
from ads.errors import Problem
from ads.i18n import gettext
from ads.web.console.words import marked, number

# Field -> what it needs. The API's own sentences are for programs and in English.
_NEEDS = {
    "name": marked("Give it a name, one line."),
    "email": marked("This is not an email address."),
    "password": marked("12 characters or more, and not one that many use."),
    "advertiser": marked("Readers always see who advertises: name them, one line."),
    "body": marked("At most 600 characters."),
    "image": marked("A picture is needed: JPEG, PNG, WebP or GIF, up to 8 MB."),
    "target": marked("An address that begins with https://, http://, tel: or mailto:."),
    "placements": marked("Choose one place or more."),
    "weight": marked("A whole number, 1 to 1,000."),
    "ends": marked("The end lies after the beginning, and in the future."),
    "starts": marked("A date and a time."),
    "fallback": marked("Choose another ad of yours, or nothing."),
    "card.person": marked("A business card needs a name."),
    "card.phone": marked("A telephone number is needed."),
    "time_zone": marked("A time zone such as Europe/Zurich."),
    "label": marked("Give it a name, one line."),
    "ad": marked("The ad is not there any more. Share the article again with another one."),
    "url": marked("The link is too long."),
}
_LINE = marked("One line, at most %(n)s characters.")
_LONGEST = {
    "title": LINE_MAX["title"],
    "button": LINE_MAX["button"],
    "channel": 64,
    "card.title": 300,
    "card.description": 1_000,
    **dict.fromkeys(FIELDS, LONGEST),
}
# Fields that an ad's kind requires.
_MISSING = {
    "title": marked("A title is needed."),
    "target": marked("An address is needed, or a picture of its code."),
}
_OTHER = marked("This cannot be used.")


def explained(locale: str, problem: Problem) -> dict[str, str]:
    """Field -> sentence. Variants' fields keep their path, "variants.0.title"."""
    if problem.code == "conflict":
        return {"email": gettext(locale, "There is an account with this email already.")}
    sentences = {}
    for fault in problem.errors:
        field = fault["field"].removeprefix("identity.")
        parts = field.split(".", 2)
        bare = parts[2] if parts[0] == "variants" and len(parts) > 2 else field
        missing = fault["code"] == "required" and _MISSING.get(bare)
        if bare in _LONGEST and not missing:
            sentences[field] = gettext(locale, _LINE) % {"n": number(_LONGEST[bare], locale)}
        else:
            sentences[field] = gettext(locale, missing or _NEEDS.get(bare, _OTHER))
    return sentences
