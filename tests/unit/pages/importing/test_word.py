"""Reading Word files of our own: numbers, tables, boxes, notes and what nobody has accepted."""

from __future__ import annotations

import re

import pytest

from pages.importing import CannotRead, Source, read, recognise, report
from pages.importing.archive import LARGEST_PART
from pages.importing.numbering import in_kind

from .making_documents import SPACES, docx, link, paragraph, run, table, text_box, zipped
from .reading_documents import clause, counts, section

LEAD = "The provider will:"


def source(*body: str, **parts: object) -> Source:
    return read(docx(*body, **parts), "sla.docx")  # type: ignore[arg-type]  (the keywords of docx)


def whole() -> bytes:
    """One file with everything that makes Word files untidy."""
    return docx(
        paragraph("Harbour Lights Tuition\nService Level Agreement", style="T"),
        paragraph("Contents", style="C1"),
        paragraph("Teaching ..... 2", style="C1"),
        paragraph("Teaching", style="H1b", list_id=1),
        paragraph(LEAD),
        paragraph("Send the register within 25 minutes.", list_id=1, level=1),
        paragraph("Keep records of:", list_id=1, level=1),
        paragraph("visits", list_id=1, level=2),
        paragraph("letters", list_id=1, level=2),
        paragraph(inside=text_box(paragraph("Ring the office first."))),
        paragraph("School life", style="H1", list_id=1),
        paragraph("The school will:"),
        paragraph("Read ", style="B", inside=link("the handbook", "L1")),
        paragraph("Hold a review every six weeks.", style="B"),
        table(
            ("Who", "What"),
            ("Provider", "Lend a laptop to each pupil"),
            ("School", "Print the work\nthat is set"),
        ),
        paragraph("Name:\nPosition:\nDate: ______"),
        header="Harbour Lights, March 2026",
        footer="Confidential, version 3",
        links={"L1": "https://harbour.example/book"},
    )


def test_numbers_are_those_that_word_prints() -> None:
    agreement = recognise(read(whole(), "sla.docx"))
    assert clause(agreement, "register").printed_number == "1.1"
    kept = clause(agreement, "Keep records")
    assert kept.printed_number == "1.2"
    assert kept.text == "Keep records of: (a) visits; (b) letters"
    assert [s.printed_number for s in agreement.sections if s.printed_number] == ["1.", "2."]


def test_each_party_gets_its_duties_from_lists_and_tables() -> None:
    agreement = recognise(read(whole(), "sla.docx"))
    assert counts(agreement) == {"provider": 4, "school": 3}
    assert clause(agreement, "laptop").party == "provider"
    assert clause(agreement, "Print the work").text.endswith("that is set")
    assert clause(agreement, "handbook").text == "Read the handbook (https://harbour.example/book)"
    terms = [(t.measure, t.value) for c in agreement.clauses for t in c.terms]
    assert terms == [("register_within", 25), ("review_every", 6)]


def test_title_heads_feet_and_contents_are_no_clauses() -> None:
    agreement = recognise(read(whole(), "sla.docx"))
    assert agreement.title == "Harbour Lights Tuition Service Level Agreement"
    kinds = {piece.text: piece.kind for piece in agreement.furniture}
    assert kinds["Harbour Lights, March 2026"] == kinds["Confidential, version 3"] == "running head"
    assert kinds["Teaching ..... 2"] == "contents list"
    assert kinds["Position:"] == "signature"


def test_no_line_and_no_word_is_lost() -> None:
    read_in = read(whole(), "sla.docx")
    agreement = recognise(read_in)
    numbers = report(agreement).as_dict()
    assert numbers["lines"] == numbers["lines_accounted"] == len(read_in.lines)
    out = [
        agreement.title,
        *(f.text for f in agreement.furniture),
        *(d.text for d in agreement.doubts),
    ]
    for each in agreement.sections:
        out += [each.heading, each.lead, *each.intro, *(c.text for c in each.clauses)]
    spoken = set(re.findall(r"\w+", " ".join(out).casefold()))
    assert set(re.findall(r"\w+", " ".join(read_in.lines).casefold())) <= spoken


def test_a_text_box_is_read_once_and_doubted() -> None:
    read_in = source(paragraph("Words", inside=text_box(paragraph("In a box"))))
    assert read_in.lines == ("Words", "In a box")
    assert [d.why for d in read_in.doubts] == [
        "stood in a text box; see that it is in the right place"
    ]


