"""Recognise an agreement in a source: furniture aside, then block by block, then the loose ends.

`outline.py` reads the blocks in order; this module prepares them and puts the result together.
Whatever nothing else accounts for ends as a doubt, so that no line is lost.
"""

from __future__ import annotations

from .blocks import Block, cut
from .furniture import (
    TITLE_WORDS,
    is_contents,
    is_page_number,
    is_placeholder,
    issued_in,
    running_heads,
    signature_blocks,
    signatures,
    title_blocks,
)
from .markup import cut_html
from .naming import parties_of
from .outline import Outline
from .parties import Parties
from .records import Doubt, Furniture, ImportedAgreement, Source
from .sections import Account, finish_sections
from .sentences import Passage


def recognise(source: Source) -> ImportedAgreement:
    """Recognise title, sections, clauses and terms in a source, and account for every line."""
    blocks, marks = _cut(source)
    desk = _Desk([block for block in blocks if block.passage.pieces])
    for kind, called in SET_ASIDE:
        desk.aside(called, [at for at, block in enumerate(desk.blocks) if block.kind == kind])
    desk.aside("contents list", [at for at, b in enumerate(desk.blocks) if is_contents(b.text)])
    desk.aside("rule", [at for at, block in enumerate(desk.blocks) if block.kind == "rule"])
    desk.aside("page number", [at for at, block in enumerate(desk.blocks) if _is_page(block)])
    parties = parties_of([block for block in desk.blocks if block.kind != "title tag"])

    tags = [at for at, block in enumerate(desk.blocks) if block.kind == "title tag"]
    title_at = title_blocks(desk.blocks, parties) or tags[:1]
    heads = running_heads(desk.blocks, title_at, parties) | set(tags) - set(title_at)
    title = ": ".join(f"{desk.blocks[at].number} {desk.blocks[at].text}".strip() for at in title_at)
    for at in title_at:
        desk.account.record(desk.blocks[at].passage, "title")
    desk.aside("running head", sorted(heads), drop_too=title_at)

    signing = signature_blocks(desk.blocks, parties)
    desk.aside("signature", sorted(signing))
    desk.aside("placeholder", [at for at, b in enumerate(desk.blocks) if is_placeholder(b.text)])
    desk.aside("table heading", [at for at, b in enumerate(desk.blocks) if b.kind == "table head"])
    dates = [at for at, block in enumerate(desk.blocks) if issued_in(block.text)][:1]
    issued = issued_in(desk.blocks[dates[0]].text) if dates else ""
    desk.aside("date of issue", dates)

    outline = Outline(desk.blocks, parties, desk.account)
    outline.read()
    sections, doubts = finish_sections(outline.sections)
    doubts += outline.doubts + _doubts_of_names(parties, blocks) + list(source.doubts)
    doubts += [
        Doubt(clause.line_from, clause.line_to, clause.text, why)
        for section in sections
        for clause in section.clauses
        for why in clause.doubts
    ]
    if not title:
        title, doubt = _title_without_one(source, desk.furniture)
        doubts.append(doubt)
    doubts += _account_for_the_rest(source, desk.account, marks)
    return ImportedAgreement(
        title=title,
        issued=issued,
        sections=tuple(sections),
        furniture=tuple(sorted(desk.furniture + outline.furniture, key=lambda f: f.line_from)),
        signatures=signatures(signing),
        doubts=tuple(sorted(doubts, key=lambda doubt: (doubt.line_from, doubt.line_to))),
        account=dict(sorted(desk.account.fates.items())),
        lines=len(source.lines),
        parties=dict(parties.names),
    )


# Kinds of block that a reader has recognised already, and what they are called.
SET_ASIDE = (
    ("running head", "running head"),
    ("page number", "page number"),
    ("contents", "contents list"),
    ("aside", "note beside the text"),
)


def _cut(source: Source) -> tuple[list[Block], set[int]]:
    if source.kind in ("docx", "pdf"):
        return list(source.blocks), set()
    return cut_html(source) if source.kind == "html" else cut(source)


def _title_without_one(source: Source, furniture: list[Furniture]) -> tuple[str, Doubt]:
    """Return a title for a document that has none, and the doubt about it."""
    for piece in furniture:
        if piece.kind == "running head" and TITLE_WORDS.search(piece.text):
            why = "no title was found; the line at the head of each page stands in"
            return piece.text, Doubt(piece.line_from, piece.line_to, piece.text, why)
    title = source.name.rpartition("/")[2].rpartition(".")[0] or source.name
    return title, Doubt(1, 1, title, "no title was found; the name of the file stands in")


class _Desk:
    """The blocks still to be read, and what has been put aside from among them."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.account = Account()
        self.furniture: list[Furniture] = []

    def aside(self, kind: str, positions: list[int], drop_too: list[int] | None = None) -> None:
        """Put the blocks at these positions aside as furniture; drop others already recorded."""
        fates = {"signature": "signature", "date of issue": "title"}
        for at in positions:
            block = self.blocks[at]
            self.account.record(block.passage, fates.get(kind, "furniture"))
            text = f"{block.number} {block.text}".strip()
            self.furniture.append(Furniture(kind, block.passage.first, block.passage.last, text))
        gone = {*positions, *(drop_too or [])}
        self.blocks = [block for at, block in enumerate(self.blocks) if at not in gone]


def _is_page(block: Block) -> bool:
    """Say whether the block is a page number, also where it looks like an empty list item."""
    if block.kind == "text":
        return is_page_number(block.text)
    lone = block.kind == "item" and block.style.startswith(("number", "bullet"))
    return lone and is_page_number(f"{block.number or '-'} {block.text}".strip())


def _doubts_of_names(parties: Parties, blocks: list[Block]) -> list[Doubt]:
    """Return the doubts about who a name is, each at the first line that uses it."""
    doubts = []
    for name, why in parties.doubts.items():
        block = next((block for block in blocks if name in block.text), None)
        if block:
            doubts.append(Doubt(block.passage.first, block.passage.first, name, why))
    return doubts


def _account_for_the_rest(source: Source, account: Account, marks: set[int]) -> list[Doubt]:
    """Account for the lines that no block held; a line with words among them is a doubt."""
    doubts = []
    for line, raw in source.numbered():
        if line in account.fates:
            continue
        passage = Passage(((line, raw.strip()),))
        if not raw.strip():
            account.record(passage, "blank")
        elif line in marks or source.kind == "html":
            account.record(passage, "markup")
        else:
            account.record(passage, "doubt")
            why = "nothing recognised this line; put it where it belongs"
            doubts.append(Doubt(line, line, raw.strip(), why))
    return doubts
