"""Tell what belongs to the paper from what belongs to the agreement.

Page numbers, repeated running heads, rules, blanks to fill in, signature blocks, the date of
issue and the title are found here, before the sections are read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from .blocks import Block
from .duties import lead_of
from .parties import Parties
from .sentences import UNFINISHED, is_unfinished

MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
DATE_WORDS = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{MONTH},?\s+(?:19|20)\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.](?:20)?\d\d"
ISSUED = re.compile(
    rf"^(?:version\W*\d+(?:\.\d+)*\W+)?(?:(?:last )?(?:updated|issued?|revised|dated?|version|published|approved|issue date|date of issue)\b"
    rf"[^\w]*(?:(?:on|in|of|date|\d+\.\d+)[^\w]+)*)?(?P<date>{DATE_WORDS})\.?$",
    re.I,
)
PAGE_NUMBER = re.compile(
    r"^(?:page\s*)?[-–—|]?\s*\d{1,3}\s*(?:(?:of|/)\s*\d{1,3})?\s*[-–—|]?(?:\s*\|?\s*page)?$", re.I
)
CONTENTS = re.compile(r"\w.*?(?:\.\s?){5,}\s*\d{1,3}$")
PAGE_WORDS = re.compile(r"\bpage\s+\d+(?:\s+of\s+\d+)?\b", re.I)
MARKED_FOOTER = re.compile(
    r"©|\bversion\b|\bv\d|\bconfidential\b|\bdraft\b|www\.|https?:|\bofficial\b", re.I
)
PLACEHOLDER = re.compile(
    r"\binsert\b.*\b(?:name|date|activity|school|pupil|provider|logo|address)\b|[\[<{](?:insert|name|date|school|pupil|provider|enter)\b[^\]>}]*[\]>}]"
    r"|^(?:re|between|name|school)\b.*\bname of (?:the )?(?:school|pupil|provider|organisation)\b",
    re.I,
)
SIGNATURE_LABEL = re.compile(
    r"^(?:(?:staff|print|printed|full|your|head ?teacher|provider|school)(?:’s|'s)? )*"
    r"(?:name|position|signature|signed|date|job title|role|designation|on behalf of|tel(?:ephone)?|e-?mail"
    r"|name of [\w ]+|signed (?:by|for)[\w ]*|copy of [\w ]+ received|[\w ]*policy [\w ]*received)\s*(?:\([^)]*\)\s*)?:",
    re.I,
)
FILL_IN = re.compile(r"_{3,}|\.{5,}|…{2,}")
SIGNATURE_HEAD = re.compile(
    r"^(?:signatures?|signatories|agreement|acceptance|declaration|signed (?:by|for|on behalf of)|for and on behalf of)\b",
    re.I,
)
TITLE_WORDS = re.compile(
    r"\b(?:agreement|policy|memorandum|protocol|contract|charter|SLA|compact|service standards?)\b",
    re.I,
)
SENTENCE = re.compile(r"[.!?,;]$")
TITLE_WITHIN = 30  # blocks: a title does not come later than this


def is_contents(text: str) -> bool:
    """Say whether the text heads a list of contents, or is a line of it: dots and a page number."""
    if re.fullmatch(r"(?:table of )?contents:?", text, re.I):
        return True
    return CONTENTS.search(text) is not None and len(re.findall(r"\w+", text)) <= 40


def is_page_number(text: str) -> bool:
    """Say whether the text is a page number and nothing else."""
    return PAGE_NUMBER.match(text) is not None


def issued_in(text: str) -> str:
    """Return the date of a line that holds only a date of issue or update, else ""."""
    match = ISSUED.match(text.strip(" *"))
    return match["date"] if match else ""


def is_placeholder(text: str) -> bool:
    """Say whether the text is a blank that the reader was to fill in."""
    return (
        len(text.split()) <= 15 and PLACEHOLDER.search(text) is not None and not text.endswith(".")
    )


def is_signature_line(text: str) -> bool:
    """Say whether the text is one line of a signature block, such as a name to fill in."""
    label = SIGNATURE_LABEL.match(text)
    if label:
        rest = FILL_IN.sub("", text[label.end() :]).strip()
        return not rest or SIGNATURE_LABEL.match(rest) is not None or len(rest.split()) <= 4
    return FILL_IN.search(text) is not None and len(text.split()) <= 30


def is_short(block: Block) -> bool:
    """Say whether an unmarked block could be a line of a title or a heading."""
    text = block.text
    return (
        block.kind == "text"
        and 0 < len(text.split()) <= 12
        and len(text) <= 100
        and not SENTENCE.search(text)
        and (text[0].isupper() or text[0].isdigit() or not text[0].isalpha())
    )


def title_blocks(blocks: list[Block], parties: Parties) -> list[int]:
    """Return the positions of the blocks that make up the title; none if there is no title."""
    run: list[int] = []
    for at, block in enumerate(blocks[:TITLE_WITHIN]):
        if block.kind == "heading" and not block.number:
            if TITLE_WORDS.search(block.text) or block.level == 1:
                return [at] if not run else _to_last_title_word([*run, at], blocks)
            if _to_last_title_word(run, blocks):
                break
            run = []
            if block.level > 1:
                continue
        plain = (
            is_short(block) and not block.text.endswith(":") and not lead_of(block.text, parties)
        )
        if plain and not issued_in(block.text) and not is_placeholder(block.text):
            run.append(at)
            continue
        if found := _to_last_title_word(run, blocks):
            return found
        run = []
        if lead_of(block.text, parties) or _numbered_heading(block):
            break
    if found := _to_last_title_word(run, blocks):
        return found
    first = blocks[0] if blocks else None
    alone = (
        first
        and is_short(first)
        and not first.text.endswith(":")
        and not lead_of(first.text, parties)
    )
    return (
        [0] if alone and len(blocks) > 1 and blocks[1].gap and not issued_in(blocks[0].text) else []
    )


def _to_last_title_word(run: list[int], blocks: list[Block]) -> list[int]:
    while run and not TITLE_WORDS.search(blocks[run[-1]].text):
        run = run[:-1]
    return run[-4:]


def _numbered_heading(block: Block) -> bool:
    return (
        block.kind == "item"
        and bool(block.number)
        and len(block.text.split()) <= 8
        and not SENTENCE.search(block.text)
    )


def key_of(text: str) -> str:
    """Return the text as it is compared between pages: letters only, in one case."""
    return re.sub(r"[\W\d_]+", " ", PAGE_WORDS.sub("", text)).strip().casefold()


def running_heads(blocks: list[Block], title: list[int], parties: Parties) -> set[int]:
    """Return the positions of blocks that repeat the title or a footer on another page.

    A heading may well be used twice ("Safety" under each party), so a repeated line counts only
    if it breaks into a sentence or a numbered list, or looks like a footer.
    """
    heads = {key_of(blocks[at].text) for at in title}
    heads |= {key_of(" ".join(blocks[at].text for at in title))} - {""}
    places: dict[str, list[int]] = defaultdict(list)
    found = set()
    for at, block in enumerate(blocks):
        if block.kind not in ("text", "heading", "title tag") or at in title:
            continue
        key = key_of(block.text)
        if key and key in heads and (not title or at > title[0] or block.kind == "title tag"):
            found.add(at)
        elif key and (is_short(block) or PAGE_WORDS.search(block.text) and len(key.split()) <= 20):
            places[key].append(at)
    for same in places.values():
        texts = [blocks[at].text for at in same]
        if all(UNFINISHED.search(text) and text.endswith(":") for text in texts):
            continue
        footer = any(MARKED_FOOTER.search(text) or PAGE_WORDS.search(text) for text in texts)
        if len(same) > 1 and (footer or _breaks_in(blocks, same, parties)):
            found.update(same)
    return found


def _breaks_in(blocks: list[Block], same: list[int], parties: Parties) -> bool:
    """Say whether equal lines break into a sentence, or twice into the lists of one party."""
    if any(_splits_sentence(blocks, at) for at in same):
        return True
    lists = [at for at in same if _splits_list(blocks, at)]
    return any(
        not any(lead_of(block.text, parties) for block in blocks[first:second])
        for first, second in pairwise(lists)
    )


def _splits_sentence(blocks: list[Block], at: int) -> bool:
    if not 0 < at < len(blocks) - 1:
        return False
    before, after = blocks[at - 1], blocks[at + 1]
    lower = after.kind == "text" and after.text[:1].islower()
    return lower and before.kind in ("item", "text") and is_unfinished(before.text)


def _splits_list(blocks: list[Block], at: int) -> bool:
    if not 0 < at < len(blocks) - 1:
        return False
    before, after = blocks[at - 1], blocks[at + 1]
    old, new = (re.search(r"\d+", block.number) for block in (before, after))
    return bool(old and new and before.style == after.style and int(new[0]) == int(old[0]) + 1)


def signature_blocks(blocks: list[Block], parties: Parties) -> dict[int, str]:
    """Return the positions of signature lines and of the lines over them, with who signs there.

    The value is "" for a line that only belongs to a block, else the role that signs.
    """
    lines = {
        at
        for at, block in enumerate(blocks)
        if block.kind in ("text", "item", "table head") and is_signature_line(block.text)
        and not issued_in(re.sub(r"^.*?:\s*", "", block.text))
    }  # fmt: skip
    found: dict[int, str] = dict.fromkeys(lines, "")
    for at in sorted(lines):
        if at - 1 in lines:
            continue
        over = at - 1
        while over >= 0 and over not in found and _over_signatures(blocks[over], parties):
            found[over] = _signs(blocks[over].text, parties)
            over -= 1
    for at in lines:
        text = blocks[at].text
        if re.search(r"policy.*received", text, re.I):
            found[at] = "policy received"
        elif re.match(r"(?:signed (?:by|for)|(?:for and )?on behalf of)\b", text, re.I):
            found[at] = _signs(text, parties)
    return found


def _over_signatures(block: Block, parties: Parties) -> bool:
    text = block.text
    if block.kind not in ("text", "heading") or len(text.split()) > 15 or lead_of(text, parties):
        return False
    named = parties.mentions(text) or SIGNATURE_HEAD.match(text) or TITLE_WORDS.search(text)
    return (
        bool(named)
        and not re.search(r"[.!?]$", text)
        or len(text.split()) <= 6
        and text.endswith(":")
    )


def _signs(text: str, parties: Parties) -> str:
    if re.search(r"\bsafeguarding\b", text, re.I):
        return "safeguarding lead"
    if TITLE_WORDS.search(text):
        return ""
    kinds = {kind for _, _, kind in parties.mentions(text)} - {"all"}
    return kinds.pop() if len(kinds) == 1 else ""


def signatures(found: dict[int, str]) -> tuple[str, ...]:
    """Return the roles that sign, in order; one that receives the policy says so."""
    roles: list[str] = []
    for at in sorted(found):
        if found[at] == "policy received":
            if roles and "policy" not in roles[-1]:
                roles[-1] += " with policy received"
        elif found[at] and found[at] not in roles:
            roles.append(found[at])
    return tuple(roles)
