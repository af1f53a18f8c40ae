"""Reads of criteria."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from permissions import queries as permissions
from permissions.roles import OrganisationKind
from workflows.cases.models import Case
from workflows.criteria import rules
from workflows.criteria.models import DecisionTableVersion, SimulatedCase, Simulation
from workflows.criteria.states import Status
from workflows.questionnaires import queries as questionnaires
from workflows.questionnaires import rules as questionnaire_rules

if TYPE_CHECKING:
    from permissions.models import Organisation, User


def version_for(partnership: Organisation) -> DecisionTableVersion | None:
    """Answer the version that a partnership uses now: none until it has published one."""
    return DecisionTableVersion.objects.filter(
        table__partnership=partnership, status=Status.PUBLISHED
    ).first()


def draft_of(partnership: Organisation) -> DecisionTableVersion | None:
    """Find the draft that a partnership's administrators are working on."""
    return (
        DecisionTableVersion.objects.filter(table__partnership=partnership, status=Status.DRAFT)
        .select_related("changed_by")
        .first()
    )


def versions_of(partnership: Organisation) -> QuerySet[DecisionTableVersion]:
    """List a partnership's versions, newest first."""
    return (
        DecisionTableVersion.objects.filter(table__partnership=partnership)
        .select_related("published_by", "changed_by")
        .order_by("-number")
    )


def advise(
    version: DecisionTableVersion | None, facts: Mapping[str, Any], today: datetime.date
) -> rules.Advised | None:
    """Answer what a version advises; nothing where there is none."""
    return rules.evaluate(rules.read(version.content), facts, today) if version else None


def catalogue_of(partnership: Organisation) -> dict[str, rules.Fact]:
    """List what a partnership's table may ask about: its form's questions as they are now, and more."""
    content = questionnaires.version_for(partnership).content
    return rules.catalogue(questionnaire_rules.read(content))


def answers_named(partnership: Organisation) -> dict[str, frozenset[str]]:
    """Name the facts that the criteria in use ask about, each with the choices they name."""
    version = version_for(partnership)
    named: dict[str, frozenset[str]] = {}
    for row in rules.read(version.content).rows if version else ():
        for condition in row.conditions:
            values = condition.value if isinstance(condition.value, list) else [condition.value]
            chosen = frozenset(value for value in values if isinstance(value, str))
            named[condition.fact] = named.get(condition.fact, frozenset()) | chosen
    return named


def partnerships_whose_criteria(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose criteria a person may change, by name."""
    held = permissions.organisations_where(user, "change_criteria")
    return (
        permissions.with_those_beneath(held)
        .filter(kind=OrganisationKind.PARTNERSHIP)
        .order_by("name")
    )


def simulation_of(version: DecisionTableVersion) -> Simulation | None:
    """Find the trial of a draft, if there was one."""
    return version.simulations.select_related("requested_by").first()


def simulated_cases(
    simulation: Simulation, user: User, *, against: bool
) -> QuerySet[SimulatedCase]:
    """List what a trial found, of the cases that a person may see.

    `against` what was decided, or else against the table in use.
    """
    found = simulation.cases.filter(case__in=Case.objects.visible_to(user).values("pk"))
    if against:
        found = found.filter(is_against_decision=True)
    else:
        found = found.exclude(before="").exclude(before=F("after"))
    return found.select_related("case").order_by("case__reference")
