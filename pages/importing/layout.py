"""Put the printed lines of a PDF back into paragraphs, list items, headings and tables.

The lines say where they stand and how large they are. What repeats at the head or foot of the
pages belongs to the paper; a line that stops short of the margin ends its paragraph; what is
larger than the rest is a heading; lines cut at the same places are the rows of a table.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .blocks import FILL_IN, PRINTED, Block, Marker, Row, marker_of, table_blocks
from .furniture import is_contents, is_page_number, key_of
from .records import Doubt
from .sentences import Passage, is_unfinished, starts_lower

MARGIN = 0.12  # of the page's height: where heads and feet stand
NEAR = 4.0  # points within which two places are the same
LARGER = 1.12  # times the size of the text: a heading
MOST_IN_CELL = 15  # lines; what is longer is a column of the page and no cell
MOST_IN_ROW = 60
WIDE_GAP = 1.35  # times the usual distance of two lines: a new paragraph


@dataclass(frozen=True)
class Segment:
    """Words that stand together in a line; in points from the left edge of the page."""

    left: float
    right: float
    text: str


@dataclass(frozen=True)
class Printed:
    """A printed line; `base` is the height of its foot above the bottom edge, in points."""

    page: int
    base: float
    size: float
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """Return the words of the whole line."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def left(self) -> float:
        """Return where the line begins."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Return where the line ends."""
        return self.segments[-1].right


@dataclass(frozen=True)
class Page:
    """A page and its printed lines; `pictured` says that it holds a picture and no words."""

    number: int
    width: float
    height: float
    lines: tuple[Printed, ...]
    pictured: bool = False


@dataclass
class _Line:
    """A printed line with its number in the source, and the words it brings to a paragraph."""

    number: int
    printed: Printed
    text: str


@dataclass
class _Cells:
    """A row of a table while it is read: for each cell where it begins and what stands in it."""

    lefts: list[float]
    cells: list[list[tuple[int, str]]]
    last: Printed
    lines: list[_Line] = field(default_factory=list)


def lay_out(pages: list[Page]) -> tuple[tuple[str, ...], tuple[Block, ...], tuple[Doubt, ...]]:
    """Return the printed lines, the blocks they make, and the doubts about pages without words."""
    printed = [line for page in pages for line in page.lines]
    aside = _furniture(pages)
    lines = [_Line(at, line, line.text) for at, line in enumerate(printed, start=1)]
    _join_divided_words([line for line in lines if line.number not in aside])
    reader = _Reader([line for line in lines if line.number not in aside])
    reader.read()
    set_aside = [
        Block(kind, Passage(((number, printed[number - 1].text),)))
        for number, kind in aside.items()
    ]
    # A table may be read by its columns, so the blocks are not in the order of the lines.
    blocks = [*reader.blocks, *set_aside]
    texts = tuple(line.text.replace("\xad", "-") for line in printed)
    return texts, tuple(blocks), tuple(_doubts(pages))


def _doubts(pages: list[Page]) -> list[Doubt]:
    doubts, read = [], 0
    for page in pages:
        if page.pictured:
            why = "the page is a picture without words; what it shows is not read"
            at = max(read, 1)
            doubts.append(Doubt(at, at, f"Page {page.number}", why))
        read += len(page.lines)
    return doubts


def _furniture(pages: list[Page]) -> dict[int, str]:
    """Return the numbers of the lines that repeat at the head or foot of the pages."""
    places: dict[str, list[tuple[int, Printed]]] = defaultdict(list)
    found: dict[int, str] = {}
    number = 0
    for page in pages:
        for line in page.lines:
            number += 1
            if MARGIN < line.base / (page.height or 1) < 1 - MARGIN:
                continue
            if is_page_number(line.text):
                found[number] = "page number"
            elif key := key_of(line.text):
                places[key].append((number, line))
    for same in places.values():
        on_pages = {line.page for _, line in same}
        level = [n for n, line in same if any(_beside(line, other) for _, other in same)]
        if len(on_pages) > 1 and len(on_pages) * 5 >= len(pages) * 2:
            found.update(dict.fromkeys(level, "running head"))
    return found


