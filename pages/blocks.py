"""What an agreement's page is made of in the editor: headings and clauses, one after the other.

The stream is flat: a section's heading, then its clauses, then the next heading. So Wagtail's own
buttons move a clause within its section and from one section to another, and it stays the same
clause. Its stable id is the id that Wagtail gives each block of a stream: made once, kept when the
clause is edited or moved, and new for a copy. `renew_repeated_ids` is for what did not come from
the editor's screen.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import CallableChoiceIterator
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from workflows.agreements import measures
from workflows.agreements import queries as agreements
from workflows.agreements.states import Party

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class OnScreen:
    """The clauses that the page being edited may refer to, as last saved: ids and names."""

    own: Choices = field(default_factory=list)
    shared: Choices = field(default_factory=list)


# A block knows nothing of its page, so the page's form says here what its lists are to offer.
_on_screen: ContextVar[OnScreen] = ContextVar("clauses_on_screen")


def show(on_screen: OnScreen) -> None:
    """Say which clauses the lists of the form that is drawn next are to offer."""
    _on_screen.set(on_screen)


def _own_clauses() -> Choices:
    return [("", "Choose a clause"), *_on_screen.get(OnScreen()).own]


def _shared_clauses() -> Choices:
    return [("", "Choose a clause of the shared text"), *_on_screen.get(OnScreen()).shared]


def _edition_choices() -> Choices:
    register = agreements.legal_register()
    return [
        ("", "Choose from the register of law"),
        *(
            (
                edition.code,
                f"{edition.label} – superseded"
                if register.cites(edition.code).is_superseded
                else edition.label,
            )
            for edition in register.editions
        ),
    ]


class ListedBlock(blocks.FieldBlock):
    """One of a list that is made when the form is drawn; the page's form checks the choice."""

    def __init__(self, choices: Callable[[], Choices], **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=kwargs.pop("required", True),
            label=kwargs.get("label"),
            help_text=kwargs.pop("help_text", ""),
            widget=forms.Select(choices=CallableChoiceIterator(choices)),
        )
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Be text to migrations: what it offers is none of their business."""
        return ("wagtail.blocks.CharBlock", [], {})

    class Meta:
        icon = "link"
        default = ""


def _measure_choices() -> list[tuple[str, str]]:
    return [
        (measure.code, f"{measure.label} … {measure.unit_label}")
        for measure in sorted(measures.REGISTER.values(), key=lambda measure: measure.label)
    ]


class TermBlock(blocks.StructBlock):
    """A number that a clause promises and that a process obeys."""

    measure = blocks.ChoiceBlock(
        choices=_measure_choices, help_text="What the number is about. Each only once in a text."
    )
    value = blocks.DecimalBlock(min_value=0, max_digits=8, decimal_places=2, label="Number")

    class Meta:
        icon = "history"
        label = "Measurable term"
        label_format = "{measure} {value}"

    def clean(self, value: Any) -> Any:
        """Refuse a number outside the bounds of its measure."""
        cleaned = super().clean(value)
        code, number = cleaned.get("measure"), cleaned.get("value")
        if code and number is not None and (reason := measures.why_not(code, number)):
            raise StructBlockValidationError(block_errors={"value": ValidationError(reason)})
        return cleaned


class ClauseBlock(blocks.StructBlock):
    """One duty of one party."""

    printed_number = blocks.CharBlock(
        required=False, max_length=20, help_text="As printed. It need not be unique."
    )
    party = blocks.ChoiceBlock(
        choices=Party.choices, default=Party.ALL.value, label="Whose duty it is"
    )
    text = blocks.TextBlock(rows=3)
    legal_editions = blocks.ListBlock(
        ListedBlock(_edition_choices, label="Edition"),
        default=[],
        label="Law and guidance",
        help_text="From the register, which says when an edition has been replaced.",
    )
    legal_reference = blocks.CharBlock(
        required=False,
        max_length=500,
        label="Other legal reference",
        help_text="What is not in the register, with its edition.",
    )
    see = blocks.ListBlock(
        ListedBlock(_own_clauses, label="Clause"),
        default=[],
        label="See also",
        help_text=(
            "Other clauses of this text. Readers are shown the number that the clause then has. "
            "A clause that you have just added can be chosen once the page is saved."
        ),
    )
    terms = blocks.ListBlock(TermBlock(), default=[], label="Measurable terms")

    class Meta:
        icon = "form"
        label = "Clause"
        label_format = "{printed_number} {text}"


class VariationBlock(blocks.StructBlock):
    """How a partnership's text differs from the shared one in one clause, and why."""

    clause = ListedBlock(_shared_clauses, label="Clause of the shared text")
    is_left_out = blocks.BooleanBlock(required=False, label="Leave this clause out")
    text = blocks.TextBlock(
        required=False,
        rows=3,
        label="What it says here",
        help_text="Leave empty to keep the shared words.",
    )
    terms = blocks.ListBlock(
        TermBlock(),
        default=[],
        label="Numbers that differ here",
        help_text="The shared text's other numbers hold.",
    )
    why = blocks.TextBlock(
        rows=2, label="Why it differs", help_text="Everybody can read this beside the clause."
    )

    class Meta:
        icon = "edit"
        label = "Variation"
        label_format = "{clause} {text}"

    def clean(self, value: Any) -> Any:
        """Refuse a variation that varies nothing."""
        cleaned = super().clean(value)
        if cleaned.get("clause") and not (
            cleaned.get("is_left_out") or cleaned.get("text") or cleaned.get("terms")
        ):
            reason = "Write what the clause says here, give a number, or leave it out."
            raise StructBlockValidationError(block_errors={"text": ValidationError(reason)})
        return cleaned


