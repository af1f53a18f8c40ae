"""Rules of letters: how a text is read, what is wrong with it, and how it is filled in.

Pure functions without a database. A text is plain: empty lines part its paragraphs, a line that
begins with "# " is a heading, lines that begin with "- " are a list, and `{pupil first name}` is
replaced. Whatever is put in its place stays text, whatever it looks like, but for lists and
paragraphs of its own.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .states import FIELDS, REQUIRED, Kind

FIELD = re.compile(r"\{([^{}]*)\}")
HEADING = re.compile(r"#{1,6}\s+")
ITEM = re.compile(r"[-*•]\s+")


class Shape(StrEnum):
    """How a part of a letter looks."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list of a letter. Only a list has several lines."""

    shape: Shape
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words of a paragraph or heading."""
        return "\n".join(self.lines)


def tidy(text: str) -> str:
    """Bring a text into the form in which it is kept: plain line ends, no empty edges."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fingerprint(heading: str, body: str) -> str:
    """Give the hash of a letter's text."""
    return hashlib.sha256(f"{heading}\n\n{body}".encode()).hexdigest()


# --- Checking -----------------------------------------------------------------------------------


def named(text: str) -> list[str]:
    """List the fields that a text names, in their usual spelling, each once."""
    return list(dict.fromkeys(_plain(name) for name in FIELD.findall(text)))


def why_not_heading(kind: Kind | str, heading: str) -> str | None:
    """Explain what is wrong with a heading: its fields, or that it has several lines."""
    if not heading.strip():
        return "Enter a heading"
    if "\n" in heading.strip():
        return "The heading must be one line"
    return why_not_fields(kind, heading)


def why_not_body(kind: Kind | str, body: str) -> str | None:
    """Explain what is wrong with a letter's text: a field it does not know, or one it lacks."""
    if not body.strip():
        return "Enter the text of the letter"
    if reason := why_not_fields(kind, body):
        return reason
    found = set(named(body))
    for group in REQUIRED[Kind(kind)]:
        if not found & set(group):
            fields = " or ".join(f"{{{name}}}" for name in group)
            return f"The letter must contain {fields}"
    return None


def why_not_fields(kind: Kind | str, text: str) -> str | None:
    """Explain which field a text names wrongly, and which is nearest to it."""
    known = [field.name for field in FIELDS[Kind(kind)]]
    for number, line in enumerate(text.split("\n"), start=1):
        for name in FIELD.findall(line):
            if _plain(name) in known:
                continue
            where = f"Line {number}: " if "\n" in text else ""
            nearest = difflib.get_close_matches(_plain(name), known, n=1, cutoff=0.4)
            advice = (
                f"Did you mean {{{nearest[0]}}}?" if nearest else "Choose a field from the list."
            )
            return f"{where}{{{name.strip()}}} is not a field of this letter. {advice}"
        if set(FIELD.sub("", line)) & {"{", "}"}:
            where = f"Line {number}: " if "\n" in text else ""
            return (
                f"{where}a curly bracket has no partner on its line. Write a field as "
                "{pupil first name}"
            )
    return None


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()


# --- Filling in ---------------------------------------------------------------------------------


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of a text's fields; one without a value leaves nothing."""
    return FIELD.sub(lambda found: values.get(_plain(found[1]), ""), text)


def letter(body: str, values: Mapping[str, str]) -> list[Block]:
    """Fill a letter's text in, as the blocks of a page.

    A paragraph or list item whose fields are all empty is left out, and so is a heading with nothing
    below it. A field that is a paragraph by itself brings its own paragraphs and lists along.
    """
    found: list[Block] = []
    for block in blocks(body):
        if block.shape == Shape.LIST:
            items = [
                fill(line, values).strip() for line in block.lines if not _is_empty(line, values)
            ]
            if items:
                found.append(Block(Shape.LIST, tuple(items)))
        elif _is_empty(block.text, values):
            continue
        elif block.shape == Shape.PARAGRAPH and FIELD.fullmatch(block.text.strip()):
            found.extend(blocks(fill(block.text, values), with_headings=False))
        else:
            found.append(Block(block.shape, (fill(block.text, values),)))
    return [
        block
        for block, following in itertools.zip_longest(found, found[1:])
        if block.shape != Shape.HEADING
        or (following is not None and following.shape != Shape.HEADING)
    ]


def _is_empty(text: str, values: Mapping[str, str]) -> bool:
    names = named(text)
    return bool(names) and not any(values.get(name, "").strip() for name in names)


def blocks(text: str, *, with_headings: bool = True) -> list[Block]:
    """Part a text into paragraphs, headings and lists."""
    return list(_blocks(tidy(text), with_headings=with_headings))


def _blocks(text: str, *, with_headings: bool) -> Iterator[Block]:
    paragraph: list[str] = []
    items: list[str] = []

    def kept() -> Iterator[Block]:
        if paragraph:
            yield Block(Shape.PARAGRAPH, ("\n".join(paragraph),))
        if items:
            yield Block(Shape.LIST, tuple(items))
        paragraph.clear()
        items.clear()

    for line in text.split("\n"):
        heading = HEADING.match(line) if with_headings else None
        item = ITEM.match(line)
        if heading:
            yield from kept()
            yield Block(Shape.HEADING, (line[heading.end() :].strip(),))
        elif item:
            if paragraph:
                yield from kept()
            items.append(line[item.end() :].strip())
        elif not line.strip():
            yield from kept()
        elif items:
            # A line that goes on below an item belongs to it.
            items[-1] = f"{items[-1]} {line.strip()}"
        else:
            paragraph.append(line.strip())
    yield from kept()


# --- Comparing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A line of a comparison: what it says, and whether it stays, goes or comes."""

    text: str
    sign: str

    @property
    def is_new(self) -> bool:
        """Whether the line is in the later text alone."""
        return self.sign == "+"

    @property
    def is_gone(self) -> bool:
        """Whether the line is in the earlier text alone."""
        return self.sign == "-"


def changes(before: str, after: str) -> list[Change]:
    """Compare two texts line by line, without the empty lines."""
    earlier, later = (_lines(text) for text in (before, after))
    found: list[Change] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        None, earlier, later, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found += [Change(line, " ") for line in earlier[i1:i2]]
            continue
        found += [Change(line, "-") for line in earlier[i1:i2]]
        found += [Change(line, "+") for line in later[j1:j2]]
    return found


def _lines(text: str) -> Sequence[str]:
    return [line for line in tidy(text).split("\n") if line]
