"""What is read out of an iCalendar file: terms, breaks, closure days, and all that is none."""

from datetime import date

import pytest

from workflows.calendar import imports
from workflows.calendar.imports import FoundClosure, FoundTerm
from workflows.engine.exceptions import NotAllowed


def calendar(*events: str) -> bytes:
    inside = "\r\n".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}\r\nEND:VCALENDAR\r\n".encode()


def whole_days(name: str, starts: str, ends: str = "") -> str:
    lines = [f"SUMMARY:{name}", f"DTSTART;VALUE=DATE:{starts}"]
    return "\r\n".join([*lines, f"DTEND;VALUE=DATE:{ends}"] if ends else lines)


def test_a_whole_day_event_ends_the_day_before_its_dtend() -> None:
    found = imports.read(
        calendar(
            whole_days("Autumn term", "20260902", "20261219"),
            whole_days("Autumn half term", "20261026", "20261031"),
        )
    )
    assert found.terms == [
        FoundTerm(
            "Autumn term",
            date(2026, 9, 2),
            date(2026, 12, 18),
            date(2026, 10, 26),
            date(2026, 10, 30),
        )
    ]
    assert (found.closures, found.unused) == ([], [])


def test_a_day_without_an_end_is_one_day() -> None:
    found = imports.read(calendar(whole_days("INSET day", "20260901")))
    assert found.closures == [FoundClosure(date(2026, 9, 1), "INSET day")]


def test_each_day_of_a_short_closure_is_closed() -> None:
    found = imports.read(calendar(whole_days("Staff training", "20260907", "20260909")))
    assert [one.date for one in found.closures] == [date(2026, 9, 7), date(2026, 9, 8)]


def test_a_term_may_be_told_by_its_first_and_its_last_day() -> None:
    found = imports.read(
        calendar(
            whole_days("Spring term ends", "20270326"),
            whole_days("Spring term starts", "20270105"),
        )
    )
    assert found.terms == [FoundTerm("Spring term", date(2027, 1, 5), date(2027, 3, 26))]


def test_times_are_read_in_london_right_across_the_change_of_clocks() -> None:
    found = imports.read(
        calendar(
            "SUMMARY:Occasional closure\r\nDTSTART:20260706T230000Z\r\nDTEND:20260707T140000Z",
            "SUMMARY:Occasional closure\r\nDTSTART:20261201T230000Z\r\nDTEND:20261201T233000Z",
        )
    )
    assert [one.date for one in found.closures] == [date(2026, 7, 7), date(2026, 12, 1)]


def test_whatever_is_not_understood_is_listed_with_the_reason() -> None:
    found = imports.read(
        calendar(
            whole_days("Summer holidays", "20260722", "20260901"),
            whole_days("Christmas fair", "20261210"),
            whole_days("Half term", "20270216", "20270220"),
            whole_days("School closed for building", "20260301", "20260401"),
            whole_days("Summer term begins", "20270414"),
        )
    )
    assert (found.terms, found.closures) == ([], [])
    assert {one.period.name: one.why for one in found.unused} == {
        "Summer holidays": "It is not called a term, a half term or a closure.",
        "Christmas fair": "It is not called a term, a half term or a closure.",
        "Half term": "No term in the file is around it.",
        "School closed for building": "It is longer than 5 days, so it is no closure in a term.",
        "Summer term begins": "The file does not say when this term ends.",
    }


def test_a_second_break_in_one_term_is_left_out() -> None:
    found = imports.read(
        calendar(
            whole_days("Autumn term", "20260902", "20261219"),
            whole_days("Half term", "20261026", "20261031"),
            whole_days("Half-term", "20261109", "20261111"),
        )
    )
    assert [one.why for one in found.unused] == ["Its term has a half-term break already."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not an iCalendar file"),
        (b"Term dates\n1 September", "not an iCalendar file"),
        (b"%PDF-1.7", "not an iCalendar file"),
        (calendar(), "no event in the file"),
        (b"x" * (imports.MOST_BYTES + 1), "larger than 500 KB"),
        (calendar(*["SUMMARY:x"] * (imports.MOST_EVENTS + 1)), "more than 2,000 events"),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        imports.read(content)
