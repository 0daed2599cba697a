"""One fetch for many requests; a bounded cache; a broken picture is not fetched for a while."""

import asyncio
from dataclasses import dataclass, field

from proxy.errors import SourceProblem
from proxy.pictures import keeper
from proxy.pictures.keeper import ENTRY_BYTES, Kept, PictureKeeper
from proxy.pictures.shrink import Shrunk

URL = "http://a.example/1.png"


@dataclass
class Source:
    """Returns pictures when the gate is open; addresses that end in "broken" fail."""

    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at: int = 0
    drawn: bytes = b"1"
    code: str = ""

    async def make(self, url: str) -> Shrunk:
        self.asked.append(url)
        await self.gate.wait()
        if code := "source_not_found" if url.endswith("broken") else self.code:
            raise SourceProblem(code)
        return Shrunk(url.encode().ljust(999) + self.drawn, "image/png")

    def keeper(self, **options: int) -> PictureKeeper:
        return PictureKeeper(self.make, lambda: self.at, **options)


async def test_fifty_readers_at_once_are_one_question_and_later_ones_none() -> None:
    source = Source()
    pictures = source.keeper()
    asking = [asyncio.create_task(pictures.get(URL)) for _ in range(50)]
    await asyncio.sleep(0)
    source.gate.set()
    answers = await asyncio.gather(*asking)
    assert isinstance(answers[0], Kept)
    assert all(answer == answers[0] for answer in answers)
    assert await pictures.get(URL) == answers[0]
    assert source.asked == [URL]


async def test_a_broken_picture_is_asked_for_again_after_a_minute_and_not_before() -> None:
    source = Source()
    source.gate.set()
    pictures = source.keeper()
    for at, asked in ((0, 1), (keeper.BROKEN_MS - 1, 1), (keeper.BROKEN_MS, 2)):
        source.at = at
        assert await pictures.get(f"{URL}broken") == "broken"
        assert len(source.asked) == asked


async def test_a_picture_is_asked_for_anew_in_time_and_stands_while_its_source_is_away() -> None:
    source = Source()
    source.gate.set()
    pictures = source.keeper()
    for later, code, told in (
        (0, "", b"1"),
        (keeper.KEPT_MS - 1, "", b"1"),
        (1, "unreachable", b"1"),
        (keeper.BROKEN_MS, "", b"2"),
        (keeper.KEPT_MS, "source_not_found", None),
    ):
        source.at += later
        source.code = code
        found = await pictures.get(URL)
        assert (found.data[-1:] if isinstance(found, Kept) else None) == told
        source.drawn = b"2"


async def test_memory_keeps_within_its_bound() -> None:
    source = Source()
    source.gate.set()
    pictures = source.keeper(memory=3 * (ENTRY_BYTES + 1000 + len(URL)))
    for number in (1, 2, 3, 4, 4, 1):
        await pictures.get(f"http://a.example/{number}.png")
    assert [url[-5] for url in source.asked] == ["1", "2", "3", "4", "1"]


async def test_one_more_than_can_be_under_way_is_told_to_come_back() -> None:
    source = Source()
    pictures = source.keeper()
    asking = [
        asyncio.create_task(pictures.get(f"{URL}{number}")) for number in range(keeper.WAITING)
    ]
    while len(source.asked) < keeper.AT_ONCE:  # noqa: ASYNC110 - the tasks have no event for this
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(source.asked) == keeper.AT_ONCE, "the others wait their turn"
    assert await pictures.get(f"{URL}more") == "busy"
    joining = asyncio.create_task(pictures.get(f"{URL}0"))
    await asyncio.sleep(0)
    source.gate.set()
    assert all(isinstance(each, Kept) for each in await asyncio.gather(joining, *asking))
    assert isinstance(await pictures.get(f"{URL}more"), Kept)
    await pictures.close()
