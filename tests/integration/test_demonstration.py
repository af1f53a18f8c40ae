"""The demonstration as a whole, and every address of the site as every role and as nobody.

Loading takes a while, so it is loaded once for this file, in a transaction that is rolled back at
the end; each test's own changes are rolled back to a savepoint within it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.encoding import force_str

from pages.models import (
    AgreementPage,
    DataSharingAgreementPage,
    PolicyPage,
    SharedAgreementPage,
)
from permissions import queries as permissions
from permissions.models import Membership, Organisation, User
from permissions.roles import ROLES_BY_KIND, OrganisationKind, Role
from portal.demonstration import accounts, loading
from workflows.agreements import queries
from workflows.agreements.models import (
    Acceptance,
    AcceptanceRequest,
    Agreement,
    AgreementVersion,
    Clause,
    Question,
    Reservation,
)
from workflows.agreements.states import Kind, Scope
from workflows.calendar.models import Term
from workflows.cases.models import Case, ContactEntry, Document, Pupil
from workflows.cases.states import Stage
from workflows.engine import states, tasks
from workflows.engine.models import Task
from workflows.letters.states import EXAMPLE_REFERENCE
from workflows.panels.models import AgendaItem, PanelMeeting
from workflows.panels.states import Status as MeetingStatus
from workflows.placements.models import Offer, Placement
from workflows.providers.models import DirectoryEntry
from workflows.reintegration.models import ReintegrationPlan
from workflows.reviews.models import Action, Review

# One process loads it, for all tests of this file.
pytestmark = pytest.mark.xdist_group("demonstration")

REFERENCE = re.compile(r"\bAC-\d{4}-\d{4,}\b")


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Load the demonstration for the tests of this file; yields the folder of its documents."""
    media, folder = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        settings.MEDIA_ROOT = folder
        loading.load()
        settings.MEDIA_ROOT = media
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration: Path, db: None, settings: Any) -> None:
    """Use the demonstration in one test, and undo what the test does to it."""
    settings.MEDIA_ROOT = demonstration


# --- What it holds --------------------------------------------------------------------------------


def test_sixty_cases_are_spread_over_every_stage(loaded: None) -> None:
    stages = Counter(Case.objects.values_list("stage", flat=True))
    assert sum(stages.values()) == loading.CASES == 60
    assert set(stages) == set(Stage.values)


def test_five_partnerships_of_one_local_authority_each_have_an_agreement_in_force(
    loaded: None,
) -> None:
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert kinds[OrganisationKind.LOCAL_AUTHORITY] == 1
    assert kinds[OrganisationKind.PARTNERSHIP] == 5
    # Theirs, and one for an activity.
    assert AgreementPage.objects.live().count() == 6
    # Theirs, the text that all five stand on, and what the first publishes beside its own.
    assert AgreementVersion.objects.count() == 9
    assert all(Case.objects.filter(partnership=one).count() == 12 for one in partnerships())


def test_the_first_partnership_shows_every_kind_of_document(loaded: None) -> None:
    first = partnerships()[0]
    kept = {one.kind: one for one in Agreement.objects.filter(partnership=first)}
    assert set(kept) == set(Kind)
    # The one for an activity is not the one that the partnership works by.
    agreement = queries.agreement_for(first)
    assert agreement is not None
    assert agreement.scope == Scope.STANDING
    version = queries.version_in_force(kept[Kind.POLICY])
    assert version is not None
    assert version.snapshot["content"]["approval"]["approved_by"]
    review = queries.open_text_review(kept[Kind.POLICY])
    assert review is not None
    assert review.status == "due"
    led = Acceptance.objects.get(version__agreement__scope=Scope.ACTIVITY, lead_name__gt="")
    assert led.activity
    assert AcceptanceRequest.objects.filter(
        agreement=kept[Kind.DATA_SHARING], status="requested"
    ).exists()


def test_panels_have_met_and_will_meet(loaded: None) -> None:
    held = PanelMeeting.objects.filter(status=MeetingStatus.CLOSED)
    assert held.filter(partnership=partnerships()[0]).exists()
    assert all(one.minutes.filter(item__isnull=True).exists() for one in held)
    coming = PanelMeeting.objects.filter(status=MeetingStatus.PLANNED)
    assert coming.count() == len(partnerships())
    assert AgendaItem.objects.on_agenda().filter(meeting__in=coming).exists()


