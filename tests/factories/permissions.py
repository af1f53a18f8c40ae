"""People and organisations for tests, made by the real actions."""

from typing import Any

import factory

from permissions import actions
from permissions.models import Organisation, User
from permissions.roles import OrganisationKind

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An account whose password is PASSWORD; a member of nothing."""

    class Meta:
        model = User

    name = factory.Sequence(lambda number: f"Person {number}")
    email = factory.Sequence(lambda number: f"person{number}@example.org")

    @classmethod
    def _create(cls, _: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        return User.objects.create_user(*args, **kwargs)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """An organisation made by its action; use one of the four below."""

    class Meta:
        model = Organisation
        abstract = True

    @classmethod
    def _create(cls, _: type[Organisation], *__: Any, **kwargs: Any) -> Organisation:
        is_active = kwargs.pop("is_active", True)
        organisation = actions.create_organisation(by=None, **kwargs)
        if not is_active:
            organisation.is_active = False
            organisation.save(update_fields=["is_active"])
        return organisation


class LocalAuthorityFactory(OrganisationFactory):
    """A local authority."""

    class Meta:
        model = Organisation

    kind = OrganisationKind.LOCAL_AUTHORITY
    name = factory.Sequence(lambda number: f"Wexmoor {number} County Council")


class PartnershipFactory(OrganisationFactory):
    """A partnership, of a local authority of its own unless given."""

    class Meta:
        model = Organisation

    kind = OrganisationKind.PARTNERSHIP
    name = factory.Sequence(lambda number: f"Harrow Vale {number} Partnership")
    parent = factory.SubFactory(LocalAuthorityFactory)


class SchoolFactory(OrganisationFactory):
    """A school, of a partnership of its own unless given."""

    class Meta:
        model = Organisation

    kind = OrganisationKind.SCHOOL
    name = factory.Sequence(lambda number: f"Weaver Street {number} School")
    parent = factory.SubFactory(PartnershipFactory)


class ProviderFactory(OrganisationFactory):
    """A provider."""

    class Meta:
        model = Organisation

    kind = OrganisationKind.PROVIDER
    name = factory.Sequence(lambda number: f"Lantern {number} Hospital School")


def member(
    role: str, organisation: Organisation, *, user: User | None = None, **user_fields: Any
) -> User:
    """Return a person with the role in the organisation: the one given, or a new one."""
    person = user or UserFactory(**user_fields)
    actions.add_membership(user=person, organisation=organisation, role=role, by=None)
    return person
