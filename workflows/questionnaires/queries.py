"""Reads of questionnaires."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from permissions import queries as permissions
from permissions.models import Organisation, User
from permissions.roles import OrganisationKind
from workflows.questionnaires import rules
from workflows.questionnaires.models import Questionnaire, QuestionnaireVersion
from workflows.questionnaires.states import Status

_Use = Callable[[Organisation], dict[str, frozenset[str]]]
_uses: list[_Use] = []


def register_use(use: _Use) -> None:
    """Have a later process say which answers it goes by: choices by the keys of their questions."""
    if use not in _uses:
        _uses.append(use)


def used_answers(partnership: Organisation) -> dict[str, frozenset[str]]:
    """Name what other processes go by: the keys of questions, each with the choices they name."""
    used: dict[str, frozenset[str]] = {}
    for use in _uses:
        for key, values in use(partnership).items():
            used[key] = used.get(key, frozenset()) | values
    return used


def version_for(partnership: Organisation) -> QuestionnaireVersion:
    """Answer the version that a partnership uses now.

    A partnership that never had one gets Accord's standard questions, written down at this first
    use so that everything begun with them can keep them.
    """
    in_use = QuestionnaireVersion.objects.filter(
        questionnaire__partnership=partnership, status=Status.PUBLISHED
    )
    return in_use.first() or _begin_with_standard(partnership)


def _begin_with_standard(partnership: Organisation) -> QuestionnaireVersion:
    standard = rules.write(rules.read(rules.STANDARD))
    with transaction.atomic():
        questionnaire, _ = Questionnaire.objects.get_or_create(partnership=partnership)
        # Of two who come first at once, the second finds what the first has made.
        version, _ = QuestionnaireVersion.objects.get_or_create(
            questionnaire=questionnaire,
            status=Status.PUBLISHED,
            defaults={
                "number": 1,
                "content": standard,
                "sha256": rules.fingerprint(standard),
                "published_at": timezone.now(),
            },
        )
    return version


def partnerships_whose_questions(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose questions a person may change, by name."""
    held = permissions.organisations_where(user, "change_questionnaire")
    return (
        permissions.with_those_beneath(held)
        .filter(kind=OrganisationKind.PARTNERSHIP)
        .order_by("name")
    )


def versions_of(partnership: Organisation) -> QuerySet[QuestionnaireVersion]:
    """List a partnership's versions, newest first."""
    return (
        QuestionnaireVersion.objects.filter(questionnaire__partnership=partnership)
        .select_related("published_by", "changed_by")
        .order_by("-number")
    )


def draft_of(partnership: Organisation) -> QuestionnaireVersion | None:
    """Find the draft of a partnership's next version."""
    return versions_of(partnership).filter(status=Status.DRAFT).first()


def kinds_asked(partnership: Organisation) -> dict[str, str]:
    """Answer of which kind each question is that a partnership has ever asked, by its key."""
    kinds: dict[str, str] = {}
    published = versions_of(partnership).exclude(status=Status.DRAFT).order_by("number")
    for content in published.values_list("content", flat=True):
        for question in rules.read(content).questions:
            kinds[question.key] = question.kind
    return kinds
