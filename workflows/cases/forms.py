"""What a person types on the pages of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from permissions.models import Organisation
from workflows.engine import fields, scanner

from . import actions, rules
from .states import (
    DOCUMENT_AUDIENCES,
    YEAR_GROUPS,
    Audience,
    ContactMethod,
    DocumentKind,
    LinkKind,
    PrimaryNeed,
    SenStatus,
    Stage,
)


def filters_of(given: QueryDict, words: str) -> dict[str, Any]:
    """Read the list's filters from an address; what makes no sense there filters nothing.

    `words` are searched for; the address does not say them.
    """
    number = given.get("organisation", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return {
        "q": words,
        "stage": given.get("stage", ""),
        "organisation": int(number) if is_number else None,
        "organisation_name": given.get("organisation_name", "").replace("\x00", "")[:100],
        "sort": given.get("sort", ""),
    }


class CaseFilters(forms.Form):
    """Search, filters and order of the list of cases. Drawn only: the view reads the address.

    Where there are too many organisations to choose from (None), a part of their name is typed.
    """

    q = forms.CharField(label="Name, case reference or UPN", required=False, max_length=100)
    stage = forms.ChoiceField(label="Stage", required=False)
    organisation = forms.ChoiceField(label="Organisation", required=False)
    organisation_name = forms.CharField(
        label="Part of an organisation’s name", required=False, max_length=100
    )
    sort = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[
            ("newest", "Newest first"),
            ("oldest", "Oldest first"),
            ("pupil", "Pupil’s last name"),
            ("school", "School"),
            ("stage", "Stage"),
        ],
    )

    def __init__(
        self, *, organisations: list[Organisation] | None, initial: dict[str, Any]
    ) -> None:
        super().__init__(initial=initial, auto_id="filter_%s")
        self.fields["stage"].choices = [("", "All stages"), *Stage.choices]  # type: ignore[attr-defined]  # a choice
        if organisations is None:
            del self.fields["organisation"]
            return
        del self.fields["organisation_name"]
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]  # a choice
            ("", "All organisations"),
            *((str(one.pk), one.name) for one in organisations),
        ]


class PupilForm(forms.Form):
    """Who the pupil is."""

    submit_label = "Save and continue"
    first_name = forms.CharField(
        label="First name",
        max_length=100,
        error_messages={"required": "Enter the pupil’s first name"},
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=100,
        error_messages={"required": "Enter the pupil’s last name"},
    )
    date_of_birth = fields.DateInputField(
        label="Date of birth",
        in_the_past=True,
        help_text="For example, 27 3 2013",
        error_messages={"required": "Enter the pupil’s date of birth"},
    )
    year_group = forms.TypedChoiceField(
        label="Year group",
        coerce=int,
        choices=[("", "Select a year group"), *YEAR_GROUPS],
        error_messages={"required": "Select the pupil’s year group"},
    )
    upn = forms.CharField(
        label="Unique pupil number (UPN)",
        help_text="13 characters, for example P207000016049",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "spellcheck": "false"}),
    )
    uln = forms.CharField(
        label="Unique learner number (ULN)",
        help_text="10 digits",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    sen_status = fields.RadioField(
        label="Special educational needs (SEN)",
        choices=SenStatus.choices,
        error_messages={"required": "Select the pupil’s SEN status"},
    )
    primary_need = forms.ChoiceField(
        label="Primary need",
        help_text="Needed for pupils with SEN support or an EHC plan",
        required=False,
        choices=[("", "Select a need"), *PrimaryNeed.choices],
    )
    looked_after = fields.YesNoField(
        label="Is the pupil looked after by a local authority?",
        error_messages={"required": "Select whether the pupil is looked after"},
    )

    def clean_date_of_birth(self) -> Any:
        """Refuse a date that makes no pupil of it."""
        born = self.cleaned_data["date_of_birth"]
        if reason := rules.why_not_date_of_birth(born, timezone.localdate()):
            raise forms.ValidationError(reason)
        return born

    def clean_upn(self) -> str:
        """Tidy the number and refuse one whose check letter is wrong."""
        upn = rules.normal_identifier(self.cleaned_data["upn"])
        if reason := rules.why_not_upn(upn):
            raise forms.ValidationError(reason)
        return upn

    def clean_uln(self) -> str:
        """Tidy the number and refuse one whose check digit is wrong."""
        uln = rules.normal_identifier(self.cleaned_data["uln"])
        if reason := rules.why_not_uln(uln):
            raise forms.ValidationError(reason)
        return uln

    def clean(self) -> dict[str, Any]:
        """Ask for the need of a pupil who has one."""
        cleaned = super().clean() or {}
        has_need = cleaned.get("sen_status") in (SenStatus.SUPPORT, SenStatus.PLAN)
        if has_need and not cleaned.get("primary_need"):
            self.add_error("primary_need", "Select the pupil’s primary need")
        return cleaned

    def details(self) -> dict[str, Any]:
        """Answer the valid form as the details that `actions.register_pupil` takes."""
        return {name: self.cleaned_data[name] for name in actions.PUPIL_FIELDS}


USUAL = "usual"
FILES_AT_ONCE = 10
_NEVER_CHOSEN = frozenset({DocumentKind.LETTER})


def _audiences(inside: frozenset[Audience]) -> list[tuple[str, str]]:
    return [(audience.value, audience.label) for audience in Audience if audience in inside]


class DocumentForm(forms.Form):
    """One file, or several of one kind, with what they are and who may see them.

    `audiences` are those to which the person belongs: nobody hides a document from themself.
    """

    submit_label = "Add the document"
    kind = forms.ChoiceField(
        label="What is the document?",
        error_messages={"required": "Select what the document is"},
    )
    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="For example, Letter from the consultant",
        error_messages={"required": "Enter a title for the document"},
    )
    file = fields.FilesField(
        most=FILES_AT_ONCE,
        label="File",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Select a file"},
    )
    author = forms.CharField(label="Who wrote it?", max_length=200, required=False)
    document_date = fields.DateInputField(
        label="Date of the document", in_the_past=True, required=False
    )
    valid_until = fields.DateInputField(
        label="Valid until",
        help_text="If it is valid for a time only. Accord tells you before that day",
        required=False,
    )
    audience = fields.RadioField(
        label="Who may see it?",
        initial=USUAL,
        hints={
            USUAL: (
                "Medical evidence, reports by professionals and EHC plans: people who may see "
                "medical evidence. Signed permission: school, partnership and local authority. "
                "All else: everyone in the case"
            )
        },
        error_messages={"required": "Select who may see the document"},
    )

    def __init__(self, *args: Any, audiences: frozenset[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        megabytes = actions.file_size_limit() // (1024 * 1024)
        scanned = (
            "Each is scanned for viruses before anybody can open it."
            if scanner.is_configured()
            else "Accord does not scan them for viruses here, so add only files that you trust."
        )
        self.fields["file"].help_text = (
            f"PDF, Word (DOCX), JPEG or PNG, up to {megabytes}MB. You can select up to "
            f"{FILES_AT_ONCE} files of one kind, such as the pages of a letter. {scanned}"
        )
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # a choice
            (USUAL, "The people who usually see such a document"),
            *_audiences(audiences),
        ]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice
            ("", "Select a kind of document"),
            *(
                (kind.value, kind.label)
                for kind in DocumentKind
                if kind not in _NEVER_CHOSEN and DOCUMENT_AUDIENCES[kind] in audiences
            ),
        ]

    def clean_file(self) -> Any:
        """Refuse a file by its size and by its content; its name says nothing."""
        files = self.cleaned_data["file"]
        for number, file in enumerate(files, start=1):
            content = file.read(actions.file_size_limit() + 1)
            file.seek(0)
            if reason := rules.why_not_file(
                size=len(content),
                content_type=rules.content_type_of(content),
                limit=actions.file_size_limit(),
            ):
                which = f", number {number} of {len(files)}," if len(files) > 1 else ""
                raise forms.ValidationError(
                    reason.replace("selected file", f"selected file{which}")
                )
        return files

    def clean(self) -> dict[str, Any]:
        """Hold the audience against the kind, and the two dates against each other."""
        cleaned = super().clean() or {}
        kind, audience = cleaned.get("kind"), cleaned.get("audience")
        if kind and audience and audience != USUAL:
            reason = rules.why_not_audience(DocumentKind(kind), Audience(audience))
            if reason:
                self.add_error("audience", reason)
        if reason := rules.why_not_valid_until(
            cleaned.get("document_date"), cleaned.get("valid_until")
        ):
            self.add_error("valid_until", reason)
        return cleaned

    def details(self) -> dict[str, Any]:
        """Answer the valid form as what `actions.add_documents` takes."""
        details = dict(self.cleaned_data)
        details["files"] = details.pop("file")
        if details["audience"] == USUAL:
            details["audience"] = None
        return details


class ContactForm(forms.Form):
    """One time that the school was in touch with the family."""

    submit_label = "Add to the log"
    contact_date = fields.DateInputField(
        label="When?",
        in_the_past=True,
        error_messages={"required": "Enter the day of the contact"},
    )
    how = fields.RadioField(
        label="How?",
        choices=ContactMethod.choices,
        error_messages={"required": "Select how you were in touch"},
    )
    with_whom = forms.CharField(
        label="With whom?",
        max_length=200,
        help_text="For example, the pupil’s mother",
        error_messages={"required": "Enter with whom you were in touch"},
    )
    what = fields.LongTextField(
        label="What was said or agreed?",
        max_length=4000,
        rows=4,
        error_messages={"required": "Enter what was said or agreed"},
    )


class NoteForm(forms.Form):
    """A note and for whom."""

    submit_label = "Add the note"
    text = fields.LongTextField(
        label="Note", max_length=4000, rows=5, error_messages={"required": "Enter a note"}
    )
    audience = fields.RadioField(
        label="Who may see it?", error_messages={"required": "Select who may see the note"}
    )

    def __init__(self, *args: Any, audiences: frozenset[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = _audiences(audiences)  # type: ignore[attr-defined]  # a choice


class LinkForm(forms.Form):
    """Which case belongs together with this one, and why."""

    submit_label = "Link the case"
    reference = forms.CharField(
        label="Reference of the other case",
        help_text="It begins with AC and the year",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": "Enter the reference of the other case"},
    )
    kind = fields.RadioField(
        label="Why do they belong together?",
        choices=LinkKind.choices,
        hints={LinkKind.SAME_CHILD: "For example, an earlier case from another school"},
        error_messages={"required": "Select why they belong together"},
    )