def test_no_step_failed_on_the_way(loaded: None) -> None:
    assert not Task.objects.filter(status=states.ERROR).exists()


def test_every_role_of_every_organisation_has_an_account_that_can_sign_in(loaded: None) -> None:
    listed = "\n".join(" ".join(line) for line in accounts.lines())
    for organisation in Organisation.objects.all():
        for role in organisation.roles:
            user = User.objects.filter(
                memberships__organisation=organisation, memberships__role=role
            ).first()
            assert user is not None, (organisation, role)
            name, _, domain = user.email.partition("@")
            assert re.search(rf"\b{re.escape(name)}\b.*@{re.escape(domain)}", listed)
    assert Client().login(
        request=None, username=user.email, password=settings.DEMONSTRATION_PASSWORD
    )


def test_it_is_not_loaded_a_second_time(loaded: None) -> None:
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demonstration")


@pytest.mark.django_db
def test_it_is_not_loaded_where_there_is_no_password_for_it(settings: Any) -> None:
    settings.DEMONSTRATION_PASSWORD = ""
    with pytest.raises(CommandError, match="not loaded in production"):
        call_command("load_demonstration")


# --- Every address as every role ------------------------------------------------------------------


def partnerships() -> list[Organisation]:
    """Return the partnerships in the order in which they were made."""
    return list(Organisation.objects.filter(kind=OrganisationKind.PARTNERSHIP).order_by("pk"))


def first_organisation(kind: str) -> Organisation:
    """Return the organisation of a kind whose people walk the site: of the first partnership."""
    partnership = partnerships()[0]
    if kind == OrganisationKind.LOCAL_AUTHORITY:
        assert partnership.parent is not None
        return partnership.parent
    if kind == OrganisationKind.PARTNERSHIP:
        return partnership
    if kind == OrganisationKind.SCHOOL:
        return partnership.children.order_by("pk")[0]
    placement = Placement.objects.filter(case__partnership=partnership).order_by("pk")[0]
    return placement.provider


def walker(kind: str, role: str) -> User | None:
    """Return who walks: nobody for an empty role."""
    if not role:
        return None
    membership = Membership.objects.filter(organisation=first_organisation(kind), role=role)
    return membership.order_by("pk")[0].user


WALKERS = [("", ""), *((kind, role) for kind, roles in ROLES_BY_KIND.items() for role in roles)]


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of ours as (route, pattern); Wagtail's own screens are not ours."""
    for one in get_resolver().url_patterns if found is None else found:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            if route != "editors/":
                yield from patterns(one.url_patterns, route)
        else:
            yield route, one


CHANGES_HANDS = (Stage.DRAFT, Stage.QUESTIONED, Stage.AT_PANEL, Stage.DECLINED, Stage.PLACED)


@dataclass(frozen=True)
class Samples:
    """What stands in for the parts of an address: rows of the walkers' partnership and another."""

    mine: Organisation
    other: Organisation

    def of_both(self, rows: Any, at: str, count: int = 1) -> list[Any]:
        """Return the first rows of each of the two partnerships."""
        return [
            row
            for one in (self.mine, self.other)
            for row in rows.filter(**{at: one}).order_by("pk")[:count]
        ]

    def cases(self) -> list[str]:
        """Return a case of each stage here, and two elsewhere."""
        here = {case.stage: case.reference for case in Case.objects.filter(partnership=self.mine)}
        there = Case.objects.filter(partnership=self.other)[:2]
        return [*here.values(), *(case.reference for case in there)]

    def some_cases(self) -> list[str]:
        """Return a case of each stage at which what can be done changes hands, and one elsewhere.

        For pages that are one step away from the case's own, which is walked at every stage.
        """
        here = {case.stage: case.reference for case in Case.objects.filter(partnership=self.mine)}
        there = Case.objects.filter(partnership=self.other)[:1]
        return [
            *(here[stage] for stage in CHANGES_HANDS if stage in here),
            *(case.reference for case in there),
        ]

    def paths(self, route: str) -> list[str]:
        """Return the addresses to try of a route; raises KeyError for one nobody thought of."""
        if "<" not in route and "(" not in route:
            return [route]
        return [FILLERS[route](self, row) for row in SAMPLES[route](self)]


