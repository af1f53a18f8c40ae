"""The only writers of letters: save a draft, publish it, bring back an older text, change settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.engine import events, pdf
from workflows.engine.exceptions import NotAllowed

from . import queries, rules
from .models import LetterSettings, LetterTemplate, LetterVersion
from .states import Addressee, Kind

if TYPE_CHECKING:
    from permissions.models import Organisation, User

CHANGED_MEANWHILE = (
    "Somebody else has saved this letter since you opened it. Your text is still below. Open the "
    "letter in a second tab, compare the two, and save again to keep yours."
)


def save_draft(
    *,
    partnership: Organisation,
    kind: Kind | str,
    addressee: Addressee | str,
    heading: str,
    body: str,
    by: User | None,
    revision: int | None = None,
) -> LetterTemplate:
    """Save the draft of a letter. `revision` is that of the draft which the person had before them.

    Raises NotPermitted, or NotAllowed for a text with a wrong or missing field, and where somebody
    else has saved since.
    """
    with audit.acting(by), transaction.atomic():
        _require(by, partnership)
        template = _locked(partnership, kind, addressee)
        if revision is not None and revision != template.revision:
            raise NotAllowed(CHANGED_MEANWHILE)
        heading, body = heading.strip(), rules.tidy(body)
        if reason := rules.why_not_heading(kind, heading) or rules.why_not_body(kind, body):
            raise NotAllowed(f"{reason}.")
        template.heading, template.body = heading, body
        template.revision += 1
        template.saved_at, template.saved_by = timezone.now(), by
        template.save()
    return template


def publish(
    *,
    partnership: Organisation,
    kind: Kind | str,
    addressee: Addressee | str,
    by: User | None,
    revision: int | None = None,
) -> LetterVersion:
    """Put the draft into force: every letter made from now on has this text.

    Raises NotPermitted, or NotAllowed where nothing has changed, or another draft was saved since
    the person has looked at it.
    """
    with audit.acting(by), transaction.atomic():
        _require(by, partnership)
        template = _locked(partnership, kind, addressee)
        if revision is not None and revision != template.revision:
            raise NotAllowed(
                "Somebody else has saved this letter since you opened it. Look at the changes "
                "again, then publish."
            )
        if not queries.differs(template, queries.version_in_force(template)):
            raise NotAllowed("This text is in force already. Change the draft first.")
        if reason := (
            rules.why_not_heading(kind, template.heading) or rules.why_not_body(kind, template.body)
        ):
            raise NotAllowed(f"{reason}.")
        # The text that was ours so far stays in the record as well.
        _version(template)
        version = _add(template, template.heading, template.body, by)
        events.announce(
            "letter_published",
            subject=template,
            by=by,
            organisation=partnership,
            audience="commissioner",
            summary=f"{template.title}: version {version.number} of the letter published",
            data={"version": version.pk},
        )
    return version


def discard_draft(
    *, partnership: Organisation, kind: Kind | str, addressee: Addressee | str, by: User | None
) -> LetterTemplate:
    """Put the text in force back in the place of the draft. Raises NotPermitted."""
    with audit.acting(by), transaction.atomic():
        _require(by, partnership)
        template = _locked(partnership, kind, addressee)
        template.heading, template.body = queries.text_in_force(template)
        template.revision += 1
        template.saved_at, template.saved_by = timezone.now(), by
        template.save()
    return template


def change_settings(
    *, partnership: Organisation, writes_to_family: bool, attaches_letters: bool, by: User | None
) -> LetterSettings:
    """Change how a partnership sends letters. Raises NotPermitted."""
    with audit.acting(by), transaction.atomic():
        _require(by, partnership)
        found, _ = LetterSettings.objects.update_or_create(
            partnership=partnership,
            defaults={
                "writes_to_family": writes_to_family,
                "attaches_letters": attaches_letters,
            },
        )
    return found


def version_for(
    partnership: Organisation, kind: Kind | str, addressee: Addressee | str
) -> LetterVersion:
    """Give the text in force; where it is still ours, ours becomes the first version now.

    So a letter always says by which text it was made, and a better text of ours changes none.
    """
    with transaction.atomic():
        return _version(_locked(partnership, kind, addressee))


def make_pdf(heading: str, body: str, values: dict[str, str]) -> bytes:
    """Make the letter with the text and values given, as an accessible PDF."""
    return pdf.render(
        "letters/letter.typ",
        {
            "title": rules.fill(heading, values).strip(),
            "blocks": rules.letter(body, values),
            "values": {name.replace(" ", "_"): value for name, value in values.items()},
        },
    )


def _require(by: User | None, partnership: Organisation) -> None:
    if by is not None:
        checks.require_here_or_above(by, "change_letter", partnership)


def _locked(
    partnership: Organisation, kind: Kind | str, addressee: Addressee | str
) -> LetterTemplate:
    ours = queries.template(partnership, kind, addressee)
    if ours._state.adding:
        # Of two people who are first at once, one finds what the other has made.
        LetterTemplate.objects.bulk_create([ours], ignore_conflicts=True)
    return LetterTemplate.objects.select_for_update().get(
        partnership=partnership, kind=Kind(kind), addressee=Addressee(addressee)
    )


def _version(template: LetterTemplate) -> LetterVersion:
    found = queries.version_in_force(template)
    if found is not None:
        return found
    return _add(template, *queries.text_in_force(template), None)


def _add(template: LetterTemplate, heading: str, body: str, by: User | None) -> LetterVersion:
    return LetterVersion.objects.create(
        template=template,
        number=queries.next_number(template),
        heading=heading,
        body=body,
        sha256=rules.fingerprint(heading, body),
        published_by=by,
    )
