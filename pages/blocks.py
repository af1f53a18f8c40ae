"""What an agreement's page is made of in the editor: sections of clauses, clauses with terms.

A clause's stable id is the id that Wagtail gives each item of a list: made once, kept when the
clause is edited or moved, and new for a copy. `renew_repeated_ids` is for what did not come from
the editor's screen.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from workflows.agreements import measures
from workflows.agreements.states import Party


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
    legal_reference = blocks.CharBlock(
        required=False,
        max_length=500,
        label="Legal reference",
        help_text="The law or guidance behind it, with its edition.",
    )
    terms = blocks.ListBlock(TermBlock(), default=[], label="Measurable terms")

    class Meta:
        icon = "form"
        label = "Clause"
        label_format = "{printed_number} {text}"


class SectionBlock(blocks.StructBlock):
    """A heading with the clauses under it."""

    heading = blocks.CharBlock(max_length=255)
    intro = blocks.TextBlock(required=False, rows=2, label="Introduction")
    clauses = blocks.ListBlock(ClauseBlock(), default=[], collapsed=True)

    class Meta:
        icon = "list-ul"
        label = "Section"
        label_format = "{heading}"


def sections_of(stream: Any) -> Iterator[Any]:
    """Give the value of every section of a page's stream, in order."""
    for child in stream or []:
        if child.block_type == "section":
            yield child.value


def clauses_of(stream: Any) -> Iterator[Any]:
    """Give every clause of a page's stream with its id: Wagtail's list item, in order."""
    for section in sections_of(stream):
        yield from section["clauses"].bound_blocks


def terms_of(stream: Any) -> list[tuple[str, Any]]:
    """Give the measure and the number of every term that has both."""
    return [
        (term["measure"], term["value"])
        for clause in clauses_of(stream)
        for term in clause.value["terms"]
        if term["measure"] and term["value"] is not None
    ]


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
