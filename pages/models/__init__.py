"""The published pages: home, one per partnership, and its agreements and policies as clauses.

A local authority may publish texts that its partnerships share; a partnership's agreement that
stands on one holds only what differs there.

A page is what editors write and everybody reads. What was agreed is not here: publication hands the
text over (publishing.py), and processes work on that snapshot.
"""

from pages.models.agreements import AgreementPage, DataSharingAgreementPage, PolicyPage
from pages.models.form import TextForm
from pages.models.places import HomePage, PartnershipPage
from pages.models.revisions import PublishedRevision
from pages.models.shared import SharedAgreementPage, SharedTextsPage
from pages.models.texts import LANGUAGES, TextPage
from pages.uploading.models import DocumentImport

__all__ = [
    "LANGUAGES",
    "AgreementPage",
    "DataSharingAgreementPage",
    "DocumentImport",
    "HomePage",
    "PartnershipPage",
    "PolicyPage",
    "PublishedRevision",
    "SharedAgreementPage",
    "SharedTextsPage",
    "TextForm",
    "TextPage",
]
