"""Who may do what with a case, in every stage: the generated table, every cell tried."""

import pytest

from permissions.roles import OrganisationKind, Role
from tests import tables
from tests.factories import UserFactory, files
from tests.factories.cases import Area, make_case, make_pupil
from workflows.cases import actions, grants, states
from workflows.cases.states import Stage

pytestmark = pytest.mark.django_db

SCHOOL, PARTNERSHIP = OrganisationKind.SCHOOL, OrganisationKind.PARTNERSHIP
EVERY_KIND = frozenset(OrganisationKind)
BEFORE_THE_OFFER = {
    Stage.DRAFT,
    Stage.REFERRED,
    Stage.QUESTIONED,
    Stage.AT_PANEL,
    Stage.ACCEPTED,
    Stage.DECLINED,
    Stage.DEFERRED,
    Stage.WITHDRAWN,
}


def takes_part(kind, stage):
    if kind == OrganisationKind.SCHOOL:
        return True
    if kind == OrganisationKind.PROVIDER:
        return stage not in BEFORE_THE_OFFER
    # This withdrawn case never left its school.
    return stage not in (Stage.DRAFT, Stage.WITHDRAWN)


TABLE = tables.Table(
    permissions=grants.ACTION_PERMISSIONS,
    possible_from=tables.possible_from(states.TRANSITIONS, states.ALLOWED_IN),
    kinds={
        "open_case": SCHOOL,
        "add_document": EVERY_KIND,
        "add_note": EVERY_KIND,
        "log_contact": SCHOOL,
        "share": PARTNERSHIP,
        "exclude": PARTNERSHIP,
        "close": PARTNERSHIP,
    },
    acts={
        "open_case": lambda case, by: actions.open_case(
            pupil=make_pupil(case.pupil.school), partnership=case.partnership, by=by
        ),
        "add_document": lambda case, by: actions.add_document(
            case=case, kind="other", title="Plan", file=files.PDF, audience="parties", by=by
        ),
        "add_note": lambda case, by: actions.add_note(
            case=case, audience="parties", text="Called", by=by
        ),
        "log_contact": lambda case, by: actions.log_contact(
            case=case,
            contact_date=case.opened_at.date(),
            how="telephone",
            with_whom="His mother",
            what="All well",
            by=by,
        ),
        "share": lambda case, by: actions.share(
            case=case, user=UserFactory(), audiences=["parties"], reason="Help", by=by
        ),
        "exclude": lambda case, by: actions.exclude(
            case=case, user=UserFactory(), reason="Conflict", by=by
        ),
        "close": lambda case, by: actions.close(case=case, outcome="ended", by=by),
    },
    takes_part=takes_part,
)


def test_the_table_is_whole():
    tables.check_grants(TABLE.acts, grants.ACTION_PERMISSIONS, states.OWNERS)
    assert set(TABLE.possible_from) == set(TABLE.acts)
    assert set(states.OWNERS) == set(Stage)
    assert Role.AUDITOR not in {role for owners in states.OWNERS.values() for role in owners}


@pytest.mark.parametrize("stage", Stage)
def test_every_role_can_do_what_the_table_says(stage):
    area = Area()
    people = tables.one_of_each(area.organisations)
    assert TABLE.mismatches(make_case(area, stage), stage, people) == []
