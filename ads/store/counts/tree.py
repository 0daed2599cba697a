"""Reading a share's tree: figures that the fold keeps, and pages of nodes."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple, cast

import msgspec
from redis.asyncio import Redis

from ads.events.ledger import READERS
from ads.store import keys, records
from ads.store.counts import fields, level
from ads.store.counts.nodes import EVERY_HOP, Node, unpack_nodes
from ads.store.counts.script import READ, Argument
from ads.store.counts.sections import WHOLE_DAY, counts, figures, sections
from ads.store.counts.wire import day_ms, pack_hop, unpack_hop

TREE_KEYS = (
    keys.SHARE_HEAD,
    keys.SHARE_DIR,
    keys.SHARE_BODY,
    keys.SHARE_FORWARD,
    keys.SHARE_BRANCH,
    keys.SHARE_PROFILE,
)
FORWARDERS, BRANCHES = 10, 20
"""The most that are listed, largest first; they stay when a share's hops are dropped."""


class Branch(NamedTuple):
    """A branch of two readers or more: its first hop, its readers, its widths below that hop.

    `below` is None if a subtree has left the branch: its widths must be counted anew.
    """

    hop: str
    readers: int
    below: list[int] | None


class Tree(NamedTuple):
    """Figures over all hops; `sizes` and `squares`: the sums of subtree sizes and of their squares.

    `half_at` is when half of the readers had come (ms, to the second), None without readers.
    `nodes` are sorted by depth, then id.
    """

    readers: int
    widths: dict[int, int]
    sizes: int
    squares: int
    orphans: int
    conflicts: int
    capped: int
    half_at: int | None
    forwarders: list[Node]
    branches: list[Branch]
    nodes: list[Node]


async def load(
    redis: Redis, share: str, forwarders: int, branches: int, after: str, nodes: int
) -> Tree:
    """See `Counts.tree`."""
    head, largest, records, profiles, pages = await read(
        redis, share, forwarders, branches, after, nodes
    )
    leading = [node for record in records for node in unpack_nodes(record or b"")]
    tops = _branches(largest, profiles)
    floors = (fields.FORWARD_FLOOR, leading, forwarders), (fields.BRANCH_FLOOR, tops, branches)
    if fields.RANKED not in head:
        every = unpack_nodes(b"".join(filter(None, records)))
        leading, tops = _ranked_anew(every, forwarders, branches)
    elif any(len(found) < most and floor in head for floor, found, most in floors):
        # Smaller ones that belong among the largest may have been dropped.
        leading, tops = _ranked_anew(await every_node(redis, share), forwarders, branches)
    return Tree(
        readers=int(head.get(fields.READERS, 0)),
        widths={int.from_bytes(f[1:]): int(v) for f, v in head.items() if f[:1] == fields.WIDTH},
        sizes=int(head.get(fields.SIZES, 0)),
        squares=int(head.get(fields.SQUARES, 0)),
        orphans=int(head.get(fields.ORPHANS, 0)),
        conflicts=int(head.get(fields.CONFLICTS, 0)),
        capped=int(head.get(fields.CAPPED, 0)),
        half_at=await _half_at(redis, share, head),
        forwarders=leading,
        branches=tops,
        nodes=unpack_nodes(pages, after, nodes),
    )


def _ranked_anew(
    nodes: Sequence[Node], forwarders: int, branches: int
) -> tuple[list[Node], list[Branch]]:
    """The largest forwarders and branches among `nodes`, which come by rising depth.

    For small shares, and for shares whose ranks have shrunk too much.
    """
    leading = sorted((n for n in nodes if n.children), key=_by_size, reverse=True)
    rooted = (n for n in nodes if n.descendants and hangs(n))
    tops = sorted(rooted, key=_by_size, reverse=True)[:branches]
    below = _widths(nodes, {n.hop for n in tops})
    return leading[:forwarders], [Branch(n.hop, n.descendants + 1, below[n.hop]) for n in tops]


def _widths(nodes: Sequence[Node], tops: Collection[str]) -> dict[str, list[int]]:
    """The widths below each of these branches' first hops."""
    widths: dict[str, list[int]] = {hop: [] for hop in tops}
    inside: dict[str, tuple[str, int]] = {}
    for n in nodes:
        if hangs(n):
            if n.hop in widths:
                inside[n.hop] = n.hop, 0
        elif n.parent in inside:
            top, above = inside[n.parent]
            inside[n.hop] = top, above + 1
            widths[top] += [0] * (above + 1 - len(widths[top]))
            widths[top][above] += 1
    return widths


