"""Rules of transfers between partnerships."""

from __future__ import annotations


def why_cannot_propose(
    *, is_proposed: bool, is_same: bool, is_of_authority: bool, is_permitted: bool
) -> str | None:
    """Explain why a referral cannot be offered to another partnership."""
    if is_proposed:
        return (
            "A transfer of this referral is proposed already. Wait for the answer, or take it back."
        )
    if is_same or not is_of_authority:
        return "Choose another partnership of the same local authority."
    if not is_permitted:
        return (
            "Nothing may go to another partnership without the parent’s permission. Ask the school "
            "a question, so that it asks the parent and records the permission anew."
        )
    return None


def why_cannot_go_on(*, is_proposed: bool) -> str | None:
    """Explain why a referral that another partnership is asked to take is not screened."""
    if is_proposed:
        return (
            "Another partnership has been asked to take this referral. Wait for its answer, or take "
            "the proposal back."
        )
    return None


def why_cannot_end(*, is_open: bool) -> str | None:
    """Explain why a proposal cannot be answered or taken back."""
    if not is_open:
        return "This proposal has been answered or taken back. Go back to your tasks."
    return None
