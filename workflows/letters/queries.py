"""Reads of letters: whose a person may change, what is in force, and what an example looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from permissions import queries as permissions
from permissions.roles import OrganisationKind

from . import defaults, samples, states
from .models import LetterSettings, LetterTemplate, LetterVersion
from .states import FIELDS, Addressee, Kind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from permissions.models import Organisation, User
    from workflows.cases.models import Case

#: So many cases are offered as an example, the newest first.
MOST_CASES = 50


def partnerships_whose_letters(user: User) -> QuerySet[Organisation]:
    """List the partnerships whose letters a person may change: their own, or their authority's."""
    held = permissions.organisations_where(user, "change_letter")
    return permissions.with_those_beneath(held).filter(kind=OrganisationKind.PARTNERSHIP)


def letter_settings(partnership: Organisation) -> LetterSettings:
    """Find how a partnership sends letters; the defaults, not saved, until somebody changes them."""
    found = LetterSettings.objects.filter(partnership=partnership).first()
    return found or LetterSettings(partnership=partnership)


@dataclass(frozen=True)
class Line:
    """One letter in a partnership's list: what is in force, and whether a draft differs from it."""

    kind: Kind
    addressee: Addressee
    version: LetterVersion | None
    is_drafted: bool

    @property
    def title(self) -> str:
        """What the letter tells, and whom."""
        return states.title(self.kind, self.addressee)

    @property
    def slug(self) -> str:
        """The part of an address that names the letter."""
        return states.slug(self.kind, self.addressee)


def lines(partnership: Organisation) -> list[Line]:
    """List every letter of a partnership. Two queries."""
    templates = {
        (one.kind, one.addressee): one
        for one in LetterTemplate.objects.filter(partnership=partnership)
    }
    versions: dict[int, LetterVersion] = {
        version.template_id: version
        for version in LetterVersion.objects.filter(template__partnership=partnership)
        .select_related("published_by")
        .order_by("number")
    }
    found = []
    for kind in Kind:
        for addressee in Addressee:
            template = templates.get((kind.value, addressee.value))
            version = versions.get(template.pk) if template else None
            found.append(
                Line(
                    kind,
                    addressee,
                    version,
                    template is not None and differs(template, version),
                )
            )
    return found


def template(
    partnership: Organisation, kind: Kind | str, addressee: Addressee | str
) -> LetterTemplate:
    """Find one of a partnership's letters; with our text, not saved, until somebody changes it."""
    kind, addressee = Kind(kind), Addressee(addressee)
    found = LetterTemplate.objects.filter(
        partnership=partnership, kind=kind, addressee=addressee
    ).first()
    if found is not None:
        return found
    heading, body = defaults.TEXTS[kind, addressee]
    return LetterTemplate(
        partnership=partnership, kind=kind, addressee=addressee, heading=heading, body=body
    )


def version_in_force(one: LetterTemplate) -> LetterVersion | None:
    """Find the text that letters are made with; None while it is ours and none was made."""
    if one._state.adding:
        return None
    return one.versions.order_by("-number").first()


def differs(one: LetterTemplate, version: LetterVersion | None) -> bool:
    """Tell whether the draft is another text than the one in force."""
    if version is None:
        return (one.heading, one.body) != defaults.TEXTS[Kind(one.kind), Addressee(one.addressee)]
    return (one.heading, one.body) != (version.heading, version.body)


def text_in_force(one: LetterTemplate) -> tuple[str, str]:
    """Give heading and text of the letter as it is sent now."""
    version = version_in_force(one)
    if version is None:
        return defaults.TEXTS[Kind(one.kind), Addressee(one.addressee)]
    return version.heading, version.body


def versions_of(one: LetterTemplate) -> QuerySet[LetterVersion]:
    """List a letter's published texts, newest first."""
    found = LetterVersion.objects.filter(template=one.pk)
    return found.select_related("published_by").order_by("-number")


def next_number(one: LetterTemplate) -> int:
    """Give the number of the version to come."""
    return (one.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def example_values(kind: Kind | str) -> dict[str, str]:
    """Give invented values for every field of a letter."""
    return {field.name: field.example for field in FIELDS[Kind(kind)]}


def example_cases(user: User, one: LetterTemplate) -> list[Case]:
    """List the newest cases that a person may see and that have such a letter to show."""
    source = samples.source_of(Kind(one.kind))
    if source is None:
        return []
    return list(source.cases(user, one.partnership, Kind(one.kind))[:MOST_CASES])


def example_case(user: User, one: LetterTemplate, reference: str) -> Case | None:
    """Find one of those cases by its reference."""
    source = samples.source_of(Kind(one.kind))
    if source is None:
        return None
    return source.cases(user, one.partnership, Kind(one.kind)).filter(reference=reference).first()


def values_for(one: LetterTemplate, case: Case) -> dict[str, str]:
    """Give the values of a letter's fields for a real case."""
    source = samples.source_of(Kind(one.kind))
    return source.values(case, Kind(one.kind)) if source is not None else {}
