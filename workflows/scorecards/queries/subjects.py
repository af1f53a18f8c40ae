"""Whose scorecards a person may see: pairs of an agreement and a party that has accepted it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from permissions import queries as permissions
from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements.models import Acceptance, Agreement
from workflows.agreements.states import Kind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User


@dataclass(frozen=True)
class Subject:
    """One scorecard: an agreement, and the party it is about.

    The agreement's own partnership stands for all parties together.
    """

    agreement: Agreement
    organisation: Organisation

    @property
    def is_whole(self) -> bool:
        """Whether it is about every party."""
        return self.organisation.pk == self.agreement.partnership_id

    def get_absolute_url(self) -> str:
        """Address of the scorecard."""
        return reverse("scorecards:detail", args=[self.agreement.pk, self.organisation.slug])


def _watched(user: User) -> QuerySet[Agreement]:
    """Give the published agreements of one's partnerships, or of one's local authority's."""
    above = permissions.with_those_beneath(permissions.organisations_where(user, "view_scorecard"))
    # A local authority's own texts are for partnerships to stand on: they have no parties.
    return Agreement.objects.published().filter(
        partnership__in=above.values("pk"), partnership__kind=OrganisationKind.PARTNERSHIP
    )


def subjects(user: User, *, agreement: int | None = None, slug: str = "") -> list[Subject]:
    """Give the scorecards that a person may see, by agreement; the whole agreement's first.

    `agreement` (an id) and `slug` (of an organisation) narrow them down. Three queries.
    """
    watched = _watched(user).select_related("partnership__parent")
    own = permissions.organisations_where(user, "view_scorecard")
    accepted = Acceptance.objects.filter(
        version__agreement__in=Agreement.objects.published().values("pk")
    )
    if agreement is not None:
        watched = watched.filter(pk=agreement)
        accepted = accepted.filter(version__agreement=agreement)
    watching = {one.pk: one for one in watched}
    pairs = set(
        (
            accepted.filter(organisation__in=own.values("pk"))
            | accepted.filter(version__agreement__in=list(watching))
        ).values_list("version__agreement", "organisation")
    )
    pairs |= {(one.pk, one.partnership_id) for one in watching.values()}
    found = Agreement.objects.select_related("partnership__parent").in_bulk(
        {agreement_id for agreement_id, _ in pairs}
    )
    organisations = Organisation.objects.in_bulk({pk for _, pk in pairs})
    return sorted(
        (
            Subject(found[agreement_id], organisations[pk])
            for agreement_id, pk in pairs
            if slug in ("", organisations[pk].slug)
            # The partnership's own acceptance opens the whole to those who may watch it alone.
            and (pk != found[agreement_id].partnership_id or agreement_id in watching)
        ),
        key=lambda one: (
            one.agreement.partnership.name,
            one.agreement.title,
            one.agreement.pk,
            not one.is_whole,
            one.organisation.name,
        ),
    )


def subject(user: User, agreement: int, slug: str) -> Subject | None:
    """Find one scorecard by the agreement's id and the party's address, if the person may see it."""
    return next(iter(subjects(user, agreement=agreement, slug=slug)), None)


def agreements_worked_by(partnerships: set[int]) -> dict[int, int]:
    """Give the id of the agreement that sets the dates of each partnership's referrals.

    The same choice as `agreements.queries.agreement_for`, for many partnerships in one query.
    """
    rows = (
        Agreement.objects.published()
        .filter(partnership__in=partnerships, kind=Kind.SLA)
        .order_by("partnership", "-created_at", "-pk")
        .distinct("partnership")
    )
    return dict(rows.values_list("partnership", "pk"))
