"""Cut plain text and Markdown into blocks: headings, list items, table rows, rules and text.

A block knows how it was marked and on which lines it stood, not what it means. HTML is cut into
the same blocks by `markup.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .records import Source
from .sentences import Passage, is_unfinished, starts_lower

WRAPPED_AT = 55  # characters: a line at least this long may have been wrapped by hand

BULLET = re.compile(r"([-–—·•▪◦‣*+●○■□➢➤✓❖\uf0b7\uf0a7])\s+(?=\S)")
NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)]|\(\d{1,3}\)|\d{1,2}(?=\s+[A-Z]))\s*(?![\d%])(?=\s|[A-Z(“‘]|$)"
)
LETTER = re.compile(r"(\([a-zA-Z]\)|[a-z][.)]|[A-Z]\)|\(?[ivx]{1,5}\))\s+(?=\S)")
LONE_BULLET = re.compile(r"[·•▪◦‣●○■□➢➤✓❖\uf0b7\uf0a7]$")
RULE = re.compile(r"(?:[-_=*~–—]\s*){3,}$")
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
ROW = re.compile(r"\|.*\|$")
ROW_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?$")
DATE = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.I
)
QUANTITY = re.compile(r"[\d.]+ (?:min|hour|day|week|term|month|year|per ?cent|pupil|%)", re.I)
LABEL = re.compile(r"[^:]{1,50}:\s*$")
FILL_IN = re.compile(r"_{3,}|\.{5,}")


@dataclass(frozen=True)
class Block:
    """A piece of the document as it was laid out.

    `kind` is heading, item, text, rule, table head or title tag; `style` tells one kind of list
    marker from another; `gap` says that a blank line or a new element came before.
    """

    kind: str
    passage: Passage
    level: int = 0
    number: str = ""
    style: str = ""
    gap: bool = True
    width: int = 0
    indent: int = 0

    @property
    def text(self) -> str:
        """Return the words of the block, without its marker."""
        return self.passage.text


@dataclass(frozen=True)
class Marker:
    """A list marker and the text after it."""

    number: str
    style: str
    rest: str


def clean(text: str) -> str:
    """Take Markdown's marks out of a line: emphasis, escapes and link brackets; keep every word."""
    text = re.sub(r"(?<=\w)(?=!?\[[^\[\]]*\]\()", " ", text)
    text = re.sub(r"!?\[([^\[\]]*)\]\(((?:[^()\\]|\\.)*)\)", r"\1 (\2)", _keep_escapes(text))
    text = re.sub(r"(?<!\w)\*\*|\*\*(?!\w)", "", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w_])_(?=[^\W_])([^_]+?)(?<=\S)_(?![\w_])", r"\1", text)
    text = text.translate(_ESCAPED)
    return re.sub(r"\s+", " ", text).strip()


# Escaped characters travel through the clean-up as private-use characters.
_ESCAPABLE = "\\`*_{}[]()#+-.!|>~"
_ESCAPED = {0xF100 + ord(char): char for char in _ESCAPABLE}


def _keep_escapes(text: str) -> str:
    return re.sub(r"\\([\\`*_{}\[\]()#+\-.!|>~])", lambda match: chr(0xF100 + ord(match[1])), text)


def marker_of(text: str, previous: str = "") -> Marker | None:
    """Return the list marker at the start of a line, if there is one.

    `previous` is the number of the item before: after (h), (i) is a letter and not a numeral.
    """
    if DATE.match(text) or QUANTITY.match(text):
        return None
    if match := BULLET.match(text):
        return Marker("", f"bullet {match[1]}", text[match.end() :])
    if LONE_BULLET.match(text):
        return Marker("", f"bullet {text}", "")
    if match := NUMBER.match(text):
        deep = match[1].strip("().").count(".")
        return Marker(match[1], f"number {deep}", text[match.end() :].lstrip())
    if match := LETTER.match(text):
        inner = match[1].strip("().")
        roman = re.fullmatch(r"[ivx]+", inner) and not (
            len(inner) == 1 and previous and ord(inner) == ord(previous[-1]) + 1
        )
        return Marker(match[1], "roman" if roman else "letter", text[match.end() :])
    return None


