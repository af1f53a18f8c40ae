"""The screens of agreements, as a browser without JavaScript meets them."""

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from permissions.models import User
from permissions.roles import Role
from tests.factories import ProviderFactory, member
from tests.factories.agreements import accept, make_agreement, publish, text
from tests.factories.cases import Area, make_case
from workflows.agreements import actions, jobs, queries
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.forms import AcceptForm
from workflows.agreements.models import Acceptance, Agreement, Receipt
from workflows.cases import actions as cases
from workflows.cases.models import Case, Exclusion
from workflows.cases.states import ParticipationKind, Stage
from workflows.engine import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Area:
    return Area()


@pytest.fixture
def agreement(area: Area) -> Agreement:
    return make_agreement(area.partnership)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def task_url(agreement: Agreement, area: Area) -> str:
    request = actions.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    assert request is not None
    return tasks.find(request, AcceptanceFlow, "accept").get_absolute_url()


def answers(agreement: Agreement, **changes: Any) -> dict[str, Any]:
    version = queries.version_in_force(agreement)
    assert version is not None
    return {
        "name": "Ada Moss",
        "position": "Director",
        "authority": "Director of the company",
        "confirmed": "on",
        "version": version.sha256,
        **changes,
    }


def test_the_step_shows_the_whole_text_and_marks_our_duties(
    agreement: Agreement, area: Area
) -> None:
    person = area.person(Role.SIGNATORY, area.provider)
    page = signed_in(person).get(task_url(agreement, area)).content.decode()
    version = queries.version_in_force(agreement)
    assert version is not None
    for clause in version.clauses.all():
        assert f'id="clause-{clause.clause_id}"' in page
        assert clause.text in page
    assert "A review is held every 12 weeks" in page
    assert version.sha256 in page
    # One duty of the provider and six of all parties.
    assert page.count("Your duty") == 7
    assert f'value="{person.name}"' in page


def test_accepting_through_the_browser(agreement: Agreement, area: Area) -> None:
    client = signed_in(area.person(Role.SIGNATORY, area.provider))
    url = task_url(agreement, area)
    check = client.post(url, answers(agreement), follow=True)
    assert not Acceptance.objects.exists()
    assert "Ada Moss" in check.content.decode()
    done = client.post(url, {"confirm": "1"}, follow=True)
    assert "You have accepted the agreement" in done.content.decode()
    acceptance = Acceptance.objects.get()
    assert (acceptance.name, acceptance.position) == ("Ada Moss", "Director")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("name", "Enter full name"),
        ("position", "Enter position in the organisation"),
        ("authority", "Enter by what right you accept for the organisation"),
        ("confirmed", "Tick the box to say that you accept the agreement"),
    ],
)
def test_the_step_says_what_is_missing(
    agreement: Agreement, area: Area, missing: str, says: str
) -> None:
    client = signed_in(area.person(Role.SIGNATORY, area.provider))
    page = client.post(task_url(agreement, area), answers(agreement, **{missing: ""}))
    assert says in page.content.decode()
    assert "There is a problem" in page.content.decode()


def test_the_step_refuses_a_text_that_was_published_again_meanwhile(
    agreement: Agreement, area: Area
) -> None:
    client = signed_in(area.person(Role.SIGNATORY, area.provider))
    url = task_url(agreement, area)
    typed = answers(agreement)
    publish(agreement, text(wording="Better said"), is_material=False)
    page = client.post(url, typed).content.decode()
    assert "was published again while you were reading" in page
    # Opened again, it shows the new text, and that can be accepted.
    client.post(url, answers(agreement))
    client.post(url, {"confirm": "1"})
    assert Acceptance.objects.get().version.number == 2


def test_a_step_replaced_by_a_material_version_says_so(agreement: Agreement, area: Area) -> None:
    client = signed_in(area.person(Role.SIGNATORY, area.provider))
    url = task_url(agreement, area)
    client.post(url, answers(agreement))
    publish(agreement, text(wording="More duties"))
    response = client.post(url, {"confirm": "1"})
    assert response.status_code in (404, 409, 410)
    assert not Acceptance.objects.exists()


