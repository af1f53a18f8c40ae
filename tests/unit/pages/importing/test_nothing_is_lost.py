"""Whatever a document holds, each line is accounted for and each word comes out again."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pages.importing import CannotRead, ImportedAgreement, read, recognise, report

from .reading_documents import DOCUMENTS, NAMES

LINES = """\
The provider will:
Schools will:
OTX agree to:
It is expected that the LA will:
Where it rains, the school will:
Safety
1. Purpose
2. Funding
- Send the register within 30 minutes.
- Keep records. Maintain a log.
· Work with the school to:
* have policies for:
1. Provide an annual report that includes:
 - outcomes
   (a) plans
Name: ____
Signature:
School:
Date: 3 March 2024
Page 2 of 3
3
---
====
Service Level Agreement
Northfold Tuition Service (NTS)
and carries on here
These should include:
NTS will pay. The school will pay
Please keep this
By signing you are agreeing to this agreement.
The policy will be reviewed annually by the headteacher.
In completing this you are agreeing to keep data

# Big **title**
## Provider
**bold line**
[link](https://x.example/a_b)
Insert name of school
1.
•
> quoted text
a) letters here
Documents required by the provider:
Provider: send it
| a | b |
| --- | --- |
| The provider | Send the register daily to us |""".split("\n")

PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"))
LINE = st.one_of(st.sampled_from(LINES), st.sampled_from(LINES), st.text(PRINTABLE, max_size=40))
DOCUMENT = st.lists(LINE, min_size=1, max_size=25).map("\n".join)
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)
TAGS = "p li ul ol h1 h2 table tr td th b br div script title pre".split()
TAG = st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
ODD_MARKUP = st.sampled_from(["&amp;", "&#10;", "<!-- c -->", "<![if x]>", "<!d", "<?p ?>", "\n"])
PAGE = st.lists(st.one_of(TAG, TAG, st.sampled_from(LINES), ODD_MARKUP), max_size=40).map("".join)


def words(text: str) -> Counter[str]:
    """Count the words, whatever their case; the letter o as a bullet is not one."""
    return Counter(re.findall(r"[^\W_]+", re.sub(r"(?m)^\s*o\s{2,}", "", text).casefold()))


def words_out(agreement: ImportedAgreement) -> Counter[str]:
    parts = [agreement.title, *(f.text for f in agreement.furniture)]
    parts += [doubt.text for doubt in agreement.doubts]
    for section in agreement.sections:
        parts += [section.heading, section.lead, section.printed_number, *section.intro]
        for clause in section.clauses:
            parts += [clause.text, clause.printed_number]
    return words(" ".join(parts))


def check(data: bytes, name: str, spoken: str | None = None) -> None:
    """Import and assert that all lines, and all words but those of markup, are there."""
    source = read(data, name)
    agreement = recognise(source)
    numbers = report(agreement).as_dict()
    assert numbers["lines"] == numbers["lines_accounted"] == len(source.lines)
    assert set(agreement.account) == {line for line, _ in source.numbered()}
    if spoken is None and source.kind != "html":
        kept = [text for line, text in source.numbered() if agreement.account[line] != "markup"]
        spoken = "\n".join(kept)
    assert not words(spoken or "") - words_out(agreement)


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_the_documents_is_lost(name: str) -> None:
    check((DOCUMENTS / name).read_bytes(), name)


@settings(max_examples=300, deadline=None)
@given(DOCUMENT, st.sampled_from(["a.txt", "a.md"]))
def test_no_word_of_any_agreement_is_lost(text: str, name: str) -> None:
    assume(text.strip())
    check(text.encode(), name)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_no_line_of_any_text_is_lost(text: str, name: str) -> None:
    try:
        read(text.encode(), name)
    except CannotRead:
        assume(False)
    check(text.encode(), name)


@settings(max_examples=200, deadline=None)
@given(PAGE)
def test_no_line_of_any_page_is_lost_however_broken_its_markup(page: str) -> None:
    assume(page.strip())
    check(page.encode(), "a.html")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([line for line in LINES if line.strip()]), min_size=1, max_size=15))
def test_no_word_of_a_well_formed_page_is_lost(lines: list[str]) -> None:
    page = "<ul>\n" + "\n".join(f"<li><p>{line}</p></li>" for line in lines) + "\n</ul>"
    check(page.encode(), "a.html", "\n".join(lines))
