"""Cut HTML into the same blocks as plain text, each with the lines of the source file.

The parser of the standard library is used, because it tells the line of every run of text;
a tree builder tells only that of the tags.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from .blocks import Block, Row, marker_of, table_blocks
from .records import Source
from .sentences import Passage

HIDDEN = frozenset({"script", "style", "template", "noscript"})
BREAKING = frozenset(
    """address article aside blockquote body caption center dd details div dl dt fieldset figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre section
    select summary table tbody td tfoot th thead title tr ul""".split()
)
VOID_BREAKS = frozenset({"br", "hr"})


def cut_html(source: Source) -> tuple[list[Block], set[int]]:
    """Cut HTML into blocks; the set of marking lines is left empty: a line with no text marks."""
    parser = _Cutter()
    parser.feed("\n".join(source.lines))
    parser.close()
    parser.end_block()
    parser.end_table()
    return parser.blocks, set()


class _Cutter(HTMLParser):
    """Collect text between the tags that break it, with the line of each run."""

    def __init__(self) -> None:
        # Character references come one by one, so that they cannot shift the line numbers.
        super().__init__(convert_charrefs=False)
        self.blocks: list[Block] = []
        self.pieces: list[tuple[int, str]] = []
        self.hidden = 0
        self.heading = 0
        self.in_title = False
        self.preformatted = False
        self.lists: list[list[int | str]] = []  # [tag, items so far]
        self.item_open = False
        self.rows: list[Row] = []
        self.row: list[list[Block]] | None = None
        self.row_is_head = True
        self.tables = 0

    def parse_html_declaration(self, i: int) -> int:
        # Word writes "<![if ...]>"; the standard parser can stop with an error on its like.
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            self.hidden += 1
            return
        if tag in BREAKING or tag in VOID_BREAKS:
            self.end_block(keep_item=tag in ("p", "div") and not self.pieces)
        if tag in ("ul", "ol"):
            self.lists.append([tag, _start_of(attrs)])
        elif tag == "li":
            self.item_open = True
            if self.lists:
                self.lists[-1][1] = int(self.lists[-1][1]) + 1
        elif tag in ("table", "tr", "td", "th"):
            self._open_in_table(tag)
        else:
            self._within(tag, opens=True)

    def _within(self, tag: str, opens: bool) -> None:
        """Note that the text from here on is in, or no more in, a heading, title or listing."""
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = int(tag[1]) if opens else 0
        elif tag == "title":
            self.in_title = opens
        elif tag == "pre":
            self.preformatted = opens

    def _open_in_table(self, tag: str) -> None:
        if tag == "table":
            self.end_table()
            self.tables += 1
        elif tag == "tr" and self.tables:
            self._end_row()
            self.row, self.row_is_head = [], True
        elif self.row is not None:
            self.row_is_head = self.row_is_head and tag == "th"
            self.row.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
            return
        if tag in BREAKING:
            self.end_block()
        if tag in ("ul", "ol"):
            del self.lists[-1:]
        elif tag == "li":
            self.item_open = False
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self.end_table()
            self.tables = max(0, self.tables - 1)
        else:
            self._within(tag, opens=False)

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        line = self.getpos()[0]
        for offset, text in enumerate(data.split("\n")):
            if offset and self.preformatted:
                self.end_block()
            if text:
                self.pieces.append((line + offset, text))
            if offset or "\n" in data:
                self.pieces.append((line + offset, " "))

    def handle_entityref(self, name: str) -> None:
        self.handle_reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_reference(f"&#{name};")

    def handle_reference(self, reference: str) -> None:
        """Add the character that a reference stands for; a line break among them is a space."""
        if not self.hidden:
            self.pieces.append((self.getpos()[0], re.sub(r"\s", " ", unescape(reference))))

    def end_block(self, keep_item: bool = False) -> None:
        """Close the run of text collected so far and keep it as a block or a table cell."""
        passage = _tidy(self.pieces)
        self.pieces = []
        if not passage.pieces:
            return
        if self.row:
            self.row[-1].append(self._block(passage))
        else:
            self.blocks.append(self._block(passage))
        if not keep_item:
            self.item_open = False

    def _block(self, passage: Passage) -> Block:
        text = passage.text
        if self.in_title:
            return Block("title tag", passage)
        marker = marker_of(text)
        if self.heading:
            if marker and marker.number:
                return Block("heading", _drop(passage, marker.rest), self.heading, marker.number)
            return Block("heading", passage, self.heading)
        depth = len(self.lists)
        if self.item_open:
            number = marker.number if marker and marker.rest else ""
            tag, count = self.lists[-1] if self.lists else ("ul", 0)
            if marker and marker.rest:
                passage = _drop(passage, marker.rest)
            elif tag == "ol":
                number = f"{count}."
            return Block("item", passage, 0, number, f"{tag} {depth}")
        if marker and marker.rest:
            # A paragraph made to look like a list item, as Word writes them.
            rest = _drop(passage, marker.rest)
            return Block("item", rest, 0, marker.number, f"{marker.style} {depth}")
        return Block("text", passage)

    def _end_row(self) -> None:
        self.end_block()
        if self.row:
            self.rows.append((self.row_is_head, self.row))
        self.row = None

    def end_table(self) -> None:
        """Close the table, if one is open, and turn its rows into blocks."""
        self._end_row()
        self.blocks += table_blocks(self.rows)
        self.rows = []


def _start_of(attrs: list[tuple[str, str | None]]) -> int:
    start = dict(attrs).get("start") or ""
    return int(start) - 1 if re.fullmatch(r"\d{1,4}", start) else 0


def _tidy(pieces: list[tuple[int, str]]) -> Passage:
    """Join the runs of each line and put single spaces for all white space."""
    lines: list[tuple[int, str]] = []
    for line, text in pieces:
        if lines and lines[-1][0] == line:
            lines[-1] = (line, lines[-1][1] + text)
        else:
            lines.append((line, text))
    # Some pages are Markdown pasted into HTML: the asterisks of bold print go.
    plain = [(line, re.sub(r"(?<!\w)\*\*|\*\*(?!\w)", "", text)) for line, text in lines]
    tidy = [(line, re.sub(r"\s+", " ", text).strip()) for line, text in plain]
    return Passage(tuple((line, text) for line, text in tidy if text))


def _drop(passage: Passage, rest: str) -> Passage:
    """Return the passage without the list marker at its start."""
    text = passage.text
    return passage.between(len(text) - len(rest), len(text))
