"""Tell headings and lead-ins from list items and short paragraphs, by how and where they stand."""

from __future__ import annotations

import re

from .blocks import Block
from .duties import REQUIRED_OF, Lead, duty_of, lead_of
from .furniture import is_short
from .parties import Parties
from .sentences import is_instruction

LINK_ONLY = re.compile(r"^(?:\S.{0,120}\(https?://\S+\)|https?://\S+|www\.\S+)\.?$")
LIST_WORDS = re.compile(
    r"\b(?:includes?|including|are|is|will|following|to|on|for|of|that|with|from)\s*:$", re.I
)


def _after(blocks: list[Block], at: int) -> Block | None:
    return blocks[at + 1] if at + 1 < len(blocks) else None


def lead_at(blocks: list[Block], at: int, parties: Parties) -> Lead | None:
    """Return the lead-in that the block at a position is, if what follows is a list or heading."""
    block, after = blocks[at], _after(blocks, at)
    lead = lead_of(block.text, parties)
    if not lead or lead.known and (block.text.endswith(":") or block.kind == "heading"):
        return lead
    listed = after is not None and (after.kind in ("item", "heading") or is_short(after))
    return lead if listed and (lead.known or block.text.endswith(":")) else None


def is_heading(blocks: list[Block], at: int, parties: Parties, mode: str) -> bool:
    """Say whether a block that is not a numbered item is a heading.

    `mode` is what the reader is in the middle of: "list", "duties" or something else.
    """
    block, after = blocks[at], _after(blocks, at)
    if block.kind == "heading":
        return len(block.text.split()) <= 20 or block.text.endswith(":")
    if block.kind == "item":
        return False  # asked before
    text, listed = block.text, after is not None and after.kind == "item"
    if not is_short(block) and not (re.search(r"\w;$", text) and len(text.split()) <= 3):
        return False
    if after is None or not text[0].isupper():
        return False
    if text.endswith(":") and (len(text.split()) > 6 or LIST_WORDS.search(text)):
        return False
    if REQUIRED_OF.search(text) or LINK_ONLY.match(text):
        return False
    follows = listed or lead_of(after.text, parties) is not None or after.kind == "heading"
    if mode == "list":
        return follows
    if mode == "duties" and is_instruction(text):
        return follows
    return len(text.split()) <= 10 and duty_of(text, parties) is None


def is_numbered_heading(
    blocks: list[Block], at: int, parties: Parties, mode: str, last: int
) -> bool:
    """Say whether a numbered item is a heading; `last` is the number of the heading before."""
    block, after = blocks[at], _after(blocks, at)
    text, digits = block.text, re.match(r"\d+", block.number)
    if not digits or not text or len(text.split()) > 8 or re.search(r"[.;,]$", text):
        return False
    if not text[0].isupper() or after is None or duty_of(text, parties):
        return False
    if lead_at(blocks, at, parties):
        return False
    number = int(digits[0])
    before = blocks[at - 1] if at else None
    led = lead_of(after.text, parties) is not None
    in_list = before is not None and before.kind == "item" and before.style == block.style
    if in_list and not (led and number == last + 1):
        return False
    if after.kind == "item" and after.style == block.style and after.number != block.number:
        return False
    if mode == "duties" and not led and (is_instruction(text) or not last):
        return False
    fits = number == last + 1 or "." in block.number.strip(".")
    return fits or after.kind != "item" or not mode
