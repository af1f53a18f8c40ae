"""Work out the numbers that Word prints beside its paragraphs: they are nowhere in the text.

A paragraph names a list and a level; the list says how each level counts and what stands around
the number. Styles may name a list too, and each paragraph's style may stand on another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .archive import attribute, child, local

DEEPEST = 9  # levels of a list, and styles one on another

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True)
class Style:
    """What a paragraph's style says about its place: a heading's level, a list, a name."""

    name: str = ""
    level: int = 0
    list_id: str = ""
    list_level: int = 0


@dataclass(frozen=True)
class Label:
    """What stands before a paragraph of a list: its number ("" for a bullet) and the list's style."""

    number: str
    style: str


class Styles:
    """The paragraph styles of a document, each with what it takes from the styles under it."""

    def __init__(self, root: Element | None) -> None:
        self._raw = {
            attribute(style, "styleId"): style
            for style in (root if root is not None else ())
            if local(style.tag) == "style" and attribute(style, "type") in ("paragraph", "")
        }
        self._known: dict[str, Style] = {}

    def of(self, style_id: str) -> Style:
        """Return a style by its id; nothing known is an empty style."""
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        name, level, list_id, list_level = "", 0, "", 0
        at: str = style_id
        for _ in range(DEEPEST):
            raw = self._raw.get(at)
            if raw is None:
                break
            called = child(raw, "name")
            words = attribute(called, "val") if called is not None else ""
            name = name or words
            if not level:
                level = level_of(raw, words)
            if not list_id and (found := list_of(child(raw, "pPr"))):
                list_id, list_level = found
            below = child(raw, "basedOn")
            at = attribute(below, "val") if below is not None else ""
        return Style(name, level, list_id, list_level)


def level_of(element: Element, name: str = "") -> int:
    """Return the level of a heading, 1 for the title of the whole; 0 for what is none."""
    if name.casefold() == "title":
        return 1
    if match := re.fullmatch(r"heading (\d)", name.casefold()):
        return int(match[1]) + 1
    outline = child(element, "pPr", "outlineLvl")
    value = attribute(outline, "val") if outline is not None else ""
    return int(value) + 2 if value.isdigit() and int(value) < 9 else 0


def list_of(properties: Element | None) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph's properties name; list "0" is none."""
    numbered = child(properties, "numPr")
    if numbered is None:
        return None
    list_id, level = child(numbered, "numId"), child(numbered, "ilvl")
    value = attribute(level, "val") if level is not None else "0"
    at = int(value) if value.isdigit() else 0
    return (attribute(list_id, "val") if list_id is not None else ""), min(at, DEEPEST - 1)


@dataclass
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[str] = set()
        for each in root if root is not None else ():
            if local(each.tag) == "abstractNum":
                self._levels[attribute(each, "abstractNumId")] = _levels(each)
        for each in root if root is not None else ():
            if local(each.tag) == "num":
                self._add_list(each)

    def _add_list(self, element: Element) -> None:
        points_to = child(element, "abstractNumId")
        base = attribute(points_to, "val") if points_to is not None else ""
        own: dict[int, _Level] = {}
        for override in element:
            if local(override.tag) != "lvlOverride":
                continue
            at = _number(attribute(override, "ilvl"), 0)
            levels = _levels(override)
            level = levels.get(at) or self._levels.get(base, {}).get(at) or _Level()
            start = child(override, "startOverride")
            if start is not None:
                level = _Level(level.kind, level.text, _number(attribute(start, "val"), 1))
            own[at] = level
        self._lists[attribute(element, "numId")] = (base, own)

    def next(self, list_id: str, at: int) -> Label | None:
        """Count one paragraph of a list at a level and return what is printed before it."""
        if list_id not in self._lists:
            return None
        base, own = self._lists[list_id]
        if list_id not in self._begun:
            self._begun.add(list_id)
            for restarted in own:
                self._counts[base].pop(restarted, None)
        levels = {**self._levels.get(base, {}), **own}
        level = levels.get(at, _Level())
        if level.kind == "bullet":
            return Label("", f"bullet {at}")
        if level.kind == "none":
            return None
        counts = self._counts[base]
        counts[at] = counts.get(at, level.start - 1) + 1
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        for above in range(at):
            counts.setdefault(above, levels.get(above, _Level()).start)

        def print_level(match: re.Match[str]) -> str:
            shown = int(match[1]) - 1
            return in_kind(counts.get(shown, 1), levels.get(shown, _Level()).kind)

        return Label(re.sub(r"%(\d)", print_level, level.text).strip(), f"{level.kind} {at}")


def _levels(element: Element) -> dict[int, _Level]:
    found = {}
    for each in element:
        if local(each.tag) != "lvl":
            continue
        kind, text, start = child(each, "numFmt"), child(each, "lvlText"), child(each, "start")
        found[_number(attribute(each, "ilvl"), 0)] = _Level(
            attribute(kind, "val") if kind is not None else "decimal",
            attribute(text, "val") if text is not None else "",
            _number(attribute(start, "val"), 1) if start is not None else 1,
        )
    return found


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else otherwise


def in_kind(value: int, kind: str) -> str:
    """Write a number as a list's level counts: 4, 04, d, D, iv or IV; 4 for kinds unknown here."""
    if kind in ("lowerLetter", "upperLetter") and value > 0:
        # After z comes aa, then bb.
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        out = ""
        for size, sign in ROMAN:
            out += sign * (value // size)
            value %= size
        return out if kind == "lowerRoman" else out.upper()
    return f"{value:02}" if kind == "decimalZero" else str(value)