def _open_tasks(samples: Samples) -> list[Task]:
    by_node: dict[tuple[str, int | None], Task] = {}
    for task in tasks.open_tasks().select_related("process"):
        by_node.setdefault((str(task.flow_task), task.organisation_id), task)
    kept = {}
    for (node, _), task in sorted(by_node.items(), key=lambda item: item[1].pk):
        kept.setdefault(node, []).append(task)
    return [task for found in kept.values() for task in found[:3]]


SLUG = "<slug:slug>"
PK = "<int:pk>"
CASE = "<slug:reference>"


def _replacing(route: str, part: str, value: Any) -> str:
    return route.replace(part, force_str(value))


SAMPLES: dict[str, Any] = {}
FILLERS: dict[str, Any] = {}


def _sample(route: str, rows: Any, *parts: tuple[str, Any]) -> None:
    def fill(_samples: Samples, row: Any) -> str:
        filled = route
        for part, value_of in parts:
            filled = _replacing(filled, part, value_of(row))
        return filled

    SAMPLES[route] = rows
    FILLERS[route] = fill


def _pk(row: Any) -> int:
    return row.pk


for _route in ("claim/", "release/", "manage/", "snooze/", "wake/", "notes/", ""):
    _sample(f"tasks/<int:pk>/{_route}", _open_tasks, (PK, _pk))
# Of an address only a digest is kept: nobody knows one that works.
_sample("tasks/calendar/<str:token>.ics", lambda _samples: ["wrong"], ("<str:token>", str))
_sample(
    "tasks/cover/add/<slug:slug>/",
    lambda samples: [samples.mine, samples.other, samples.mine.children.all()[0]],
    (SLUG, lambda row: row.slug),
)
for _route in ("", "add/"):
    _sample(
        f"tasks/escalation/<slug:slug>/{_route}",
        lambda samples: [samples.mine, samples.other, samples.mine.children.all()[0]],
        (SLUG, lambda row: row.slug),
    )
# No organisation of the demonstration has a rule.
_sample(
    "tasks/escalation/<slug:slug>/<int:pk>/",
    lambda samples: [samples.mine],
    (SLUG, lambda row: row.slug),
    (PK, lambda _row: 1),
)
# Nobody is away in the demonstration.
_sample("tasks/cover/<int:pk>/", lambda _samples: [1], (PK, str))
for _route in ("", "map/"):
    _sample(f"cases/<slug:reference>/{_route}", Samples.cases, (CASE, str))
for _route in ("documents/add/", "notes/add/", "contact/", "contact/add/", "links/add/"):
    _sample(f"cases/<slug:reference>/{_route}", Samples.some_cases, (CASE, str))
for _route in ("", "preview/"):
    _sample(
        f"cases/<slug:reference>/documents/<int:pk>/{_route}",
        lambda samples: samples.of_both(Document.objects.all(), "case__partnership", 3),
        (CASE, lambda row: row.case.reference),
        (PK, _pk),
    )
# The demonstration links no cases: nobody finds a link.
_sample(
    "cases/<slug:reference>/links/<int:pk>/end/",
    Samples.some_cases,
    (CASE, str),
    (PK, lambda _row: 1),
)
_sample(
    "cases/<slug:reference>/contact/<int:pk>/correct/",
    lambda samples: samples.of_both(ContactEntry.objects.all(), "case__partnership", 2),
    (CASE, lambda row: row.case.reference),
    (PK, _pk),
)
for _route in (
    "", "pupil/", "permission/", "permission/withdraw/", "evidence/", "evidence/add/", "contacts/",
    "referral.pdf", "check/", "transfer/", "withdraw/", "vote/", "review/", "review/withdraw/",
):  # fmt: skip
    _sample(f"referrals/<slug:reference>/{_route}", Samples.some_cases, (CASE, str))
