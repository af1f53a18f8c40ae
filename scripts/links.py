"""Find links in our documents that lead nowhere: missing files, missing headings.

Addresses on the web are left alone: a check that needs the network fails for its reasons.
"""

import re
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote

from scripts.files import ROOT, of_project, text_of

CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"^[a-z][a-z+.-]*:", re.IGNORECASE)


def anchors(text: str) -> set[str]:
    """Return the anchors that a Markdown renderer makes of the headings."""
    found: set[str] = set()
    for title in HEADING.findall(CODE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", title).lower()
        kept = "".join(
            letter for letter in plain if letter in " -_" or unicodedata.category(letter)[0] in "LN"
        )
        anchor, number = kept.replace(" ", "-"), 0
        while anchor + (f"-{number}" if number else "") in found:
            number += 1
        found.add(anchor + (f"-{number}" if number else ""))
    return found


def dead_links(document: Path) -> list[str]:
    """Return one sentence per link of the document that leads nowhere."""
    text = INLINE_CODE.sub("", CODE.sub("", text_of(document)))
    dead = []
    for match in LINK.finditer(text):
        link = match.group(1) or match.group(2)
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        where = f"{document.relative_to(ROOT)}: {link}"
        if not target.exists():
            dead.append(f"{where} leads to no file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(text_of(target)):
            dead.append(f"{where} leads to no heading")
    return dead


def main() -> None:
    """Print the dead links of all documents; fail if there are any."""
    dead = [line for path in of_project() if path.suffix == ".md" for line in dead_links(path)]
    if dead:
        sys.exit("\n".join(dead))


if __name__ == "__main__":
    main()
