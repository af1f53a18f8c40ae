"""Reads of cases. Each starts from the access rule in `models.py`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from permissions import grants
from permissions import queries as permissions
from permissions.models import Organisation
from workflows.engine import maps, states
from workflows.engine.models import Event, Task

from . import rules
from .audiences import AUDIENCES
from .models import (
    Case,
    CaseLink,
    CaseShare,
    ContactEntry,
    Document,
    FamilyWords,
    Participation,
    Pupil,
    let_in,
    narrow,
)
from .states import FINAL_STAGES, Audience, ParticipationKind, Scan, Stage

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import User

# Column headings that a reader may sort by, to the order they stand for.
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-opened_at", "-id"),
    "oldest": ("opened_at", "id"),
    "pupil": ("pupil__last_name", "pupil__first_name", "id"),
    "school": ("pupil__school__name", "id"),
    "stage": ("stage", "-opened_at", "-id"),
}


# More organisations than this are no list to choose from: a part of their name is typed instead.
OFFERED_AT_MOST = 100

# Nobody turns so many pages, and counting further would cost more than everything that is shown.
COUNTED_AT_MOST = 10_000


def case_list(
    user: User,
    *,
    stage: str = "",
    organisation: int | None = None,
    organisation_name: str = "",
    q: str = "",
    sort: str = "",
) -> QuerySet[Case]:
    """List the cases a person may see, filtered and sorted, with what a row shows.

    `organisation` keeps the cases that an organisation takes part in now, `organisation_name` those
    of any whose name has these words in it. `q` is a case reference, a unique pupil number, or the
    beginnings of a pupil's names. An unknown `sort` means newest first.
    """
    cases = Case.objects.visible_to(user).select_related("pupil__school", "partnership")
    if stage in Stage.values:
        cases = cases.filter(stage=stage)
    if organisation is not None:
        cases = cases.filter(
            pk__in=Participation.objects.open().filter(organisation=organisation).values("case")
        )
    if organisation_name.strip():
        named = models.Q()
        for spelling in rules.spellings(organisation_name):
            named |= models.Q(name__icontains=spelling)
        parts = Participation.objects.open().filter(
            organisation__in=Organisation.objects.filter(named)
        )
        cases = cases.filter(pk__in=parts.values("case"))
    if q.strip():
        cases = cases.filter(_matching(q))
    return cases.order_by(*SORTS.get(sort, SORTS["newest"]))


def _matching(q: str) -> models.Q:
    identifier = rules.normal_identifier(q)
    names = models.Q()
    for word in q.split():
        begins = models.Q()
        for spelling in rules.spellings(word):
            begins |= models.Q(pupil__first_name__istartswith=spelling)
            begins |= models.Q(pupil__last_name__istartswith=spelling)
        names &= begins
    return names | models.Q(reference=identifier) | models.Q(pupil__upn=identifier)


def organisations_in(user: User) -> list[Organisation] | None:
    """List the organisations that take part in any case the person may see, to filter by.

    None where there are more than `OFFERED_AT_MOST`, or more cases than are counted: to look through
    all of those takes seconds. Two queries.
    """
    visible = Case.objects.visible_to(user).order_by().values("pk")
    if visible[: COUNTED_AT_MOST + 1].count() > COUNTED_AT_MOST:
        return None
    parts = Participation.objects.open().filter(case__in=visible)
    some = parts.order_by().values("organisation").distinct()[: OFFERED_AT_MOST + 1]
    found = list(Organisation.objects.filter(pk__in=some).order_by("name", "pk"))
    return found if len(found) <= OFFERED_AT_MOST else None


def has_shared(user: User) -> bool:
    """Tell whether any case is shared with a person now, as a panel's are with its members."""
    return CaseShare.objects.open().filter(user=user).exists()


def audiences_of(user: User, case: Case) -> frozenset[Audience]:
    """Tell which audiences of a case a person belongs to; none where the case is not visible."""
    asked = {
        audience.value: models.ExpressionWrapper(
            let_in(audience, user, case_field="pk"), output_field=models.BooleanField()
        )
        for audience in AUDIENCES
    }
    row = Case.objects.visible_to(user).filter(pk=case.pk).annotate(**asked).values(*asked).first()
    return frozenset(Audience(name) for name, inside in (row or {}).items() if inside)


def events_of(case: Case) -> QuerySet[Event]:
    """List everything that happened in a case, for code that narrows it to a reader."""
    kind = ContentType.objects.get_for_model(Case)
    return Event.objects.filter(subject_type=kind, subject_id=case.pk)