def test_lists_that_begin_again_are_numbered_again() -> None:
    read_in = source(
        paragraph("One", list_id=1),
        paragraph("Two", list_id=1),
        paragraph("One again", list_id=3),
        paragraph("Two again", list_id=3),
    )
    assert [block.number for block in read_in.blocks] == ["1.", "2.", "1.", "2."]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [(4, "decimal", "4"), (4, "decimalZero", "04"), (28, "lowerLetter", "bb"), (3, "upperLetter", "C"), (14, "lowerRoman", "xiv"), (9, "upperRoman", "IX"), (2, "hindiVowels", "2")],
)  # fmt: skip
def test_each_way_of_counting(value: int, kind: str, shown: str) -> None:
    assert in_kind(value, kind) == shown


def test_what_nobody_has_accepted_is_a_doubt() -> None:
    changes = f"<w:ins>{run('at once ')}</w:ins><w:del><w:r><w:delText>some time</w:delText></w:r></w:del>"
    read_in = source(paragraph("Ring ", inside=changes))
    assert read_in.lines == ("Ring at once",)
    assert ("some time", True) in {(d.text, "left out" in d.why) for d in read_in.doubts}
    assert any("tracked changes" in d.why for d in read_in.doubts)


def test_notes_and_comments_come_after_the_text_as_doubts() -> None:
    note = f'<w:footnotes {SPACES}><w:footnote w:id="2">{paragraph("Term time only.")}</w:footnote></w:footnotes>'
    comment = f'<w:comments {SPACES}><w:comment w:id="1">{paragraph("Is this so?")}</w:comment></w:comments>'
    read_in = source(
        paragraph("We teach.", inside='<w:r><w:footnoteReference w:id="2"/></w:r>'),
        parts={"word/footnotes.xml": note, "word/comments.xml": comment},
    )
    assert read_in.lines == ("We teach. [2]", "Term time only.", "Is this so?")
    assert [d.text for d in read_in.doubts] == ["[2] Term time only.", "Is this so?"]
    numbers = report(recognise(read_in)).as_dict()
    assert numbers["lines_accounted"] == 3


def test_a_picture_is_a_doubt() -> None:
    read_in = source(paragraph("Our logo", inside="<w:r><w:drawing/></w:r>"))
    assert [d.why for d in read_in.doubts] == ["a picture; what it shows is not read"]


def test_page_numbers_made_by_fields_are_read_as_shown() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert source(paragraph("Page ", inside=field)).lines == ("Page 7",)


# What is refused


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    bomb = docx(paragraph(" " * (LARGEST_PART + 1)))
    assert len(bomb) < 200_000
    with pytest.raises(CannotRead, match="holds far more than an agreement"):
        read(bomb, "bomb.docx")


def test_xml_that_expands_itself_is_refused() -> None:
    lol = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    parts = {
        "word/document.xml": f"{lol}<w:document {SPACES}><w:body><w:p>&b;</w:p></w:body></w:document>"
    }
    with pytest.raises(CannotRead, match="damaged or not complete"):
        read(zipped(parts), "lol.docx")


def test_elements_nested_without_end_are_refused() -> None:
    deep = "<w:sdt>" * 50_000 + "</w:sdt>" * 50_000
    with pytest.raises(CannotRead, match=r"cannot be opened|holds far more"):
        read(docx(deep), "deep.docx")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"xl/workbook.xml": ""}, "is a spreadsheet"),
        ({"ppt/presentation.xml": ""}, "is a presentation"),
        ({"content.xml": ""}, "is an OpenDocument file"),
        ({"letter.txt": "Hello"}, "is a zipped folder"),
        ({"word/other.xml": "<x/>"}, "cannot be opened"),
        ({"word/document.xml": "not <xml"}, "cannot be opened"),
    ],
)
def test_other_zip_archives_are_called_by_their_name(files: dict[str, str], says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        read(zipped(files), "sla.docx")


def test_a_word_file_without_words_says_so() -> None:
    with pytest.raises(CannotRead, match="has no text"):
        source(paragraph(), paragraph())


def test_sections_keep_the_words_between_them() -> None:
    agreement = recognise(read(whole(), "sla.docx"))
    assert section(agreement, "Teaching: Provider").party == "provider"