def _beside(line: Printed, other: Printed) -> bool:
    return line.page != other.page and abs(line.base - other.base) <= NEAR


def _join_divided_words(lines: list[_Line]) -> None:
    """Move the end of a word that a hyphen divides to where it began."""
    known = {word for line in lines for word in re.findall(r"\w+", line.text.casefold())}
    for line, after in pairwise(lines):
        match = re.search(r"(\w+)([-\xad])$", line.text)
        rest = re.match(r"([a-z]\S*)\s*", after.text)
        if not match or not rest or abs(line.printed.size - after.printed.size) > 1:
            continue
        whole = re.findall(r"\w+", (match[1] + rest[1]).casefold())[0]
        hyphen = "" if match[2] == "\xad" or whole in known else "-"
        line.text = line.text[: match.end(1)] + hyphen + rest[1]
        after.text = after.text[rest.end() :]
    for line in lines:
        line.text = line.text.replace("\xad", "-")


class _Reader:
    """The lines in order, and the block that is still open."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.open: list[tuple[int, str]] = []
        self.kind, self.level, self.marker = "text", 0, Marker("", "", "")
        self.left = 0.0
        self.gap = True
        self.last: Printed | None = None
        weights: Counter[float] = Counter()
        for line in lines:
            weights[line.printed.size] += len(line.text)
        self.size = weights.most_common(1)[0][0] if weights else 1.0
        self.sizes = sorted({s for s in weights if s >= self.size * LARGER}, reverse=True)
        first = lines[0].printed.page if lines else 1
        largest = [line for line in lines if self.sizes and line.printed.size == self.sizes[0]]
        self.has_title = bool(largest) and all(line.printed.page == first for line in largest)
        self.leading = _leading(lines) or self.size * 1.2
        self.margins = _margins(lines)

    def read(self) -> None:
        """Read all lines into blocks."""
        rows: list[_Cells] = []
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            cells = self._group(at) or self._row(line, rows, at)
            if cells and rows and not _share(cells.lefts, rows[-1].lefts):
                self._end_table(rows)
                rows = []
            if cells:
                rows.append(cells)
            elif not (rows and self._in_row(line, rows[-1])):
                self._end_table(rows)
                rows = []
                self._take(line)
            at += len(cells.lines) if cells else 1
        self._end_table(rows)
        self._close()

    # Tables

    def _group(self, at: int) -> _Cells | None:
        """Read lines as cells of several lines, side by side: each begins level with the first."""
        first = self.lines[at].printed
        cells = [[self.lines[at]]]
        edge, here = first.right, at + 1
        while here < len(self.lines) and here - at <= MOST_IN_ROW:
            printed, last = self.lines[here].printed, cells[-1][-1].printed
            if printed.page != first.page or len(_cells_of(printed)) > 1:
                break
            level = abs(printed.base - first.base) <= 0.4 * first.size
            follows = 0 < last.base - printed.base <= self.leading * WIDE_GAP
            if level and printed.left > edge + NEAR:
                cells.append([self.lines[here]])
            elif follows and printed.left >= cells[-1][0].printed.left - NEAR:
                cells[-1].append(self.lines[here])
            else:
                break
            edge = max(edge, printed.right)
            here += 1
        if len(cells) < 2 or max(len(cell) for cell in cells) > MOST_IN_CELL:
            return None
        lines = [line for cell in cells for line in cell]
        # The last cell may have drawn in what stands below the table.
        lefts = [cell[0].printed.left for cell in cells]
        pieces = [[(line.number, line.text) for line in cell] for cell in cells]
        return _Cells(lefts, pieces, lines[-1].printed, lines)

    def _row(self, line: _Line, rows: list[_Cells], at: int) -> _Cells | None:
        """Read a line that is cut by wide gaps as a row, if the lines round it are cut alike."""
        segments = _cells_of(line.printed)
        if len(segments) < 2:
            return None
        near = [self.lines[other] for other in range(max(at - 4, 0), min(at + 5, len(self.lines)))]
        like = [
            other
            for other in near
            if other is not line and _cut_alike(segments, _cells_of(other.printed))
        ]
        after = self._group(at + 1) if at + 1 < len(self.lines) else None
        others = [*rows[-1:], *([after] if after else [])]
        if not like and not any(_known(segments, other.lefts) for other in others):
            return None
        lefts = [segment.left for segment in segments]
        cells = [[(line.number, segment.text.replace("\xad", "-"))] for segment in segments]
        if rows and len(rows[-1].lefts) > len(lefts) and _known(segments, rows[-1].lefts):
            # An empty cell among full ones.
            wide = rows[-1].lefts
            filled: list[list[tuple[int, str]]] = [[] for _ in wide]
            for segment, cell in zip(segments, cells, strict=True):
                filled[min(range(len(wide)), key=lambda n: abs(wide[n] - segment.left))] = cell
            lefts, cells = wide, filled
        return _Cells(lefts, cells, line.printed, [line])

    def _in_row(self, line: _Line, row: _Cells) -> bool:
        """Add a line to the cell under whose beginning it stands, if it follows closely."""
        printed = line.printed
        close = (
            printed.page == row.last.page
            and 0 < row.last.base - printed.base <= self.leading * WIDE_GAP
        )
        for at, left in enumerate(row.lefts):
            if close and at and abs(printed.left - left) <= NEAR and len(_cells_of(printed)) == 1:
                row.cells[at].append((line.number, line.text))
                row.last = printed
                row.lines.append(line)
                return True
        return False

    def _end_table(self, rows: list[_Cells]) -> None:
        if len(rows) < 2:
            for row in rows:
                for line in row.lines:
                    self._take(line)
            return
        self._close()
        width = max(len(row.cells) for row in rows)
        table: list[Row] = []
        for row in rows:
            cells = [_cell(pieces) for pieces in row.cells]
            table.append((False, cells + [[] for _ in range(width - len(cells))]))
        self.blocks += table_blocks(table)
        self.last = None

    # Paragraphs

    def _take(self, line: _Line) -> None:
        if not line.text:
            # Its only word went to the line before.
            self.open.append((line.number, ""))
            self.last = line.printed
            return
        if is_contents(line.text):
            self._close()
            self.blocks.append(Block("contents", Passage(((line.number, line.text),))))
            self.last = line.printed
            return
        marker = marker_of(line.text) or _letter_o(line, self.left)
        if marker and not marker.rest:
            marker = None
        if self.open and self._goes_on(line, marker):
            self.open.append((line.number, line.text))
            self.last = line.printed
            return
        self._close()
        self.gap = self.last is None or self._apart(line.printed)
        self.level = self._level(line.printed)
        self.kind = "heading" if self.level else "item" if marker else "text"
        if self.kind == "heading" and marker and not marker.number:
            marker = None
        self.marker = marker or Marker("", "", line.text)
        self.open = [(line.number, self.marker.rest)]
        self.left = line.printed.left
        self.last = line.printed

    def _close(self) -> None:
        pieces = tuple((number, text) for number, text in self.open if text or number)
        if any(text for _, text in pieces):
            style = f"{self.marker.style} {round(self.left / 12)}" if self.kind == "item" else ""
            passage = Passage(pieces)
            self.blocks.append(
                Block(self.kind, passage, self.level, self.marker.number, style, gap=self.gap)
            )
        self.open = []

    def _level(self, printed: Printed) -> int:
        """Return the level of a heading by its size, 1 for the title; 0 for the text itself."""
        if printed.size not in self.sizes or len(printed.text.split()) > 20:
            return 0
        return self.sizes.index(printed.size) + (1 if self.has_title else 2)

    def _apart(self, printed: Printed) -> bool:
        last = self.last
        if last is None or last.page != printed.page:
            return True
        usual = self.leading * max(printed.size / self.size, 1.0)
        return not 0 <= last.base - printed.base <= usual * WIDE_GAP

    def _goes_on(self, line: _Line, marker: Marker | None) -> bool:
        """Say whether a line is the rest of the paragraph above it."""
        last, printed = self.last, line.printed
        if last is None or abs(last.size - printed.size) > 0.08 * self.size:
            return False
        text = self.open[-1][1]
        open_sentence, full = is_unfinished(text), self._is_full(last, line.text)
        if FILL_IN.search(text) or FILL_IN.search(line.text):
            return False
        if marker and not (full and open_sentence and not self._is_next(marker)):
            return False
        if last.page != printed.page:
            return open_sentence and (starts_lower(line.text) or full) and not text.endswith(":")
        if self._apart(printed):
            return False
        if self.level == 1 and self._level(printed) == 1:
            return True  # a title in several lines
        return full or open_sentence and starts_lower(line.text)

    def _is_next(self, marker: Marker) -> bool:
        """Say whether a marker is the one expected after that of the open item."""
        if not marker.number:
            return self.kind == "item" and marker.style == self.marker.style
        old, new = (re.search(r"\d+", each.number) for each in (self.marker, marker))
        if not new:
            return True
        return int(new[0]) == 1 or bool(old) and int(new[0]) == int(old[0]) + 1 if old else True

    def _is_full(self, last: Printed, text: str) -> bool:
        """Say whether the first word of a text would not have fitted at the end of the last line."""
        letter = (last.right - last.left) / max(len(last.text), 1)
        word = len(text.split(maxsplit=1)[0]) + 1
        margin = self.margins.get(last.page, last.right)
        return last.right + word * letter > margin - letter


def _letter_o(line: _Line, left: float) -> Marker | None:
    """Read a lone letter o, set in from the paragraph above, as the bullet it stands for."""
    match = re.match(r"o\s+(?=\S)", line.text)
    inside = line.printed.left > left + NEAR
    return Marker("", "bullet o", line.text[match.end() :]) if match and inside else None


def _cells_of(printed: Printed) -> list[Segment]:
    """Return the segments of a line; a list's marker is no cell of its own."""
    segments = list(printed.segments)
    while len(segments) > 1 and _is_marker(segments[0].text):
        first, second, *rest = segments
        segments = [Segment(first.left, second.right, f"{first.text} {second.text}"), *rest]
    return segments


