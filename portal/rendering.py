"""How a form field looks: every Django field as a component of the GOV.UK Design System.

The HTML comes from the design system's own macros, made once per process; what belongs here is
which component a field is, and what goes into it. Everything a person typed and every label is
escaped by the macros. What a field accepts does not belong here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.widgets import ChoiceWidget
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, PackageLoader, PrefixLoader

from workflows.engine.fields import PARTS, DateInput, parts_of

PACKAGE = "govuk_frontend_jinja"
PART_CLASSES = {"day": "govuk-input--width-2", "month": "govuk-input--width-2"}
# Attributes that the components set themselves.
OWN_ATTRIBUTES = {"id", "class", "rows", "cols", "required", "maxlength", "minlength", "value"}
OWN_ATTRIBUTES |= {"aria-describedby", "aria-invalid", "autocomplete", "inputmode", "checked"}
OWN_ATTRIBUTES |= {"min", "max", "step"}


@cache
def _macro(component: str, name: str) -> Any:
    environment = Environment(
        loader=PrefixLoader({PACKAGE: PackageLoader(PACKAGE)}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template(f"{PACKAGE}/components/{component}/macro.html")
    return getattr(template.module, name)


def component(kind: str, macro: str, **params: Any) -> SafeString:
    """Return the HTML of one component; parameters left None are not set."""
    filled = {key: value for key, value in params.items() if value not in (None, "")}
    return mark_safe(_macro(kind, macro)(filled))  # noqa: S308  (escaped by the macros)


# --- Errors -------------------------------------------------------------------------------------


def _begin_small(label: str) -> str:
    """Return the label as the middle of a sentence; abbreviations stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _sentence(field: forms.Field, label: str, error: ValidationError) -> str:
    """Return the error in our words where the form still has Django's own."""
    message = " ".join(error.messages)
    stock = type(field).default_error_messages.get(str(error.code))
    if error.code == "required" and (
        message == str(forms.Field.default_error_messages["required"])
        or message == str(forms.FileField.default_error_messages.get("required"))
    ):
        if label.endswith("?"):
            return f"Answer the question ‘{label}’"
        if isinstance(field, forms.BooleanField):
            return f"Tick the box to go on: {label}"
        chooses = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        verb = "Select" if chooses else "Upload" if isinstance(field, forms.FileField) else "Enter"
        return f"{verb} {_begin_small(label)}"
    if error.code == "invalid_choice" and stock and "valid choice" in str(stock):
        return f"{label}: select one of the answers in the list"
    if error.code == "max_length" and error.params and "limit_value" in error.params:
        return f"{label} must be {error.params['limit_value']} characters or fewer"
    return message


def errors_of(field: forms.BoundField) -> list[str]:
    """Return the sentences that say what is wrong with one field."""
    if not field.form.is_bound:
        return []
    # Reading .errors validates the form the first time.
    found = field.form.errors.as_data().get(field.name, [])
    return [_sentence(field.field, str(field.label), error) for error in found]


def wrong_parts(field: forms.BoundField) -> tuple[str, ...]:
    """Return which of day, month and year an error is about; all three where it does not say."""
    parts: list[str] = []
    for error in field.form.errors.as_data().get(field.name, []):
        parts.extend((error.params or {}).get("parts", PARTS))
    return tuple(part for part in PARTS if part in parts)


def target(field: forms.BoundField) -> str:
    """Return the id that the error summary links to: the first input to mend."""
    if isinstance(field.field.widget, DateInput):
        return f"{field.auto_id}-{(*wrong_parts(field), *PARTS)[0]}"
    return str(field.auto_id)


