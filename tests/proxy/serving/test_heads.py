"""An answer of the fast path names all its surrogate keys, however many."""

import msgspec
import pytest

from proxy import cdn, render
from proxy.serving import variant
from proxy.serving.heads import PageAnswers
from proxy.serving.shown import KeptStamp, Shown
from tests.pages import prepared
from tests.proxy.render.test_render import AD, ORIGINS, compiled, of

COMPLETE = cdn.completed(cdn.CdnConfig(ORIGINS.console, ORIGINS.pages, "sha256-x"))


@pytest.mark.parametrize("resting", range(4))
def test_it_names_every_ad_that_may_come_to_stand_in(resting: int) -> None:
    ads = [msgspec.structs.replace(AD, id=f"a{n}", state="paused") for n in range(resting)]
    ads.append(msgspec.structs.replace(AD, id="shown"))
    page, share = prepared(compiled()), msgspec.structs.replace(of(compiled()), ad=ads[0].id)
    made = variant.inputs(variant.key(share), share.id, ads, page, "Mei", 0)
    template, _ = render.draw(
        page, share, ads[-1], sharer="Mei", ticket_bytes=made.ticket_bytes, origins=ORIGINS
    )
    stamp = template.stamp(share.id, "t" * made.ticket_bytes)
    found = made.variant(template, "https://a.example/")
    shown = Shown(share.id, KeptStamp(found.key, b"", stamp.packed(), 0), found, page.runs)
    answer = PageAnswers(COMPLETE).of(shown, "gzip")
    keys = ["article:x", *(f"ad:{ad.id}" for ad in ads), "share:s1"]
    said = dict(line.split(": ", 1) for line in answer.before.decode().split("\r\n")[1:-1])
    assert said["xkey"].split() == said["Cache-Tag"].split(",") == keys
    assert said["Content-Length"] == str(len(answer.body))
