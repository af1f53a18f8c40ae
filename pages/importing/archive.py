"""Open the zip archive of a Word file: what is in it, its parts as XML, and limits on both.

A few kilobytes of zip can hold gigabytes, and a few lines of XML can be expanded to as much; both
are refused here. What the parts mean is the business of `word.py`.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST_PART: Final = 25 * 1024 * 1024  # bytes of XML, unpacked
LARGEST_WHOLE: Final = 50 * 1024 * 1024
MOST_PARTS: Final = 5_000


class Damaged(Exception):
    """The archive cannot be opened, or a part of it cannot be read."""


class TooLarge(Exception):
    """What is in the archive is larger than any agreement."""


def local(name: str) -> str:
    """Return an element's or attribute's name without its namespace: the two dialects differ in it."""
    return name.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without namespace, "" where there is none."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first element at the end of a path of names, whatever their namespaces."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local(each.tag) == name), None)
    return element


class Archive:
    """The parts of a zip archive, each read at most up to the limit."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Damaged from error
        self.names = set(self._zip.namelist())
        if len(self._zip.infolist()) > MOST_PARTS:
            raise TooLarge
        self._unpacked = 0

    def part(self, name: str) -> Element | None:
        """Return a part as XML, or None where there is no such part."""
        if name not in self.names:
            return None
        try:
            root: Element = fromstring(self._bytes(name), forbid_dtd=True)
        except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
            raise Damaged from error
        return root

    def _bytes(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as opened:
                data = opened.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
            raise Damaged from error  # RuntimeError: a part that needs a password
        except NotImplementedError as error:
            raise Damaged from error
        self._unpacked += len(data)
        if len(data) > LARGEST_PART or self._unpacked > LARGEST_WHOLE:
            raise TooLarge
        return data

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to: for each id the kind and the part's name or the address."""
        folder, base = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = {}
        for each in root if root is not None else ():
            kind = attribute(each, "Type").rpartition("/")[2]
            target = attribute(each, "Target")
            if attribute(each, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attribute(each, "Id")] = (kind, target)
        return found