def cut(source: Source) -> tuple[list[Block], set[int]]:
    """Cut text or Markdown into blocks; return them and the numbers of lines that only mark."""
    blocks: list[Block] = []
    marks: set[int] = set()
    rows: list[Row] = []
    gap, fenced = True, False
    for line, raw in source.numbered():
        stripped = raw.strip()
        if source.kind == "markdown":
            stripped = re.sub(r"^(?:>\s?)+", "", stripped) if not fenced else stripped
            if re.match(r"(```|~~~)\s*\w*$", stripped):
                marks.add(line)
                gap, fenced = True, not fenced
                continue
        if rows and not ROW.match(stripped):
            blocks += table_blocks(rows)
            rows = []
        if not stripped:
            gap = True
        elif RULE.match(stripped):
            if not _underlines(blocks, stripped, gap):
                blocks.append(Block("rule", Passage(((line, stripped),)), gap=gap))
            else:
                blocks[-1] = replace(blocks[-1], kind="heading", level=1 if "=" in stripped else 2)
                marks.add(line)
            gap = True
        elif ROW_RULE.match(stripped):
            marks.add(line)
            rows = [(True, cells) for _, cells in rows]
        elif ROW.match(stripped) and stripped.count("|") > 2:
            rows.append((False, [_cell(line, cell) for cell in stripped.strip("|").split("|")]))
            gap = True
        else:
            _add_line(blocks, line, raw, stripped, gap)
            gap = False
    return blocks + table_blocks(rows), marks


def _cell(line: int, text: str) -> list[Block]:
    return [Block("text", Passage(((line, clean(text)),)))] if text.strip() else []


def _underlines(blocks: list[Block], rule: str, gap: bool) -> bool:
    """Say whether a row of dashes or equals signs underlines the line above it."""
    return (
        not gap
        and rule[0] in "-="
        and bool(blocks)
        and blocks[-1].kind == "text"
        and len(blocks[-1].text.split()) <= 12
    )


def _add_line(blocks: list[Block], line: int, raw: str, stripped: str, gap: bool) -> None:
    indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
    width = len(raw.rstrip())
    if match := HEADING.match(stripped):
        text, number = clean(match[2]), ""
        if (marker := marker_of(text)) and marker.number:
            text, number = marker.rest, marker.number
        blocks.append(Block("heading", Passage(((line, text),)), len(match[1]), number, gap=gap))
        return
    last = blocks[-1] if blocks else None
    # A marker may stand inside bold print ("**1. Aims**"), so emphasis goes first; a bullet that
    # is an asterisk is not emphasis, since a space follows it.
    stripped = re.sub(r"^o(?:\s{2,}|\t)\s*(?=\S)", "◦ ", stripped)
    text = re.sub(r"\s+", " ", stripped) if re.match(r"[*+]\s", stripped) else clean(stripped)
    marker = marker_of(text, last.number.strip("().") if last else "")
    if marker:
        style = f"{marker.style} {indent // 2}" if marker.style != "roman" else "roman"
        passage = Passage(((line, clean(marker.rest)),))
        blocks.append(
            Block("item", passage, 0, marker.number, style, gap=gap, width=width, indent=indent)
        )
        return
    if last and _continues(last, text, indent, gap):
        joined = replace(last, passage=last.passage + Passage(((line, text),)), width=width)
        blocks[-1] = joined
        return
    blocks.append(Block("text", Passage(((line, text),)), gap=gap, width=width, indent=indent))


def _continues(last: Block, text: str, indent: int, gap: bool) -> bool:
    """Say whether an unmarked line is the rest of the block directly above it."""
    if last.kind not in ("item", "text"):
        return False
    if last.kind == "item" and not last.text:
        return True  # the marker stood on a line of its own
    if gap or FILL_IN.search(text) or FILL_IN.search(last.text):
        return False
    hangs = last.kind == "item" and indent > last.indent + 1
    if is_unfinished(last.text):
        if starts_lower(text) or hangs or last.text.endswith(","):
            return True
        label = LABEL.match(text) or _looks_like_heading(text)
        # Lines wrapped by hand are of like width; a far longer one is a paragraph of its own.
        return WRAPPED_AT <= last.width >= len(text) - 25 and not label
    return hangs and not text.endswith(":")


def _looks_like_heading(text: str) -> bool:
    """Say whether a line is a few words with capitals, as a heading without a blank line is."""
    words = [word for word in text.split() if len(word) > 3]
    few = len(text.split()) <= 6 and not text.endswith((".", ",", ";"))
    return few and bool(words) and all(word[0].isupper() for word in words)


PRINTED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})(?:\.\d+)*[.)]?")
HEAD_WORDS = re.compile(
    r"(?:who|what|when|how|part(?:y|ies)|dut(?:y|ies)|responsib\w+|roles?|actions?|tasks?|items?"
    r"|no\.?|ref\w*\.?|requirements?|clauses?|standards?|targets?|timescales?|descriptions?)",
    re.I,
)
COLUMN = "column"  # how the style of a block begins that stood in a column of duties
Row = tuple[bool, list[list[Block]]]  # is it a head row?, the blocks of each cell


