"""Form fields come out as the design system's HTML, escaped, with errors that lead to the field."""

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from portal import rendering
from portal.templatetags import accord
from workflows.engine import fields


class Everything(forms.Form):
    """One field of each kind that the processes use."""

    name = forms.CharField(label="Name of <b>the</b> pupil", help_text="As on the <i>roll</i>")
    email = forms.EmailField(label="E-mail address")
    hours = forms.IntegerField(label="Hours a week", min_value=1)
    rate = forms.DecimalField(label="Rate", required=False)
    why = fields.LongTextField(label="Why does the pupil need a place?", max_length=500)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    answer = fields.RadioField(
        label="Answer",
        choices=[("accept", "Accept"), ("decline", "Decline")],
        hints={"decline": "Say why"},
    )
    permission = fields.YesNoField(label="Did a parent agree?")
    subjects = fields.CheckboxesField(
        label="Subjects", choices=[("m", "Maths"), ("e", "Arts & crafts")]
    )
    confirmed = forms.BooleanField(label="I confirm that this is right")
    partnership = forms.ChoiceField(
        label="Partnership", choices=[("", "---------"), ("k", "Kestrel")]
    )
    agreed = fields.DateInputField(label="Date of agreement")
    evidence = forms.FileField(label="Medical evidence")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


def drawn(form: forms.Form, name: str) -> BeautifulSoup:
    """Return one field of the form as a parsed document."""
    return BeautifulSoup(rendering.draw(form[name]), "html5lib")


def one(page: BeautifulSoup, selector: str) -> Tag:
    """Return the only element that the selector finds."""
    (found,) = page.select(selector)
    return found


@pytest.fixture
def empty() -> Everything:
    """Return the form as sent with nothing in it."""
    return Everything(QueryDict(""))


def test_what_a_label_and_a_hint_say_is_never_markup() -> None:
    html = rendering.draw(Everything()["name"])
    assert "Name of &lt;b&gt;the&lt;/b&gt; pupil" in html
    assert "As on the &lt;i&gt;roll&lt;/i&gt;" in html


def test_what_was_typed_is_never_markup() -> None:
    form = Everything({"name": '"><script>alert(1)</script>', "why": "</textarea><script>"})
    page = BeautifulSoup(rendering.draw(form["name"]) + rendering.draw(form["why"]), "html5lib")
    assert not page.select("script")
    assert one(page, "#id_name")["value"] == '"><script>alert(1)</script>'


def test_every_field_has_a_label_and_names_its_hint_and_error(empty: Everything) -> None:
    for field in empty.visible_fields():
        page = BeautifulSoup(rendering.draw(field), "html5lib")
        for control in page.select("input, textarea, select"):
            label = page.select(f'label[for="{control["id"]}"]')
            assert label, f"{field.name}: no label for {control['id']}"
        for described in page.select("[aria-describedby]"):
            for target in str(described["aria-describedby"]).split():
                assert page.select(f"#{target}"), f"{field.name}: no element {target}"


def test_the_error_summary_links_to_an_input_that_is_there(empty: Everything) -> None:
    summary = BeautifulSoup(accord.error_summary(empty), "html5lib")
    page = BeautifulSoup("".join(rendering.draw(field) for field in empty), "html5lib")
    links = summary.select(".govuk-error-summary__list a")
    assert len(links) == len(empty.errors)
    for link in links:
        control = one(page, str(link["href"]))
        assert control.name in ("input", "textarea", "select")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("name", "Enter name of <b>the</b> pupil"),
        ("email", "Enter e-mail address"),
        ("why", "Answer the question ‘Why does the pupil need a place?’"),
        ("answer", "Select one of the answers"),
        ("permission", "Select yes or no"),
        ("subjects", "Select at least one answer"),
        ("confirmed", "Tick the box to go on: I confirm that this is right"),
        ("partnership", "Select partnership"),
        ("agreed", "Enter the date, for example 27 3 2026"),
        ("evidence", "Upload medical evidence"),
    ],
)
def test_a_missing_answer_is_asked_for_in_plain_english(
    empty: Everything, name: str, sentence: str
) -> None:
    assert rendering.errors_of(empty[name]) == [sentence]


def test_an_abbreviation_keeps_its_capitals() -> None:
    class Form(forms.Form):
        upn = forms.CharField(label="UPN")

    assert rendering.errors_of(Form({})["upn"]) == ["Enter UPN"]


def test_too_long_an_answer_says_how_long_it_may_be() -> None:
    class Form(forms.Form):
        name = forms.CharField(label="Name", max_length=3)

    assert rendering.errors_of(Form({"name": "Anna"})["name"]) == [
        "Name must be 3 characters or fewer"
    ]


def test_only_the_wrong_part_of_a_date_turns_red() -> None:
    form = Everything({"agreed-day": "1", "agreed-month": "13", "agreed-year": "2026"})
    page = drawn(form, "agreed")
    assert [box["name"] for box in page.select(".govuk-input--error")] == ["agreed-month"]
    assert rendering.target(form["agreed"]) == "id_agreed-month"
    assert one(page, "#id_agreed-day")["value"] == "1"


