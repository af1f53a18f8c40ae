"""Sentences: text that remembers its lines, where a sentence ends, and how a duty begins.

Nothing here knows about parties or sections.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

ABBREVIATIONS = frozenset(
    "e.g i.e etc eg ie no nos p pp para paras art sec vs mr mrs ms dr st ltd co approx incl cf".split()
)

SENTENCE_END = re.compile(r"[.!?]['\"’”)\]]*\s+(?=['\"‘“(\[]*[A-Z0-9])")
UNFINISHED = re.compile(r"[.!?:;]['\"’”)\]*_]*$")

# Verbs with which a duty in an agreement begins when its party stands in the lead-in.
VERBS = frozenset(
    """accept accompany act address adhere administer adopt advise agree aim allocate allow analyse
    answer apply appoint approve arrange ask assess assign assist attend audit avoid be become book
    bring build call carry challenge charge check collaborate collate collect commission commit communicate
    complete comply conduct confirm consider consult contact contribute cooperate co-operate
    coordinate co-ordinate cover create deal decide define deliver demonstrate deploy describe design
    designate destroy determine develop direct disclose discuss display distribute document draw
    draft email employ enable encourage engage enrol ensure enter establish evaluate evidence examine
    exchange explain explore facilitate feed fill find follow fulfil fund gain gather give grant hand
    handle have help hold host identify implement inform initiate insure integrate introduce
    investigate invite invoice involve issue join keep lead learn lend let liaise limit link list log look
    maintain make manage mark meet mentor minimise minute moderate monitor name negotiate nominate
    note notify observe obtain offer open operate organise oversee participate pass pay permit phone place
    plan prepare present preserve prevent print prioritise process produce promote protect provide publish
    purchase put raise reach read receive recognise recommend record recruit reduce refer refrain
    register reimburse release remain remind remove reply report request require resolve respect
    respond restrict retain return review ring risk-assess run safeguard schedule screen secure seek
    select send set share show sign signpost start stop store strive submit suggest supervise supply support
    take teach telephone tell track train transfer transport treat undertake understand update uphold use
    utilise verify visit welcome work write""".split()
)


CONDITION = re.compile(
    r"(?:if|when|where|wherever|whenever|once|before|after|in|at|on|for) [^,.;]{3,100}, ", re.I
)


@dataclass(frozen=True)
class Passage:
    """Text in pieces, each with the source line it stood on."""

    pieces: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """Return the pieces as one text."""
        return " ".join(text for _, text in self.pieces if text)

    @property
    def first(self) -> int:
        """Return the number of the first line."""
        return self.pieces[0][0]

    @property
    def last(self) -> int:
        """Return the number of the last line."""
        return self.pieces[-1][0]

    def __add__(self, other: Passage) -> Passage:
        return Passage(self.pieces + other.pieces)

    def between(self, start: int, end: int) -> Passage:
        """Return the part of the text from one character position to another, with its lines."""
        parts, at = [], 0
        for line, text in self.pieces:
            if not text:
                continue
            part = text[max(0, start - at) : max(0, end - at)].strip()
            if part:
                parts.append((line, part))
            at += len(text) + 1
        return Passage(tuple(parts))

    def sentences(self) -> list[Passage]:
        """Return the sentences, in order; nothing between them is dropped but space."""
        cuts = [0, *sentence_starts(self.text), len(self.text)]
        parts = [self.between(a, b) for a, b in pairwise(cuts)]
        return [part for part in parts if part.pieces]


def sentence_starts(text: str) -> list[int]:
    """Return the positions at which a second, third, ... sentence starts; none inside brackets."""
    starts, depth, seen = [], 0, 0
    for match in SENTENCE_END.finditer(text):
        depth += text.count("(", seen, match.end()) - text.count(")", seen, match.end())
        depth, seen = max(depth, 0), match.end()
        word = re.split(r"[\s(]", text[: match.start()][-20:])[-1].lower()
        if depth or word in ABBREVIATIONS or re.fullmatch(r"[a-z]|\d+", word):
            continue
        starts.append(match.end())
    return starts


def is_unfinished(text: str) -> bool:
    """Say whether the text stops in mid-sentence."""
    return bool(text) and not UNFINISHED.search(text)


def first_word(text: str) -> str:
    """Return the first word in lower case, without quotation marks; of "to send", "send"."""
    words = re.findall(r"[\w’'-]+", text[:60].lower())
    if len(words) > 1 and words[0] == "to":
        return str(words[1])
    return str(words[0]) if words else ""


def is_instruction(text: str) -> bool:
    """Say whether the text begins as a duty does: with a bare verb, or with "do not".

    A condition may come before it, closed by a comma: "If a pupil is late, ring the office".
    """
    if condition := CONDITION.match(text):
        text = text[condition.end() :]
    return (
        first_word(text) in VERBS or re.match(r"(?:do not|never|always) ", text, re.I) is not None
    )


def starts_lower(text: str) -> bool:
    """Say whether the text begins in lower case, as the rest of a broken sentence does."""
    letters = text.lstrip("'\"‘’“”(")
    return bool(letters) and letters[0].islower()


def lower_first(text: str) -> str:
    """Put the first letter in lower case unless the first word is an acronym or a lone letter."""
    word = text.split(" ", 1)[0]
    return text if len(word) < 2 or word[1:2].isupper() else text[:1].lower() + text[1:]
