"""One case in a pack of papers: what its reader may see of it, with its documents as pictures.

A PDF is drawn page by page, so that nothing of it runs and every page has the pack's number; the
words of a page stand behind its picture for whoever listens to it.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pypdfium2
from PIL import Image

from workflows.cases.models import ContactEntry, Document, FamilyWords
from workflows.referrals import queries as referrals

if TYPE_CHECKING:
    from permissions.models import User
    from workflows.panels.models import AgendaItem

logger = logging.getLogger(__name__)

# Pages of one document, the rest of which is read in Accord.
MOST_PAGES = 40
# Dots an inch: readable on paper, and some hundred kilobytes a page.
RESOLUTION = 110
# Letters of a page's words that stand behind its picture.
MOST_WORDS = 3000
LONGEST_SIDE = 1600


@dataclass
class Picture:
    """One page of a document."""

    name: str
    words: str


@dataclass
class Attached:
    """One document, as pictures where it can be drawn, else by its name."""

    document: Document
    pictures: list[Picture] = field(default_factory=list)
    left_out: str = ""


@dataclass
class Part:
    """One case of the pack."""

    number: int
    item: AgendaItem
    cards: list[Any]
    questions: list[Any]
    contacts: list[ContactEntry]
    words: list[FamilyWords]
    attached: list[Attached]
    files: dict[str, bytes]

    @property
    def reference(self) -> str:
        """The case's reference: a pack is in the order of references, not of names."""
        return self.item.consideration.referral.case.reference


def part_of(item: AgendaItem, reader: User, number: int) -> Part:
    """Gather what a reader may see of one case."""
    referral = item.consideration.referral
    case = referral.case
    files: dict[str, bytes] = {}
    documents = Document.objects.visible_to(reader).filter(case=case).order_by("uploaded_at", "pk")
    attached = [_attach(document, f"{number}-{document.pk}", files) for document in documents]
    return Part(
        number=number,
        item=item,
        cards=referrals.cards(referral, reader),
        questions=list(referral.questions.order_by("asked_at", "pk")),
        contacts=list(
            ContactEntry.objects.visible_to(reader)
            .standing()
            .filter(case=case)
            .order_by("contact_date", "pk")
        ),
        words=list(FamilyWords.objects.visible_to(reader).filter(case=case).order_by("pk")),
        attached=attached,
        files=files,
    )


def _attach(document: Document, name: str, files: dict[str, bytes]) -> Attached:
    found = Attached(document)
    if not document.is_readable:
        found.left_out = "It waits for its virus scan."
        return found
    try:
        with document.file.open("rb") as file:
            content = file.read()
        if document.content_type == "application/pdf":
            _draw(content, name, files, found)
        elif document.content_type.startswith("image/"):
            files[f"{name}.jpg"] = _jpeg(Image.open(io.BytesIO(content)))
            found.pictures.append(Picture(f"{name}.jpg", ""))
        else:
            found.left_out = "Open it in Accord: it cannot be printed here."
    # A damaged file must not keep the panel from all the others.
    except (OSError, ValueError, pypdfium2.PdfiumError, Image.DecompressionBombError):
        logger.warning("Document %s cannot be drawn", document.pk)
        found.pictures.clear()
        found.left_out = "Open it in Accord: it cannot be drawn here."
    return found


def _draw(content: bytes, name: str, files: dict[str, bytes], found: Attached) -> None:
    pages = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(pages), MOST_PAGES)):
            page = pages[number]
            # A page of any size becomes a picture of a size we chose.
            inches = max(page.get_width(), page.get_height(), 1) / 72
            scale = min(RESOLUTION / 72, LONGEST_SIDE / (inches * 72))
            file = f"{name}-{number + 1}.jpg"
            files[file] = _jpeg(page.render(scale=scale).to_pil())
            found.pictures.append(
                Picture(file, page.get_textpage().get_text_bounded()[:MOST_WORDS])
            )
        if len(pages) > MOST_PAGES:
            found.left_out = (
                f"These are the first {MOST_PAGES} of {len(pages)} pages. Open it in Accord to read "
                "the rest."
            )
    finally:
        pages.close()


def _jpeg(image: Image.Image) -> bytes:
    drawn = image.convert("RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    drawn.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def pages_of(content: bytes) -> int:
    """Count the pages of a PDF that we have made."""
    document = pypdfium2.PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()