class SectionBlock(blocks.StructBlock):
    """A heading; the clauses after it, up to the next heading, are its section."""

    heading = blocks.CharBlock(max_length=255)
    intro = blocks.TextBlock(required=False, rows=2, label="Introduction")

    class Meta:
        icon = "list-ul"
        label = "Section"
        label_format = "{heading}"


STREAM = [("section", SectionBlock()), ("clause", ClauseBlock())]
VARIATIONS = [("variation", VariationBlock())]


@dataclass
class Section:
    """A heading with the clauses that stand under it: blocks of the stream, each with its id."""

    heading: str
    intro: str
    clauses: list[Any] = field(default_factory=list)


def sections_of(stream: Any) -> list[Section]:
    """Group a page's stream by its headings, in order.

    Clauses before the first heading make a section without one.
    """
    sections: list[Section] = []
    for child in stream or []:
        if child.block_type == "section":
            sections.append(Section(child.value["heading"], child.value["intro"]))
        elif child.block_type == "clause":
            if not sections:
                sections.append(Section("", ""))
            sections[-1].clauses.append(child)
    return sections


def clauses_of(stream: Any) -> Iterator[Any]:
    """Give every clause of a page's stream with its id: the stream's own block, in order."""
    for child in stream or []:
        if child.block_type == "clause":
            yield child


def terms_of(stream: Any) -> list[tuple[str, Any]]:
    """Give the measure and the number of every term that has both."""
    return [
        (term["measure"], term["value"])
        for clause in clauses_of(stream)
        for term in clause.value["terms"]
        if term["measure"] and term["value"] is not None
    ]


def editions_of(stream: Any) -> set[str]:
    """Give the codes of the editions of law that a stream's clauses have chosen."""
    return {
        code for clause in clauses_of(stream) for code in clause.value["legal_editions"] if code
    }


def uuids(values: Iterable[Any]) -> list[str]:
    """Give the values that are UUIDs, each as text."""
    found = []
    for value in values:
        try:
            found.append(str(uuid.UUID(str(value))))
        except ValueError:
            continue
    return found


def renew_repeated_ids(stream: Any) -> None:
    """Give a new id to every clause whose id is no UUID or was met before."""
    seen: set[str] = set()
    for clause in clauses_of(stream):
        try:
            given = str(uuid.UUID(str(clause.id)))
        except ValueError:
            given = ""
        clause.id = given if given and given not in seen else str(uuid.uuid4())
        seen.add(clause.id)
