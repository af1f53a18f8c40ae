"""Reading files: encodings, kinds, and refusals that say what to do."""

from __future__ import annotations

import pytest

from pages.importing import CannotRead, read

WORDS = "The school’s café – open"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_read_decodes_what_word_processors_write(encoding: str) -> None:
    assert read(WORDS.encode(encoding), "a.txt").lines == (WORDS,)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_read_numbers_lines_from_one_whatever_ends_them(ending: str) -> None:
    source = read(f"one{ending}{ending}three{ending}".encode(), "a.txt")
    assert source.numbered() == [(1, "one"), (2, ""), (3, "three")]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Plain words", "a.txt", "text"),
        ("## A heading", "a.txt", "markdown"),
        ("Plain words", "a.md", "markdown"),
        ("<p>Words</p>", "a.htm", "html"),
        ("<!DOCTYPE html><p>Words", "a.txt", "html"),
        ("<ul><li>a</li><li>b</li></ul>", "a.txt", "html"),
        ("<table> in <b>Markdown</b></p></p></p>", "a.md", "markdown"),
    ],
)
def test_read_tells_the_kind_by_name_and_content(text: str, name: str, kind: str) -> None:
    assert read(text.encode(), name).kind == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty. Choose"),
        (b" \n\t\n", "is empty. Choose"),
        (b"PK\x03\x04word", "cannot be opened: it is damaged"),
        (b"\xd0\xcf\x11\xe0word", "old Word document"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "by a password"),
        (b"{\\rtf1 hello}", "rich text"),
        (b"words\x00words", "is not a document with text. Save it as a Word"),
        (bytes(range(1, 32)) * 9, "is not a document with text"),
        (b"a" * (5 * 1024 * 1024 + 1), "larger than 5 MB. Take pictures"),
        (b"%PDF-" + b"a" * (10 * 1024 * 1024), "larger than 10 MB. Take pictures"),
    ],
)
def test_read_refuses_with_a_sentence_that_says_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(CannotRead, match=says) as refusal:
        read(data, "sla.doc")
    assert str(refusal.value).startswith("sla.doc ")
