"""What came and went between two wordings, word by word."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

# A word, a run of white space, or one other character: what a reader sees change.
_TOKENS: Final = re.compile(r"\w+|\s+|[^\w\s]")
# Word by word takes time by the square of the length; beyond this, line by line.
_MANY_TOKENS: Final = 3000
# With less of the shorter text in common, alternating words read worse than the one text after the
# other.
_LITTLE_IN_COMMON: Final = 0.5


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, that came, or that went."""

    kind: Literal["same", "added", "removed"]
    text: str


Words = tuple[Piece, ...]


def words(before: str, after: str) -> Words:
    """Mark what came and went from one text to the other, word by word."""
    if before == after:
        return (Piece("same", after),) if after else ()
    if not before or not after:
        return (Piece("added", after),) if after else (Piece("removed", before),)
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) + len(new) > _MANY_TOKENS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    kept = sum(
        len("".join(old[block.a : block.a + block.size]).strip())
        for block in matcher.get_matching_blocks()
    )
    if kept < _LITTLE_IN_COMMON * min(len(before), len(after)):
        return (Piece("removed", before), Piece("added", after))
    return tuple(_joined(matcher.get_opcodes(), old, new))


def _joined(
    opcodes: Sequence[tuple[str, int, int, int, int]], old: list[str], new: list[str]
) -> Iterator[Piece]:
    # White space between two changes is part of the change: "old words" becomes "new ones" at once.
    removed = added = ""
    for position, (tag, a, b, c, d) in enumerate(opcodes):
        went, came = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            is_gap = came.isspace() and (removed or added) and position < len(opcodes) - 1
            if not is_gap:
                yield from _pieces(removed, added)
                removed = added = ""
                yield Piece("same", came)
                continue
        removed += went
        added += came
    yield from _pieces(removed, added)


def _pieces(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)
