"""Setting the demonstration up: organisations, people, term dates, directory and published pages."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from pages import access
from pages.models import AgreementPage, SharedAgreementPage
from permissions import actions as permissions
from permissions.models import Organisation, User
from permissions.roles import OrganisationKind, Role
from portal.demonstration import children, law, places, shared, texts
from workflows.agreements import actions as agreements
from workflows.agreements import queries as agreement_queries
from workflows.agreements.flows import AcceptanceFlow
from workflows.agreements.models import AcceptanceRequest, Agreement
from workflows.agreements.states import RequestStatus
from workflows.calendar import actions as calendar
from workflows.cases.models import Case
from workflows.engine import tasks
from workflows.providers import actions as providers

#: Clause ids are made from this and the clause's place, so that every demonstration has the same.
NAMESPACE = uuid.UUID("6f1f0a52-52f5-4a6c-9a0b-1f5d3a7c9e10")
PANEL_MEMBERS = 3


@dataclass
class Area:
    """Everybody and everything the stories need, found by what it is."""

    local_authority: Organisation
    partnerships: list[Organisation] = field(default_factory=list)
    schools: dict[int, list[Organisation]] = field(default_factory=dict)
    providers: dict[int, list[Organisation]] = field(default_factory=dict)
    agreements: dict[int, Agreement] = field(default_factory=dict)
    people: dict[tuple[int, str], list[User]] = field(default_factory=dict)

    def person(self, organisation: Organisation, role: str) -> User:
        """Return the first person who holds the role in the organisation."""
        return self.people[organisation.pk, role][0]


class Builder:
    """Makes the area; each method adds to `area`."""

    def __init__(self) -> None:
        # One hash for all: the accounts share one password, and hashing is slow on purpose.
        self._password = make_password(settings.DEMONSTRATION_PASSWORD)
        # Nobody at work has the name of one of the children: they would be hard to tell apart.
        of_children = {children.name_of(number) for number in range(children.AT_MOST)}
        self._names = itertools.cycle(
            name
            for last, first in _zip_long(places.LAST_NAMES, places.FIRST_NAMES)
            if (name := f"{first} {last}") not in of_children
        )
        name, short_name = places.LOCAL_AUTHORITY
        self.area = Area(
            self._organisation(OrganisationKind.LOCAL_AUTHORITY, name, short_name=short_name)
        )

    def build(self, beside: Callable[[Area, Organisation], None]) -> Area:
        """Make organisations, people, terms, directory and agreements; return the area.

        `beside` publishes what the first partnership has beside its agreement, before it.
        """
        self._terms()
        by_name = {
            name: self._organisation(OrganisationKind.PROVIDER, name) for name in places.PROVIDERS
        }
        law.keep()
        authority = self.area.local_authority
        text = shared.publish(
            authority,
            blocks("everywhere", shared.TEXT),
            self.area.person(authority, Role.ADMINISTRATOR),
        )
        for place in places.PARTNERSHIPS:
            self._partnership(place, by_name, text, beside)
        return self.area

    def _organisation(self, kind: str, name: str, **details: Any) -> Organisation:
        organisation = permissions.create_organisation(by=None, kind=kind, name=name, **details)
        for role in organisation.roles:
            count = PANEL_MEMBERS if role == Role.PANEL_MEMBER else 1
            for number in range(1, count + 1):
                self._person(organisation, role, number)
        return organisation

    def _person(self, organisation: Organisation, role: Role, number: int) -> None:
        # Not create_account: the shared hash is set, and no link for a password is sent.
        user = User(
            email=address(organisation, role, number),
            name=next(self._names),
            password=self._password,
        )
        user.save()
        permissions.add_membership(user=user, organisation=organisation, role=role, by=None)
        if not hasattr(self, "area"):
            self._waiting = [*getattr(self, "_waiting", []), (organisation.pk, role, user)]
            return
        self._keep(organisation.pk, role, user)

    def _keep(self, organisation_id: int, role: str, user: User) -> None:
        self.area.people.setdefault((organisation_id, role), []).append(user)

    def _terms(self) -> None:
        for organisation_id, role, user in self._waiting:
            self._keep(organisation_id, role, user)
        calendar.add_bank_holidays()
        year = timezone.localdate().year
        for first in range(year - 1, year + 2):
            self._school_year(first)

    def _school_year(self, first: int) -> None:
        terms = (
            ("Autumn", (first, 9, 2), (first, 12, 18), (first, 10, 26), (first, 10, 30)),
            (
                "Spring",
                (first + 1, 1, 5),
                (first + 1, 3, 27),
                (first + 1, 2, 16),
                (first + 1, 2, 20),
            ),
            (
                "Summer",
                (first + 1, 4, 14),
                (first + 1, 7, 21),
                (first + 1, 5, 25),
                (first + 1, 5, 29),
            ),
        )
        for name, starts, ends, break_starts, break_ends in terms:
            calendar.add_term(
                organisation=self.area.local_authority,
                name=f"{name} term {starts[0]}",
                starts_date=datetime.date(*starts),
                ends_date=datetime.date(*ends),
                break_starts_date=datetime.date(*break_starts),
                break_ends_date=datetime.date(*break_ends),
                by=None,
            )

    def _partnership(
        self,
        place: places.PartnershipPlace,
        by_name: dict[str, Organisation],
        text: SharedAgreementPage,
        beside: Callable[[Area, Organisation], None],
    ) -> None:
        partnership = self._organisation(
            OrganisationKind.PARTNERSHIP,
            place.name,
            short_name=place.short_name,
            colour=place.colour,
            parent=self.area.local_authority,
        )
        self.area.partnerships.append(partnership)
        self.area.schools[partnership.pk] = [
            self._organisation(OrganisationKind.SCHOOL, name, parent=partnership)
            for name in place.schools
        ]
        listed = [by_name[name] for name in place.providers]
        self.area.providers[partnership.pk] = listed
        for provider in listed:
            providers.list_provider(
                provider=provider,
                partnership=partnership,
                places=12,
                subjects="English, mathematics, science, personal development",
                by=None,
            )
        administrator = self.area.person(partnership, Role.ADMINISTRATOR)
        # The newest agreement is the one that a partnership works by.
        if len(self.area.partnerships) == 1:
            beside(self.area, partnership)
        page = publish(place, partnership, administrator, text)
        agreement = Agreement.objects.get(page_id=page.pk)
        self.area.agreements[partnership.pk] = agreement
        for provider in listed:
            agreements.add_party(agreement=agreement, organisation=provider, by=None)
        if place.mode == "signature":
            for party in (*listed, *self.area.schools[partnership.pk]):
                agreements.ask_to_accept(agreement=agreement, organisation=party, by=None)
        # All but the last of each have accepted: somebody still has it in the inbox.
        for organisation in (*listed[:-1], *self.area.schools[partnership.pk][:-1]):
            accept(self.area, agreement, organisation)


# Who signs for an organisation of each kind, in which position and by what right.
SIGNATORIES = {
    OrganisationKind.PROVIDER: (Role.SIGNATORY, "Director", "Director of the company"),
    OrganisationKind.SCHOOL: (Role.HEAD, "Headteacher", "Head of the school"),
    OrganisationKind.PARTNERSHIP: (
        Role.OFFICER,
        "Partnership manager",
        "Authorised by the partnership's board",
    ),
}


def accept(
    area: Area,
    agreement: Agreement,
    organisation: Organisation,
    case: Case | None = None,
    **evidence: Any,
) -> None:
    """Accept the agreement through the organisation's task, if it has one; then the partnership's.

    With a case, the task that is for that case, where the agreement is accepted case by case.
    `evidence` is what the organisation says beyond the usual.
    """
    for party in (organisation, agreement.partnership):
        request = (
            AcceptanceRequest.objects.filter(
                agreement=agreement, organisation=party, status=RequestStatus.REQUESTED
            )
            .filter(Q(is_for_case=False) | Q(case=case))
            .first()
        )
        if request is not None:
            _do(area, request, evidence)


def _do(area: Area, request: AcceptanceRequest, evidence: dict[str, Any]) -> None:
    organisation = request.organisation
    role, position, authority = SIGNATORIES[OrganisationKind(organisation.kind)]
    person = area.person(organisation, role)
    tasks.perform(
        tasks.find(request, AcceptanceFlow, "accept"),
        by=person,
        act=lambda: agreements.accept(
            version=request.version,
            organisation=organisation,
            by=person,
            name=person.name,
            position=position,
            authority=authority,
            confirmed=True,
            case=request.only_case,
            **evidence,
        ),
    )


def publish(
    place: places.PartnershipPlace,
    partnership: Organisation,
    publisher: User,
    text: SharedAgreementPage,
) -> AgreementPage:
    """Publish the partnership's agreement as its administrator would, through its page."""
    parent = access.make_partnership_page(
        partnership=partnership,
        intro=(
            f"Schools and providers working together in {place.short_name}, and the agreement "
            "they work by."
        ),
    )
    today = timezone.localdate()
    page = AgreementPage(
        title=place.agreement.title,
        slug=slugify(place.agreement.title)[:100],
        intro=place.agreement.introduction,
        mode=place.mode,
        issued_date=today,
        review_date=today + datetime.timedelta(days=365),
        shared_text=text,
        variations=shared.variations_of(place.short_name, text),
        sections=blocks(place.name, place.agreement),
        live=False,
    )
    parent.add_child(instance=page)
    page.save_revision(user=publisher).publish(user=publisher)
    page.refresh_from_db()
    assert agreement_queries.agreement_for(partnership) is not None
    return page


