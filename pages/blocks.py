"""What an agreement's page is made of in the editor: headings and clauses, one after the other.

The stream is flat: a section's heading, then its clauses, then the next heading. So Wagtail's own
buttons move a clause within its section and from one section to another, and it stays the same
clause. Its stable id is the id that Wagtail gives each block of a stream: made once, kept when the
clause is edited or moved, and new for a copy. `renew_repeated_ids` is for what did not come from
the editor's screen.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    """A heading; the clauses after it, up to the next heading, are its section."""

    heading = blocks.CharBlock(max_length=255)
    intro = blocks.TextBlock(required=False, rows=2, label="Introduction")

    class Meta:
        icon = "list-ul"
        label = "Section"
        label_format = "{heading}"


STREAM = [("section", SectionBlock()), ("clause", ClauseBlock())]


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
