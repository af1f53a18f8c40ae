"""Who a pupil is: written down once, corrected later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.cases import rules
from workflows.cases.models import Pupil
from workflows.engine.exceptions import NotAllowed

if TYPE_CHECKING:
    from permissions.models import Organisation, User


PUPIL_FIELDS = (
    "first_name",
    "last_name",
    "date_of_birth",
    "upn",
    "uln",
    "year_group",
    "sen_status",
    "primary_need",
    "looked_after",
)


def register_pupil(*, school: Organisation, by: User | None, **details: Any) -> Pupil:
    """Write down a pupil of a school; `details` are the `PUPIL_FIELDS`.

    Raises NotPermitted, or NotAllowed with the first thing that is wrong.
    """
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", school)
        pupil = Pupil(school=school, **_known(details))
        _check(pupil)
        pupil.save()
    return pupil


def change_pupil(*, pupil: Pupil, by: User | None, **details: Any) -> Pupil:
    """Correct what is written about a pupil; fields not named stay. Raises as `register_pupil`."""
    with audit.acting(by), transaction.atomic():
        if by is not None:
            checks.require(by, "open_case", pupil.school)
        pupil.refresh_from_db(from_queryset=Pupil.objects.select_for_update())
        for name, value in _known(details).items():
            setattr(pupil, name, value)
        _check(pupil)
        pupil.save()
    return pupil


def _known(details: dict[str, Any]) -> dict[str, Any]:
    unknown = set(details) - set(PUPIL_FIELDS)
    if unknown:
        raise TypeError(f"Not a detail of a pupil: {sorted(unknown)}")
    tidy = dict(details)
    for name in ("upn", "uln"):
        if name in tidy:
            tidy[name] = rules.normal_identifier(tidy[name])
    return tidy


def _check(pupil: Pupil) -> None:
    born = pupil.date_of_birth
    for reason in (
        rules.why_not_date_of_birth(born, timezone.localdate()),
        rules.why_not_upn(pupil.upn),
        rules.why_not_uln(pupil.uln),
    ):
        if reason:
            raise NotAllowed(f"{reason}.")
    try:
        pupil.full_clean()
    except ValidationError as error:
        raise NotAllowed(" ".join(error.messages)) from error
