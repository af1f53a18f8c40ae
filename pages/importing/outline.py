"""Read the blocks of a document in order: headings, lead-ins, duties, and what is neither.

The reader keeps in mind under which heading it stands, which party the last lead-in named, and
which sentence or list is still open.
"""

from __future__ import annotations

import re

from .blocks import COLUMN, Block
from .duties import (
    ACCEPTANCE,
    INCLUDES,
    READER,
    READER_AGREES,
    REQUIRED_OF,
    Duty,
    Lead,
    duty_of,
    heading_lead,
    labelled,
    leads_to_acts,
)
from .furniture import is_short
from .headings import LINK_ONLY, is_heading, is_numbered_heading, lead_at
from .parties import Parties
from .records import Doubt, Furniture
from .sections import Account, ClauseDraft, IntroDraft, SectionDraft
from .sentences import Passage, is_instruction, is_unfinished, starts_lower

OPENING = "About this agreement"


class Outline:
    """The sections read so far and the reader's state."""

    def __init__(self, blocks: list[Block], parties: Parties, account: Account) -> None:
        self.blocks = blocks
        self.parties = parties
        self.account = account
        self.section = SectionDraft("opening", OPENING, 2, 0)
        self.sections = [self.section]
        self.doubts: list[Doubt] = []
        self.furniture: list[Furniture] = []
        self.lead: Lead | None = None
        self.mode = ""  # duties, weak (a heading names the party), after (prose came), list, ""
        self.base = ""  # the last heading that was not nested under a lead-in
        self.base_level = 0
        self.nested_level = 0
        self.nested_numbered = False
        self.heading_number = 0
        self.open: ClauseDraft | IntroDraft | None = None
        self.parent: ClauseDraft | None = None
        self.parent_style: str | None = None
        self.sub_style: str | None = None
        self.acts = False
        self.in_columns = False
        self.absorbed: list[ClauseDraft] = []

    def read(self) -> None:
        """Read all blocks into sections."""
        at = 0
        while at < len(self.blocks):
            at += self._take(at)
        for section in self.sections:
            section.clauses = [draft for draft in section.clauses if draft not in self.absorbed]

    def _take(self, at: int) -> int:
        """Read the block at a position; return how many blocks were read."""
        block = self.blocks[at]
        if self.in_columns and not block.style.startswith(COLUMN):
            self._leave_columns(block)
        self.in_columns = block.style.startswith(COLUMN)
        if self._continues(block):
            self._append(block)
        elif is_numbered_heading(self.blocks, at, self.parties, self.mode, self.heading_number):
            self._start_heading(block)
        elif block.kind == "item" and self.parent and self._is_sub(block):
            self._add_sub(block)
        elif lead := lead_at(self.blocks, at, self.parties):
            self._start_lead(lead, block)
        elif is_heading(self.blocks, at, self.parties, self.mode):
            self._start_heading(block)
        elif block.kind == "text" and INCLUDES.match(block.text) and block.text.endswith(":"):
            return self._attach_list(at)
        elif (
            block.kind == "item"
            and self.mode in ("duties", "list")
            and not (block.style == "row" and labelled(block.text, self.parties))
        ):
            self._take_item(block)
        else:
            self._take_prose(at)
        return 1

    def _leave_columns(self, block: Block) -> None:
        """End the party of a table's last column: what follows the table is nobody's yet."""
        name = f"{self.base}, continued" if self.base else "After the table"
        self.section = SectionDraft("opening", name, self.base_level or 2, block.passage.first)
        self.sections.append(self.section)
        self.lead, self.mode, self.nested_level = None, "", 0
        self.open = self.parent = None

    def _next(self, at: int) -> Block | None:
        return self.blocks[at + 1] if at + 1 < len(self.blocks) else None

    # Sentences and lists that are still open

    def _continues(self, block: Block) -> bool:
        if block.kind != "text" or self.open is None:
            return False
        ending = self.open.last.pieces[-1][1]
        if ending.endswith(":") and LINK_ONLY.match(block.text):
            return True
        return is_unfinished(ending) and starts_lower(block.text)

    def _append(self, block: Block) -> None:
        if self.open is None:
            return
        clause = isinstance(self.open, ClauseDraft)
        self.account.record(block.passage, "clause continued" if clause else "intro")
        self.open.append(block.passage)

    def _is_sub(self, block: Block) -> bool:
        if self.parent_style is None or block.style != self.parent_style:
            self.sub_style = block.style
            return True
        if self.sub_style not in (None, self.parent_style):
            return False  # the list under the item is over
        self.sub_style = block.style
        return self.acts or not is_instruction(block.text)

    def _add_sub(self, block: Block) -> None:
        parent = self.parent
        if parent is None:
            return
        begun = parent.prefix is not None
        if not begun and (parent.items or not self.acts or not is_instruction(block.text)):
            parent.items.append((block.number, block.passage))
            self.account.record(block.passage, "clause continued")
            self.open = parent
            return
        if not begun:
            *before, last = parent.passage.sentences()
            parent.prefix = last
            if before:
                parent.passage = sum(before[1:], before[0])
            else:
                self.absorbed.append(parent)
            if block.style == self.parent_style:
                why = "it is not clear where the list under these words ends"
                self._doubt(last, why)
        number = f"{parent.number} {block.number}".strip()
        self._add_clause(block.passage, parent.party, number, prefix=parent.prefix)

    def _attach_list(self, at: int) -> int:
        """Give a list under "These include:" to the clause above that it fits best."""
        words, end = self.blocks[at], at + 1
        while end < len(self.blocks) and self.blocks[end].kind == "item":
            end += 1
        items = self.blocks[at + 1 : end]
        drafts = [draft for draft in self.section.clauses if draft not in self.absorbed]
        if not items or not drafts:
            self._add_intro(words)
            self.mode = "list"
            return 1
        stems = [{word[:5] for word in re.findall(r"\w{4,}", item.text.lower())} for item in items]
        near = list(reversed(drafts))
        best = max(
            near, key=lambda d: sum(any(stem in d.text.lower() for stem in s) for s in stems)
        )
        if best is not near[0]:
            self._doubt(words.passage, "the list may belong to another clause above it")
        best.append(words.passage)
        best.items += [(item.number, item.passage) for item in items]
        for block in (words, *items):
            self.account.record(block.passage, "clause continued")
        self.open = self.parent = None
        return end - at

    # Headings and lead-ins

    def _start_lead(self, lead: Lead, block: Block) -> None:
        name = lead.name
        if lead.condition:
            name += f", {lead.condition[:1].lower()}{lead.condition[1:]}"
        level = block.level or (self.base_level + 1 if self.base else 2)
        party = lead.party
        if not lead.known:
            party = self.parties.only() or "all"
            self._doubt(block.passage, f"it is not clear who “{lead.name}” is; taken to be {party}")
        words = f"{block.number} {block.text}".strip()
        self.section = SectionDraft(
            "lead", name, level, block.passage.first, self.base, party, lead=words
        )
        self._enter(Lead(party, lead.name), "duties", block)

    def _enter(self, lead: Lead | None, mode: str, block: Block) -> None:
        self.sections.append(self.section)
        self.account.record(block.passage, "heading")
        self.lead, self.mode = lead, mode
        self.open = self.parent = None
        self.nested_level, self.nested_numbered = 0, False

    def _start_heading(self, block: Block) -> None:
        text = block.text.rstrip(" :;")
        number = int(match[0]) if (match := re.match(r"\d+", block.number)) else 0
        level = block.level or self._level(block)
        first = block.passage.first
        lead = heading_lead(text, self.parties)
        if self.lead and not lead and self._nests(block, level):
            kept, fresh = self.lead, not self.nested_level
            mode = "weak" if self.mode in ("weak", "after") else "duties"
            within = level if block.level else self.nested_level or self.section.level + 1
            numbered = bool(number) if fresh else self.nested_numbered
            name = f"{kept.name}: {text}"
            words, outer = self.section.lead, self.nested_level or within
            self.section = SectionDraft(
                "nested", name, within, first, "", kept.party, words, block.number
            )
            self._enter(kept, mode, block)
            self.nested_level, self.nested_numbered = outer, numbered
            return
        self.heading_number = number or self.heading_number
        self.base, self.base_level = text, level
        party = lead.party if lead else ""
        self.section = SectionDraft("heading", text, level, first, party=party, number=block.number)
        self._enter(lead, "weak" if lead else "", block)

    def _level(self, block: Block) -> int:
        if block.number:
            return 2 + block.number.strip("().").count(".")
        return 3 if self.heading_number else 2

    def _nests(self, block: Block, level: int) -> bool:
        """Say whether a heading divides the duties of the last lead-in or ends them."""
        if self.nested_level:
            if block.kind == "heading":
                return level >= self.nested_level
            return bool(block.number) == self.nested_numbered
        fresh = self.section.role == "lead" and self.section.empty
        if self.section.role == "heading":  # the heading itself names the party
            return level > self.base_level if block.level else self.section.empty
        return fresh and (not block.level or level >= self.section.level - 1)

    # Duties and what is not one

    def _add_clause(
        self, passage: Passage, party: str, number: str = "", prefix: Passage | None = None
    ) -> ClauseDraft:
        draft = ClauseDraft(party or "all", passage, number, prefix)
        if not party:
            draft.doubts.append("it is not clear whose duty this is")
        self.section.clauses.append(draft)
        self.account.record(passage, "clause", "clause continued")
        self.open = draft
        return draft

    def _add_intro(self, block: Block, passage: Passage | None = None) -> None:
        passage = passage or block.passage
        draft = IntroDraft(passage, block.number if passage is block.passage else "")
        self.section.intro.append(draft)
        self.account.record(passage, "intro")
        self.open, self.parent = draft, None

    def _doubt(self, passage: Passage, why: str) -> None:
        self.doubts.append(Doubt(passage.first, passage.last, passage.text, why))

    def _take_item(self, block: Block) -> None:
        """Read a list item: a duty under a lead-in, a part of the introduction under any other."""
        self.parent = None
        if self.mode == "list" or self.lead is None:
            self._add_intro(block)
            return
        party, doubt = self.lead.party, ""
        if not is_instruction(block.text):
            duty = duty_of(block.passage.sentences()[0].text, self.parties) if block.text else None
            if duty and duty.party and not duty.doubt and duty.party != party:
                doubt = f"stands in the list of the {party} but names the {duty.party}"
                party = duty.party
        draft = self._add_clause(block.passage, party, block.number)
        if doubt:
            draft.doubts.append(doubt)
        self._await_list(draft, block)

    def _await_list(self, draft: ClauseDraft, block: Block) -> None:
        """Remember that a list follows which belongs to this clause, if its words say so."""
        if draft.text.endswith(":"):
            self.parent, self.sub_style = draft, None
            self.parent_style = block.style if block.kind == "item" else None
            self.acts = leads_to_acts(draft.text)

    def _take_prose(self, at: int) -> None:
        """Read a paragraph, or an item outside a list of duties, sentence by sentence."""
        block, after = self.blocks[at], self._next(at)
        text, item_next = block.text, after is not None and after.kind == "item"
        self.parent = None
        in_list = self.lead is not None and self.mode in ("duties", "after")
        unfinished = is_unfinished(text) and not in_list
        listed = item_next and (text.endswith(":") or unfinished) and block.kind != "item"
        if ACCEPTANCE.search(text) and not listed:
            passage = block.passage
            self.account.record(passage, "signature")
            words = f"{block.number} {text}".strip()
            self.furniture.append(Furniture("acceptance", passage.first, passage.last, words))
            return
        if found := labelled(text, self.parties):
            party, start = found
            if is_instruction(text[start:]) or duty_of(text[start:], self.parties):
                self._await_list(self._add_clause(block.passage, party, block.number), block)
                return
        required = REQUIRED_OF.search(text) if listed else None
        if required and (party := self.parties.of(required["who"])):
            draft = self._add_clause(block.passage, party, block.number)
            draft.doubts.append(f"taken to be what the {party} must have in place")
            self._await_list(draft, block)
            return
        if listed and READER_AGREES.search(text):
            self._doubt(block.passage, "whoever completes the document agrees; taken to bind all")
            if self.section.lead:
                self._add_intro(block)
            else:
                self.section.lead = f"{block.number} {text}".strip()
                self.account.record(block.passage, "intro")
                self.open = None
            self.lead, self.mode = Lead("all", ""), "duties"
            return
        if self.mode == "list" and is_short(block) and not text.endswith(":"):
            self._add_intro(block)
            return
        self._take_sentences(block, listed)

    def _take_sentences(self, block: Block, listed: bool) -> None:
        standing = self.section.party or self.parties.only()
        before, duties, unnamed = self._duties_in(block.passage, standing)
        if not duties:
            self._take_rest(block, listed, unnamed)
            return
        for at, (duty, passage) in enumerate(duties):
            draft = self._add_clause(passage, duty.party, "" if at else block.number)
            if duty.doubt:
                draft.doubts.append(duty.doubt)
        if before:
            self._add_intro(block, before)
            self.open = draft
        if listed:
            self.parent, self.parent_style, self.sub_style, self.acts = draft, None, None, False
            self._await_list(draft, block)
        if self.mode in ("duties", "list") and block.kind == "text":
            self.mode = "after" if self.lead else ""

    def _duties_in(
        self, passage: Passage, standing: str
    ) -> tuple[Passage | None, list[tuple[Duty, Passage]], str]:
        """Return what comes before the first duty, each duty with the words that qualify it,
        and why a promise that names nobody was left out.
        """
        before: Passage | None = None
        duties: list[tuple[Duty, Passage]] = []
        unnamed = ""
        for sentence in passage.sentences():
            duty = duty_of(sentence.text, self.parties, standing)
            if duty and duty.party:
                duties.append((duty, sentence))
            elif duties:
                duties[-1] = (duties[-1][0], duties[-1][1] + sentence)
            else:
                before = before + sentence if before else sentence
                unnamed = unnamed or (duty.doubt if duty else "")
        return before, duties, unnamed

    def _take_rest(self, block: Block, listed: bool, unnamed: str) -> None:
        """Read a block that names no duty: an instruction in a list of duties, or introduction."""
        text = block.text
        if (
            self.lead
            and self.mode in ("duties", "weak", "after")
            and is_instruction(text)
            and not listed
        ):
            draft = self._add_clause(block.passage, self.lead.party, block.number)
            if self.mode == "after":
                draft.doubts.append(
                    f"the list was interrupted; taken to go on for the {self.lead.party}"
                )
            self._await_list(draft, block)
            return
        weak = self.lead and self.mode == "weak" and block.kind == "item"
        self._add_intro(block)
        if weak and self.lead:
            why = f"stands under a heading of the {self.lead.party}, but does not read like a duty"
            self._doubt(block.passage, why)
        elif READER.search(text):
            self._doubt(block.passage, "asks something of the reader without saying which party")
        elif unnamed:
            self._doubt(block.passage, unnamed)
        elif block.kind == "item" and is_instruction(text):
            self._doubt(block.passage, "reads like a duty, but nothing says whose")
        if listed or block.kind == "text" and text.endswith(":"):
            self.mode = "list"
        elif block.kind == "text" and self.mode in ("duties", "list"):
            self.mode = "after" if self.lead and self.mode == "duties" else ""