def _by_size(node: Node) -> tuple[int, bytes]:
    return node.descendants, pack_hop(node.hop)


def hangs(node: Node) -> bool:
    """Whether it hangs from the sharer's link."""
    capped = node.hop[:2] == node.parent[:2]
    return node.depth == 1 or node.stray or capped


async def every_node(redis: Redis, share: str) -> list[Node]:
    """All readers of a share in order of their ids, for figures that the fold does not keep."""
    pages = [part.pages async for part in level.parts(redis, share, *EVERY_HOP)]
    return unpack_nodes(b"".join(pages))


async def overdue(redis: Redis, shares: Sequence[str], until: int) -> list[str]:
    """The shares with an event that has waited for its open since `until` (ms since 2020)."""
    counts = await records.each(
        redis, shares, lambda p, name: p.zcount(keys.SHARE_WAIT.format(share=name), "-inf", until)
    )
    return [share for share, count in zip(shares, counts, strict=True) if count]


class Answer(NamedTuple):
    """The answer of `read.lua`, which documents it."""

    head: dict[bytes, bytes]
    branches: list[bytes]
    records: list[bytes]
    profiles: list[bytes]
    pages: bytes


async def read(
    redis: Redis, share: str, forwarders: int, branches: int, after: str, nodes: int
) -> Answer:
    """The largest forwarders and branches, and pages with about `nodes` nodes after a hop."""
    named = keys.of_share(share, *TREE_KEYS)
    # A page more than asked for: the first page has hops before `after` too.
    arguments: list[Argument] = [forwarders, branches, pack_hop(after), nodes + 64 if nodes else 0]
    head, *found = await READ(redis, named, arguments)
    return Answer(dict(zip(head[::2], head[1::2], strict=True)), *found)


def _branches(largest: Sequence[bytes], profiles: Sequence[bytes]) -> list[Branch]:
    found = []
    for place, profile in enumerate(profiles):
        hop, readers = largest[2 * place], largest[2 * place + 1]
        below = None if profile == b"!" else msgspec.msgpack.decode(profile, type=list[int])
        found.append(Branch(unpack_hop(hop), int(readers), below))
    return found


async def _half_at(redis: Redis, share: str, head: dict[bytes, bytes]) -> int | None:
    """When half of the readers had come: the day from the head, the second from its arrivals."""
    days = sorted(
        (field[1:], int(count)) for field, count in head.items() if field[:1] == fields.ARRIVED
    )
    left = (sum(count for _, count in days) + 1) // 2
    for day, count in days:
        if left <= count:
            second = await _second(redis, share, day, (left, count))
            return day_ms(int.from_bytes(day)) + second * 1000
        left -= count
    return None


async def _second(redis: Redis, share: str, day: bytes, place: tuple[int, int]) -> int:
    """The second of the day in which the reader at `place` came: (which, of how many)."""
    left, many = place
    key = keys.SHARE_BODY.format(share=share)
    answer = await redis.hmget(key, [day + fields.ARRIVALS, day + fields.TOTALS])
    raw, totals = cast(list[bytes | None], answer)
    hourly = _hourly(totals or b"", many)
    for section in sorted(sections(raw or b"")):
        # A large share's hour has thousands of seconds: only the right hour's are read.
        if hourly and left > hourly[section.hour]:
            left -= hourly[section.hour]
            continue
        if section.away:
            alone = await redis.hget(key, section.alone(day + fields.ARRIVALS))
            section = section._replace(raw=cast(bytes, alone or b""))
        for second, count in counts(section):
            if left <= count:
                return section.hour * 3600 + second
            left -= count
    return 24 * 3600 - 1


def _hourly(totals: bytes, many: int) -> Counter[int]:
    """Readers by hour from the day's totals; empty if hours were merged or ads forgotten."""
    found = Counter[int]()
    for section in sections(totals):
        for _, row in figures(section, totals=True):
            found[section.hour] += row[READERS]
    return found if sum(found.values()) == many and not found[WHOLE_DAY] else Counter()
