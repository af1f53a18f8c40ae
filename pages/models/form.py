"""The editor's form of a page of clauses: what it offers, and what it refuses before publication does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from pages import blocks, models, publishing, reports, sharing
from workflows.agreements import queries as agreements
from workflows.agreements import rules
from workflows.agreements.models import AgreementVersion


class TextForm(WagtailAdminPageForm):
    """The editor's form of a page of clauses."""

    # Which doubts of the import are settled, by their numbers; drawn by the panel of the report.
    settled_doubts = forms.MultipleChoiceField(required=False)
    has_doubts = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        doubts = (page.import_report or {}).get("doubts", [])
        self.fields["settled_doubts"].choices = [(str(at), "") for at in range(len(doubts))]
        for name in ("policies", "related_policies"):
            if name in self.fields and self.parent_page is not None:
                ours = models.PolicyPage.objects.child_of(self.parent_page).exclude(pk=page.pk)
                self.fields[name].queryset = ours.order_by("title")
        if "shared_text" in self.fields:
            self.fields["shared_text"].queryset = models.SharedAgreementPage.objects.live().filter(
                pk__in=self._shared_texts()
            )
        blocks.show(self._on_screen())
        if page.live and not page.has_unpublished_changes and "change_note" in self.fields:
            # What was said about the last change says nothing about the next one.
            self.initial["change_is_material"] = False
            self.initial["change_note"] = ""

    def _shared_texts(self) -> list[int]:
        """Give the shared texts of the local authority that the page's partnership belongs to."""
        parent = self.parent_page and self.parent_page.specific
        authority = (
            parent.organisation.parent if isinstance(parent, models.PartnershipPage) else None
        )
        texts = models.SharedTextsPage.objects.filter(organisation=authority).first()
        if authority is None or texts is None:
            return []
        return list(models.SharedAgreementPage.objects.child_of(texts).values_list("pk", flat=True))

    def _on_screen(self) -> blocks.OnScreen:
        """Give the clauses that may be referred to, and those of the shared text."""
        saved = rules.normalised(
            {"title": "", "issued_date": None, "sections": _own_sections(self.instance)}
        )
        shared = publishing.shared_version(self.instance.stands_on())
        return blocks.OnScreen(
            own=[
                (clause["clause_id"], rules.clause_name(heading, clause))
                for heading, clause in rules.clauses_of(saved)
            ],
            shared=[] if shared is None else sharing.clauses(shared),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be published, except, in a draft, what is still missing."""
        cleaned: dict[str, Any] = super().clean()
        stream = cleaned.get("sections")
        if stream is not None:
            blocks.renew_repeated_ids(stream)
            self._check_text(cleaned, stream)
        if not self.is_deferred_validation:
            for name in ("purpose", "lawful_basis", "data", "retention"):
                if name in self.fields and not (cleaned.get(name) or "").strip():
                    self.add_error(name, "Say this before you publish.")
        issued, review = cleaned.get("issued_date"), cleaned.get("review_date")
        if issued and review and review < issued:
            self.add_error("review_date", "The review date must be after the date of issue.")
        if (
            self.instance.live
            and cleaned.get("change_is_material")
            and not (cleaned.get("change_note") or "").strip()
        ):
            self.add_error(
                "change_note",
                "Say in a sentence what changed, so that the parties know what they accept.",
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Keep which doubts are settled, where the form asked."""
        if self.cleaned_data.get("has_doubts") and self.instance.import_report:
            numbers = {int(number) for number in self.cleaned_data.get("settled_doubts", [])}
            self.instance.import_report = reports.settle(self.instance.import_report, numbers)
        return super().save(commit)

    def _check_text(self, cleaned: dict[str, Any], stream: Any) -> None:
        chosen = cleaned.get("shared_text")
        shared = publishing.shared_version(chosen)
        if chosen is not None and shared is None:
            self.add_error("shared_text", "This text has not been published yet.")
        variations = cleaned.get("variations")
        sections = publishing.sections_of(stream, variations, shared, self.instance.pk)
        text = rules.normalised({"title": "", "issued_date": None, "sections": sections})
        # The page still holds what was saved last: a clause that is gone is named from there.
        saved = rules.normalised(
            {"title": "", "issued_date": None, "sections": _own_sections(self.instance)}
        )
        problems = [
            *rules.problems_in_terms(
                (term["measure"], Decimal(term["value"]))
                for _, clause in rules.clauses_of(text)
                for term in clause["terms"]
            ),
            *rules.broken_references(text, before=saved),
        ]
        if unknown := blocks.editions_of(stream) - agreements.legal_register().codes:
            problems.append(f"“{min(unknown)}” is not in the register of law. Choose another.")
        if not self.is_deferred_validation and not any(rules.clauses_of(text)):
            problems.append("Add at least one clause before you publish.")
        if not self.is_deferred_validation and stream and stream[0].block_type != "section":
            problems.append("Begin with a section: every clause needs a heading.")
        if problems:
            # One error: the editor's screen shows no second one of the same field.
            self.add_error("sections", " ".join(problems))
        if variations:
            self._check_variations(variations, shared)

    def _check_variations(self, variations: Any, shared: AgreementVersion | None) -> None:
        known = {} if shared is None else dict(sharing.clauses(shared))
        chosen = [block.value["clause"] for block in variations if block.value["clause"]]
        if shared is None:
            self.add_error("variations", "Choose the shared text first, and save.")
        elif any(clause not in known for clause in chosen):
            reason = (
                "A variation is of a clause that the shared text does not have (any more). "
                "Choose another clause, or remove the variation."
            )
            self.add_error("variations", reason)
        for clause in {clause for clause in chosen if chosen.count(clause) > 1}:
            name = known.get(clause, "A clause")
            self.add_error("variations", f"{name} is varied twice. Keep one of the two.")


def _own_sections(page: models.TextPage) -> list[dict[str, Any]]:
    return publishing.sections_of(page.sections, None, None, page.pk)
