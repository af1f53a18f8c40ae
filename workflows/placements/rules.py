"""Whether an offer or placement may go on, by its status, its numbers and the agreement.

Pure functions: no database, no clock of their own. Each returns the sentence that refuses, or
None. The same function hides a button and refuses the action.
"""

from datetime import date
from decimal import Decimal

from workflows.placements.states import (
    ALLOCATION_TRANSITIONS,
    OFFER_TRANSITIONS,
    TRANSITIONS,
    AllocationStatus,
    OfferStatus,
    PlacementStatus,
)

ANSWERED = {
    OfferStatus.ACCEPTED: "This offer has already been accepted.",
    OfferStatus.DECLINED: "This offer has already been declined.",
    OfferStatus.WITHDRAWN: "This offer was withdrawn. Nothing is left to answer.",
}


def why_cannot_make_offer(
    status: str,
    *,
    provider: str,
    is_listed: bool,
    agreement: str | None,
    hours: Decimal,
    hours_at_most: Decimal | None,
    clause: str,
    starts_date: date,
    ends_date: date | None,
    today: date,
) -> str | None:
    """Say why a case cannot be offered to this provider on these terms.

    Hours are per week. `hours_at_most` is the number of the agreement's own term and `clause`
    says where it stands; None where the agreement sets no limit. Only providers in the
    partnership's directory get offers (source 002).
    """
    if status not in ALLOCATION_TRANSITIONS["make_offer"][0]:
        if status == AllocationStatus.OFFERED:
            return "This case has already been offered to a provider. Wait for the answer."
        return "This case already has a provider. Open the case to see where it is."
    if agreement is None:
        return (
            "This partnership has no service level agreement in force. "
            "Ask an editor to publish it, then make the offer."
        )
    if not is_listed:
        return (
            f"{provider} is not in your directory of providers. "
            "Choose a provider from the directory, or ask an administrator to list this one."
        )
    if hours <= 0:
        return "Enter more than 0 hours a week."
    if hours_at_most is not None and hours > hours_at_most:
        return (
            f"The agreement allows up to {plain(hours_at_most)} hours a week ({clause}). "
            f"Enter {plain(hours_at_most)} or fewer."
        )
    if starts_date < today:
        return "The start date is in the past. Enter today or a later date."
    if ends_date is not None and ends_date <= starts_date:
        return "The end date must be after the start date."
    return None


def why_cannot_answer(status: str) -> str | None:
    """Say why an offer cannot be accepted or declined any more."""
    if status in OFFER_TRANSITIONS["accept_offer"][0]:
        return None
    return ANSWERED[OfferStatus(status)]


def why_cannot_withdraw_offer(status: str, placement_status: str | None) -> str | None:
    """Say why an offer cannot be taken back. Once the placement runs, a review ends it."""
    if status not in OFFER_TRANSITIONS["withdraw_offer"][0]:
        return ANSWERED[OfferStatus(status)]
    if placement_status is not None and placement_status not in TRANSITIONS["withdraw_offer"][0]:
        return "The placement has started. To end it, hold a review and record that outcome."
    return None


def why_cannot_start(status: str, *, agreement_says: str | None) -> str | None:
    """Say why a placement cannot start.

    Nothing starts before the parties are bound by the version of the agreement that is in force
    (sources 000 and 002). `agreement_says` is what still stands in the way between them.
    """
    if status == PlacementStatus.STARTED:
        return "This placement has already started."
    if status not in TRANSITIONS["start_placement"][0]:
        return "This placement is over. Allocate the case again to start another."
    return agreement_says


def why_not_start_date(
    starts_date: date, *, agreed_date: date, ends_date: date | None
) -> str | None:
    """Say why a placement cannot start on a day: not before it was agreed, and before it ends."""
    if starts_date < agreed_date:
        return (
            f"The provider took the place on {agreed_date:%-d %B %Y}. "
            "Enter that day or a later one as the start date."
        )
    if ends_date is not None and ends_date <= starts_date:
        return "The placement must start before it ends. Enter an earlier date."
    return None


def why_cannot_end(status: str, *, starts_date: date, ended_date: date) -> str | None:
    """Say why a placement cannot end on this date."""
    if status not in TRANSITIONS["end_placement"][0]:
        if status == PlacementStatus.ENDED:
            return "This placement has already ended."
        return "This placement has not started. Withdraw the offer instead."
    if ended_date < starts_date:
        return "A placement cannot end before it started. Enter a later date."
    return None


def plain(number: Decimal) -> str:
    """Write a number without the zeros that the database adds: 5.00 as 5, 2.50 as 2.5."""
    return f"{number.normalize():f}"
