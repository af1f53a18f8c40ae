"""One pupil's case through all of it, in a real browser, each step by the person whose step it is.

Every page met is checked for accessibility, and each person's pages keep the Content-Security-
Policy (the fixtures see to both). Time passes by the clock being set; timers and background jobs
run as they do in production.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from permissions.models import User
from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.factories import agreements as agreement_factory
from tests.factories import files
from tests.factories.cases import Area
from tests.factories.placements import agreement_of, list_provider
from workflows.agreements import actions as agreements
from workflows.cases.models import Case, Document
from workflows.engine import timers
from workflows.placements.models import Placement
from workflows.reviews.models import Review

pytestmark = pytest.mark.django_db(transaction=True)

REVIEW_EVERY_WEEKS = 6


class Visitor:
    """One person at the browser; says what they do in the words of the page."""

    def __init__(self, page: Page, axe: Callable[[Page], None], picture: Callable[..., None]):
        self.page = page
        self._axe = axe
        self._picture = picture

    def go(self, path: str) -> None:
        """Open an address and look at the page."""
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        """Check the page that is there now: no violation, no refusal."""
        self._axe(self.page)

    def fill(self, **answers: object) -> None:
        """Fill fields by their names: text, choices, ticks, dates, files."""
        for name, answer in answers.items():
            field = self.page.locator(f'[name="{name}"]')
            if isinstance(answer, datetime.date):
                for part in ("day", "month", "year"):
                    self.page.fill(f'[name="{name}-{part}"]', str(getattr(answer, part)))
            elif isinstance(answer, dict):
                field.set_input_files(answer)
            elif field.first.get_attribute("type") in ("radio", "checkbox"):
                wanted = self.page.locator(f'[name="{name}"][value="{answer}"]')
                (field if answer is True else wanted).check()
            elif field.first.evaluate("element => element.tagName") == "SELECT":
                field.select_option(str(answer))
            else:
                field.fill(str(answer))

    def press(self, button: str, *, refused: bool = False) -> None:
        """Press a button, look at the page that comes, and see whether it refuses."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.look()
        problems = self.page.locator(".govuk-error-summary").all_inner_texts()
        assert bool(problems) == refused, f"{self.page.url}: {problems}"

    def send(self) -> None:
        """Continue, check the answers where the step asks for it, and confirm them."""
        self.press("Continue")
        confirm = self.page.locator('button[name="confirm"]')
        if confirm.count():
            self.sees("Check your answers")
            confirm.click()
            self.look()
            assert not self.page.locator(".govuk-error-summary").count()

    def follow(self, link: str | re.Pattern[str]) -> None:
        """Follow a link and look at the page that comes."""
        self.page.get_by_role("link", name=link).first.click()
        self.look()

    def open_task(self, title: str) -> None:
        """Find a task in the inbox, mine or nobody's yet, and open it."""
        for view in ("mine", "unclaimed"):
            self.go(f"/tasks/?view={view}")
            found = self.page.get_by_role("link", name=re.compile(f"^{re.escape(title)}"))
            if found.count():
                found.first.click()
                self.look()
                return
        raise AssertionError(f"There is no task “{title}” in the inbox.")

    def has_no_task(self, title: str) -> None:
        """Make sure that a task is in neither list."""
        for view in ("mine", "unclaimed"):
            self.page.goto(f"/tasks/?view={view}")
            assert not self.page.get_by_role("link", name=re.compile(f"^{title}")).count()

    def sees(self, text: str) -> None:
        """Expect words on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the page, wide and narrow."""
        self._picture(self.page, name)