def test_my_agreements_shows_what_waits_and_what_is_accepted(
    agreement: Agreement, area: Area
) -> None:
    person = area.person(Role.SIGNATORY, area.provider)
    client = signed_in(person)
    url = reverse("agreements:list")
    assert "not party to any agreement" in client.get(url).content.decode()
    task = task_url(agreement, area)
    page = client.get(url).content.decode()
    assert "To accept" in page
    request = agreement.acceptance_requests.get()
    assert client.get(reverse("agreements:request", args=[request.pk])).url == task
    accept(agreement, area.provider, by=person)
    page = client.get(url).content.decode()
    assert "The receipt is being made" in page
    accepted = Acceptance.objects.get(organisation=area.provider)
    jobs.make_receipt(acceptance_id=accepted.pk)
    assert "Download the receipt" in client.get(url).content.decode()


def test_the_receipt_is_an_accessible_pdf_with_the_evidence_and_the_text(
    agreement: Agreement, area: Area
) -> None:
    acceptance = accept(agreement, area.provider)
    jobs.make_receipt(acceptance_id=acceptance.pk)
    jobs.make_receipt(acceptance_id=acceptance.pk)
    receipt = Receipt.objects.get()
    reader = pypdf.PdfReader(io.BytesIO(bytes(receipt.pdf)))
    words = " ".join(page.extract_text() for page in reader.pages)
    words = " ".join(words.split())
    assert acceptance.name in words
    assert acceptance.position in words
    assert acceptance.sha256 in words
    assert acceptance.wording in words
    assert "Do what is agreed, as the provider." in words
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_only_the_party_and_the_partnership_get_the_receipt(
    agreement: Agreement, area: Area
) -> None:
    acceptance = accept(agreement, area.provider)
    url = reverse("agreements:receipt", args=[acceptance.pk])
    tutor = signed_in(area.person(Role.TUTOR, area.provider))
    assert tutor.get(url).status_code == 404  # not made yet
    jobs.make_receipt(acceptance_id=acceptance.pk)
    response = tutor.get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF")
    officer = area.person(Role.OFFICER, area.partnership)
    assert signed_in(officer).get(url).status_code == 200
    for stranger in (
        member(Role.SIGNATORY, ProviderFactory()),
        member(Role.OFFICER, Area().partnership),
        area.person(Role.HEAD, area.school),
        area.person(Role.PANEL_MEMBER, area.partnership),
    ):
        assert signed_in(stranger).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_who_has_accepted_is_for_the_partnership(agreement: Agreement, area: Area) -> None:
    acceptance = accept(agreement, area.provider)
    url = reverse("agreements:acceptances", args=[agreement.pk])
    for role in (Role.EDITOR, Role.OFFICER, Role.AUDITOR):
        page = signed_in(area.person(role, area.partnership)).get(url)
        assert page.status_code == 200
        assert acceptance.name in page.content.decode()
    for person in (
        area.person(Role.SIGNATORY, area.provider),
        member(Role.EDITOR, Area().partnership),
    ):
        assert signed_in(person).get(url).status_code == 404


def test_the_public_check_knows_published_versions_and_names_nobody(
    agreement: Agreement, area: Area, client: Client
) -> None:
    acceptance = accept(agreement, area.provider)
    response = client.post(
        reverse("agreements:check"), {"hash": f" {acceptance.sha256.upper()} "}, follow=True
    )
    page = response.content.decode()
    assert "This is a published version" in page
    assert acceptance.name not in page
    assert acceptance.organisation_name not in page
    unknown = client.get(reverse("agreements:check_result", args=["0" * 64])).content.decode()
    assert "This hash is not known" in unknown
    wrong = client.post(reverse("agreements:check"), {"hash": "abc"}).content.decode()
    assert "64 characters long" in wrong