_sample(
    "referrals/<slug:reference>/questions/<int:number>/",
    Samples.some_cases,
    (CASE, str),
    ("<int:number>", lambda _row: 1),
)
_sample(
    "referrals/<slug:reference>/evidence/<int:pk>/remove/",
    lambda samples: samples.of_both(Document.objects.all(), "case__partnership", 2),
    (CASE, lambda row: row.case.reference),
    (PK, _pk),
)
_sample("families/<slug:reference>/", Samples.some_cases, (CASE, str))
# The family of no case in the demonstration was asked, and nobody knows a link that works.
_sample(
    "families/<slug:reference>/<int:pk>/end/", Samples.some_cases, (CASE, str), (PK, lambda _: 1)
)
for _route in ("", "sent/"):
    _sample(f"your-views/<int:pk>/{_route}", lambda _samples: [1], (PK, str))
_sample("your-views/<str:token>/", lambda _samples: ["wrong"], ("<str:token>", str))
_sample(
    "referrals/new/<slug:slug>/pupils/<int:pk>/",
    lambda samples: samples.of_both(Pupil.objects.all(), "school__parent", 2),
    (SLUG, lambda row: row.school.slug),
    (PK, _pk),
)
_sample("tasks/views/<int:pk>/", lambda _samples: [1], (PK, str))
for _route in (
    "", "versions/<int:number>/", "draft/", "draft/begin/", "draft/discard/", "draft/publish/",
    "draft/sections/add/",
):  # fmt: skip
    _sample(
        f"questionnaires/<slug:slug>/{_route}",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
        ("<int:number>", lambda _row: 1),
    )
_sample(
    "questionnaires/<slug:slug>/versions/<int:number>/preview/<int:page>/",
    lambda samples: [samples.mine, samples.other],
    (SLUG, lambda row: row.slug),
    ("<int:number>", lambda _row: 1),
    ("<int:page>", lambda _row: 2),
)
for _route in (
    "sections/<slug:key>/", "sections/<slug:key>/add/", "sections/<slug:key>/move/",
    "sections/<slug:key>/remove/", "questions/<slug:key>/", "questions/<slug:key>/move/",
    "questions/<slug:key>/remove/",
):  # fmt: skip
    _sample(
        f"questionnaires/<slug:slug>/draft/{_route}",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
        ("<slug:key>", lambda _row: "needs"),
    )
_sample("jobs/<int:pk>/retry/", lambda _samples: [1], (PK, str))
_sample("jobs/steps/<int:pk>/retry/", lambda _samples: [1], (PK, str))
_sample(
    "set-password/<uidb64>/<token>/",
    lambda _samples: ["MQ"],
    ("<uidb64>", str),
    ("<token>", lambda _row: "wrong-token"),
)
for _route in (
    "organisations/<slug:slug>/people/", "organisations/<slug:slug>/people/add/",
    "providers/add/<slug:slug>/", "referrals/new/<slug:slug>/", "referrals/new/<slug:slug>/enter/",
    "referrals/panel/<slug:slug>/",
):  # fmt: skip
    _sample(
        _route,
        lambda samples: [
            samples.mine, samples.other, samples.mine.parent,
            samples.mine.children.all()[0], samples.other.children.all()[0],
            Organisation.objects.filter(kind=OrganisationKind.PROVIDER)[0],
        ],
        (SLUG, lambda row: row.slug),
    )  # fmt: skip
_sample(
    "organisations/<slug:slug>/people/<int:pk>/end/",
    lambda samples: samples.of_both(Membership.objects.all(), "organisation"),
    (SLUG, lambda row: row.organisation.slug),
    (PK, _pk),
)
for _route in ("", "remove/"):
    _sample(
        f"providers/<int:pk>/{_route}",
        lambda samples: samples.of_both(DirectoryEntry.objects.all(), "partnership"),
        (PK, _pk),
    )
for _route in ("plan/", "substitutes/"):
    _sample(
        f"panels/{_route}<slug:slug>/",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
    )