def timeline(case: Case, user: User) -> QuerySet[Event]:
    """List what happened in a case as far as a person may know it, newest first."""
    return narrow(
        events_of(case).select_related("organisation"), user, case_field="subject_id"
    ).order_by("-at", "-pk")


@dataclass(frozen=True)
class NextStep:
    """Something that waits to be done in a case, and who has it."""

    title: str
    organisation: Organisation
    roles: str
    due_at: datetime.datetime | None
    is_overdue: bool
    people: int
    href: str


def next_steps(references: Iterable[str]) -> QuerySet[Task]:
    """List the open tasks of cases, soonest due first."""
    return (
        Task.objects.filter(
            reference__in=list(references),
            flow_task_type=states.HUMAN,
            status__in=states.OPEN,
        )
        .select_related("organisation", "owner")
        .order_by(models.F("due_at").asc(nulls_last=True), "pk")
    )


def what_is_next(case: Case, user: User) -> list[NextStep]:
    """Tell what waits to be done in a case, by which role of which organisation, and by when.

    Several people's share of one step is one entry. The address of a step is given to those who can
    do it. A step that not everybody may know of stands there under the name for others, without
    who and when.
    """
    permitted = permissions.permitted(user)
    waiting = list(next_steps([case.reference]))
    is_masked = any(maps.title_for(task, ()) != task.title for task in waiting)
    audiences = audiences_of(user, case) if is_masked else frozenset()
    steps: dict[tuple[str, int], list[Task]] = {}
    for task in waiting:
        title = maps.title_for(task, audiences)
        steps.setdefault((title, task.organisation_id or 0), []).append(task)
    return [_step(title, tasks, user, permitted) for (title, _), tasks in steps.items()]


def _step(title: str, tasks: list[Task], user: User, permitted: permissions.Permitted) -> NextStep:
    first = tasks[0]
    organisation = first.organisation
    assert organisation is not None  # a human task has one, by constraint
    if title != first.title:
        return NextStep(title, organisation, "", None, is_overdue=False, people=0, href="")
    codename = first.owner_permission or ""
    mine = next(
        (
            task
            for task in tasks
            if permitted.may(codename, organisation.pk) and task.owner_id in (None, user.pk)
        ),
        None,
    )
    return NextStep(
        title=title,
        organisation=organisation,
        roles=" or ".join(roles_with(codename, organisation)),
        due_at=first.due_at,
        is_overdue=first.is_overdue,
        people=len(tasks),
        href=mine.get_absolute_url() if mine else "",
    )


def roles_with(codename: str, organisation: Organisation) -> list[str]:
    """Name the roles of an organisation that hold a permission, by the roles' tables."""
    granted = grants.REGISTRY.grants
    return [role.label for role in organisation.roles if codename in granted.get(role, ())]


def participants(case: Case) -> QuerySet[Participation]:
    """List the organisations that take part in a case now, in the order they joined."""
    return case.participations.open().select_related("organisation").order_by("started_at", "pk")


def acting_organisation(user: User, codename: str, case: Case) -> Organisation | None:
    """Find the organisation in a visible case in which a person holds a permission."""
    if not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        return None
    part = (
        Participation.objects.open()
        .filter(case=case, organisation__in=permissions.organisations_where(user, codename))
        .select_related("organisation")
        .order_by("started_at", "pk")
        .first()
    )
    return part.organisation if part else None


def organisation_of(case: Case, kind: ParticipationKind) -> Organisation | None:
    """Find the organisation that has a part in a case now; the earliest where there are several."""
    part = participants(case).filter(kind=kind).first()
    return part.organisation if part else None


# How many pupils a search shows; more than that says nothing to anybody.
FOUND_AT_MOST = 20


def find_pupils(school: Organisation, q: str) -> list[Pupil]:
    """Find pupils on one school's roll by UPN or the beginnings of names, `FOUND_AT_MOST` of them.

    The caller asks whether the person refers for that school.
    """
    if not q.strip():
        return []
    named = models.Q()
    for word in q.split():
        begins = models.Q()
        for spelling in rules.spellings(word):
            begins |= models.Q(first_name__istartswith=spelling)
            # Also the second half of a double name.
            begins |= models.Q(last_name__istartswith=spelling)
            begins |= models.Q(last_name__icontains=f" {spelling}")
            begins |= models.Q(last_name__icontains=f"-{spelling}")
        named &= begins
    found = Pupil.objects.filter(named | models.Q(upn=rules.normal_identifier(q)), school=school)
    return list(found.order_by("last_name", "first_name", "pk")[:FOUND_AT_MOST])


