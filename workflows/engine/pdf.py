"""Letters and receipts as accessible PDF (PDF/UA-1): tagged, in British English, with a title.

A document is a Django template in templates/letters that writes Typst. Whatever comes from people
or from the database goes through the filters of `engine_typst`, which make it plain text.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.template.loader import render_to_string
from django.utils import timezone

#: Letters that the fonts inside the typesetter have, so that every machine makes the same page.
#: The others are tried with the machine's own fonts before they become a question mark.
WITHOUT_A_FONT = re.compile(
    "[^\n\t -~\u00a0-\u024f\u0259\u02bb-\u02bd\u02c6-\u02dd\u0300-\u036f\u0370-\u052f\u0591-\u05f4"
    "\u1e00-\u1eff\u200b\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u2713]"
)


def render(
    template_name: str, context: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the PDF that a template of templates/letters makes with the context.

    `context["title"]` becomes the document's title; `files` are the pictures that the template
    names, each under a name of our own. Raises `typst.TypstError` for a template that
    is not valid Typst.
    """
    source = render_to_string(template_name, {"today": timezone.localdate(), **context})
    try:
        return _compile(source, files)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    try:
        return _compile(source, files, system_fonts=True)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compile(WITHOUT_A_FONT.sub("?", source), files)


def _compile(
    source: str, files: Mapping[str, bytes] | None = None, *, system_fonts: bool = False
) -> bytes:
    written = source.encode("utf-8", errors="replace")
    if not files:
        return _typeset(written, system_fonts)
    # The typesetter reads pictures from a folder, and nothing outside of it.
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        main = Path(folder) / "main.typ"
        main.write_bytes(written)
        return _typeset(str(main), system_fonts, root=folder)


def _typeset(source: Any, system_fonts: bool, root: str | None = None) -> bytes:
    document: bytes = typst.compile(
        source,
        root=root,
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=not system_fonts,
        timestamp=int(timezone.now().timestamp()),
    )
    return document
