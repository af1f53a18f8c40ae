"""Rules of the directory: pure functions."""

from __future__ import annotations

from permissions.roles import OrganisationKind

from .states import ALLOWED_IN, TRANSITIONS, Status


def why_cannot_list(*, kind: str, is_active: bool, is_listed: bool) -> str | None:
    """Explain why an organisation cannot be put into a directory."""
    if kind != OrganisationKind.PROVIDER:
        return "Only a provider can be listed. Choose a provider."
    if not is_active:
        return "This provider is closed in Accord. Ask an administrator to open it again."
    if is_listed:
        return "This provider is in the directory already. Change its entry instead."
    return None


def why_cannot(action: str, status: Status) -> str | None:
    """Explain why an entry cannot be changed or removed."""
    possible = TRANSITIONS[action][0] if action in TRANSITIONS else ALLOWED_IN[action]
    if status in possible:
        return None
    return "This provider has been removed from the directory. Add it again first."


def why_cannot_offer(*, provider: str, is_listed: bool) -> str | None:
    """Explain why a provider cannot be offered a pupil: only the listed can (source 002)."""
    if is_listed:
        return None
    return (
        f"{provider} is not in the partnership’s directory. Add it to the directory, or choose a "
        "provider that is."
    )