def table_blocks(rows: list[Row]) -> list[Block]:
    """Turn the rows of one table into blocks.

    A table whose columns are parties is read column by column; one that only lays out the page,
    as it comes; any other row by row: a number in the first column is the printed number, a short
    first cell stands before a colon, or is the heading of what the second cell lists.
    """
    rows = [(is_head, [_joined(cell) for cell in cells]) for is_head, cells in rows]
    if len(rows) > 1 and _is_head(rows[0][1]):
        rows[0] = (True, rows[0][1])
    blocks: list[Block] = []
    body = [cells for head, cells in rows if not head]
    if rows and (rows[0][0] or len(rows) > 1) and _columns_of_duties(rows[0][1], body):
        for at, head in enumerate(rows[0][1]):
            blocks.append(replace(head[0], kind="heading", style=COLUMN))
            for _, cells in rows[1:]:
                for block in cells[at] if at < len(cells) else []:
                    kind = "item" if block.kind == "text" else block.kind
                    blocks.append(replace(block, kind=kind, style=f"{COLUMN} {block.style}"))
        return blocks
    if lists := _rows_of_lists(rows):
        return lists
    if any(len(cell) > 1 or cell[:1] and cell[0].kind == "heading" for _, c in rows for cell in c):
        return [block for _, cells in rows for cell in cells for block in cell]
    for is_head, cells in rows:
        full = [cell[0] for cell in cells if cell and cell[0].text]
        if full:
            blocks.append(_row_block(is_head, full, len(cells)))
    return blocks


def _is_head(cells: list[list[Block]]) -> bool:
    """Say whether a row that nobody marked names the columns: a few words each, "Who" say."""
    texts = [block.text for cell in cells for block in cell]
    few = len(texts) > 1 and all(len(text.split()) <= 4 for text in texts)
    return few and any(HEAD_WORDS.fullmatch(text.rstrip(":")) for text in texts)


def _joined(cell: list[Block]) -> list[Block]:
    """Put the paragraphs of a cell together where one breaks off and the next goes on."""
    out: list[Block] = []
    for block in cell:
        goes_on = block.kind == "text" and starts_lower(block.text)
        if out and goes_on and out[-1].kind in ("text", "item") and is_unfinished(out[-1].text):
            out[-1] = replace(out[-1], passage=out[-1].passage + block.passage)
        else:
            out.append(block)
    return out


def _rows_of_lists(rows: list[Row]) -> list[Block]:
    """Read a table of two columns, names and what belongs to each; nothing for any other table."""
    body = [cells for is_head, cells in rows if not is_head]
    if not any(len(cells[-1]) > 1 for cells in body if cells):
        return []
    for cells in body:
        short = cells and len(cells[0]) == 1 and len(cells[0][0].text.split()) <= 6
        plain = all(block.kind in ("text", "item") for cell in cells for block in cell)
        if len(cells) != 2 or not short or not plain or cells[0][0].text.endswith("."):
            return []
    blocks = []
    for is_head, cells in rows:
        full = [cell[0] for cell in cells if cell]
        if is_head:
            blocks += [_row_block(True, full, len(cells))] if full else []
            continue
        blocks.append(replace(cells[0][0], kind="heading", style=COLUMN))
        for block in cells[1]:
            blocks.append(replace(block, kind="item", style=f"{COLUMN} {block.style}"))
    return blocks


def _row_block(is_head: bool, full: list[Block], columns: int) -> Block:
    number, first = full[0].number, full[0].passage
    if len(full) > 1 and PRINTED.fullmatch(full[0].text) and not number:
        number, full = full[0].text, full[1:]
        first = _with_number(full[0])
    passage = first
    if not is_head and (len(full) > 1 or columns > 1 and not number):
        passage = _with_colon(passage)
    for cell in full[1:]:
        passage = passage + _with_number(cell)
    return Block("table head" if is_head else "item", passage, 0, number, "row")


def _with_number(cell: Block) -> Passage:
    if not cell.number:
        return cell.passage
    return Passage(((cell.passage.first, cell.number), *cell.passage.pieces))


def _with_colon(cell: Passage) -> Passage:
    *before, (line, text) = cell.pieces
    return Passage((*before, (line, text if text.endswith((":", ".", ";")) else f"{text}:")))


def _columns_of_duties(head: list[list[Block]], body: list[list[list[Block]]]) -> bool:
    if len(head) < 2 or not body:
        return False
    if any(len(cell) != 1 or len(cell[0].text.split()) > 8 for cell in head):
        return False
    for at in range(len(head)):
        cells = [cells[at] for cells in body if at < len(cells) and cells[at]]
        words = sum(len(block.text.split()) for cell in cells for block in cell)
        if not cells or words / sum(len(cell) for cell in cells) < 4:
            return False
    return True