# Nobody is away in the demonstration.
_sample("panels/substitutes/cancel/<int:pk>/", lambda _samples: [1], (PK, str))
for _route in (
    "", "change/", "cancel/", "open/", "close/", "agenda/", "papers/", "papers.pdf", "attendance/",
    "minutes/",
):  # fmt: skip
    _sample(
        f"panels/<int:pk>/{_route}",
        lambda samples: [
            row
            for status in (MeetingStatus.CLOSED, MeetingStatus.PLANNED)
            for row in samples.of_both(PanelMeeting.objects.filter(status=status), "partnership")
        ],
        (PK, _pk),
    )
_sample(
    "panels/<int:pk>/minutes/<int:item>/",
    lambda samples: [
        row
        for status in (MeetingStatus.CLOSED, MeetingStatus.PLANNED)
        for row in samples.of_both(
            AgendaItem.objects.filter(meeting__status=status), "meeting__partnership"
        )
    ],
    (PK, lambda row: row.meeting_id),
    ("<int:item>", _pk),
)
_sample(
    "placements/<int:pk>/",
    lambda samples: samples.of_both(Placement.objects.all(), "case__partnership", 2),
    (PK, _pk),
)
_sample(
    "placements/offers/<int:pk>/withdraw/",
    lambda samples: samples.of_both(Offer.objects.all(), "allocation__case__partnership", 2),
    (PK, _pk),
)
_sample(
    "reviews/<int:pk>/",
    lambda samples: samples.of_both(Review.objects.all(), "placement__case__partnership", 3),
    (PK, _pk),
)
_sample(
    "reviews/actions/<int:pk>/done/",
    lambda samples: samples.of_both(Action.objects.all(), "review__placement__case__partnership"),
    (PK, _pk),
)
_sample(
    "reintegration/<int:pk>/",
    lambda samples: samples.of_both(ReintegrationPlan.objects.all(), "case__partnership", 2),
    (PK, _pk),
)
_sample(
    "agreements/receipts/<sha256:sha256>/",
    lambda _samples: [AgreementVersion.objects.all()[0].sha256, "0" * 64],
    ("<sha256:sha256>", str),
)
_sample(
    "agreements/acceptances/<int:pk>/receipt.pdf",
    lambda samples: samples.of_both(Acceptance.objects.all(), "version__agreement__partnership"),
    (PK, _pk),
)
_sample(
    "agreements/requests/<int:pk>/",
    lambda samples: samples.of_both(
        AcceptanceRequest.objects.all(), "version__agreement__partnership", 2
    ),
    (PK, _pk),
)
_sample(
    "agreements/<int:pk>/acceptances/",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
)
_sample(
    "agreements/<int:pk>/acceptances.<str:file_type>",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
    ("<str:file_type>", lambda _row: "xlsx"),
)
_sample(
    "agreements/<int:pk>/versions/<int:number>/place/",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
    ("<int:number>", lambda _row: 1),
)
_sample(
    "agreements/<int:pk>/versions/<int:number>/",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
    ("<int:number>", lambda _row: 1),
)
for _route in ("terms/add/", "closures/add/", "import/"):
    _sample(
        f"calendar/<slug:slug>/{_route}",
        lambda samples: [samples.mine, samples.mine.parent],
        (SLUG, lambda row: row.slug),
    )
_sample("calendar/terms/<int:pk>/remove/", lambda _samples: Term.objects.all()[:1], (PK, _pk))
# The demonstration has no closure day: nobody finds one.
_sample("calendar/closures/<int:pk>/remove/", lambda _samples: [1], (PK, str))
_sample(
    "placements/timings/<slug:slug>/",
    lambda samples: [samples.mine, samples.other],
    (SLUG, lambda row: row.slug),
)
_sample(
    "agreements/<int:pk>/parties/add/",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
)
_sample(
    "agreements/<int:pk>/versions/<int:number>/text.pdf",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
    ("<int:number>", lambda _row: 1),
)
for _route in ("life/", "life/review/", "life/notice/", "withdraw/"):
    _sample(
        f"agreements/<int:pk>/{_route}",
        lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
        (PK, _pk),
    )
