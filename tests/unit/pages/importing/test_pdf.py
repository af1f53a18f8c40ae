"""Reading PDFs of our own: page furniture, broken lines, columns, scans and damage."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from pages.importing import CannotRead, Source, read, recognise, report

from .making_documents import pdf, stripped_of_text
from .reading_documents import clause, counts

PROMISES = [
    f"Answer question {at} of the school about the pupil within 30 minutes and write down, in words "
    "that the family can follow, what was said and by whom."
    for at in range(1, 101)
]


def source(text: str) -> Source:
    return read(pdf(text), "sla.pdf")


def long_document() -> str:
    """Forty pages with a head and a foot on each, and paragraphs that break across them."""
    items = "\n\n".join(f"{at}. {text}" for at, text in enumerate(PROMISES, start=1))
    filler = "\n\n".join(
        f"== Part {at}\n\nThe school will:\n\n"
        + "\n\n".join(
            f"- Keep promise {at}.{n}: {'the plan is read aloud and kept safe, ' * 4}always."
            for n in range(1, 9)
        )
        for at in range(1, 22)
    )
    return (
        "#set page(header: [Lantern House Agreement], footer: context [Page #counter(page).display() of 40])\n"
        "= Lantern House Service Level Agreement\n\nThe provider will:\n\n"
        + items
        + "\n\n"
        + filler
    )


def test_forty_pages_with_furniture_lose_no_line_and_no_word() -> None:
    read_in = source(long_document())
    agreement = recognise(read_in)
    numbers = report(agreement).as_dict()
    assert numbers["lines"] == numbers["lines_accounted"] == len(read_in.lines) > 1_000
    pages = [piece for piece in agreement.furniture if piece.kind == "page number"]
    heads = [piece for piece in agreement.furniture if piece.kind == "running head"]
    assert len(pages) == len(heads) >= 40
    assert agreement.title == "Lantern House Service Level Agreement"
    assert counts(agreement) == {"provider": 100, "school": 21 * 8}


def test_lines_broken_by_the_page_are_put_together() -> None:
    agreement = recognise(source(long_document()))
    texts = [c.text for c in agreement.clauses if c.party == "provider"]
    assert texts == PROMISES
    assert [c.printed_number for c in agreement.clauses][:3] == ["1.", "2.", "3."]


def test_a_short_line_ends_its_paragraph_and_a_full_one_does_not() -> None:
    agreement = recognise(
        source(
            "The provider will:\n\n- Teach. \\\n- Mark the work that is set and send what was marked back to the school"
        )
    )
    assert [c.text for c in agreement.clauses] == [
        "Teach.",
        "Mark the work that is set and send what was marked back to the school",
    ]


def test_words_divided_at_the_end_of_a_line_are_whole_again() -> None:
    text = (
        "The provider will safeguard " + "unaccountability responsibilities notwithstanding " * 12
    )
    setting = '#set text(hyphenate: true, lang: "en")\n#set par(justify: true)\n'
    agreement = recognise(source(setting + text + "."))
    words = set(re.findall(r"\w+", agreement.clauses[0].text))
    assert words == {
        "The",
        "provider",
        "will",
        "safeguard",
        "unaccountability",
        "responsibilities",
        "notwithstanding",
    }


def test_a_table_is_read_by_its_rows() -> None:
    rows = "".join(
        f"[{who}], [{what}],"
        for who, what in (
            ("Provider", "Lend a laptop to each pupil who has none and show how it is used"),
            ("School", "Print the work that is set and send it home in a sealed envelope"),
        )
    )
    agreement = recognise(source(f"= Agreement\n\n#table(columns: (2.5cm, 5cm), {rows})"))
    assert counts(agreement) == {"provider": 1, "school": 1}
    assert clause(agreement, "laptop").text.endswith("show how it is used")


def test_a_table_with_a_column_for_each_party_is_read_by_columns() -> None:
    rows = "".join(
        f"[Do thing {at} for the pupil and write to the family about it.],"
        f"[Keep thing {at} safe and write to the provider about it.],"
        for at in range(1, 5)
    )
    table = f"#table(columns: (4cm, 4cm), [The provider will], [The school will], {rows})"
    agreement = recognise(source(f"= Fern Agreement\n\n{table}\n\nThe family may visit."))
    assert counts(agreement) == {"provider": 4, "school": 4}
    assert (
        clause(agreement, "Keep thing 3").text
        == "Keep thing 3 safe and write to the provider about it."
    )


def test_columns_of_a_page_are_no_table() -> None:
    items = "\n".join(
        f"+ Do thing {at} for the pupil and write to the family." for at in range(1, 9)
    )
    agreement = recognise(
        source(
            "#set page(width: 21cm)\n= Fern Agreement\n"
            f"#columns(2)[The provider will:\n{items}\n#colbreak()\nThe school will:\n{items}]"
        )
    )
    assert counts(agreement) == {"provider": 8, "school": 8}


def test_larger_print_is_a_heading() -> None:
    agreement = recognise(
        source(
            "= Fern Agreement\n\n== Teaching\n\nThe provider will teach.\n\n== Paying\n\nThe school will pay."
        )
    )
    assert agreement.title == "Fern Agreement"
    assert [s.heading for s in agreement.sections] == ["Teaching", "Paying"]


def test_the_address_behind_words_is_kept() -> None:
    address = "https://fern.example/book"
    agreement = recognise(
        source(f'The provider will read #link("{address}")[the handbook] aloud.\n\nSee {address}')
    )
    assert f"read the handbook ({address}) aloud." in agreement.clauses[0].text
    assert sum(address in line for line in source(f"See {address}").lines) == 1


def test_a_list_of_contents_is_set_aside() -> None:
    agreement = recognise(
        source(
            "= Fern Agreement\n\n#outline(title: [Contents])\n\n== Teaching\n\nThe provider will teach."
        )
    )
    kinds = [piece.kind for piece in agreement.furniture]
    assert kinds.count("contents list") == 3
    assert [s.heading for s in agreement.sections if s.clauses] == ["Teaching"]


def test_a_scan_says_what_to_do() -> None:
    with pytest.raises(CannotRead, match="has no text, only pictures of pages"):
        read(stripped_of_text(), "scan.pdf")


def test_a_password_says_what_to_do() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Secret")))
    writer.encrypt("open sesame", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(CannotRead, match="is protected by a password"):
        read(out.getvalue(), "sla.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_damage_says_what_to_do(data: bytes) -> None:
    with pytest.raises(CannotRead, match="cannot be opened: it is damaged"):
        read(data, "sla.pdf")


def test_a_stream_that_unpacks_to_far_more_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Words")))
    stream = pypdf.generic.StreamObject()
    stream.set_data(b"BT /F1 9 Tf (a) Tj ET " * 20_000_000)
    page = writer.pages[0]
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream.flate_encode(9))
    out = io.BytesIO()
    writer.write(out)
    assert len(out.getvalue()) < 3_000_000
    with pytest.raises(CannotRead, match=r"bomb.pdf (?:holds|takes|cannot|has no text)"):
        read(out.getvalue(), "bomb.pdf")
