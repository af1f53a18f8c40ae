"""Form fields and widgets that Django has not: a date in three boxes, yes or no, files.

How a field looks is decided in portal.rendering, which draws every form field of the service.
What belongs here is what a person may type and the sentence that says what is wrong with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

PARTS = ("day", "month", "year")

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}


def parts_of(value: Any) -> dict[str, str]:
    """Return what stands in the three boxes for a date, an ISO string or what was typed."""
    if isinstance(value, str):
        try:
            value = datetime.date.fromisoformat(value[:10])
        except ValueError:
            return dict.fromkeys(PARTS, "")
    if isinstance(value, datetime.date):
        return {"day": str(value.day), "month": str(value.month), "year": f"{value.year:04}"}
    if isinstance(value, Mapping):
        return {part: str(value.get(part) or "") for part in PARTS}
    return dict.fromkeys(PARTS, "")


class DateInput(forms.Widget):
    """Three text boxes, posted as NAME-day, NAME-month and NAME-year."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the three parts as typed; a whole ISO date under NAME is understood as well."""
        if not any(f"{name}-{part}" in data for part in PARTS) and data.get(name):
            return parts_of(data[name])
        return {part: str(data.get(f"{name}-{part}") or "").strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}-{part}" in data for part in PARTS)

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}-day" if id_ else ""


class DateInputField(forms.Field):
    """A date that a person knows, typed as day, month and year.

    `in_the_past` and `in_the_future` both allow today. Every refusal names the part to mend;
    its ValidationError carries `params={"parts": (...)}` so that only those boxes turn red.
    """

    widget = DateInput
    default_error_messages = {
        "required": "Enter the date, for example 27 3 2026",
        "incomplete": "The date must include a %(missing)s",
        "unreal": "The date must be a real date, for example 27 3 2026",
        "year": "The year must have 4 numbers, for example 2026",
        "past": "The date must be today or in the past",
        "future": "The date must be today or in the future",
    }

    def __init__(
        self, *, in_the_past: bool = False, in_the_future: bool = False, **kwargs: Any
    ) -> None:
        self.in_the_past = in_the_past
        self.in_the_future = in_the_future
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the date; raise ValidationError saying which part is missing or wrong."""
        if isinstance(value, datetime.date):
            return value
        typed = parts_of(value)
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS):
            return None
        if missing:
            self._refuse("incomplete", missing, missing=" and ".join(missing))
        if not (typed["year"].isascii() and typed["year"].isdigit() and len(typed["year"]) == 4):
            self._refuse("year", ["year"])
        month = str(MONTHS.get(typed["month"].lower(), typed["month"]))
        wrong = [
            part
            for part, text, most in (("day", typed["day"], 31), ("month", month, 12))
            if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most)
        ]
        if wrong:
            self._refuse("unreal", wrong)
        try:
            return datetime.date(int(typed["year"]), int(month), int(typed["day"]))
        except ValueError:
            self._refuse("unreal", PARTS)

    def validate(self, value: datetime.date | None) -> None:
        """Refuse a missing date where one is needed, and a date on the wrong side of today."""
        if value is None:
            if self.required:
                self._refuse("required", PARTS)
            return
        today = timezone.localdate()
        if self.in_the_past and value > today:
            self._refuse("past", PARTS)
        if self.in_the_future and value < today:
            self._refuse("future", PARTS)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return parts_of(initial) != parts_of(data)

    def _refuse(self, code: str, parts: Sequence[str], **params: str) -> NoReturn:
        raise ValidationError(
            self.error_messages[code], code=code, params={"parts": tuple(parts), **params}
        )


class YesNoField(forms.TypedChoiceField):
    """Two radios; cleans to True or False, and to None where no answer is needed."""

    widget = forms.RadioSelect
    default_error_messages = {
        "required": "Select yes or no",
        "invalid_choice": "Select yes or no",
    }

    def __init__(self, *, yes: str = "Yes", no: str = "No", **kwargs: Any) -> None:
        kwargs.setdefault("choices", (("yes", yes), ("no", no)))
        kwargs.setdefault("coerce", lambda value: value == "yes")
        kwargs.setdefault("empty_value", None)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the radio that stands for a stored True or False."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class RadioField(forms.ChoiceField):
    """One of a few: all of them seen at once. `hints` adds a line of help to single answers."""

    widget = forms.RadioSelect
    default_error_messages = {
        "required": "Select one of the answers",
        "invalid_choice": "Select one of the answers",
    }

    def __init__(self, *, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choice_hints = dict(hints or {})


class CheckboxesField(forms.MultipleChoiceField):
    """Any of a few. `hints` adds a line of help to single answers."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": "Select at least one answer",
        "invalid_choice": "Select only answers from the list",
    }

    def __init__(self, *, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choice_hints = dict(hints or {})


class LongTextField(forms.CharField):
    """Sentences in a box of `rows` lines, with a count of what is left where there is a limit.

    `max_length` is in characters. A line end counts as one, as the count on the page has it.
    """

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        cleaned = super().to_python(value)
        return cleaned.replace("\r\n", "\n") if isinstance(cleaned, str) else cleaned


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; cleans to a list. `most` is how many are taken at once."""

    widget = SeveralFiles

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > self.most:
            raise ValidationError(f"Select up to {self.most} files at once")
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]
