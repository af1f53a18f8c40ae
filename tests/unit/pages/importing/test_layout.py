"""Whatever stands on the pages of a PDF, and wherever: each line is accounted for, each word kept."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pages.importing import Source, recognise, report
from pages.importing.layout import Page, Printed, Segment, lay_out

from .test_nothing_is_lost import LINES, words_out

WORDS = st.sampled_from([re.sub(r"[|#*_]", "", line).strip() or "Odds" for line in LINES])
PLACE = st.sampled_from([50.0, 52.0, 70.0, 200.0, 350.0])


@st.composite
def printed(draw: st.DrawFn, page: int) -> Printed:
    """A line anywhere on the page, in one or more parts."""
    at, segments = draw(PLACE), []
    for text in draw(st.lists(WORDS, min_size=1, max_size=3)):
        segments.append(Segment(at, at + 4 * len(text), text))
        at += 4 * len(text) + draw(st.sampled_from([30.0, 150.0]))
    base = draw(st.sampled_from([800.0, 760.0, 700.0, 688.0, 676.0, 400.0, 388.0, 60.0, 20.0]))
    return Printed(page, base, draw(st.sampled_from([9.0, 10.0, 16.0])), tuple(segments))


@st.composite
def document(draw: st.DrawFn) -> list[Page]:
    """A few pages of such lines."""
    return [
        Page(
            number,
            595,
            842,
            tuple(draw(st.lists(printed(number), max_size=9))),
            draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]


@settings(max_examples=200, deadline=None)
@given(document())
def test_no_line_and_no_word_of_any_page_is_lost(pages: list[Page]) -> None:
    lines, blocks, doubts = lay_out(pages)
    assume(any(lines))
    agreement = recognise(Source("a.pdf", "pdf", lines, blocks=blocks, doubts=doubts))
    numbers = report(agreement).as_dict()
    assert numbers["lines"] == numbers["lines_accounted"] == sum(len(page.lines) for page in pages)
    # A word that a hyphen divides is one word again: letters are compared, not words.
    spoken = Counter(re.sub(r"[\W_]", "", "".join(lines)).casefold())
    out = Counter("".join(words_out(agreement).elements()))
    assert not spoken - out
