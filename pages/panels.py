"""Panels of our own on the editor's screen."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from wagtail.admin.panels import Panel

from pages import reports
from workflows.agreements import measures, rules
from workflows.agreements import queries as agreements
from workflows.placements import queries as placements


class ImportReportPanel(Panel):
    """What the importer was not sure about: a list to tick off, and a note beside each clause."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/import_report.html"

        @property
        def media(self) -> forms.Media:
            """Bring the script that puts the notes beside the clauses."""
            if not self.is_shown():
                return forms.Media()
            return forms.Media(js=["pages/doubts.js"])

        def is_shown(self) -> bool:
            """Show it on imported pages only."""
            return bool(getattr(self.instance, "import_report", None))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the report."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["report"] = reports.readable(self.instance.import_report)
            return context


@dataclass(frozen=True)
class Number:
    """A number of a text, as its editor should see it before changing it."""

    clause: str
    measure: measures.Measure
    value: Decimal
    in_force: Decimal | None
    touched: str

    @property
    def in_words(self) -> str:
        """The number with its unit."""
        return measures.in_words(self.value, self.measure.unit)

    @property
    def in_force_in_words(self) -> str:
        """The number that is published now, or that there is none."""
        if self.in_force is None:
            return "none"
        return measures.in_words(self.in_force, self.measure.unit)

    @property
    def advice(self) -> str:
        """What to think about before publishing it."""
        return measures.advice(self.measure.code, self.value)


@dataclass(frozen=True)
class Numbers:
    """What the published numbers of a page do now."""

    in_force: dict[str, Decimal]
    running: int
    obeyed: dict[str, dict[Decimal, int]]

    @classmethod
    def of(cls, page: Any) -> "Numbers":
        """Read them: a constant number of queries."""
        agreement = page.agreement() if page.pk else None
        version = None if agreement is None else agreements.version_in_force(agreement)
        if agreement is None or version is None:
            return cls({}, 0, {})
        running, obeyed = placements.numbers_obeyed(agreement)
        return cls(dict(version.terms.values_list("measure", "value")), running, obeyed)

    def touched(self, measure: measures.Measure) -> str:
        """Say how many running placements go by which number, and until when."""
        if not measure.is_obeyed or not self.running:
            return "No running placement goes by it."
        counts = sorted(self.obeyed.get(measure.code, {}).items())
        if not counts:
            return f"{_placements(self.running)} run, none goes by such a number yet."
        now = self.in_force.get(measure.code)
        said = ", ".join(
            f"{_placements(count)} by {measures.in_words(value, measure.unit)}"
            + ("" if value == now else " (an older number)")
            for value, count in counts
        )
        return f"Running: {said}. Each keeps its number until its provider accepts the new version."


def _placements(count: int) -> str:
    return "1 placement" if count == 1 else f"{count} placements"


class NumbersPanel(Panel):
    """What each number of the text drives, and whom a change touches."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/numbers.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add a row for each number, and what the script shows beside the fields."""
            from pages import publishing

            context: dict[str, Any] = super().get_context_data(parent_context)
            known = Numbers.of(self.instance)
            content = rules.normalised(publishing.content_of(self.instance))
            rows = [
                Number(
                    clause=rules.clause_name(heading, clause),
                    measure=measures.REGISTER[term["measure"]],
                    value=Decimal(term["value"]),
                    in_force=known.in_force.get(term["measure"]),
                    touched=known.touched(measures.REGISTER[term["measure"]]),
                )
                for heading, clause in rules.clauses_of(content)
                for term in clause["terms"]
                if term["measure"] in measures.REGISTER
            ]
            return {**context, "rows": rows, "data": _for_the_script(known)}


def _for_the_script(known: Numbers) -> dict[str, Any]:
    return {
        code: {
            "drives": measure.drives,
            "bounds": measure.bounds,
            "lower": measures.plain(measure.lower),
            "upper": measures.plain(measure.upper),
            "unit": measure.unit_label,
            "whole": measure.whole,
            "adviceAbove": None
            if measure.advised_upper is None
            else measures.plain(measure.advised_upper),
            "advice": measure.advice,
            "inForce": measures.in_words(known.in_force[code], measure.unit)
            if code in known.in_force
            else "",
            "touched": known.touched(measure),
        }
        for code, measure in measures.REGISTER.items()
    }


class LawPanel(Panel):
    """Which clauses cite law that has been superseded."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/law.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            from pages import law

            self.citations = law.superseded_on(self.instance, agreements.legal_register())

        def is_shown(self) -> bool:
            """Show it where there is something to put right."""
            return bool(self.citations)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the citations, and the notes that the script puts beside the clauses."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            notes: dict[str, list[str]] = {}
            for row in self.citations:
                notes.setdefault(row.block_id, []).append(
                    f"{row.citation.label}: {row.citation.warning}"
                )
            return {**context, "citations": self.citations, "notes": notes}


class ApprovalPanel(Panel):
    """Whether the head has reviewed and the board approved the draft as it was saved last."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/approval.html"

        def is_shown(self) -> bool:
            """Show it once the page has been saved: there is a text to approve then."""
            return bool(getattr(self.instance, "pk", None))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add who reviewed and approved it."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["page"] = self.instance
            context["approval"] = self.instance.approval
            return context