def test_every_version_stays_readable(agreement: Agreement, client: Client) -> None:
    publish(agreement, text(wording="More duties"))
    first = client.get(reverse("agreements:version", args=[agreement.pk, 1])).content.decode()
    assert "This is an earlier version" in first
    assert "Do what is agreed, as the provider." in first
    second = client.get(reverse("agreements:version", args=[agreement.pk, 2])).content.decode()
    assert "This is an earlier version" not in second
    assert client.get(reverse("agreements:version", args=[agreement.pk, 3])).status_code == 404


@pytest.mark.parametrize("parties", [1, 10])
def test_my_agreements_takes_a_fixed_number_of_queries(
    area: Area, parties: int, django_assert_max_num_queries: Any
) -> None:
    person = area.person(Role.SIGNATORY, area.provider)
    for _ in range(parties):
        agreement = make_agreement(Area().partnership)
        accept(agreement, area.provider, by=person)
    client = signed_in(person)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("agreements:list")).status_code == 200


def test_a_case_is_named_only_to_those_who_may_see_it(area: Area) -> None:
    agreement = make_agreement(area.partnership, scope="pupil")
    case = make_case(area, Stage.OFFERED)
    acceptance = accept(agreement, area.provider, case=case)
    jobs.make_receipt(acceptance.pk)
    kept_out = member(Role.OFFICER, area.partnership)
    Exclusion.objects.create(case=case, user=kept_out, reason="A relative")
    pages = [
        reverse("agreements:acceptances", args=[agreement.pk]) + "?show=acceptances",
        reverse("agreements:export_acceptances", args=[agreement.pk, "csv"]) + "?show=acceptances",
        reverse("agreements:ours", args=[agreement.pk, area.provider.pk]),
    ]
    receipt = reverse("agreements:receipt", args=[acceptance.pk])
    for person, sees in (
        (area.person(Role.OFFICER, area.partnership), True),
        (area.person(Role.EDITOR, area.partnership), False),
        (kept_out, False),
    ):
        client = signed_in(person)
        for url in pages:
            page = client.get(url).content.decode()
            assert (case.reference in page) is sees, url
            assert ("or one case" in page) is not sees, url
            assert (receipt in page) is (sees and ".csv" not in url), url
        assert client.get(receipt).status_code == (200 if sees else 404)
    for role, sees in ((Role.SIGNATORY, True), (Role.FINANCE, False)):
        client = signed_in(area.person(role, area.provider))
        assert (case.reference in client.get(pages[-1]).content.decode()) is sees
        assert client.get(receipt).status_code == (200 if sees else 404)


def test_an_organisation_keeps_its_receipt_when_its_part_in_the_case_has_ended(
    area: Area,
) -> None:
    agreement = make_agreement(area.partnership, scope="pupil")
    case = make_case(area, Stage.OFFERED)
    acceptance = accept(agreement, area.provider, case=case)
    jobs.make_receipt(acceptance.pk)
    cases.leave(case=case, organisation=area.provider, kind=ParticipationKind.PROVIDER, by=None)
    signatory = area.person(Role.SIGNATORY, area.provider)
    assert not Case.objects.visible_to(signatory).exists()
    receipt = reverse("agreements:receipt", args=[acceptance.pk])
    assert signed_in(signatory).get(receipt).status_code == 200
    ours = reverse("agreements:ours", args=[agreement.pk, area.provider.pk])
    assert receipt in signed_in(signatory).get(ours).content.decode()
    for person in (
        # Who does not see the provider's cases, and who is of another provider.
        area.person(Role.FINANCE, area.provider),
        member(Role.SIGNATORY, Area(area.local_authority).provider),
    ):
        assert signed_in(person).get(receipt).status_code == 404
    Exclusion.objects.create(case=case, user=signatory, reason="A relative")
    assert signed_in(signatory).get(receipt).status_code == 404


def test_whoever_names_an_activity_is_told_not_to_name_a_pupil() -> None:
    assert "Do not name a pupil" in AcceptForm.base_fields["activity"].help_text