def _is_marker(text: str) -> bool:
    return not re.search(r"\w{2}", text) or PRINTED.fullmatch(text) is not None


def _cut_alike(one: list[Segment], other: list[Segment]) -> bool:
    """Say whether two lines begin their columns at the same places, two of them at least."""
    shared = sum(any(abs(a.left - b.left) <= NEAR for b in other) for a in one)
    return shared > 1


def _known(segments: list[Segment], lefts: list[float]) -> bool:
    return all(any(abs(segment.left - left) <= NEAR for left in lefts) for segment in segments)


def _share(lefts: list[float], others: list[float]) -> bool:
    """Say whether two rows begin at least two cells at the same places."""
    return sum(any(abs(left - other) <= NEAR for other in others) for left in lefts) > 1


def _cell(pieces: list[tuple[int, str]]) -> list[Block]:
    """Return the blocks of a cell: one for each item of a list in it, else one."""
    blocks: list[Block] = []
    for line, text in pieces:
        marker = marker_of(text)
        if marker and marker.rest:
            passage = Passage(((line, marker.rest),))
            blocks.append(Block("item", passage, 0, marker.number, marker.style))
        elif blocks:
            joined = blocks[-1].passage + Passage(((line, text),))
            blocks[-1] = replace(blocks[-1], passage=joined)
        else:
            blocks.append(Block("text", Passage(((line, text),))))
    return blocks


def _leading(lines: list[_Line]) -> float:
    """Return the usual distance of two lines that follow each other."""
    steps = [
        round(a.printed.base - b.printed.base, 1)
        for a, b in pairwise(lines)
        if a.printed.page == b.printed.page and 0 < a.printed.base - b.printed.base < 40
    ]
    counted = Counter(steps)
    # The smallest distance that is common: paragraphs may stand further apart than lines.
    common = [
        step for step, times in counted.items() if times * 8 >= max(counted.values(), default=0)
    ]
    return min(common, default=0.0)


def _margins(lines: list[_Line]) -> dict[int, float]:
    """Return for each page how far its lines reach to the right: as far as those of any page."""
    reach: dict[int, float] = defaultdict(float)
    for line in lines:
        reach[line.printed.page] = max(reach[line.printed.page], line.printed.right)
    widest = sorted(reach.values())
    usual = widest[len(widest) // 2] if widest else 0.0
    return {page: max(right, usual) for page, right in reach.items()}
