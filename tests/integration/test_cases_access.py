"""The one access rule: who sees which case, and what within it."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from permissions import actions as permissions
from permissions.exceptions import NotPermitted
from permissions.grants import REGISTRY
from permissions.models import Membership
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from tests.factories import SchoolFactory, UserFactory, files, member
from tests.factories.cases import Area, make_case
from workflows.cases import actions, queries
from workflows.cases.audiences import AUDIENCES
from workflows.cases.models import Case, Document, Note
from workflows.cases.states import Audience, DocumentKind, ParticipationKind, Stage
from workflows.engine.exceptions import NotAllowed

pytestmark = pytest.mark.django_db

EVERYBODY = [(kind, role) for kind, roles in ROLES_BY_KIND.items() for role in roles]
# The roles whose people see the cases of their organisation, whatever its kind.
SEEING = {
    Role.REFERRER,
    Role.HEAD,
    Role.SAFEGUARDING_LEAD,
    Role.ATTENDANCE_OFFICER,
    Role.SIGNATORY,
    Role.TUTOR,
    Role.OFFICER,
    Role.QUALITY_OFFICER,
    Role.AUDITOR,
}


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_a_role_sees_its_own_organisations_case_and_no_other():
    ours, theirs = Area(), Area()
    case, other = make_case(ours, Stage.PLACED), make_case(theirs, Stage.PLACED)
    for kind, role in EVERYBODY:
        person = member(role, ours.organisations[kind])
        assert sees(person, case) == (role in SEEING), (kind, role)
        assert not sees(person, other), (kind, role)
        assert not queries.audiences_of(person, other)
        assert not queries.timeline(other, person).exists()


def test_nobody_without_a_membership_sees_anything():
    case = make_case(stage=Stage.PLACED)
    superuser = UserFactory(is_superuser=True, is_staff=True)
    for person in (UserFactory(), superuser, AnonymousUser()):
        assert not sees(person, case)


def test_two_schools_of_one_partnership_do_not_see_each_others_cases():
    area = Area()
    neighbour = SchoolFactory(parent=area.partnership)
    case = make_case(area, Stage.AT_PANEL)
    for role in ROLES_BY_KIND[OrganisationKind.SCHOOL]:
        assert not sees(member(role, neighbour), case)


def test_a_draft_is_seen_by_the_school_alone():
    area = Area()
    case = make_case(area)
    assert sees(area.person(Role.REFERRER), case)
    for role in (Role.OFFICER, Role.AUDITOR):
        assert not sees(area.person(role), case)
        assert not sees(area.person(role, area.local_authority), case)


@pytest.mark.parametrize("stage", [Stage.REFERRED, Stage.AT_PANEL, Stage.ACCEPTED])
def test_a_provider_sees_nothing_before_its_offer(stage):
    area = Area()
    case = make_case(area, stage)
    for role in ROLES_BY_KIND[OrganisationKind.PROVIDER]:
        person = member(role, area.provider)
        assert not sees(person, case)
        assert not queries.audiences_of(person, case)


def test_a_provider_whose_part_has_ended_sees_nothing_any_more():
    area = Area()
    case = make_case(area, Stage.OFFERED)
    tutor = area.person(Role.TUTOR)
    assert sees(tutor, case)
    actions.leave(case=case, organisation=area.provider, kind=ParticipationKind.PROVIDER, by=None)
    assert not sees(tutor, case)


def test_access_ends_with_the_membership_and_with_the_account():
    area = Area()
    case = make_case(area, Stage.PLACED)
    leaver, closed = member(Role.OFFICER, area.partnership), member(Role.HEAD, area.school)
    permissions.end_membership(membership=Membership.objects.get(user=leaver), by=None)
    closed.is_active = False
    closed.save()
    assert not sees(leaver, case)
    assert not sees(closed, case)


def test_a_share_opens_a_case_for_its_audiences_until_it_ends():
    area = Area()
    case = make_case(area, Stage.AT_PANEL)
    panel_member = area.person(Role.PANEL_MEMBER)
    assert not sees(panel_member, case)
    actions.share_for_task(
        case=case, user=panel_member, audiences=[Audience.PARTIES, Audience.PANEL], reason="Panel"
    )
    assert queries.audiences_of(panel_member, case) == {Audience.PARTIES, Audience.PANEL}
    actions.end_shares(case=case, reason="Panel", by=None)
    assert not sees(panel_member, case)
    assert queries.audiences_of(panel_member, case) == set()


def test_an_excluded_person_sees_nothing_whatever_else_they_hold():
    area = Area()
    case = make_case(area, Stage.AT_PANEL)
    officer = area.person(Role.OFFICER)
    actions.share(case=case, user=officer, audiences=list(Audience), reason="Help", by=officer)
    actions.exclude(case=case, user=officer, reason="Conflict of interest", by=officer)
    assert not sees(officer, case)
    assert queries.audiences_of(officer, case) == set()
    with pytest.raises(NotAllowed, match="kept out"):
        actions.share_for_task(case=case, user=officer, audiences=["panel"], reason="Again")


def test_only_the_partnership_shares_a_case_and_keeps_others_out():
    area = Area()
    case = make_case(area, Stage.PLACED)
    for role in (Role.REFERRER, Role.TUTOR):
        person = area.person(role)
        with pytest.raises(NotPermitted):
            actions.share(case=case, user=person, audiences=["panel"], reason="Mine", by=person)
        with pytest.raises(NotPermitted):
            actions.exclude(case=case, user=area.person(Role.OFFICER), reason="No", by=person)


# --- Audiences ----------------------------------------------------------------------------------

KIND_OF = {
    OrganisationKind.SCHOOL: ParticipationKind.HOME_SCHOOL,
    OrganisationKind.PARTNERSHIP: ParticipationKind.COMMISSIONER,
    OrganisationKind.LOCAL_AUTHORITY: ParticipationKind.LOCAL_AUTHORITY,
    OrganisationKind.PROVIDER: ParticipationKind.PROVIDER,
}


@pytest.fixture
def filled():
    """A placed case with one document, one note and one event for every audience."""
    area = Area()
    case = make_case(area, Stage.PLACED)
    officer = area.person(Role.OFFICER)
    actions.share(
        case=case,
        user=officer,
        audiences=[*Audience],
        reason="Writes to every audience",
        by=officer,
    )
    for audience in Audience:
        actions.add_document(
            case=case,
            kind=DocumentKind.OTHER,
            title=audience.label,
            file=files.PDF,
            audience=audience,
            by=None,
        )
        actions.add_note(case=case, audience=audience, text=audience.label, by=officer)
    return area, case


def test_documents_notes_and_events_are_narrowed_by_the_table(filled):
    area, case = filled
    for kind, role in EVERYBODY:
        person = member(role, area.organisations[kind])
        grants = REGISTRY.grants.get(role, set())
        expected = {
            audience
            for audience, rule in AUDIENCES.items()
            if rule.permission in grants and KIND_OF[kind] in rule.kinds and "view_case" in grants
        }
        assert queries.audiences_of(person, case) == expected, (kind, role)
        for model in (Document, Note):
            found = model.objects.visible_to(person).filter(case=case)
            assert set(found.values_list("audience", flat=True)) == expected, (kind, role)
        events = queries.timeline(case, person).filter(kind="document_added")
        assert set(events.values_list("audience", flat=True)) == expected, (kind, role)


def test_nobody_at_a_provider_or_school_is_ever_in_the_panels_audience(filled):
    area, case = filled
    for kind in (OrganisationKind.SCHOOL, OrganisationKind.PROVIDER):
        for role in ROLES_BY_KIND[kind]:
            assert Audience.PANEL not in queries.audiences_of(
                member(role, area.organisations[kind]), case
            )


def test_each_narrowing_is_one_query(filled, django_assert_num_queries):
    area, case = filled
    officer = area.person(Role.OFFICER)
    with django_assert_num_queries(1):
        list(Case.objects.visible_to(officer))
    with django_assert_num_queries(1):
        list(Document.objects.visible_to(officer))
    with django_assert_num_queries(1):
        list(Note.objects.visible_to(officer))
    with django_assert_num_queries(1):
        queries.audiences_of(officer, case)
    queries.timeline(case, officer).exists()
    with django_assert_num_queries(1):
        list(queries.timeline(case, officer))


def test_who_may_write_to_an_audience_belongs_to_it(filled):
    area, case = filled
    tutor = area.person(Role.TUTOR)
    for audience in Audience:
        if audience in (Audience.PARTIES, Audience.MEDICAL):
            actions.add_note(case=case, audience=audience, text="Seen", by=tutor)
        else:
            with pytest.raises(NotPermitted):
                actions.add_note(case=case, audience=audience, text="Not mine", by=tutor)


def test_notes_stay_as_they_were_written(filled):
    _area, case = filled
    note = case.notes.first()
    for change in (lambda: case.notes.update(text="Other"), note.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# --- Any mixture --------------------------------------------------------------------------------

MEMBERSHIPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(EVERYBODY)), max_size=4, unique=True
)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=MEMBERSHIPS,
    part_ended=st.booleans(),
    shared=st.sets(st.sampled_from(list(Audience)), max_size=2),
    share_ended=st.booleans(),
    excluded=st.booleans(),
)
def test_whatever_somebody_holds_they_see_what_the_rule_says(
    db, held, part_ended, shared, share_ended, excluded
):
    with transaction.atomic():
        areas = [Area(), Area()]
        cases = [make_case(area, Stage.PLACED) for area in areas]
        person = UserFactory()
        for place, (kind, role) in held:
            member(role, areas[place].organisations[kind], user=person)
        if part_ended:
            actions.leave(
                case=cases[0],
                organisation=areas[0].provider,
                kind=ParticipationKind.PROVIDER,
                by=None,
            )
        if shared:
            actions.share_for_task(case=cases[0], user=person, audiences=shared, reason="Why")
            if share_ended:
                actions.end_shares(case=cases[0], reason="Why", by=None)
        if excluded:
            actions.exclude(case=cases[0], user=person, reason="Conflict", by=None)
        for place, case in enumerate(cases):
            by_role = any(
                role in SEEING
                and not (part_ended and place == 0 and kind == OrganisationKind.PROVIDER)
                for where, (kind, role) in held
                if where == place
            )
            by_share = place == 0 and bool(shared) and not share_ended
            expected = (by_role or by_share) and not (excluded and place == 0)
            assert sees(person, case) == expected
            assert bool(queries.audiences_of(person, case)) == expected
        transaction.set_rollback(True)


def test_the_rule_uses_no_more_queries_for_more_organisations():
    area = Area()
    person = UserFactory()
    counts = []
    for _ in range(2):
        for role, _n in itertools.product((Role.REFERRER,), range(3)):
            school = SchoolFactory(parent=area.partnership)
            member(role, school, user=person)
            make_case(area, school=school)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(queries.case_list(person))
        counts.append(len(captured))
    assert counts == [1, 1]