_sample(
    "policies/<int:page_id>/approval/",
    lambda _samples: PolicyPage.objects.all()[:2],
    ("<int:page_id>", _pk),
)
_sample(
    "clauses/<uuid:clause_id>/",
    lambda samples: samples.of_both(Clause.objects.all(), "version__agreement__partnership"),
    ("<uuid:clause_id>", lambda row: row.clause_id),
)
for _route in (
    "",
    "draft/",
    "draft/begin/",
    "draft/discard/",
    "draft/publish/",
    "draft/trial/",
    "draft/rules/add/",
    "draft/rules/<slug:key>/",
    "draft/rules/<slug:key>/move/",
    "draft/rules/<slug:key>/remove/",
    "draft/rules/<slug:key>/conditions/add/",
    "draft/rules/<slug:key>/conditions/add/<slug:fact>/",
    "draft/rules/<slug:key>/conditions/<int:number>/remove/",
    "versions/<int:number>/",
):
    _sample(
        f"criteria/<slug:slug>/{_route}",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
        ("<slug:key>", lambda _row: "rule-1"),
        ("<slug:fact>", lambda _row: "year_group"),
        ("<int:number>", lambda _row: 1),
    )
for _route in ("", "settings/"):
    _sample(
        f"letters/<slug:slug>/{_route}",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
    )
for _route in ("", "edit/", "preview.pdf", "publish/", "discard/", "versions/<int:number>/"):
    _sample(
        f"letters/<slug:slug>/<slug:letter>/{_route}",
        lambda samples: [samples.mine, samples.other],
        (SLUG, lambda row: row.slug),
        ("<slug:letter>", lambda _row: "decision-declined-school"),
        ("<int:number>", lambda _row: 1),
    )
_sample("^editors/(?:users|groups)/", lambda _samples: ["editors/users/", "editors/groups/1/"])
FILLERS["^editors/(?:users|groups)/"] = lambda _samples, row: row
for _route in ("", "scorecard.csv", "<slug:measure>/"):
    _sample(
        f"scorecards/<int:pk>/<slug:slug>/{_route}",
        lambda samples: [
            (agreement, organisation)
            for agreement in samples.of_both(Agreement.objects.all(), "partnership")
            for organisation in (
                agreement.partnership,
                *Organisation.objects.filter(acceptances__version__agreement=agreement).distinct(),
            )
        ],
        (PK, lambda row: row[0].pk),
        (SLUG, lambda row: row[1].slug),
        ("<slug:measure>", lambda _row: "review_every"),
    )
for _route in ("", "withdraw/"):
    _sample(
        f"agreements/reservations/<int:pk>/{_route}",
        lambda samples: samples.of_both(Reservation.objects.all(), "agreement__partnership", 2),
        (PK, _pk),
    )
_sample(
    "agreements/questions/<int:pk>/",
    lambda samples: samples.of_both(Question.objects.all(), "agreement__partnership", 2),
    (PK, _pk),
)
_sample(
    "agreements/<int:pk>/compare/",
    lambda samples: samples.of_both(Agreement.objects.all(), "partnership"),
    (PK, _pk),
)
for _route in ("", "ask/", "clauses/<uuid:clause>/ask/", "clauses/<uuid:clause>/reserve/"):
    _sample(
        f"agreements/<int:pk>/organisations/<int:organisation>/{_route}",
        lambda samples: samples.of_both(Reservation.objects.all(), "agreement__partnership", 2),
        (PK, lambda row: row.agreement_id),
        ("<int:organisation>", lambda row: row.organisation_id),
        ("<uuid:clause>", lambda row: row.clause_id),
    )
_sample("^documents/(\\d+)/(.*)$", lambda _samples: ["documents/1/x.pdf"])
FILLERS["^documents/(\\d+)/(.*)$"] = lambda _samples, row: row
_sample(
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
    lambda _samples: [1],
    ("<int:page_view_restriction_id>", str),
    ("<int:page_id>", str),
)
_sample(
    "^((?:[\\w\\-]+/)*)$",
    lambda _samples: [
        page
        for model in (AgreementPage, SharedAgreementPage, DataSharingAgreementPage, PolicyPage)
        for page in model.objects.live()
    ],
)
FILLERS["^((?:[\\w\\-]+/)*)$"] = lambda _samples, row: row.url.lstrip("/")


