"""From an imported document to a draft page: sections and clauses as blocks, doubts beside them.

Nothing is decided silently: a proposed number that cannot stand on its clause, and everything that
the importer was not sure about, is listed in the page's import report for the editor.
"""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from wagtail.models import Page

from pages import access, importing
from pages.models import AgreementPage, DataSharingAgreementPage, PolicyPage, TextPage
from permissions.models import Organisation
from workflows.agreements import measures
from workflows.agreements.states import Kind, Mode, Party

Raw = dict[str, Any]


def draft_from(
    imported: importing.ImportedAgreement, *, partnership: Organisation, kind: str, title: str = ""
) -> TextPage:
    """Make a draft page of an imported document beneath its partnership's page, all or nothing."""
    with transaction.atomic():
        parent = access.make_partnership_page(partnership=partnership)
        # One writer at a time: the tree's numbering does not forgive two.
        Page.objects.select_for_update().get(pk=parent.pk)
        parent.refresh_from_db()
        sections, notes = _sections(imported)
        page = _page(kind)
        page.title = (title or imported.title or "Imported document").strip()[:255]
        page.live = False
        page.issued_date = _issued(imported)
        page.sections = sections
        page.import_report = _report(imported, notes)
        parent.add_child(instance=page)
        page.save_revision()
        return page


def _page(kind: str) -> TextPage:
    if kind == Kind.POLICY:
        return PolicyPage()
    if kind == Kind.DATA_SHARING:
        return DataSharingAgreementPage(mode=Mode.SIGNATURE)
    return AgreementPage(kind=kind, mode=Mode.SIGNATURE)


def _issued(imported: importing.ImportedAgreement) -> datetime.date:
    for form in ("%d %B %Y", "%B %Y", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(imported.issued, form).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return parse_date(imported.issued) or datetime.date.today()  # noqa: DTZ011  (a date to edit)


def _sections(imported: importing.ImportedAgreement) -> tuple[list[Raw], list[Raw]]:
    """Build the raw stream, and the notes on what could not be put into it as it was."""
    notes: list[Raw] = []
    used: set[str] = set()
    stream: list[Raw] = []
    for section in imported.sections:
        clauses = []
        for clause in section.clauses:
            clause_id = str(uuid.uuid4())
            clauses.append(
                {
                    "type": "clause",
                    "id": clause_id,
                    "value": _clause(clause, clause_id, used, notes),
                }
            )
        intro = [*section.intro, *section.legal_references]
        # A block's text knows no end; a heading does, so the whole of a long one is kept below it.
        heading = " ".join(text for text in (section.printed_number, section.heading) if text)
        if len(heading) > 255:
            intro.insert(0, heading)
        if section.lead and section.lead not in (section.heading, *intro):
            intro.append(section.lead)
        stream.append(
            {
                "type": "section",
                "id": str(uuid.uuid4()),
                "value": {
                    "heading": heading[:255] or "Introduction",
                    "intro": "\n\n".join(intro),
                },
            }
        )
        stream += clauses
    _locate(notes, stream)
    return stream, notes


def _clause(
    clause: importing.ImportedClause, clause_id: str, used: set[str], notes: list[Raw]
) -> Raw:
    terms = []
    for term in clause.terms:
        reason = _why_not(term, used)
        if reason is None:
            used.add(term.measure)
            terms.append(
                {
                    "type": "item",
                    "id": str(uuid.uuid4()),
                    "value": {"measure": term.measure, "value": str(term.value)},
                }
            )
        else:
            notes.append(_note(clause.line_from, term.words, reason, clause_id))
    notes += [_note(clause.line_from, clause.text, doubt, clause_id) for doubt in clause.doubts]
    references = "; ".join(clause.legal_references)
    if len(references) > 500:
        notes.append(
            _note(clause.line_from, references, "too long for a legal reference", clause_id)
        )
    return {
        "printed_number": clause.printed_number[:20],
        "party": clause.party if clause.party in Party.values else Party.ALL.value,
        "text": clause.text,
        "legal_editions": [],
        "legal_reference": references[:500],
        "see": [],
        "terms": terms,
    }


def _why_not(term: importing.ProposedTerm, used: set[str]) -> str | None:
    measure = measures.REGISTER.get(term.measure)
    if measure is None:
        return f"{term.value} {term.unit}: there is no such measure, so no term was made"
    if measure.unit != term.unit:
        return (
            f"{term.value} {term.unit}: “{measure.label}” is counted in {measure.unit_label}, "
            "so no term was made"
        )
    if term.measure in used:
        return f"“{measure.label}” is a term of an earlier clause already"
    return measures.why_not(term.measure, Decimal(term.value))


def _note(line: int, text: str, why: str, clause_id: str = "") -> Raw:
    return {"line": line, "text": text, "why": why, "clause": clause_id, "where": ""}


def _locate(notes: list[Raw], stream: list[Raw]) -> None:
    """Say in words where each noted clause stands: editors do not see ids."""
    places = {}
    heading, position = "", 0
    for block in stream:
        if block["type"] == "section":
            heading, position = block["value"]["heading"], 0
        else:
            position += 1
            places[block["id"]] = f"{heading}, clause {position}"
    for note in notes:
        note["where"] = places.get(note["clause"], "")


def _report(imported: importing.ImportedAgreement, notes: list[Raw]) -> Raw:
    """Put the importer's report and our notes together, the doubts in the order of the lines."""
    known = {(note["line"], note["why"]) for note in notes}
    doubts = notes + [
        _note(doubt.line_from, doubt.text, doubt.why)
        for doubt in imported.doubts
        if (doubt.line_from, doubt.why) not in known
    ]
    figures = importing.report(imported).as_dict()
    return {
        **figures,
        "doubts": sorted(doubts, key=lambda note: note["line"]),
        "signatures": list(imported.signatures),
        "set_aside": [
            {"line": piece.line_from, "kind": piece.kind, "text": piece.text}
            for piece in imported.furniture
        ],
    }
