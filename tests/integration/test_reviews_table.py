"""Every role tries every action of reviews in every status."""

from __future__ import annotations

import pytest
from django.utils import timezone

from permissions.roles import OrganisationKind
from tests import tables
from tests.factories.cases import Area
from tests.factories.reviews import make_review
from workflows.reviews import actions, grants, states
from workflows.reviews.states import Outcome, ReviewStatus

pytestmark = pytest.mark.django_db

ACTS = {
    "hold_review": lambda review, by: actions.hold_review(
        review=review,
        held_date=timezone.localdate(),
        attended="All",
        minutes="Well",
        outcome=Outcome.CONTINUE,
        by=by,
    ),
    "cancel_review": lambda review, by: actions.cancel_review(review=review, by=by),
}
TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from=tables.possible_from(states.TRANSITIONS),
    kinds=dict.fromkeys(ACTS, OrganisationKind.PARTNERSHIP),
    acts=ACTS,
)


@pytest.mark.parametrize("status", ReviewStatus)
def test_reviews(status: ReviewStatus) -> None:
    area = Area()
    people = tables.one_of_each(area.organisations)
    review = make_review(area, status)
    assert review.status == status
    assert TABLE.mismatches(review, status, people) == []


def test_the_table_is_whole() -> None:
    tables.check_grants(
        {**ACTS, "open_review": None, "complete_action": None},
        grants.ACTION_PERMISSIONS,
        states.OWNERS,
    )
    assert set(states.OWNERS) == set(ReviewStatus)