@pytest.fixture
def visit(
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> Callable[[User | None], Visitor]:
    """Return a function that seats a person at a browser of their own."""
    return lambda user=None: Visitor(open_page(user), axe, screenshot)


@pytest.fixture
def clock() -> Iterator[Callable[[float], None]]:
    """Return a function that lets so many days pass; due timers fire as the worker fires them."""
    travellers: list[Any] = []

    def pass_days(days: float) -> None:
        moment = timezone.now() + datetime.timedelta(days=days)
        for traveller in travellers:
            traveller.stop()
        travellers[:] = [time_machine.travel(moment, tick=True)]
        travellers[0].start()
        timers.sweep()

    yield pass_days
    for traveller in travellers:
        traveller.stop()


@pytest.fixture
def area() -> Area:
    """A partnership with its agreement published and a provider listed that has not accepted it."""
    area = Area()
    agreement_factory.make_agreement(
        area.partnership,
        terms={**agreement_factory.TERMS, "review_every": str(REVIEW_EVERY_WEEKS)},
    )
    list_provider(area, area.provider)
    area.panel(3)
    return area


def sign_in(visitor: Visitor, user: User) -> None:
    """Sign in at the door, by e-mail and password."""
    from tests.factories.permissions import PASSWORD

    visitor.go("/dashboard/")
    visitor.fill(username=user.email, password=PASSWORD)
    visitor.press("Sign in")


def test_a_case_goes_from_referral_to_closure(
    area: Area,
    visit: Callable[..., Visitor],
    clock: Callable[[float], None],
) -> None:
    # Everybody is made first: each is somebody else, with one role.
    referrer = area.person(Role.REFERRER)
    officer = area.person(Role.OFFICER)
    chair, first_member, second_member, third_member = area.panel(3)
    signatory = area.person(Role.SIGNATORY)

    reference = refer(visit(), referrer)
    case = Case.objects.get(reference=reference)

    # The commissioner sends it back with a question, the school answers, it goes on to panel.
    desk = visit(officer)
    desk.go("/dashboard/")
    desk.open_task("Screen the referral")
    desk.keep_picture("screen-referral")
    desk.fill(next="ask", question="Who will arrange June’s examinations?")
    desk.send()
    school = visit(referrer)
    school.open_task("Answer questions about the referral")
    school.fill(answer="Our examinations officer, Mr O’Leary.")
    school.send()
    desk.open_task("Screen the referral")
    desk.sees("Mr O’Leary")
    desk.fill(next="to_panel")
    desk.send()

    # A vote for each; a conflict of interest takes the task and the case away.
    conflicted = visit(first_member)
    conflicted.open_task("Vote on the referral")
    conflicted.fill(choice="conflict", reasons="The pupil’s mother is my neighbour.")
    conflicted.send()
    conflicted.has_no_task("Vote on the referral")
    assert conflicted.page.goto(f"/cases/{reference}/").status == 404
    voters = [visit(second_member), visit(third_member), visit(chair)]
    for voter in voters:
        if not case.referral.considerations.get().closed_at and not chair_can_decide(voters[2]):
            voter.open_task("Vote on the referral")
            voter.keep_picture("vote")
            voter.fill(choice="accept", reasons="The medical advice is clear.")
            voter.send()

    # The chair decides; the letter is an accessible PDF in the case.
    chairs = voters[2]
    chairs.open_task("Record the panel’s decision")
    chairs.fill(outcome="accept", reasons="The criteria are met.", conditions="")
    chairs.send()
    do_jobs()
    letter = Document.objects.get(case=case, letter__addressee="school")
    with letter.file.open() as file:
        assert file.read().startswith(b"%PDF")
    school.go(f"/cases/{reference}/")
    school.sees(letter.title)
    school.keep_picture("case-after-decision")

    # The officer allocates; only the directory's providers are there to choose.
    desk.open_task("Allocate the case to a provider")
    desk.fill(
        entry=str(area.provider.directory_entries.get().pk),
        hours_per_week="5",
        starts_date=timezone.localdate(),
        message="Please ring the named person first.",
    )
    desk.send()

    # The provider takes the place; before both sides have signed the SLA nothing starts.
    provider = visit(signatory)
    provider.go("/dashboard/")
    provider.keep_picture("provider-dashboard")
    provider.open_task("Answer the offer of a place")
    provider.fill(answer="accept")
    provider.send()
    desk.has_no_task("Start the placement")
    accept_agreement(provider)
    desk.has_no_task("Start the placement")
    accept_agreement(desk)
    do_jobs()
    provider.go("/agreements/")
    provider.keep_picture("provider-agreements")
    with provider.page.expect_download() as receipt:
        provider.page.get_by_role("link", name=re.compile("receipt", re.IGNORECASE)).first.click()
    assert receipt.value.suggested_filename.endswith(".pdf")
    desk.open_task("Start the placement")
    desk.fill(starts_date=timezone.localdate())
    desk.send()

    # The first review is due when the SLA's own term says; a timer opens its task before.
    placement = Placement.objects.get(case=case)
    review = Review.objects.get(placement=placement)
    assert review.due_date == placement.starts_date + datetime.timedelta(weeks=REVIEW_EVERY_WEEKS)
    desk.has_no_task("Hold the review")
    clock(7 * REVIEW_EVERY_WEEKS)
    desk = visit(officer)
    desk.open_task("Hold the review")
    desk.fill(
        held_date=timezone.localdate(),
        attended="The pupil, her mother, the tutor and the named person",
        minutes="She is ready to try mornings.",
        outcome="reintegrate",
        action_1="Book the quiet room",
        owner_1=str(area.school.pk),
        due_1=timezone.localdate() + datetime.timedelta(days=5),
    )
    desk.keep_picture("hold-review")
    desk.send()

    # The school writes the plan in phases and tracks it to the end.
    school = visit(referrer)
    school.open_task("Write the reintegration plan")
    school.fill(
        starts_1=timezone.localdate(),
        hours_1="4",
        support_1="Mornings with a friend",
        starts_2=timezone.localdate() + datetime.timedelta(days=7),
        hours_2="12",
        support_2="All mornings",
        adjustments="A later start",
        contacts="Ms Hill, every Friday",
    )
    school.send()
    school.open_task("Record how the return to school goes")
    school.fill(result="reached", note="A good first morning.")
    school.send()
    clock(8)
    school = visit(referrer)
    school.open_task("Record how the return to school goes")
    school.fill(result="reached", note="Full mornings now.")
    school.send()
    school.go("/reintegration/")
    school.follow(case.pupil.full_name)
    school.keep_picture("reintegration-plan")

    # The officer closes the case; its whole way is in the timeline.
    desk = visit(officer)
    desk.open_task("Close the case")
    desk.fill(is_back=True)
    desk.press("Close the case")
    desk.go(f"/cases/{reference}/")
    desk.keep_picture("closed-case")
    case.refresh_from_db()
    assert case.stage == "closed"
    assert case.outcome == "reintegrated"
    do_jobs()
    assert mail.outbox, "Nobody was told anything"
    pupil = case.pupil
    for message in mail.outbox:
        assert pupil.last_name not in message.subject
        assert pupil.first_name not in message.subject


def refer(school: Visitor, referrer: User) -> str:
    """Sign in and refer a pupil, page by page; return the case's reference."""
    sign_in(school, referrer)
    school.sees("Dashboard")
    school.keep_picture("school-dashboard")
    school.go("/referrals/new/")
    # Empty answers: an error summary that leads to the field, and nothing lost.
    school.fill(first_name="Niamh")
    school.press("Save and continue", refused=True)
    expect(school.page.get_by_role("alert")).to_contain_text("Enter the pupil’s last name")
    expect(school.page.locator('[name="first_name"]')).to_have_value("Niamh")
    school.fill(
        last_name="O'Brien-D'Arcy",
        date_of_birth=datetime.date(2013, 3, 27),
        year_group="8",
        upn="P207000016049",
        sen_status="K",
        primary_need="SEMH",
        looked_after="no",
    )
    school.press("Save and continue")
    school.fill(
        given_by="Mrs O'Brien, mother",
        how="signed_form",
        date=timezone.localdate(),
        covers="Sharing with the partnership, the panel and a provider",
    )
    school.press("Save and continue")
    school.press("Add a document")
    school.fill(
        kind="medical_evidence",
        title="Consultant’s letter",
        file={"name": "letter.pdf", "mimeType": "application/pdf", "buffer": files.PDF},
    )
    school.press("Add this document")
    school.sees("Consultant’s letter")
    school.press("Save and continue")
    school.fill(
        reason="Anxiety keeps Niamh from school.",
        needs="Short tasks and a quiet room.",
        strengths="Writes stories.",
        behaviour="Calm with one adult.",
        working_at="English 5, maths 4",
    )
    school.keep_picture("referral-profile")
    # Save and come back: what was typed is there.
    school.press("Save and come back later")
    school.keep_picture("referral-task-list")
    school.follow("Reason and profile")
    expect(school.page.locator('[name="strengths"]')).to_have_value("Writes stories.")
    school.press("Save and continue")
    school.fill(
        tried_first="Part-time timetable; a call home every day.",
        pupil_views="I miss my friends.",
        parent_views="Small steps, please.",
    )
    school.press("Save and continue")
    school.fill(
        named_person="Ms Hill",
        named_person_contact="01632 960 001",
        key_contact="Mr Ode",
        key_contact_contact="01632 960 002",
        absence_contact="The office",
        absence_contact_contact="01632 960 003",
    )
    school.press("Save and continue")
    school.keep_picture("referral-check")
    school.press("Submit the referral")
    found = re.search(r"AC-\d{4}-\d+", school.page.url + school.page.content())
    assert found is not None
    return found.group()


def chair_can_decide(chairs: Visitor) -> bool:
    """Tell whether enough votes are in for the chair's task to be there."""
    for view in ("mine", "unclaimed"):
        chairs.page.goto(f"/tasks/?view={view}")
        if chairs.page.get_by_role("link", name=re.compile("^Record the panel’s decision")).count():
            return True
    return False


EVIDENCE = {"position": "Head of service", "authority": "By its board", "confirmed": True}


def accept_agreement(signatory: Visitor) -> None:
    """Read the agreement online and accept it."""
    signatory.open_task("Read and accept the agreement")
    signatory.keep_picture("accept-agreement")
    signatory.fill(**EVIDENCE)
    signatory.send()
    signatory.sees("You have accepted the agreement")


def test_a_material_change_asks_the_provider_again(
    area: Area, visit: Callable[..., Visitor]
) -> None:
    agreement = agreement_of(area)
    agreements.ask_to_accept(agreement=agreement, organisation=area.provider, by=None)
    signatory = area.person(Role.SIGNATORY)
    provider = visit(signatory)
    accept_agreement(provider)
    provider.has_no_task("Read and accept the agreement")
    agreement_factory.publish(
        agreement,
        agreement_factory.text(wording="Do twice what was agreed"),
        change_note="Reviews are more frequent.",
    )
    provider.open_task("Read and accept the agreement")
    provider.sees("Reviews are more frequent.")
    provider.keep_picture("accept-again")
    provider.fill(**EVIDENCE)
    provider.send()
    provider.has_no_task("Read and accept the agreement")
