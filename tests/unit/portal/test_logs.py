"""Log lines name nobody."""

import logging
import sys

import pytest

from portal import logs


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("sent to ada.m@school.example today", "sent to [removed] today"),
        ("pupil P207000016049 moved", "pupil [removed] moved"),
        ("pupil M80120000500A moved", "pupil [removed] moved"),
        ("learner 9276308686 found", "learner [removed] found"),
        (f"failed: /tasks/calendar/{'a-B_' * 10}123.ics", "failed: /tasks/calendar/[removed].ics"),
        (f"Not Found: /your-views/{'a-B_' * 10}123/", "Not Found: /your-views/[removed]/"),
        ("case AC-2026-0001 took 1200 ms", "case AC-2026-0001 took 1200 ms"),
    ],
)
def test_addresses_and_pupil_numbers_are_removed_and_nothing_else(text: str, cleaned: str) -> None:
    assert logs.without_personal_data(text) == cleaned


def test_a_record_is_cleaned_with_its_arguments_and_loses_its_request() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "sent to %s", ("a@b.example",), None)
    record.__dict__["request"] = object()
    assert logs.WithoutPersonalData().filter(record)
    assert record.getMessage() == "sent to [removed]"
    assert not hasattr(record, "request")


def test_the_text_of_an_exception_is_cleaned() -> None:
    try:
        raise ValueError("no account for a@b.example")
    except ValueError:
        text = logs.Line().formatException(sys.exc_info())
    assert "no account for [removed]" in text


@pytest.mark.parametrize(("status", "is_told"), [(403, False), (404, False), (500, True)])
def test_a_refusal_is_one_line_and_a_fault_says_where(status: int, is_told: bool) -> None:
    try:
        raise PermissionError("Not yours.")
    except PermissionError:
        record = logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "Forbidden: /", None, sys.exc_info()
        )
    record.status_code = status
    assert logs.WithoutPersonalData().filter(record)
    assert ("Not yours." in logs.Line("{message}", style="{").format(record)) is is_told
