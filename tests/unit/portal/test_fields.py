"""A date in three boxes, yes or no, long text: what may be typed, and what is said otherwise."""

import datetime

import pytest
import time_machine
from django import forms
from django.http import QueryDict

from workflows.engine import fields


class Agreed(forms.Form):
    """One date in the past, one yes or no."""

    agreed = fields.DateInputField(label="Date of agreement", in_the_past=True)
    permission = fields.YesNoField(label="Did a parent agree?")


def filled(**answers: str) -> Agreed:
    """Return the form as posted, with a good answer wherever none is given."""
    good = {"agreed-day": "27", "agreed-month": "3", "agreed-year": "2026", "permission": "yes"}
    data = QueryDict(mutable=True)
    data.update({**good, **{name.replace("_", "-"): value for name, value in answers.items()}})
    return Agreed(data)


@pytest.fixture(autouse=True)
def in_april_2026() -> object:
    """Stand in April 2026."""
    with time_machine.travel(datetime.datetime(2026, 4, 10, 12, tzinfo=datetime.UTC)):
        yield


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MARCH "])
def test_a_month_is_understood_as_number_or_name(month: str) -> None:
    form = filled(agreed_month=month)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["agreed"] == datetime.date(2026, 3, 27)


@pytest.mark.parametrize(
    ("answers", "sentence", "parts"),
    [
        ({"agreed_month": ""}, "The date must include a month", ("month",)),
        (
            {"agreed_day": "", "agreed_year": ""},
            "The date must include a day and year",
            ("day", "year"),
        ),
        ({"agreed_year": "26"}, "The year must have 4 numbers, for example 2026", ("year",)),
        ({"agreed_day": "32"}, "The date must be a real date, for example 27 3 2026", ("day",)),
        (
            {"agreed_month": "Mars"},
            "The date must be a real date, for example 27 3 2026",
            ("month",),
        ),
        (
            {"agreed_day": "30", "agreed_month": "2"},
            "The date must be a real date, for example 27 3 2026",
            ("day", "month", "year"),
        ),
        ({"agreed_day": "²"}, "The date must be a real date, for example 27 3 2026", ("day",)),
        (
            {"agreed_year": "2027"},
            "The date must be today or in the past",
            ("day", "month", "year"),
        ),
    ],
)
def test_a_wrong_date_is_refused_with_a_sentence_and_the_parts_to_mend(
    answers: dict[str, str], sentence: str, parts: tuple[str, ...]
) -> None:
    form = filled(**answers)
    (error,) = form.errors.as_data()["agreed"]
    assert error.messages == [sentence]
    assert error.params == {**(error.params or {}), "parts": parts}


def test_today_counts_as_past_and_as_future() -> None:
    today = {"when-day": "10", "when-month": "4", "when-year": "2026"}

    class Form(forms.Form):
        when = fields.DateInputField(in_the_past=True, in_the_future=True)

    assert Form(today).is_valid()


def test_an_empty_date_is_none_where_it_is_optional_and_refused_where_not() -> None:
    class Form(forms.Form):
        when = fields.DateInputField(required=False)

    form = Form({"when-day": "", "when-month": "", "when-year": ""})
    assert form.is_valid()
    assert form.cleaned_data["when"] is None
    assert "agreed" in filled(agreed_day="", agreed_month="", agreed_year="").errors


def test_a_whole_date_under_the_name_is_understood() -> None:
    form = Agreed({"agreed": "2026-03-27", "permission": "no"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"agreed": datetime.date(2026, 3, 27), "permission": False}


def test_an_unchanged_date_is_not_a_change() -> None:
    form = Agreed(
        {"agreed-day": "27", "agreed-month": "3", "agreed-year": "2026", "permission": "yes"},
        initial={"agreed": datetime.date(2026, 3, 27), "permission": True},
    )
    assert "agreed" not in form.changed_data


def test_yes_and_no_clean_to_true_and_false_and_nothing_else_passes() -> None:
    assert filled(permission="no").fields["permission"].clean("no") is False
    assert filled(permission="yes").fields["permission"].clean("yes") is True
    assert filled(permission="maybe").errors["permission"] == ["Select yes or no"]


def test_a_line_end_counts_as_one_character() -> None:
    class Form(forms.Form):
        why = fields.LongTextField(max_length=3)

    form = Form({"why": "a\r\nb"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["why"] == "a\nb"
