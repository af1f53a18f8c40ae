"""Read a Word file (.docx) into lines and blocks: paragraphs, lists, tables, heads, notes.

A line is a paragraph, or a part of one between two line breaks. Everything that Word prints comes
out, and what it does not print (comments, deletions that nobody has accepted) is a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from .archive import Archive, Damaged, attribute, child, local
from .blocks import FILL_IN, LABEL, Block, Row, marker_of, table_blocks
from .numbering import Label, Numbering, Styles, level_of, list_of
from .records import Doubt
from .sentences import Passage, is_unfinished, starts_lower

# What holds no words of the document.
WORDLESS = frozenset(
    """rPr pPr sectPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr instrText delInstrText proofErr
    bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd lastRenderedPageBreak """.split()
)
CHARACTERS = frozenset("t noBreakHyphen tab ptab sym footnoteReference endnoteReference".split())
BREAKS = frozenset({"br", "cr"})
PICTURES = frozenset({"drawing", "pict", "object"})
DELETED = frozenset({"del", "moveFrom"})
NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
CONTENTS_STYLE = re.compile(r"(?:toc \d|toc heading|contents heading|table of figures)", re.I)
ADDRESS = re.compile(r'HYPERLINK\s+"([^"]+)"')
MOST_LINES = 20_000


class TooLong(Exception):
    """The document has more lines than any agreement."""


@dataclass
class _Words:
    """The words of one paragraph while they are collected, line by line."""

    lines: list[str] = field(default_factory=lambda: [""])
    boxes: list[Element] = field(default_factory=list)
    deleted: str = ""
    inserted: bool = False
    pictures: int = 0
    instruction: str = ""
    in_instruction: int = 0

    def add(self, text: str) -> None:
        if not self.in_instruction:
            self.lines[-1] += text


def read_word(data: bytes) -> tuple[tuple[str, ...], tuple[Block, ...], tuple[Doubt, ...]]:
    """Return the lines of a Word file, the blocks they make, and what is doubtful about them.

    Raises `archive.Damaged`, `archive.TooLarge` or TooLong.
    """
    reader = _Reader(Archive(data))
    try:
        reader.read()
    except RecursionError as error:
        raise Damaged from error
    return tuple(reader.lines), tuple(reader.blocks), tuple(reader.doubts)


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        kinds = archive.related("")
        main = [part for kind, part in kinds.values() if kind == "officeDocument"]
        self.main = main[0] if main else "word/document.xml"
        self.related = archive.related(self.main)
        self.styles = Styles(self._part("styles"))
        self.numbering = Numbering(self._part("numbering"))
        self.links: dict[str, str] = {}
        self.lines: list[str] = []
        self.blocks: list[Block] = []
        self.doubts: list[Doubt] = []
        self.told_of_changes = False

    def _part(self, kind: str) -> Element | None:
        names = [part for found, part in self.related.values() if found == kind]
        return self.archive.part(names[0]) if names else None

    def read(self) -> None:
        """Read heads, body, feet, notes and comments, in this order."""
        root = self.archive.part(self.main)
        body = child(root, "body")
        if root is None or body is None:
            raise Damaged
        self._furniture(root, "header")
        self._use_links_of(self.main)
        self._walk(body, self.blocks)
        self._furniture(root, "footer")
        for kind, tag in NOTES:
            self._notes(kind, tag)
        self._comments()

    def _use_links_of(self, part: str) -> None:
        related = self.archive.related(part).items()
        self.links = {name: to for name, (kind, to) in related if kind == "hyperlink"}

    # Round the text

    def _furniture(self, root: Element, kind: str) -> None:
        """Read the heads or feet that the document uses, each text once."""
        seen: set[str] = set()
        for reference in root.iter():
            if local(reference.tag) != f"{kind}Reference":
                continue
            part = self.related.get(attribute(reference, "id"), ("", ""))[1]
            found = self.archive.part(part)
            if found is None or part in seen:
                continue
            seen.add(part)
            words = " ".join("".join(each.itertext()) for each in found).strip()
            if words in seen:
                continue
            seen.add(words)
            self._use_links_of(part)
            blocks: list[Block] = []
            self._walk(found, blocks)
            self.blocks += [replace(block, kind="running head") for block in blocks]

    def _notes(self, kind: str, tag: str) -> None:
        root = self._part(kind)
        notes = [each for each in (root if root is not None else ()) if local(each.tag) == tag]
        for note in notes:
            if attribute(note, "type") in (
                "separator",
                "continuationSeparator",
                "continuationNotice",
            ):
                continue
            self._set_beside(
                note, f"[{attribute(note, 'id')}] ", f"a {tag}; put it where it belongs"
            )

    def _comments(self) -> None:
        root = self._part("comments")
        for comment in root if root is not None else ():
            if local(comment.tag) == "comment":
                self._set_beside(comment, "", "a comment in the margin; settle what it asks")

    def _set_beside(self, element: Element, before: str, why: str) -> None:
        """Read words that stand beside the text as lines of their own, each in doubt."""
        blocks: list[Block] = []
        self._walk(element, blocks)
        for at, block in enumerate(blocks):
            words = f"{block.number} {block.text}".strip()
            passage = block.passage
            text = f"{before if not at else ''}{words}"
            self.doubts.append(Doubt(passage.first, passage.last, text, why))
            self.blocks.append(replace(block, kind="aside"))

    # The text

    def _walk(self, container: Element, out: list[Block]) -> None:
        """Read paragraphs and tables in order, also those inside content controls and the like."""
        for element in container:
            tag = local(element.tag)
            if tag == "p":
                self._paragraph(element, out)
            elif tag == "tbl":
                out += table_blocks(self._rows(element))
            elif tag == "sdt" and _is_contents(element):
                inside: list[Block] = []
                self._walk(element, inside)
                out += [replace(block, kind="contents") for block in inside]
            elif tag == "AlternateContent":
                self._walk(_one_of(element), out)
            elif tag not in WORDLESS:
                self._walk(element, out)

    def _rows(self, table: Element) -> list[Row]:
        rows: list[Row] = []
        for element in _children(table, "tr"):
            cells: list[list[Block]] = []
            before = child(element, "trPr", "gridBefore")
            cells += [[] for _ in range(_count(before))]
            for cell in _children(element, "tc"):
                blocks: list[Block] = []
                self._walk(cell, blocks)
                cells.append(blocks)
                cells += [[] for _ in range(_count(child(cell, "tcPr", "gridSpan")) - 1)]
            head = child(element, "trPr", "tblHeader")
            is_head = head is not None and attribute(head, "val") not in ("0", "false", "off")
            rows.append((is_head, cells))
        return rows

    def _paragraph(self, paragraph: Element, out: list[Block]) -> None:
        words = _Words()
        self._collect(paragraph, words)
        first = len(self.lines) + 1
        texts = [re.sub(r"\s+", " ", line).strip() for line in words.lines]
        self.lines += texts
        if len(self.lines) > MOST_LINES:
            raise TooLong
        properties = child(paragraph, "pPr")
        mark = child(properties, "rPr", "del")
        self._doubt_changes(words, first, mark is not None)
        if words.pictures:
            self.doubts.append(
                Doubt(first, first, texts[0], "a picture; what it shows is not read")
            )
        pieces = [(first + at, text) for at, text in enumerate(texts) if text]
        # An empty paragraph of a list counts too: Word prints its number.
        label = self._label(properties)
        if pieces:
            self._add(paragraph, properties, label, pieces, out)
        for box in words.boxes:
            inside: list[Block] = []
            self._walk(box, inside)
            if inside:
                passage = inside[0].passage + inside[-1].passage
                why = "stood in a text box; see that it is in the right place"
                self.doubts.append(Doubt(passage.first, passage.last, inside[0].text, why))
            out += inside

    def _label(self, properties: Element | None) -> Label | None:
        style = self.styles.of(_style_of(properties))
        list_id, at = list_of(properties) or ("", 0)
        if not list_id:
            list_id, at = style.list_id, at or style.list_level
        return self.numbering.next(list_id, at) if list_id not in ("", "0") else None

    def _add(
        self,
        paragraph: Element,
        properties: Element | None,
        label: Label | None,
        pieces: list[tuple[int, str]],
        out: list[Block],
    ) -> None:
        """Put the lines of one paragraph into blocks: one, or more where a line break ends a matter."""
        style = self.styles.of(_style_of(properties))
        level = style.level or level_of(paragraph)
        (line, text), rest = pieces[0], pieces[1:]
        if CONTENTS_STYLE.fullmatch(style.name):
            out.append(Block("contents", Passage(tuple(pieces))))
            return
        number, how = (label.number, label.style) if label else ("", "")
        kind = "heading" if level else "item" if label else "text"
        marker = None if number else marker_of(text)
        if marker and marker.rest and (kind != "heading" or marker.number):
            text, number = marker.rest, marker.number
            if kind != "heading":
                kind, how = "item", marker.style
        block = Block(kind, Passage(((line, text),)), level, number, how)
        for line, text in rest:
            if _goes_on(block, text):
                block = replace(block, passage=block.passage + Passage(((line, text),)))
                continue
            out.append(block)
            marker = marker_of(text)
            if marker and marker.rest:
                passage = Passage(((line, marker.rest),))
                block = Block("item", passage, 0, marker.number, marker.style, gap=False)
            else:
                block = Block("text", Passage(((line, text),)), gap=False)
        out.append(block)

    def _doubt_changes(self, words: _Words, line: int, mark_deleted: bool) -> None:
        deleted = re.sub(r"\s+", " ", words.deleted).strip()
        if deleted:
            why = "deleted by a change that nobody has accepted or refused; left out"
            self.doubts.append(Doubt(line, line, deleted, why))
        if (words.inserted or deleted or mark_deleted) and not self.told_of_changes:
            self.told_of_changes = True
            why = "the file has tracked changes; insertions are taken in, deletions left out"
            text = " ".join(words.lines).strip()
            self.doubts.append(Doubt(line, line, text, why))

    # The words of a paragraph

    def _collect(self, element: Element, words: _Words) -> None:
        for each in element:
            tag = local(each.tag)
            if tag in CHARACTERS:
                words.add(_character(each, tag))
            elif tag in BREAKS:
                self._break(each, words)
            elif tag in ("fldChar", "instrText"):
                self._field(each, words)
            elif tag in DELETED:
                words.deleted += "".join(each.itertext()) + " "
            elif tag in PICTURES or tag == "AlternateContent":
                self._picture(each, words)
            elif tag == "txbxContent":
                words.boxes.append(each)
            elif tag not in WORDLESS:
                words.inserted = words.inserted or tag == "ins"
                self._collect(each, words)
                if tag == "hyperlink":
                    self._add_address(self.links.get(attribute(each, "id"), ""), words)

    def _break(self, element: Element, words: _Words) -> None:
        if attribute(element, "type") in ("page", "column"):
            words.add(" ")
        else:
            words.lines.append("")

    def _picture(self, element: Element, words: _Words) -> None:
        """Take the text boxes out of a drawing; of two forms of one drawing, the first."""
        if local(element.tag) == "AlternateContent":
            self._collect(_one_of(element), words)
            return
        boxes = len(words.boxes)
        self._collect(element, words)
        if len(words.boxes) > boxes:
            return
        words.pictures += 1
        for each in element.iter():
            if local(each.tag) == "docPr" and (said := attribute(each, "descr")):
                words.add(f" [{said}] ")
                return

    def _field(self, element: Element, words: _Words) -> None:
        """Follow a field: what it is told to do is no text, what it shows is."""
        kind = attribute(element, "fldCharType")
        if local(element.tag) == "instrText":
            words.instruction += element.text or ""
        elif kind == "begin":
            words.in_instruction += 1
            words.instruction = ""
        elif kind == "separate":
            words.in_instruction = max(0, words.in_instruction - 1)
        elif kind == "end":
            if match := ADDRESS.search(words.instruction):
                self._add_address(match[1], words)
            words.instruction = ""
            if words.in_instruction:  # a field without a result
                words.in_instruction -= 1

    def _add_address(self, address: str, words: _Words) -> None:
        plain = address.removeprefix("mailto:").rstrip("/")
        if plain and not plain.startswith(("#", "word/")) and plain not in words.lines[-1]:
            words.add(f" ({address})")


def _goes_on(block: Block, text: str) -> bool:
    """Say whether a line after a line break is the rest of the one before it."""
    if block.kind == "heading":
        return True
    if FILL_IN.search(text) or FILL_IN.search(block.text) or LABEL.match(text) or marker_of(text):
        return False
    return block.kind == "item" or is_unfinished(block.text) and starts_lower(text)


def _character(element: Element, tag: str) -> str:
    if tag == "t":
        return element.text or ""
    if tag in ("footnoteReference", "endnoteReference"):
        return f" [{attribute(element, 'id')}]"
    if tag == "sym":
        code = attribute(element, "char")
        return chr(int(code, 16)) if re.fullmatch(r"[0-9a-fA-F]{2,4}", code) else " "
    return "-" if tag == "noBreakHyphen" else " "


def _one_of(alternatives: Element) -> Element:
    """Return the first form of something that is stored in two, for newer and older programs."""
    return next(iter(alternatives), alternatives)


def _style_of(properties: Element | None) -> str:
    named = child(properties, "pStyle")
    return attribute(named, "val") if named is not None else ""


def _is_contents(control: Element) -> bool:
    gallery = child(control, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == "Table of Contents"


def _count(element: Element | None) -> int:
    value = attribute(element, "val") if element is not None else ""
    return min(int(value), 60) if value.isdigit() else 0


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Give the rows of a table or the cells of a row, also those inside content controls."""
    for each in element:
        name = local(each.tag)
        if name == tag:
            yield each
        elif name in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _children(each, tag)