def blocks(name: str, text: texts.AgreementText) -> list[dict[str, Any]]:
    """Give a text's sections as a page stores them, with the same ids in every demonstration."""
    return [
        block
        for number, section in enumerate(text.sections)
        for block in _section(name, number, section)
    ]


def _section(name: str, number: int, section: texts.SectionText) -> list[dict[str, Any]]:
    codes = law.codes()

    def named(*parts: object) -> str:
        return str(uuid.uuid5(NAMESPACE, "/".join(map(str, (name, number, *parts)))))

    clauses = [
        {
            "type": "clause",
            "id": named(position),
            "value": {
                "printed_number": clause.printed_number,
                "party": clause.party,
                "text": clause.text,
                # From the register where it has the edition, else as the words say.
                "legal_editions": [
                    {"type": "item", "id": named(position, "law"), "value": code}
                    for code in (codes.get(clause.legal_reference),)
                    if code
                ],
                "legal_reference": ""
                if clause.legal_reference in codes
                else clause.legal_reference,
                "terms": [
                    {
                        "type": "item",
                        "id": named(position, measure),
                        "value": {"measure": measure, "value": value},
                    }
                    for measure, value, _unit in clause.terms
                ],
            },
        }
        for position, clause in enumerate(section.clauses)
    ]
    heading = {
        "type": "section",
        "id": named("section"),
        "value": {"heading": section.heading, "intro": section.intro},
    }
    return [heading, *clauses]


def address(organisation: Organisation, role: str, number: int = 1) -> str:
    """Return the account's e-mail address: the role at the organisation, at a reserved domain."""
    suffix = "" if number == 1 else str(number)
    return f"{role.replace('_', '.')}{suffix}@{organisation.slug}.example"


def _zip_long(last: tuple[str, ...], first: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pair names so that neighbours differ in both and hardly any pair comes twice."""
    return [
        (last[number % len(last)], first[(number * 7 + number // len(last)) % len(first)])
        for number in range(len(last) * len(first))
    ]
