"""Test data, made through the real actions. Each slice adds a module and lists its names here."""

from tests.factories.permissions import (
    PASSWORD,
    LocalAuthorityFactory,
    PartnershipFactory,
    ProviderFactory,
    SchoolFactory,
    UserFactory,
    member,
)

__all__ = [
    "PASSWORD",
    "LocalAuthorityFactory",
    "PartnershipFactory",
    "ProviderFactory",
    "SchoolFactory",
    "UserFactory",
    "member",
]
