"""Reads of transfers: which is open, which there were, and which partnerships can be asked."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.calendar import queries as calendar
from workflows.referrals.models import Referral, Transfer
from workflows.referrals.queries.panels import panel_settings
from workflows.referrals.states import TransferStatus


def open_transfer(referral: Referral) -> Transfer | None:
    """Find the proposal that waits for an answer."""
    return (
        referral.transfers.filter(status=TransferStatus.PROPOSED)
        .select_related("to_partnership", "proposed_by")
        .first()
    )


def transfers_of(referral: Referral) -> QuerySet[Transfer]:
    """List every proposal of a referral, in their order."""
    return referral.transfers.select_related(
        "from_partnership", "to_partnership", "proposed_by", "ended_by"
    ).order_by("proposed_at", "pk")


def sister_partnerships(partnership: Organisation) -> QuerySet[Organisation]:
    """List the other partnerships of a partnership's local authority, by name."""
    return (
        Organisation.objects.filter(
            kind=OrganisationKind.PARTNERSHIP, parent=partnership.parent, is_active=True
        )
        .exclude(parent=None)
        .exclude(pk=partnership.pk)
        .order_by("name")
    )


def transfer_due_at(transfer: Transfer) -> datetime.datetime:
    """Answer until when a proposal is to be answered: as long as the partnership has to screen."""
    days = panel_settings(transfer.to_partnership).screen_working_days
    begun = timezone.localdate(transfer.proposed_at)
    return calendar.at_end_of_day(calendar.add_working_days(begun, days))
