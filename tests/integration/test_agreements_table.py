"""Every role × every status of a request × every action of agreements."""

from typing import Any

import pytest

from permissions.models import User
from permissions.roles import OrganisationKind
from tests import tables
from tests.factories import member
from tests.factories.agreements import accept, make_agreement, publish, text
from tests.factories.cases import Area
from workflows.agreements import actions, grants
from workflows.agreements.models import AcceptanceRequest
from workflows.agreements.states import STATUS_OWNERS, TRANSITIONS, RequestStatus

pytestmark = pytest.mark.django_db


def _accept(request: AcceptanceRequest, by: User) -> Any:
    return actions.accept(
        version=request.version,
        organisation=request.organisation,
        by=by,
        name="Ada Moss",
        position="Director",
        authority="Director of the company",
        confirmed=True,
    )


ACTS = {
    "accept": _accept,
    "publish_version": lambda request, by: publish(
        request.agreement, text(wording=f"New words of {by.pk}"), by=by
    ),
    "create_agreement": lambda request, by: actions.create_agreement(
        partnership=request.agreement.partnership, title="Another", by=by
    ),
    "add_party": lambda request, by: actions.add_party(
        agreement=request.agreement, organisation=request.organisation, by=by
    ),
    "ask_to_accept": lambda request, by: actions.ask_to_accept(
        agreement=request.agreement, organisation=request.organisation, by=by
    ),
    "withdraw": lambda request, by: actions.withdraw(agreement=request.agreement, by=by),
}
EVERY_STATUS = frozenset(RequestStatus)
TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    # Only accepting depends on where the request has got to.
    possible_from=tables.possible_from(
        {"accept": TRANSITIONS["accept"]}, {name: EVERY_STATUS for name in ACTS if name != "accept"}
    ),
    kinds=dict.fromkeys(ACTS, OrganisationKind.PARTNERSHIP) | {"accept": OrganisationKind.PROVIDER},
    acts=ACTS,
)


def request_in(status: str, area: Area) -> AcceptanceRequest:
    """A request of the area's provider, brought to a status by the real actions."""
    agreement = make_agreement(area.partnership)
    request = actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    assert request is not None
    if status == RequestStatus.ACCEPTED:
        accept(agreement, area.provider, by=member("signatory", area.provider))
    if status == RequestStatus.SUPERSEDED:
        publish(agreement, text(wording="Other duties"))
    request.refresh_from_db()
    assert request.status == status
    return request


@pytest.mark.parametrize("status", RequestStatus.values)
def test_every_role_may_do_what_the_table_says(status: str) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    request = request_in(status, area)
    assert TABLE.mismatches(request, status, people) == []


def test_the_table_is_whole() -> None:
    assert set(ACTS) == set(grants.ACTION_PERMISSIONS)
    assert set(STATUS_OWNERS) == set(RequestStatus)
    ended = {RequestStatus.ACCEPTED, RequestStatus.SUPERSEDED}
    assert {status for status, owner in STATUS_OWNERS.items() if owner is None} == ended
