"""Who may do what with a referral, in every status: the generated table, every cell tried."""

import pytest

from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import PartnershipFactory
from tests.factories.cases import Area, pupil_details
from tests.factories.referrals import make_referral, vote
from workflows.referrals import actions, grants, queries, states
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db

SCHOOL, PARTNERSHIP = OrganisationKind.SCHOOL, OrganisationKind.PARTNERSHIP


def decide(outcome):
    return lambda referral, by: actions.decide(
        referral=referral,
        outcome=outcome,
        reasons="It fits",
        deferred_for="The next letter" if outcome == "defer" else "",
        by=by,
    )


def change_vote(referral, by):
    """Change the vote that the person has cast, just before where there was none."""
    consideration = queries.open_consideration(referral)
    if consideration is not None and not queries.own_votes(consideration, by):
        actions.cast_vote(referral=referral, choice="accept", reasons="It fits", by=by)
    actions.change_vote(referral=referral, choice="defer", reasons="Later", replaces=1, by=by)


TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from={
        "start": frozenset(Status),
        **tables.possible_from(states.TRANSITIONS, states.ALLOWED_IN),
    },
    kinds={
        **dict.fromkeys(
            (
                "start",
                "write",
                "record_permission",
                "submit",
                "withdraw",
                "withdraw_permission",
                "answer_question",
            ),
            SCHOOL,
        ),
        **dict.fromkeys(
            ("ask_question", "send_to_panel", "return_to_panel", "propose_transfer"), PARTNERSHIP
        ),
        **dict.fromkeys(("cast_vote", "change_vote", "declare_conflict"), PARTNERSHIP),
        **dict.fromkeys(("accept", "decline", "defer"), PARTNERSHIP),
    },
    acts={
        "start": lambda referral, by: actions.start(
            school=referral.case.pupil.school, by=by, **pupil_details()
        ),
        "write": lambda referral, by: actions.write_answers(
            referral=referral, by=by, answers={"needs": "Quiet"}
        ),
        "record_permission": lambda referral, by: actions.record_permission(
            referral=referral,
            given_by="Pat",
            how="email",
            date=referral.permission_date,
            covers="All",
            by=by,
        ),
        "submit": lambda referral, by: actions.submit(referral=referral, by=by),
        "withdraw_permission": lambda referral, by: actions.withdraw_permission(
            referral=referral,
            withdrawn_by="Pat",
            how="email",
            date=referral.permission_date,
            by=by,
        ),
        "withdraw": lambda referral, by: actions.withdraw(referral=referral, reason="Moved", by=by),
        "answer_question": lambda referral, by: actions.answer_question(
            referral=referral, answer="Mornings", by=by
        ),
        "ask_question": lambda referral, by: actions.ask_question(
            referral=referral, text="When?", by=by
        ),
        "send_to_panel": lambda referral, by: actions.send_to_panel(referral=referral, by=by),
        "propose_transfer": lambda referral, by: actions.propose_transfer(
            referral=referral,
            to=PartnershipFactory(parent=referral.case.partnership.parent),
            reason="It is theirs",
            is_permitted=True,
            by=by,
        ),
        "return_to_panel": lambda referral, by: actions.return_to_panel(referral=referral, by=by),
        "cast_vote": lambda referral, by: actions.cast_vote(
            referral=referral, choice="accept", reasons="It fits", by=by
        ),
        "change_vote": change_vote,
        "declare_conflict": lambda referral, by: actions.declare_conflict(
            referral=referral, reason="Kin", by=by
        ),
        "accept": decide("accept"),
        "decline": decide("decline"),
        "defer": decide("defer"),
    },
)


def test_the_table_is_whole():
    tables.check_grants(TABLE.acts, grants.ACTION_PERMISSIONS, states.OWNERS)
    assert set(TABLE.possible_from) == set(TABLE.acts)
    assert set(states.OWNERS) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_every_role_can_do_what_the_table_says(status):
    area = Area()
    # Before the referral, so that its panel's roles have a seat.
    people = tables.one_of_each(area.organisations)
    referral = make_referral(area, status)
    if status == Status.AT_PANEL:
        # A substitute votes from a seat in a member's place.
        actions.give_seat(
            consideration=queries.open_consideration(referral),
            member=people[PARTNERSHIP, Role.PANEL_SUBSTITUTE],
        )
        for member in area.panel()[1:]:
            vote(referral, member)
    assert TABLE.mismatches(referral, status, people) == []