def every_path() -> list[str]:
    """Return every address to try; a new route without samples fails the walk."""
    mine, *_, other = partnerships()
    samples = Samples(mine, other)
    return sorted({path for route, _ in patterns() for path in samples.paths(route)} | {""})


@pytest.mark.parametrize(("kind", "role"), WALKERS, ids=lambda value: value or "nobody")
def test_every_address_answers_every_role_and_shows_no_other_case(
    loaded: None, kind: str, role: str
) -> None:
    user = walker(kind, role)
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    allowed: set[str] = set()
    if user is not None:
        allowed |= set(Case.objects.visible_to(user).values_list("reference", flat=True))
    names = {
        case.pupil.full_name
        for case in Case.objects.exclude(reference__in=allowed).select_related("pupil")
    }
    if user is not None:
        # Whoever hands tasks out sees the reference on them; the pupil's name is not there.
        managed = permissions.organisations_where(user, "reassign_task")
        allowed |= set(
            Task.objects.filter(organisation__in=managed).values_list("reference", flat=True)
        )
    # What a letter looks like is shown with invented facts.
    assert not Case.objects.filter(reference=EXAMPLE_REFERENCE).exists()
    allowed.add(EXAMPLE_REFERENCE)
    for path in every_path():
        response = client.get(f"/{path}", HTTP_HOST="localhost")
        assert response.status_code < 500, f"{path} answers {response.status_code}"
        if response.streaming:
            # Read to its end it closes its file; closed by hand it would close the database too.
            list(response)
            continue
        if response.status_code != 200:
            continue
        text = response.content.decode(errors="replace")
        asked = set(REFERENCE.findall(path))
        seen = set(REFERENCE.findall(text)) - asked
        assert seen <= allowed, f"{path} shows cases of others: {sorted(seen - allowed)}"
        shown = [name for name in names if name in text]
        assert not shown, f"{path} names {len(shown)} pupils of others"
        if user is None:
            assert not asked, f"{path} opens without signing in"


# One of each side: what a form does with nothing in it depends on the page more than on the role.
POSTERS = [
    ("", ""),
    (OrganisationKind.PARTNERSHIP, Role.OFFICER),
    (OrganisationKind.PARTNERSHIP, Role.ADMINISTRATOR),
    (OrganisationKind.SCHOOL, Role.REFERRER),
    (OrganisationKind.PROVIDER, Role.SIGNATORY),
]


@pytest.mark.parametrize(("kind", "role"), POSTERS, ids=lambda value: value or "nobody")
def test_empty_posts_never_end_in_an_error(loaded: None, kind: str, role: str) -> None:
    user = walker(kind, role)
    client = Client(raise_request_exception=False)
    for path in every_path():
        if path.startswith("sign-out"):
            continue
        if user is not None:
            client.force_login(user)
        with transaction.atomic():
            response = client.post(f"/{path}", HTTP_HOST="localhost")
            transaction.set_rollback(True)
        assert response.status_code < 500, f"{path} answers {response.status_code}"


def test_an_account_without_any_role_sees_nothing(loaded: None) -> None:
    user = User.objects.create_user("nothing@nowhere.example", "Nobody In Particular")
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for path in every_path():
        response = client.get(f"/{path}", HTTP_HOST="localhost")
        assert response.status_code < 500, path
        if response.streaming:
            list(response)
        elif response.status_code == 200:
            text = response.content.decode(errors="replace")
            assert not set(REFERENCE.findall(text)) - set(REFERENCE.findall(path)), path


def test_ending_a_membership_closes_the_cases_at_once(loaded: None) -> None:
    user = walker(OrganisationKind.PARTNERSHIP, Role.OFFICER)
    assert user is not None
    reference = Case.objects.visible_to(user)[0].reference
    client = Client()
    client.force_login(user)
    assert client.get(f"/cases/{reference}/").status_code == 200
    Membership.objects.filter(user=user).update(ended_at=Membership.objects.first().started_at)
    Membership.objects.filter(user=user).update(ended_by=None)
    assert client.get(f"/cases/{reference}/").status_code == 404
