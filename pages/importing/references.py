"""Find laws, codes of practice and guidance named in a text, with the edition it names."""

from __future__ import annotations

import re
from itertools import islice

from .sentences import is_instruction

MOST = 40  # of one kind in one text; a clause names a handful
CAPITALS = r"[A-Z][\w’'-]*"
LINKS = r"(?:and|of(?: the)?|for|\([A-Z][\w\s,’'-]*\))"
YEAR = r"(?:19|20)\d\d"
EDITION = rf"(?:,?\s*\(?(?:[A-Z][a-z]+\s+)?{YEAR}\)?)?"
QUOTED = r"['‘’\"“](?P<{name}>[^'‘’\"“”]{{5,150}})['’\"”]"

PATTERNS = (
    re.compile(rf"{CAPITALS}(?:,?\s+(?:{LINKS}\s+){{0,2}}{CAPITALS}){{0,9}}\s+(?:Act|Regulations)\b(?:,?\s+{YEAR}|\s*\({YEAR}\))?"),
    re.compile(rf"keeping children safe in education{EDITION}", re.I),
    re.compile(rf"working together to safeguard children{EDITION}", re.I),
    re.compile(rf"working together to improve school attendance{EDITION}", re.I),
    re.compile(rf"(?:SEND?\s+)?Code of Practice\b{EDITION}"),
    re.compile(r"(?:DfE |Department for Education )?statutory guidance\s*,?\s*" + QUOTED.format(name="quoted"), re.I),
    re.compile(rf"(?:DfE )?statutory guidance\b(?:(?!\.\s(?!\()|;)[^()]){{1,250}}\((?:[A-Z][a-z]+\s+)?{YEAR}\)", re.I),
    re.compile(r"(?:DfE|Department for Education|statutory) (?:statutory )?guidance\b"),
    re.compile(rf"\b(?:UK )?GDPR\b|General Data Protection Regulation\b(?:\s*\(?{YEAR}\)?)?"),
)  # fmt: skip
LEADING = re.compile(r"^(?:The|Under|In|With|By|See|And)\s+")


def references_in(text: str) -> tuple[str, ...]:
    """Return each law or piece of guidance that the text names, once, in order."""
    found: list[tuple[int, int, str]] = []
    for pattern in PATTERNS:
        for match in islice(pattern.finditer(text), MOST):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                words = LEADING.sub("", match[0]).strip(" ,")
                if is_instruction(words) and not words.split()[0].isupper():
                    words = words.split(" ", 1)[-1]
                found.append((match.start(), match.end(), words))
    return tuple(dict.fromkeys(words for _, _, words in sorted(found)))
