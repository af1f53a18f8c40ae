"""Letters: accessible, and safe against whatever people type."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.template import Context, Template

from workflows.engine import pdf

HOSTILE = [
    '#import "/etc/passwd"',
    '#eval("1 + 1")',
    "]#pagebreak()[",
    "$x^2$ costs $5",
    "back\\slash \\#set page(width: 1cm)",
    'quote " and "; #panic("boom"); "',
    "O’Neill-D'Arcy's <label> @cite *bold* _it_ `raw` = no heading",
    "// not a comment /* nor this */",
    "- no list\n+ nor this\n/ term: nothing",
    "{{ name }} {% load x %}",
    "~~~ --- ... 'single'",
]


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    pages = (page.extract_text() for page in read(document).pages)
    return "".join(" ".join(pages).replace("\u200b", "").split())


@pytest.fixture
def letter(settings: Any, tmp_path: Any) -> Any:
    """Make a letter whose body is a piece of Django template."""
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]

    def make(body: str, **context: Any) -> bytes:
        (tmp_path / "test.typ").write_text(
            '{% extends "letters/base.typ" %}{% load engine_typst %}'
            "{% block content %}" + body + "{% endblock %}"
        )
        return pdf.render("test.typ", {"title": "A letter", **context})

    return make


def test_a_letter_is_an_accessible_document(letter: Any) -> None:
    made = read(letter("Dear {{ name|typst }},\n\n== What we decided\n\nYes.", name="Ms Example"))
    catalogue = made.trailer["/Root"]
    assert made.metadata is not None
    assert made.metadata.title == "A letter"
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()
    assert "MsExample" in text_of(letter("Dear {{ name|typst }}", name="Ms Example"))


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "where", ["{{ it|typst }}", "{{ it|typst }}(x)[y].len", "*{{ it|typst }}*"]
)
def test_what_people_type_stays_text(letter: Any, hostile: str, where: str) -> None:
    made = letter("Before " + where + " after", it=hostile, title=hostile)
    assert len(read(made).pages) == 1
    assert "".join(hostile.split()) in text_of(made)
    assert "after" in text_of(made)
    metadata = read(made).metadata
    assert metadata is not None
    assert " ".join(str(metadata.title).split()) == " ".join(hostile.split())


def test_paragraphs_stay_apart_and_lines_stay_lines(letter: Any) -> None:
    made = letter("{{ it|typst_paragraphs }}", it="One\ntwo\r\n\r\n#three\n\n\nfour")
    lines = [line.strip() for line in read(made).pages[0].extract_text().splitlines()]
    assert [line for line in lines if line in {"One", "two", "#three", "four"}] == [
        "One",
        "two",
        "#three",
        "four",
    ]


def test_a_word_without_end_stays_on_the_page(letter: Any) -> None:
    word = "x" * 400 + "END"
    made = read(letter("{{ it|typst }}", it=word))
    right_edges: list[float] = []

    def note(text: str, _cm: Any, matrix: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            right_edges.append(matrix[4])

    made.pages[0].extract_text(visitor_text=note)
    assert max(right_edges) < float(made.pages[0].mediabox.width) - 70
    assert word in text_of(letter("{{ it|typst }}", it=word))


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Ñandú Ömer", "Ειρήνη", "Ольга", "a\x00b\x01c"])
def test_names_of_many_languages_are_printed(letter: Any, name: str) -> None:
    expected = "".join(name.replace("\x00", "").replace("\x01", "").split())
    assert expected in text_of(letter("{{ it|typst }}", it=name))


def test_a_letter_no_font_has_does_not_stop_the_document(letter: Any) -> None:
    assert "Name" in text_of(letter("Name {{ it|typst }} end", it="\U0001f600 \U00013000 \u12a0"))


def test_the_filters_say_that_their_output_is_finished() -> None:
    made = Template("{% load engine_typst %}{{ it|typst }}{{ it|typst_string }}").render(
        Context({"it": 'a"<\\'})
    )
    assert made == '#"a\\"<\\\\";"a\\"<\\\\"'
    assert Template("{% load engine_typst %}{{ it|typst }}").render(Context({"it": None})) == '#"";'