def error_list(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return the entries of the error summary: the form's own first, then the fields in order."""
    if not form.is_bound:
        return []
    entries = [
        {"text": message}
        for error in form.errors.as_data().get(NON_FIELD_ERRORS, [])
        for message in error.messages
    ]
    for field in form:
        entries += [{"text": text, "href": f"#{target(field)}"} for text in errors_of(field)]
    return entries


# --- Fields -------------------------------------------------------------------------------------


def _choices(field: forms.BoundField) -> Iterator[tuple[str, str]]:
    """Yield (value, label) of every choice, groups flattened."""
    for value, label in field.field.widget.choices:
        if isinstance(label, list | tuple):
            yield from ((str(inner), str(text)) for inner, text in label)
        else:
            yield ("" if value is None else str(value)), str(label)


def _values(field: forms.BoundField) -> list[str]:
    """Return what is chosen, as strings."""
    value = field.value()
    several = value if isinstance(value, list | tuple | set) else [value]
    return ["" if each is None else str(each) for each in several]


def _label(field: forms.BoundField) -> str:
    label = str(field.label)
    optional = not field.field.required and not isinstance(field.field, forms.BooleanField)
    # Where nothing needs an answer, as among filters, it goes without saying.
    optional &= any(other.field.required for other in field.form.visible_fields())
    return f"{label} (optional)" if optional and "(optional" not in label else label


def _attributes(field: forms.BoundField) -> dict[str, Any]:
    return {
        name: value
        for name, value in field.field.widget.attrs.items()
        if name not in OWN_ATTRIBUTES and value is not False
    }


def draw(field: forms.BoundField, *, heading: bool = False) -> SafeString:
    """Return one field with its label, hint and error.

    `heading` makes the label the page's h1, for a page that asks a single question.
    """
    widget = field.field.widget
    if widget.is_hidden:
        return mark_safe(str(field))  # noqa: S308  (Django's own rendering, escaped)
    errors = " ".join(errors_of(field))
    size = "l" if heading else "s"
    common: dict[str, Any] = {
        "hint": {"text": str(field.help_text)} if field.help_text else None,
        "errorMessage": {"text": errors} if errors else None,
        "attributes": _attributes(field),
    }
    label = {
        "text": _label(field),
        "classes": f"govuk-label--{size}",
        "isPageHeading": heading,
    }
    legend = {"legend": {**label, "classes": f"govuk-fieldset__legend--{size}"}}
    if isinstance(widget, DateInput):
        return _draw_date(field, legend, common)
    if isinstance(widget, forms.RadioSelect):  # a list of checkboxes is one of these too
        return _draw_choices(field, legend, common)
    if isinstance(widget, forms.CheckboxInput):
        return _draw_tick(field, common)
    one = {
        "id": field.auto_id,
        "name": field.html_name,
        "label": label,
        "classes": widget.attrs.get("class", ""),
        "autocomplete": widget.attrs.get("autocomplete"),
        **common,
    }
    if isinstance(widget, forms.Select):
        return _draw_select(field, one)
    if isinstance(widget, forms.FileInput):
        if widget.allow_multiple_selected:
            one["multiple"] = True
        return component("file-upload", "govukFileUpload", **one)
    return _draw_text(field, one)


def _draw_text(field: forms.BoundField, one: dict[str, Any]) -> SafeString:
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.Textarea):
        one["rows"] = str(widget.attrs.get("rows", 5))
        one["value"] = "" if value is None else str(value)
        limit = getattr(field.field, "max_length", None)
        if limit:
            return component("character-count", "govukCharacterCount", maxlength=str(limit), **one)
        return component("textarea", "govukTextarea", **one)
    if isinstance(widget, forms.PasswordInput):
        return component("password-input", "govukPasswordInput", **one)
    return component("input", "govukInput", **one, **_input(field, value))


def _draw_tick(field: forms.BoundField, common: dict[str, Any]) -> SafeString:
    item = {"value": "on", "text": str(field.label), "checked": bool(field.value())}
    return component(
        "checkboxes",
        "govukCheckboxes",
        name=field.html_name,
        idPrefix=field.auto_id,
        items=[{**item, "id": field.auto_id}],
        **common,
    )


def _draw_date(
    field: forms.BoundField, legend: dict[str, Any], common: dict[str, Any]
) -> SafeString:
    typed = parts_of(field.value())
    wrong = wrong_parts(field) if common["errorMessage"] else ()
    items = [
        {
            "name": part,
            "id": f"{field.auto_id}-{part}",
            "value": typed[part],
            "classes": PART_CLASSES.get(part, "govuk-input--width-4")
            + (" govuk-input--error" if part in wrong else ""),
        }
        for part in PARTS
    ]
    return component(
        "date-input",
        "govukDateInput",
        id=field.auto_id,
        namePrefix=field.html_name,
        fieldset=legend,
        items=items,
        **common,
    )


