"""What the demonstration's five partnerships share, and where two of them differ."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from pages import access
from pages.models import SharedAgreementPage
from permissions.models import Organisation, User
from portal.demonstration import texts
from portal.demonstration.texts import AgreementText, ClauseText, SectionText

Raw = dict[str, Any]

TEXT = AgreementText(
    title="Keeping pupils safe and known, everywhere in Wexmoor",
    introduction=(
        "What every partnership of the county asks of everybody who teaches a pupil away from "
        "school. Each partnership's own agreement begins with this text."
    ),
    sections=(
        SectionText(
            "Keeping pupils safe",
            (
                ClauseText(
                    "A1",
                    "provider",
                    "Check the identity and background of everybody who works with pupils before they begin, and keep one record of the checks.",
                    (),
                    texts.SAFEGUARDING_LAW,
                ),
                ClauseText(
                    "A2",
                    "all",
                    "Pass a worry about a pupil's safety to the safeguarding lead of the pupil's school on the day it arises.",
                    (),
                    "Working together to safeguard children (2023)",
                ),
                ClauseText(
                    "A3",
                    "all",
                    "Hold and share information about pupils only as far as the task needs it.",
                    (),
                    "Data Protection Act 1998",
                ),
            ),
        ),
        SectionText(
            "Keeping pupils known",
            (
                ClauseText(
                    "A4",
                    "school",
                    "Speak with the pupil or the family often enough that nobody is forgotten.",
                    (("contact_every", "5", "days"),),
                ),
                ClauseText(
                    "A5",
                    "commissioner",
                    "Send what was found on a visit to the provider first, and wait for its comments.",
                    (("comment_period", "10", "working_days"),),
                ),
                ClauseText(
                    "A6", "provider", "Tell families, in words they understand, how to complain."
                ),
            ),
        ),
    ),
)

# Whose agreement differs in which clause: the number printed, what differs, and why.
VARIATIONS: dict[str, tuple[tuple[str, Raw, str], ...]] = {
    "Harrow Vale": (
        (
            "A4",
            {
                "text": "Speak with the pupil or the family every other day while the pupil is in hospital.",
                "terms": (("contact_every", "2", "days"),),
            },
            "Pupils on a ward lose touch with school faster.",
        ),
    ),
    "South Wexmoor": (
        (
            "A5",
            {"terms": (("comment_period", "15", "working_days"),)},
            "Our providers are small and have asked for more time.",
        ),
        (
            "A6",
            {"is_left_out": True},
            "The inclusion team explains this to each family itself.",
        ),
    ),
}


def publish(authority: Organisation, sections: list[Raw], by: User) -> SharedAgreementPage:
    """Publish the shared text as the authority's administrator would."""
    parent = access.make_shared_texts_page(authority=authority)
    today = timezone.localdate()
    page = SharedAgreementPage(
        title=TEXT.title,
        slug="keeping-pupils-safe-and-known",
        intro=TEXT.introduction,
        issued_date=today,
        review_date=today + datetime.timedelta(days=365),
        sections=sections,
        live=False,
    )
    parent.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    page.refresh_from_db()
    return page


def variations_of(short_name: str, shared: SharedAgreementPage) -> list[Raw]:
    """Give a partnership's variations as its page stores them."""
    ids = {
        block.value["printed_number"]: str(block.id)
        for block in shared.sections
        if block.block_type == "clause"
    }
    return [
        {
            "type": "variation",
            "id": str(uuid.uuid4()),
            "value": {
                "clause": ids[number],
                "is_left_out": bool(differs.get("is_left_out")),
                "text": differs.get("text", ""),
                "terms": [
                    {
                        "type": "item",
                        "id": str(uuid.uuid4()),
                        "value": {"measure": measure, "value": value},
                    }
                    for measure, value, _unit in differs.get("terms", ())
                ],
                "why": why,
            },
        }
        for number, differs, why in VARIATIONS.get(short_name, ())
    ]
