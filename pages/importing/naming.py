"""Find out who the parties of a document are, before its duties are read.

The words of the field name most of them; an acronym or a proper name is judged by the evidence
that `parties.infer` weighs.
"""

from __future__ import annotations

import re

from .blocks import Block
from .duties import duty_of, heading_lead, lead_of
from .parties import Parties, expansion_of, find_names, infer

MOST_NAMES = 20  # an agreement has a handful of parties; more names are noise


def parties_of(blocks: list[Block]) -> Parties:
    """Return the parties of the document: names, kinds, and doubts where evidence is thin."""
    texts = [block.text for block in blocks]
    by_words = Parties()
    names = find_names(texts)
    for text in texts:
        lead = lead_of(text, by_words)
        if lead and not lead.known and _is_proper(lead.name) and lead.name not in names:
            names.append(lead.name)
    opposite = _kinds(blocks, by_words)
    parties = Parties()
    spelled_out = re.findall(r"\(\W*([A-Z][A-Z&]{1,6})\W*\)", "\n".join(texts[:6]))
    for name in names[:MOST_NAMES]:
        kind, doubt = infer(name, texts, _own_duties(name, blocks, by_words), opposite)
        parties.names[name] = kind
        if doubt:
            unused = [other for other in spelled_out if other not in names]
            if unused and not expansion_of(name, texts):
                doubt += f"; the document spells out {unused[0]}, which may be the same body"
            parties.doubts[name] = doubt
    parties.kinds = _kinds(blocks, parties)
    return parties


def _is_proper(name: str) -> bool:
    words = name.split()
    return all(word[0].isupper() or word in ("of", "and", "for", "the", "&") for word in words)


def _kinds(blocks: list[Block], parties: Parties) -> set[str]:
    """Return the kinds of party that lead-ins, headings and plain sentences give duties to."""
    kinds = set()
    for block in blocks:
        if lead := lead_of(block.text, parties):
            kinds.add(lead.party)
        elif block.kind == "heading" and (named := heading_lead(block.text, parties)):
            kinds.add(named.party)
        else:
            for sentence in block.passage.sentences():
                duty = duty_of(sentence.text, parties)
                if duty and not duty.doubt:
                    kinds.add(duty.party)
    return kinds - {"", "all"}


def _own_duties(name: str, blocks: list[Block], by_words: Parties) -> list[str]:
    """Return the list items under the name's lead-ins and the sentences it is the subject of."""
    found, own = [], False
    for block in blocks:
        lead = lead_of(block.text, by_words)
        if lead:
            own = re.search(rf"\b{re.escape(name)}\b", lead.name) is not None
        elif block.kind == "heading":
            own = False
        elif (
            block.kind == "item"
            and own
            or re.match(rf"(?:the )?{re.escape(name)}\b", block.text, re.I)
        ):
            found.append(block.text)
    return found
