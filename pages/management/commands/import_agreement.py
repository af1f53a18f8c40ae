"""Turn a document into a draft agreement page, with a report on what was found.

The reading is `pages.importing`'s; this puts the result beneath the partnership's page. It writes
one draft, in one transaction, and nothing is published.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pages import importing
from pages.drafting import draft_from
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements.states import Kind


class Command(BaseCommand):
    """`manage.py import_agreement FILE --partnership NAME`."""

    help = "Make a draft agreement page from a Word, PDF, HTML, Markdown or plain-text document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be said on the command line."""
        parser.add_argument("file", type=Path, help="the document: .docx, .pdf, .html, .md or .txt")
        parser.add_argument(
            "--partnership", required=True, help="name, short name or slug of the partnership"
        )
        parser.add_argument("--kind", choices=Kind.values, default=Kind.SLA.value)
        parser.add_argument("--title", default="", help="instead of the document's own title")
        parser.add_argument("--json", action="store_true", help="print the report as one object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, draft and report."""
        partnership = _partnership(options["partnership"])
        path: Path = options["file"]
        try:
            source = importing.read(path.read_bytes(), path.name)
        except (importing.CannotRead, OSError) as error:
            raise CommandError(_explain(path, error)) from error
        imported = importing.recognise(source)
        report = importing.report(imported)
        page = draft_from(
            imported, partnership=partnership, kind=options["kind"], title=options["title"]
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write(report.as_text())
        # Standard error, so that the report stands alone on standard output.
        sys.stderr.write(f"Draft page {page.pk}: {page.title}\n")


def _partnership(name: str) -> Organisation:
    partnerships = Organisation.objects.filter(kind=OrganisationKind.PARTNERSHIP)
    wanted = name.strip().casefold()
    found = [
        partnership
        for partnership in partnerships
        if wanted in (text.casefold() for text in _names(partnership))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(partnership.name for partnership in partnerships.order_by("name"))
    if not names:
        raise CommandError("There is no partnership yet. Make one before you import.")
    raise CommandError(f"There is no partnership “{name}”. Use one of: {names}.")


def _names(partnership: Organisation) -> list[str]:
    return [text for text in (partnership.name, partnership.short_name, partnership.slug) if text]


def _explain(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"There is no file {path}. Check the name."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder. Name the file in it."
    if isinstance(error, PermissionError):
        return f"{path} may not be read by you. Change its permissions or copy it."
    return str(error) or f"{path} cannot be read. Save it as a Word document or as text."
