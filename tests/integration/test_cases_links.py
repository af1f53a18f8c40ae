"""Cases that belong together: linked by those who see both, shown to those who see both."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from permissions.exceptions import NotPermitted
from permissions.roles import Role
from tests.factories import SchoolFactory
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.cases import actions, queries
from workflows.cases.models import CaseLink
from workflows.engine.exceptions import NotAllowed
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return Area()


@pytest.fixture
def pair(area):
    """Two cases of two children of one school, with the partnership."""
    return [make_referral(area, Status.SUBMITTED).case for _ in range(2)]


def linked(case, user):
    return [(one.case, one.label) for one in queries.linked_cases(case, user)]


def test_a_link_is_seen_from_both_cases_whoever_made_it(area, pair):
    officer = area.person(Role.OFFICER)
    link = actions.link_cases(case=pair[1], other=pair[0], kind="sibling", by=officer)
    assert (link.first, link.second) == (pair[0], pair[1])
    assert linked(pair[0], officer) == [(pair[1], "Siblings")]
    assert linked(pair[1], officer) == [(pair[0], "Siblings")]
    with pytest.raises(NotAllowed, match="linked already"):
        actions.link_cases(case=pair[0], other=pair[1], kind="same_child", by=officer)


def test_a_link_is_shown_to_those_alone_who_see_both(area, pair):
    officer = area.person(Role.OFFICER)
    actions.link_cases(case=pair[0], other=pair[1], kind="sibling", by=officer)
    second_school = SchoolFactory(parent=area.partnership)
    head = area.person(Role.HEAD, second_school)
    actions.join(case=pair[0], organisation=second_school, kind="home_school", by=None)
    assert linked(pair[0], head) == []
    with pytest.raises(NotPermitted):
        actions.end_link(link=CaseLink.objects.get(), case=pair[0], by=head)
    with pytest.raises(NotPermitted):
        actions.link_cases(case=pair[0], other=pair[1], kind="sibling", by=head)


def test_who_may_link_and_what_cannot_be(area, pair):
    with pytest.raises(NotPermitted):
        actions.link_cases(
            case=pair[0], other=pair[1], kind="sibling", by=area.person(Role.AUDITOR)
        )
    officer = area.person(Role.OFFICER)
    with pytest.raises(NotAllowed, match="the case itself"):
        actions.link_cases(case=pair[0], other=pair[0], kind="sibling", by=officer)


def test_another_case_of_the_same_pupil_is_shown_by_itself(area):
    referrer = area.person(Role.REFERRER)
    earlier = make_referral(area, Status.WITHDRAWN).case
    again = actions.open_case(pupil=earlier.pupil, partnership=area.partnership, by=referrer)
    assert linked(again, referrer) == [(earlier, "The same child")]
    with pytest.raises(NotAllowed, match="the same child"):
        actions.link_cases(case=again, other=earlier, kind="sibling", by=referrer)


def test_a_link_made_in_error_is_taken_away_and_kept(area, pair):
    officer = area.person(Role.OFFICER)
    link = actions.link_cases(case=pair[0], other=pair[1], kind="sibling", by=officer)
    actions.end_link(link=link, case=pair[1], by=officer)
    assert linked(pair[0], officer) == []
    actions.link_cases(case=pair[0], other=pair[1], kind="same_child", by=officer)
    assert CaseLink.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.filter(pk=link.pk).update(kind="same_child")


def test_linking_through_the_pages(client, area, pair):
    client.force_login(area.person(Role.OFFICER))
    url = reverse("cases:link", args=[pair[0].reference])
    stranger = make_referral(Area(), Status.SUBMITTED).case
    for wrong in (stranger.reference, "AC-1999-0001"):
        response = client.post(url, {"reference": wrong, "kind": "sibling"})
        assert "no case with this reference that you may see" in response.content.decode()
    spaced = f" {pair[1].reference.lower()} "
    assert client.post(url, {"reference": spaced, "kind": "sibling"}).status_code == 302
    shown = client.get(pair[0].get_absolute_url()).content.decode()
    assert pair[1].reference in shown
    assert "Take the link away" in shown
    link = CaseLink.objects.get()
    client.post(reverse("cases:end_link", args=[pair[0].reference, link.pk]))
    assert pair[1].reference not in client.get(pair[0].get_absolute_url()).content.decode()
    client.force_login(area.person(Role.AUDITOR))
    assert client.get(url).status_code == 403