def _draw_choices(
    field: forms.BoundField, legend: dict[str, Any], common: dict[str, Any]
) -> SafeString:
    chosen = _values(field)
    hints = getattr(field.field, "choice_hints", {})
    items = [
        {
            "value": value,
            "text": text,
            "checked": value in chosen,
            **({"hint": {"text": hints[value]}} if value in hints else {}),
        }
        for value, text in _choices(field)
        if value
    ]
    radios = not isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    kind, macro = ("radios", "govukRadios") if radios else ("checkboxes", "govukCheckboxes")
    short = radios and len(items) == 2 and all(len(str(item["text"])) < 12 for item in items)
    return component(
        kind,
        macro,
        name=field.html_name,
        idPrefix=field.auto_id,
        fieldset=legend,
        items=items,
        classes=f"govuk-{kind}--inline" if short and not hints else "",
        **common,
    )


def _draw_select(field: forms.BoundField, one: dict[str, Any]) -> SafeString:
    chosen = _values(field)
    items = [
        {
            "value": value,
            "text": text if value or text.strip("-") else "Select an answer",
            "selected": value in chosen,
        }
        for value, text in _choices(field)
    ]
    return component("select", "govukSelect", **one, items=items)


def _input(field: forms.BoundField, value: Any) -> dict[str, Any]:
    """Return what a one-line box has beside the common: type, keyboard, width."""
    widget = field.field.widget
    shown = field.field.widget.format_value(value)
    extra: dict[str, Any] = {"value": shown, "type": getattr(widget, "input_type", "text")}
    if isinstance(widget, forms.NumberInput):
        # A decimal is a kind of integer field in Django.
        whole = not isinstance(field.field, forms.DecimalField | forms.FloatField)
        extra |= {"type": "text", "inputmode": "numeric" if whole else "decimal"}
        extra["spellcheck"] = False
        if not widget.attrs.get("class"):
            extra["formGroup"] = {"classes": "accord-number"}
    elif isinstance(widget, forms.EmailInput):
        extra["spellcheck"] = False
    if widget.attrs.get("inputmode"):
        extra["inputmode"] = widget.attrs["inputmode"]
    return extra


# --- Answers, to be checked ---------------------------------------------------------------------


def answer(field: forms.BoundField) -> str:
    """Return what was answered, as a person would write it."""
    cleaned = getattr(field.form, "cleaned_data", {}).get(field.name)
    widget = field.field.widget
    if isinstance(field.field, forms.BooleanField):
        return "Yes" if cleaned else "No"
    if isinstance(widget, ChoiceWidget):
        names = dict(_choices(field))
        return ", ".join(names[value] for value in _values(field) if value in names and value)
    if isinstance(cleaned, datetime.date):
        return date_format(cleaned, "j F Y")
    if isinstance(cleaned, list | tuple):
        return ", ".join(str(getattr(each, "name", each)) for each in cleaned)
    if isinstance(field.field, forms.FileField):
        return str(getattr(cleaned, "name", "") or "")
    return "" if cleaned is None else str(cleaned)


def answers(form: forms.BaseForm) -> list[dict[str, str]]:
    """Return one row (key, value, id to go back to) per visible field of a valid form."""
    return [
        {
            "key": str(field.label),
            "value": answer(field) or "Not given",
            "target": target(field) if not form.errors else field.auto_id,
        }
        for field in form.visible_fields()
        if not isinstance(field.field.widget, forms.PasswordInput)
    ]


def carried(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Return what was posted, name by name, for a page that asks to confirm it.

    Files cannot be carried: a step that takes files keeps them before it asks. Passwords are not.
    """
    data = form.data
    lists = data.lists() if hasattr(data, "lists") else ((k, [v]) for k, v in data.items())
    left_out = {"csrfmiddlewaretoken", "save", "confirm", "change"}
    left_out |= {one.html_name for one in form if isinstance(one.field.widget, forms.PasswordInput)}
    return [
        (name, str(value)) for name, values in lists if name not in left_out for value in values
    ]
