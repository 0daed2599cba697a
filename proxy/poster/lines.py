"""Breaks a text into lines of a given width. Pure."""

from collections.abc import Iterator

from proxy.poster.fonts import Font

CLOSING = "，。！？；：、”’）》」』"


def broken(text: str, font: Font, room: int, most: int) -> list[str]:
    """Lines no wider than `room` pixels, broken between words, or between any Chinese letters.

    There are `most` lines at most; a longer text ends with an ellipsis.
    """
    lines = [""]
    for piece in _fitting(text, font, room):
        if font.getlength((lines[-1] + piece).rstrip()) <= room or not lines[-1].strip():
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    kept = [line.strip() for line in lines if line.strip()]
    if len(kept) > most:
        last = kept[most - 1]
        while last and font.getlength(f"{last}…") > room:
            last = last[:-1]
        kept = [*kept[: most - 1], f"{last.rstrip()}…"]
    return kept


def _fitting(text: str, font: Font, room: int) -> Iterator[str]:
    """The pieces of a text; a word that is wider than a line is split into its letters."""
    for piece in _pieces(text):
        yield from (piece,) if font.getlength(piece) <= room else piece


def _pieces(text: str) -> Iterator[str]:
    """Words, each with the space after it; Chinese letters, each with closing marks after it."""
    piece = ""
    for letter in " ".join(text.split()):
        wide = letter >= "\u2e80"
        if piece and ((wide and letter not in CLOSING) or piece.endswith(" ")):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece
