"""The kinds of organisation, and which roles people can hold in each: tables, not code.

The database holds both tables as well (see the first migration); a test compares them.
"""

from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    LOCAL_AUTHORITY = "local_authority", "Local authority"
    PARTNERSHIP = "partnership", "Partnership"
    SCHOOL = "school", "School"
    PROVIDER = "provider", "Provider"


class Role(models.TextChoices):
    """What a person is in an organisation."""

    SIGNATORY = "signatory", "Signatory"
    TUTOR = "tutor", "Tutor"
    SAFEGUARDING_LEAD = "safeguarding_lead", "Safeguarding lead"
    FINANCE = "finance", "Finance"
    PANEL_MEMBER = "panel_member", "Panel member"
    PANEL_CHAIR = "panel_chair", "Panel chair"
    PANEL_SUBSTITUTE = "panel_substitute", "Panel substitute"
    OFFICER = "officer", "Officer"
    QUALITY_OFFICER = "quality_officer", "Quality officer"
    EDITOR = "editor", "Editor"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"
    REFERRER = "referrer", "Referrer"
    HEAD = "head", "Head"
    ATTENDANCE_OFFICER = "attendance_officer", "Attendance officer"


ROLES_BY_KIND: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.LOCAL_AUTHORITY: (
        Role.OFFICER,
        Role.FINANCE,
        Role.QUALITY_OFFICER,
        Role.EDITOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    ),
    OrganisationKind.PARTNERSHIP: (
        Role.PANEL_MEMBER,
        Role.PANEL_CHAIR,
        Role.PANEL_SUBSTITUTE,
        Role.OFFICER,
        Role.FINANCE,
        Role.QUALITY_OFFICER,
        Role.EDITOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    ),
    OrganisationKind.SCHOOL: (
        Role.REFERRER,
        Role.HEAD,
        Role.SAFEGUARDING_LEAD,
        Role.ATTENDANCE_OFFICER,
    ),
    OrganisationKind.PROVIDER: (
        Role.SIGNATORY,
        Role.TUTOR,
        Role.SAFEGUARDING_LEAD,
        Role.FINANCE,
    ),
}

# Which kind of organisation another one belongs to; None: it stands by itself.
PARENT_KIND: dict[OrganisationKind, OrganisationKind | None] = {
    OrganisationKind.LOCAL_AUTHORITY: None,
    OrganisationKind.PARTNERSHIP: OrganisationKind.LOCAL_AUTHORITY,
    OrganisationKind.SCHOOL: OrganisationKind.PARTNERSHIP,
    OrganisationKind.PROVIDER: None,
}