def test_a_date_has_one_legend_and_three_labelled_boxes() -> None:
    page = drawn(Everything(initial={"agreed": datetime.date(2026, 3, 7)}), "agreed")
    assert one(page, "fieldset[role=group] legend").get_text(strip=True) == "Date of agreement"
    assert [box["value"] for box in page.select("input")] == ["7", "3", "2026"]
    assert all(box["inputmode"] == "numeric" for box in page.select("input"))


def test_radios_are_radios_and_checkboxes_are_checkboxes() -> None:
    form = Everything({"answer": "decline", "subjects": ["e"]})
    form.data = QueryDict("answer=decline&subjects=e")
    radios = drawn(form, "answer")
    assert one(radios, "input[checked]")["value"] == "decline"
    assert one(radios, ".govuk-radios__hint").get_text(strip=True) == "Say why"
    boxes = drawn(form, "subjects")
    assert {box["type"] for box in boxes.select("input")} == {"checkbox"}
    assert one(boxes, "input[checked]")["value"] == "e"
    assert "Arts &amp; crafts" in rendering.draw(form["subjects"])


def test_a_number_is_typed_with_the_right_keyboard_and_never_scrolled() -> None:
    assert one(drawn(Everything(), "hours"), "input")["inputmode"] == "numeric"
    rate = one(drawn(Everything(), "rate"), "input")
    assert (rate["type"], rate["inputmode"]) == ("text", "decimal")


def test_an_optional_field_says_so_once() -> None:
    label = one(drawn(Everything(), "rate"), "label").get_text(strip=True)
    assert label == "Rate (optional)"


def test_among_filters_optional_goes_without_saying() -> None:
    class Filters(forms.Form):
        q = forms.CharField(label="Name", required=False)
        stage = forms.CharField(label="Stage", required=False)

    assert one(drawn(Filters(), "q"), "label").get_text(strip=True) == "Name"


def test_a_password_is_never_sent_back() -> None:
    form = Everything({"password": "correct horse battery"})
    assert "correct horse" not in rendering.draw(form["password"])


def test_a_limit_is_counted_and_an_unlimited_box_is_not() -> None:
    assert one(drawn(Everything(), "why"), "[data-maxlength]")["data-maxlength"] == "500"
    assert not drawn(Everything(), "note").select("[data-maxlength]")


def test_a_single_question_can_be_the_heading() -> None:
    html = accord.field(Everything()["name"], heading=True)
    assert BeautifulSoup(html, "html5lib").select("h1 label[for=id_name]")


def complete() -> dict[str, Any]:
    """Return an answer to everything."""
    return {
        "name": "Ana",
        "email": "ana@school.example",
        "hours": "5",
        "why": "First line\r\n\r\nSecond line",
        "answer": "accept",
        "permission": "no",
        "subjects": ["m", "e"],
        "confirmed": "on",
        "partnership": "k",
        "agreed-day": "7",
        "agreed-month": "March",
        "agreed-year": "2026",
        "password": "secret",
        "token": "t",
        "csrfmiddlewaretoken": "x",
    }


def posted() -> Everything:
    """Return the form filled in and valid."""
    data = QueryDict(mutable=True)
    for name, value in complete().items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = Everything(
        data, MultiValueDict({"evidence": [SimpleUploadedFile("letter.pdf", b"%PDF-1.7")]})
    )
    assert form.is_valid(), form.errors
    return form


def test_answers_are_shown_as_a_person_would_write_them() -> None:
    rows = {row["key"]: row["value"] for row in rendering.answers(posted())}
    assert rows["Answer"] == "Accept"
    assert rows["Did a parent agree?"] == "No"
    assert rows["Subjects"] == "Maths, Arts & crafts"
    assert rows["I confirm that this is right"] == "Yes"
    assert rows["Date of agreement"] == "7 March 2026"
    assert rows["Medical evidence"] == "letter.pdf"
    assert rows["Rate"] == "Not given"
    assert "Password" not in rows


def test_checked_answers_post_again_exactly_what_was_posted() -> None:
    html = render_to_string("components/check_answers.html", {"form": posted()})
    page = BeautifulSoup(html, "html5lib")
    again = QueryDict(mutable=True)
    for hidden in page.select("input[type=hidden]"):
        again.appendlist(str(hidden["name"]), str(hidden["value"]))
    assert again.getlist("subjects") == ["m", "e"]
    assert again["agreed-month"] == "March"
    assert "csrfmiddlewaretoken" not in again
    assert "secret" not in html


def test_the_whole_form_has_one_button_unless_it_can_be_kept_for_later() -> None:
    alone = BeautifulSoup(
        render_to_string("components/form.html", {"form": Everything()}), "html5lib"
    )
    assert one(alone, "button[type=submit].govuk-button").get_text(strip=True) == "Continue"
    assert one(alone, "form")["enctype"] == "multipart/form-data"
    both = render_to_string("components/form.html", {"form": Everything(), "save": True})
    assert one(BeautifulSoup(both, "html5lib"), "button[name=save]")


def test_links_to_pages_keep_every_filter(rf: Any) -> None:
    request = rf.get("/cases/", {"stage": "placed", "page": "2"})
    assert accord.query(Context({"request": request}), page=3) == "?stage=placed&page=3"
    assert accord.query(Context({"request": request}), page="", stage="") == "?"