def same_pupil(
    *,
    school: Organisation,
    first_name: str,
    last_name: str,
    date_of_birth: datetime.date,
    upn: str = "",
) -> list[Pupil]:
    """List the school's pupils who are possibly this one: same UPN, or birth date and alike names."""
    likely = models.Q(date_of_birth=date_of_birth)
    if upn:
        likely |= models.Q(upn=upn)
    name = f"{first_name} {last_name}"
    return [
        pupil
        for pupil in Pupil.objects.filter(likely, school=school).order_by("pk")
        if (upn and pupil.upn == upn) or rules.is_similar_name(name, pupil.full_name)
    ]


def open_cases_of(pupils: Iterable[int], user: User) -> QuerySet[Case]:
    """List the cases still running for any of the pupils (ids), as far as a person may see them."""
    return (
        Case.objects.visible_to(user)
        .open()
        .filter(pupil__in=list(pupils))
        .select_related("pupil")
        .order_by("opened_at")
    )


def pupils_with_open_case(pupils: Iterable[int]) -> set[int]:
    """Tell which of the pupils (ids) have an open case, whoever may see it."""
    return set(Case.objects.open().filter(pupil__in=list(pupils)).values_list("pupil", flat=True))


def open_cases_elsewhere(upn: str, school: Organisation) -> int:
    """Count the open cases of a UPN at other schools, which have left the school.

    A number and nothing else: whose they are is for the partnership to say. A draft is known to its
    own school alone and is not counted.
    """
    if not upn:
        return 0
    cases = Case.objects.open().exclude(stage=Stage.DRAFT)
    return cases.filter(pupil__upn=upn).exclude(pupil__school=school).count()


def waiting_for_scan() -> QuerySet[Document]:
    """List the documents that are kept closed until the virus scanner answers, oldest first."""
    return Document.objects.filter(scan=Scan.WAITING).order_by("pk")


def expiring(today: datetime.date) -> QuerySet[Document]:
    """List the documents of open cases whose last day is near and of which nobody was told."""
    return (
        Document.objects.filter(
            valid_until__gte=today,
            valid_until__lte=today + datetime.timedelta(days=settings.EVIDENCE_EXPIRY_NOTICE),
            expiry_told_at__isnull=True,
        )
        .exclude(case__stage__in=FINAL_STAGES)
        .order_by("valid_until", "pk")
    )


def is_expiring(document: Document, today: datetime.date) -> bool:
    """Tell whether a document still has to be told of: near its end, and not replaced by another."""
    newer = Document.objects.filter(
        case=document.case_id, kind=document.kind, pk__gt=document.pk
    ).filter(
        models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=document.valid_until or today)
    )
    return expiring(today).filter(pk=document.pk).exists() and not newer.exists()


def contact_log(case: Case, user: User) -> QuerySet[ContactEntry]:
    """List the entries of a case's contact log that a person may read, newest day first.

    As they stand: an entry that was corrected is reached from the one that corrects it.
    """
    return (
        ContactEntry.objects.visible_to(user)
        .standing()
        .filter(case=case)
        .select_related("written_by", "corrects")
        .order_by("-contact_date", "-pk")
    )


def family_words(case: Case, user: User) -> QuerySet[FamilyWords]:
    """List what pupil and parents wrote themselves, as far as a person may read it, newest first."""
    return FamilyWords.objects.visible_to(user).filter(case=case).order_by("-written_at", "-pk")


@dataclass(frozen=True)
class Linked:
    """A case that belongs together with another; `link` is None where the pupil alone says so."""

    case: Case
    label: str
    link: CaseLink | None = None


def linked_cases(case: Case, user: User) -> list[Linked]:
    """List the cases linked with one, and others of its pupil, that a person may see; two queries."""
    links = {
        (link.second_id if link.first_id == case.pk else link.first_id): link
        for link in CaseLink.objects.filter(
            models.Q(first=case) | models.Q(second=case), ended_at__isnull=True
        )
    }
    found = (
        Case.objects.visible_to(user)
        .filter(models.Q(pk__in=list(links)) | models.Q(pupil=case.pupil_id))
        .exclude(pk=case.pk)
        .select_related("pupil")
        .order_by("-opened_at", "-pk")
    )
    return [
        Linked(
            one,
            links[one.pk].get_kind_display() if one.pk in links else "The same child",
            links.get(one.pk),
        )
        for one in found
    ]
