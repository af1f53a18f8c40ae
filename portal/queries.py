"""What the dashboard and the search show: a fixed number of reads, whoever looks.

Each read starts from what the person may see; nothing here decides what they may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from wagtail.models import Page

from pages.models import PartnershipPage
from permissions import queries as permissions
from permissions.models import User
from permissions.queries import Permitted
from permissions.roles import Role
from workflows.agreements import queries as agreements
from workflows.agreements.models import (
    AcceptanceRequest,
    AgreementParty,
    AgreementVersion,
    Clause,
)
from workflows.agreements.states import RequestStatus
from workflows.cases import queries as cases
from workflows.cases.models import Case, narrow
from workflows.cases.states import Stage
from workflows.engine import queries as engine
from workflows.engine.models import Event, Task

ROWS = 6
FOUND = 20
CHANGED_WITHIN = timedelta(days=28)

# Which stages each role has an eye on, in the order of a case.
STAGES_OF: dict[Role, tuple[Stage, ...]] = {
    Role.REFERRER: (
        Stage.DRAFT,
        Stage.QUESTIONED,
        Stage.AT_PANEL,
        Stage.PLACED,
        Stage.REINTEGRATING,
    ),
    Role.HEAD: (Stage.QUESTIONED, Stage.AT_PANEL, Stage.PLACED, Stage.REINTEGRATING),
    Role.SAFEGUARDING_LEAD: (Stage.PLACED, Stage.REINTEGRATING),
    Role.ATTENDANCE_OFFICER: (Stage.PLACED, Stage.REINTEGRATING),
    Role.OFFICER: (
        Stage.REFERRED,
        Stage.AT_PANEL,
        Stage.ACCEPTED,
        Stage.OFFERED,
        Stage.AWAITING_ACCEPTANCE,
        Stage.PLACED,
        Stage.REINTEGRATING,
    ),
    Role.QUALITY_OFFICER: (Stage.PLACED, Stage.REINTEGRATING),
    Role.PANEL_CHAIR: (Stage.AT_PANEL, Stage.DEFERRED),
    Role.SIGNATORY: (Stage.OFFERED, Stage.AWAITING_ACCEPTANCE, Stage.PLACED),
    Role.TUTOR: (Stage.PLACED, Stage.REINTEGRATING),
    Role.AUDITOR: (
        Stage.REFERRED,
        Stage.AT_PANEL,
        Stage.ACCEPTED,
        Stage.OFFERED,
        Stage.PLACED,
        Stage.REINTEGRATING,
        Stage.CLOSED,
    ),
}


@dataclass(frozen=True)
class Figure:
    """A number with a name, and the list behind it."""

    label: str
    value: int
    href: str


@dataclass(frozen=True)
class Overview:
    """Everything a dashboard shows beside the tasks."""

    figures: list[Figure] = field(default_factory=list)
    to_finish: list[Case] = field(default_factory=list)
    to_accept: list[agreements.Standing] = field(default_factory=list)
    changed_agreements: list[AgreementVersion] = field(default_factory=list)
    not_accepted: list[AcceptanceRequest] = field(default_factory=list)
    drafts: list[Page] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    failed_jobs: int = 0
    failed_steps: int = 0


@dataclass(frozen=True)
class Waiting:
    """The tasks at the top of a dashboard, overdue first."""

    mine: list[Task]
    unclaimed: list[Task]
    late_elsewhere: list[Task]
    counts: dict[str, int]


def waiting(user: User, permitted: Permitted) -> Waiting:
    """Read what waits for the person and, where they may reassign it, what is late with others.

    Four queries at most.
    """

    def first(view: str) -> QuerySet[Task]:
        tasks = engine.visible_tasks(user, view, permitted).select_related("organisation", "owner")
        return engine.in_order(tasks)

    late: list[Task] = []
    if permitted.anywhere("reassign_task"):
        late = list(first(engine.TEAM).filter(due_at__lt=timezone.now())[:ROWS])
    for task in late:
        # Whoever only hands a task out does not learn from it which pupil it is about.
        if not permitted.may(task.owner_permission or "", task.organisation_id):
            task.headline = ""
    return Waiting(
        mine=list(first(engine.MINE)[:ROWS]),
        unclaimed=list(first(engine.UNCLAIMED)[:ROWS]),
        late_elsewhere=late,
        counts=engine.task_counts(user, permitted),
    )


def overview(user: User, permitted: Permitted) -> Overview:
    """Read a dashboard: at most twelve queries, fewer for roles that see less."""
    sees_cases = permitted.anywhere("view_case")
    standings = agreements.agreements_of(user) if permitted.anywhere("view_agreement") else []
    looks_after = permitted.anywhere("retry_failed_step")
    accepts = permitted.organisation_ids("accept_agreement")
    return Overview(
        figures=figures(user, permitted) if sees_cases else [],
        to_finish=list(to_finish(user)[:ROWS]) if permitted.anywhere("open_case") else [],
        to_accept=[one for one in standings if one.is_waiting and one.organisation.pk in accepts],
        changed_agreements=list(changed_agreements(user)[:ROWS]),
        not_accepted=(
            list(not_accepted(user)[:ROWS]) if permitted.anywhere("view_acceptances") else []
        ),
        drafts=list(drafts(user)[:ROWS]) if permitted.anywhere("draft_agreement") else [],
        events=list(recent_events(user)[:ROWS]) if sees_cases else [],
        failed_jobs=engine.failed_jobs().count() if looks_after else 0,
        failed_steps=engine.failed_tasks(user).count() if looks_after else 0,
    )


def changed_agreements(user: User) -> QuerySet[AgreementVersion]:
    """Return what was published of late by one's partnerships, or for one's organisations."""
    own = permissions.organisations_where(user, "view_agreement")
    parties = AgreementParty.objects.filter(organisation__in=own).values("agreement")
    return (
        AgreementVersion.objects.filter(
            Q(agreement__partnership__in=own) | Q(agreement__in=parties),
            agreement__withdrawn_at=None,
            published_at__gte=timezone.now() - CHANGED_WITHIN,
        )
        .select_related("agreement__partnership")
        .defer("snapshot")
        .order_by("-published_at", "-pk")
    )


def figures(user: User, permitted: Permitted) -> list[Figure]:
    """Return how many cases the person may see in the stages that their roles look after."""
    stages = {stage for role in permitted.roles for stage in STAGES_OF.get(role, ())}
    counted = dict(
        Case.objects.visible_to(user)
        .filter(stage__in=stages)
        .values_list("stage")
        .annotate(Count("pk"))
    )
    return [
        Figure(stage.label, counted.get(stage.value, 0), f"/cases/?stage={stage.value}")
        for stage in Stage
        if stage in stages
    ]


def to_finish(user: User) -> QuerySet[Case]:
    """Return the cases of one's schools that wait for the school: drafts and open questions."""
    schools = permissions.organisations_where(user, "open_case")
    return (
        Case.objects.visible_to(user)
        .filter(stage__in=[Stage.DRAFT, Stage.QUESTIONED], pupil__school__in=schools)
        .select_related("pupil")
        .order_by("stage", "opened_at")
    )


