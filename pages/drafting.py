"""From an imported document to a draft page: sections and clauses as blocks, doubts beside them.

Nothing is decided silently: a proposed number that cannot stand on its clause, and everything that
the importer was not sure about, is listed in the page's import report for the editor.
"""

from __future__ import annotations

import datetime
import re
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.log_actions import log
from wagtail.models import Page

from pages import access, importing
from pages.models import AgreementPage, DataSharingAgreementPage, PolicyPage, TextPage
from permissions.models import Organisation, User
from workflows.agreements import measures
from workflows.agreements.states import Kind, Mode, Party

Raw = dict[str, Any]


def draft_from(
    imported: importing.ImportedAgreement,
    *,
    partnership: Organisation,
    kind: str,
    title: str = "",
    by: User | None = None,
) -> TextPage:
    """Make a draft page of an imported document beneath its partnership's page, all or nothing.

    `by` is who imports it, where somebody does so on a screen. That they may is asked before.
    """
    with transaction.atomic():
        parent = access.make_partnership_page(partnership=partnership)
        # One writer at a time: the tree's numbering does not forgive two.
        Page.objects.select_for_update().get(pk=parent.pk)
        parent.refresh_from_db()
        sections, notes, terms = _sections(imported)
        page = _page(kind)
        whole = (title or imported.title or "Imported document").strip()
        page.title = whole[:255]
        if len(whole) > 255:
            notes.append(_note(1, whole, "the title is cut at 255 letters"))
        page.live = False
        issued = _issued(imported)
        page.issued_date = issued or timezone.localdate()
        if issued is None:
            why = "no date of issue could be read; today’s date stands in"
            notes.append(_note(1, imported.issued, why))
        page.sections = sections
        page.import_report = _report(imported, notes, terms)
        page.owner = by
        parent.add_child(instance=page)
        log(instance=page, action="wagtail.create", user=by, content_changed=True)
        page.save_revision(user=by)
        return page


def _page(kind: str) -> TextPage:
    if kind == Kind.POLICY:
        return PolicyPage()
    if kind == Kind.DATA_SHARING:
        return DataSharingAgreementPage()
    return AgreementPage(mode=Mode.SIGNATURE)


def _issued(imported: importing.ImportedAgreement) -> datetime.date | None:
    said = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", imported.issued).replace(",", "")
    for form in ("%d %B %Y", "%d %b %Y", "%B %Y", "%b %Y", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.datetime.strptime(said, form).date()  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
    return parse_date(said)


def _sections(
    imported: importing.ImportedAgreement,
) -> tuple[list[Raw], list[Raw], list[Raw]]:
    """Build the raw stream, the notes on what could not be put into it as it was, and the terms."""
    notes: list[Raw] = []
    proposed: list[Raw] = []
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
                    "value": _clause(clause, clause_id, used, notes, proposed),
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
    _locate(proposed, stream)
    return stream, notes, proposed


def _clause(
    clause: importing.ImportedClause,
    clause_id: str,
    used: set[str],
    notes: list[Raw],
    proposed: list[Raw],
) -> Raw:
    terms = []
    for term in clause.terms:
        reason = _why_not(term, used)
        proposed.append(
            {
                "measure": term.measure,
                "value": term.value,
                "unit": term.unit,
                "words": term.words,
                "line": clause.line_from,
                "clause": clause_id,
                "where": "",
                "made": reason is None,
            }
        )
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
            why = f"“{term.words}”: {reason}"
            notes.append(_note(clause.line_from, clause.text, why, clause_id))
    notes += [_note(clause.line_from, clause.text, doubt, clause_id) for doubt in clause.doubts]
    references = "; ".join(clause.legal_references)
    if len(references) > 500:
        notes.append(
            _note(clause.line_from, references, "too long for a legal reference", clause_id)
        )
    if len(clause.printed_number) > 20:
        why = "too long for a printed number"
        notes.append(_note(clause.line_from, clause.printed_number, why, clause_id))
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


def _report(imported: importing.ImportedAgreement, notes: list[Raw], terms: list[Raw]) -> Raw:
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
        "terms": terms,
        "doubts": sorted(doubts, key=lambda note: note["line"]),
        "signatures": list(imported.signatures),
        "set_aside": [
            {"line": piece.line_from, "kind": piece.kind, "text": piece.text}
            for piece in imported.furniture
        ],
    }
