"""Filters that put text into Typst as text, whatever it contains.

    {% load engine_typst %}{% autoescape off %}Dear {{ name|typst }}{% endautoescape %}

Each gives a Typst string closed by a semicolon, so that nothing after it is read as code either.
"""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()

#: A longer run of letters would leave the page: it gets places at which it may break.
LONGEST_WORD = 30
BREAK = "\u200b"

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@register.filter
def typst(value: Any) -> SafeString:
    """Return the value as plain text for Typst markup; line ends are kept."""
    return SafeString(f"#{_literal(_text(value))};")


@register.filter
def typst_string(value: Any) -> SafeString:
    """Return the value as a Typst string, for use inside code: #set document(title: ...)."""
    return SafeString(_literal(_text(value).replace(BREAK, "")))


@register.filter
def typst_paragraphs(value: Any) -> SafeString:
    """Return the value as plain text in which empty lines part paragraphs."""
    parts = re.split(r"\n\s*\n", _text(value).strip())
    return SafeString("#parbreak();".join(f"#{_literal(part.strip())};" for part in parts))


def _text(value: Any) -> str:
    """Return text without control characters and without words too long for a line."""
    text = "" if value is None else str(value)
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(
        rf"\S{{{LONGEST_WORD + 1},}}",
        lambda word: BREAK.join(re.findall(r".{1,10}", word[0], flags=re.DOTALL)),
        text,
    )


def _literal(text: str) -> str:
    """Return a Typst string literal: inside one, only these two characters mean anything."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
