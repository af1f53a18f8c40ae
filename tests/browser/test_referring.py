"""A school refers a pupil from the first page to submission: by keyboard alone, on a narrow screen.

Once with scripts and an accessibility check on every page, once without any script. A second pupil
is found instead of typed; a family writes by a private link on a phone; permission is withdrawn.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from permissions.roles import Role
from tests.browser.jobs import do_jobs
from tests.factories import agreements as agreement_factory
from tests.factories import files
from tests.factories.cases import Area
from tests.factories.referrals import make_referral
from workflows.agreements.models import Acceptance
from workflows.agreements.states import Mode
from workflows.cases.models import Case, Document, FamilyWords
from workflows.referrals.models import Referral
from workflows.referrals.states import Status

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = 320
MOST_TABS = 60


class Typist:
    """One person at the keyboard: moves by Tab and the arrows, types, and never uses a mouse."""

    def __init__(self, page: Page, look: Callable[[Page], None] | None) -> None:
        self.page = page
        self.keys = page.keyboard
        self._look = look

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        """Check the page that is there: accessible where scripts run, and nothing wider than it."""
        self.page.wait_for_load_state()
        if self._look is not None:
            self._look(self.page)
        root = "document.documentElement"
        assert self.page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), self.page.url

    def reach(self, selector: str) -> None:
        """Press Tab until the thing is reached; it must show that it is."""
        for _ in range(MOST_TABS):
            self.keys.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate(
                    """() => {
                        const style = getComputedStyle(document.activeElement);
                        const label = document.activeElement.nextElementSibling;
                        const beside = label ? getComputedStyle(label, '::before').outlineStyle : '';
                        return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                            || beside !== 'none';
                    }"""
                ), f"Nothing shows that {selector} has the focus"
                return
        raise AssertionError(f"{selector} is not reached by Tab on {self.page.url}")

    def fill(self, **answers: object) -> None:
        """Fill fields in the order of the page."""
        for name, answer in answers.items():
            if isinstance(answer, datetime.date):
                for part in ("day", "month", "year"):
                    self.reach(f'[name="{name}-{part}"]')
                    self.keys.press("Control+A")
                    self.keys.type(str(getattr(answer, part)))
                continue
            kind = self.page.locator(f'[name="{name}"]').first.evaluate(
                "element => element.type || element.tagName"
            )
            if kind == "radio":
                self.reach(f'[name="{name}"]')
                wanted = f'[name="{name}"][value="{answer}"]'
                self.keys.press("Space")
                for _ in range(20):
                    if self.page.locator(wanted).is_checked():
                        break
                    self.keys.press("ArrowDown")
                assert self.page.locator(wanted).is_checked()
            elif kind == "checkbox":
                self.reach(f'[name="{name}"]')
                self.keys.press("Space")
            elif kind == "select-one":
                self.reach(f'[name="{name}"]')
                self.keys.type(str(answer))
            elif kind == "file":
                self.reach(f'[name="{name}"]')
                # The system's own window cannot be driven; the field was reached by Tab.
                self.page.locator(f'[name="{name}"]').set_input_files(answer)  # type: ignore[arg-type]  # files
            else:
                self.reach(f'[name="{name}"]')
                self.keys.press("Control+A")
                self.keys.type(str(answer))

    def press(self, text: str, *, kind: str = "button") -> None:
        """Reach a button or a link by its words and press Enter."""
        found = self.page.locator(f"{kind}:visible").filter(has_text=re.compile(text)).first
        found.evaluate("element => element.setAttribute('data-wanted', '1')")
        self.reach("[data-wanted]")
        with self.page.expect_navigation():
            self.keys.press("Enter")
        self.look()

    def sees(self, text: str) -> None:
        """Expect words on the page."""
        expect(self.page.locator("body")).to_contain_text(text)


@pytest.fixture
def area() -> Area:
    """A partnership whose agreement is accepted by making a referral."""
    area = Area()
    agreement_factory.make_agreement(area.partnership, mode=Mode.IMPLIED)
    return area


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def school(
    request: pytest.FixtureRequest,
    area: Area,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
) -> Typist:
    """The school's referrer on a screen of 320 pixels."""
    page = open_page(area.person(Role.REFERRER), width=NARROW, javascript=request.param)
    return Typist(page, axe if request.param else None)