def recent_events(user: User) -> QuerySet[Event]:
    """Return what happened of late in the cases a person may see, newest first."""
    kind = ContentType.objects.get_for_model(Case)
    lately = Event.objects.filter(subject_type=kind, at__gte=timezone.now() - CHANGED_WITHIN)
    reference = Case.objects.filter(pk=OuterRef("subject_id")).values("reference")
    return (
        narrow(lately, user, case_field="subject_id")
        .select_related("organisation")
        .annotate(case_reference=Subquery(reference))
        .order_by("-at", "-pk")
    )


def not_accepted(user: User) -> QuerySet[AcceptanceRequest]:
    """Return who has been asked and has not accepted, for the partnerships one watches."""
    watched = permissions.organisations_where(user, "view_acceptances")
    return (
        AcceptanceRequest.objects.filter(
            status=RequestStatus.REQUESTED, agreement__partnership__in=watched
        )
        .select_related("agreement__partnership", "organisation")
        .order_by("due_date", "pk")
    )


def drafts(user: User) -> QuerySet[Page]:
    """Return the pages of one's partnerships with changes that are not published, newest first."""
    partnerships = permissions.with_those_beneath(
        permissions.organisations_where(user, "draft_agreement")
    )
    beneath = Q(pk__in=[])
    for path in PartnershipPage.objects.filter(organisation__in=partnerships).values_list(
        "path", flat=True
    ):
        beneath |= Q(path__startswith=path)
    return Page.objects.filter(beneath, has_unpublished_changes=True).order_by(
        "-latest_revision_created_at"
    )


# --- Search -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a search found; each list is cut at FOUND, and says so."""

    cases: list[Case]
    clauses: list[Clause]
    is_cut: bool


def search(user: User | AnonymousUser, q: str) -> Found:
    """Return the visible cases and the clauses in force that fit; at most FOUND of each."""
    found = list(cases.case_list(user, q=q)[: FOUND + 1]) if isinstance(user, User) else []
    clauses = list(agreements.search_clauses(q)[: FOUND + 1])
    return Found(found[:FOUND], clauses[:FOUND], len(found) > FOUND or len(clauses) > FOUND)


# --- Background jobs ----------------------------------------------------------------------------


def failed_jobs() -> QuerySet[ProcrastinateJob]:
    """Return the background jobs that have failed for good, newest first, with when and how often."""
    at = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="failed").order_by("-at")
    return engine.failed_jobs().annotate(failed_at=Subquery(at.values("at")[:1]))