def test_a_school_refers_a_pupil_by_keyboard_on_a_narrow_screen(
    area: Area, school: Typist, screenshot: Callable[[Page, str], None]
) -> None:
    school.go("/referrals/new/")
    school.fill(first_name="Niamh")
    school.press("Save and continue")
    school.sees("There is a problem")
    school.sees("Enter the pupil’s last name")
    school.fill(
        last_name="O'Brien-D'Arcy",
        date_of_birth=datetime.date(2013, 3, 27),
        year_group="Year 8",
        upn="P207000016049",
        sen_status="K",
        primary_need="Social",
        looked_after="no",
    )
    school.press("Save and continue")
    # Nothing leaves the school before permission.
    case = Case.objects.get()
    assert [part.kind for part in case.participations.open()] == ["home_school"]
    school.fill(
        given_by="Mrs O'Brien, mother",
        how="signed_form",
        date=timezone.localdate(),
        covers="Sharing with the partnership, the panel and a provider",
    )
    school.press("Save and continue")
    school.press("Add a document", kind="a")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    school.fill(
        kind="Medical",
        title="Consultant’s letter",
        file=[letter, letter],
        valid_until=timezone.localdate() + datetime.timedelta(days=90),
    )
    school.press("Add this document")
    school.sees("2 documents are in the case")
    school.sees("Consultant’s letter (2 of 2)")
    screenshot(school.page, "referring-evidence")
    school.press("Save and continue")
    while not school.page.url.endswith("/check/"):
        texts = school.page.locator("main form textarea, main form input[type=text]")
        answers = {
            str(texts.nth(number).get_attribute("name")): f"What we say, in answer {number}"
            for number in range(texts.count())
        }
        school.fill(**answers)
        school.press("Save and continue")
    school.sees("What we say, in answer 0")
    school.sees("by submitting it: that agreement is accepted by making a referral")
    screenshot(school.page, "referring-check")
    school.press("Submit the referral")
    school.sees("The referral is submitted")

    referral = Referral.objects.get()
    assert referral.status == Status.SUBMITTED
    assert Document.objects.filter(case=case, kind="medical_evidence").count() == 2
    # The agreement is accepted by the act, and a copy is on the case.
    assert Acceptance.objects.get().organisation == area.school
    do_jobs()
    assert Document.objects.filter(
        case=case, kind="letter", title__startswith="Acceptance"
    ).exists()
    school.go(case.get_absolute_url())
    school.sees("Acceptance of")


def test_a_pupil_is_found_and_an_open_case_shown_first(area: Area, school: Typist) -> None:
    first = make_referral(area, Status.SUBMITTED, first_name="Owen", last_name="Pryce-O’Dea")
    school.go("/referrals/new/")
    school.fill(q="o'dea")
    school.press("Find the pupil")
    assert "dea" not in school.page.url
    school.press("Owen Pryce", kind="main a")
    school.sees("There is an open case already")
    school.press(f"Use this case, {first.case.reference}", kind="main a")
    school.sees("Owen Pryce-O’Dea")


def test_a_family_writes_on_a_phone_and_permission_is_withdrawn(
    area: Area,
    school: Typist,
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    born = datetime.date(2014, 5, 9)
    case = make_referral(area, first_name="Mali", date_of_birth=born).case
    school.go(case.get_absolute_url())
    school.press("Ask the family for their views", kind="a")
    school.fill(voice="pupil")
    school.press("Make the link")
    found = re.search(r"/your-views/[^/]+/", school.page.content())
    assert found is not None

    phone = Typist(open_page(width=NARROW), axe)
    phone.go(found.group())
    screenshot(phone.page, "family-door")
    assert "Mali" not in phone.page.content()
    phone.fill(date_of_birth=born + datetime.timedelta(days=1))
    phone.press("Continue")
    phone.sees("The date of birth is not right")
    phone.fill(date_of_birth=born)
    phone.press("Continue")
    phone.sees("What do you think, Mali?")
    screenshot(phone.page, "family-write")
    phone.fill(difficult="The bus.", would_help="A quiet room, and Tŷ’s dog")
    phone.press("Send")
    phone.sees("Thank you")
    assert FamilyWords.objects.get().would_help == "A quiet room, and Tŷ’s dog"

    school.go(case.get_absolute_url())
    school.sees("A quiet room, and Tŷ’s dog")
    school.press("Log contact with the family", kind="a")
    school.fill(how="telephone", with_whom="Her father", what="She slept well.")
    school.press("Add to the log")
    school.sees("She slept well.")
    school.go(case.get_absolute_url())
    school.press("Record that parental permission is withdrawn", kind="a")
    school.fill(
        withdrawn_by="Her father", how="telephone", date=timezone.localdate(), understood=True
    )
    school.press("Stop the case")
    school.sees("The case has stopped.")
    screenshot(school.page, "permission-withdrawn")
    phone.page.goto(found.group())
    phone.sees("This link does not work any more")
