"""The tables of a case: its stages and moves, kinds of participation, audiences and documents.

Tables only. Who may see what within a case is in `audiences.py`; the code that obeys these tables is
in `rules.py` and `actions.py`.
"""

from __future__ import annotations

from django.db import models

from permissions.roles import Role


class Stage(models.TextChoices):
    """Where a case is in its journey."""

    DRAFT = "draft", "Draft"
    REFERRED = "referred", "Referred"
    QUESTIONED = "questioned", "Question asked"
    AT_PANEL = "at_panel", "With the panel"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred"
    OFFERED = "offered", "Offered to a provider"
    AWAITING_ACCEPTANCE = "awaiting_acceptance", "Waiting for an agreement"
    PLACED = "placed", "Placed"
    REINTEGRATING = "reintegrating", "Returning to school"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Outcome(models.TextChoices):
    """How a case ended."""

    REINTEGRATED = "reintegrated", "Returned to school"
    ENDED = "ended", "Provision ended"
    DECLINED = "declined", "Referral declined"
    WITHDRAWN = "withdrawn", "Referral withdrawn"
    PERMISSION_WITHDRAWN = "permission_withdrawn", "Parental permission withdrawn"


FINAL_STAGES = frozenset({Stage.DECLINED, Stage.CLOSED, Stage.WITHDRAWN})

# Where each stage may go next.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.REFERRED, Stage.WITHDRAWN}),
    Stage.REFERRED: frozenset({Stage.QUESTIONED, Stage.AT_PANEL, Stage.WITHDRAWN}),
    Stage.QUESTIONED: frozenset({Stage.REFERRED, Stage.WITHDRAWN}),
    Stage.AT_PANEL: frozenset(
        {Stage.ACCEPTED, Stage.DECLINED, Stage.DEFERRED, Stage.WITHDRAWN},
    ),
    Stage.DEFERRED: frozenset({Stage.AT_PANEL, Stage.WITHDRAWN}),
    Stage.ACCEPTED: frozenset({Stage.OFFERED, Stage.WITHDRAWN, Stage.CLOSED}),
    Stage.OFFERED: frozenset(
        {Stage.ACCEPTED, Stage.AWAITING_ACCEPTANCE, Stage.PLACED, Stage.WITHDRAWN, Stage.CLOSED},
    ),
    Stage.AWAITING_ACCEPTANCE: frozenset(
        {Stage.ACCEPTED, Stage.OFFERED, Stage.PLACED, Stage.WITHDRAWN, Stage.CLOSED},
    ),
    # A running placement is withdrawn only with the parents' permission.
    Stage.PLACED: frozenset(
        {Stage.ACCEPTED, Stage.REINTEGRATING, Stage.CLOSED, Stage.WITHDRAWN},
    ),
    Stage.REINTEGRATING: frozenset({Stage.PLACED, Stage.CLOSED, Stage.WITHDRAWN}),
    # By a review of the decision: the panel decides again, and the case is open again; or permission
    # is withdrawn before the review has an outcome.
    Stage.DECLINED: frozenset({Stage.AT_PANEL, Stage.WITHDRAWN}),
    Stage.CLOSED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}

# Moves that a person makes in this slice; the other slices call `actions.move` from their own.
TRANSITIONS: dict[str, tuple[frozenset[Stage], Stage]] = {
    "close": (
        frozenset(stage for stage, following in MOVES.items() if Stage.CLOSED in following),
        Stage.CLOSED,
    ),
}

# Actions that change no stage, to the stages in which they are possible.
ALLOWED_IN: dict[str, frozenset[Stage]] = {
    "open_case": frozenset(Stage),
    "add_document": frozenset(Stage) - FINAL_STAGES,
    "add_note": frozenset(Stage) - FINAL_STAGES,
    "log_contact": frozenset(Stage) - FINAL_STAGES,
    "share": frozenset(Stage) - FINAL_STAGES,
    "exclude": frozenset(Stage),
}

# Who has the next move: every stage has an owner, so that no case waits for nobody.
OWNERS: dict[Stage, tuple[Role, ...]] = {
    Stage.DRAFT: (Role.REFERRER, Role.HEAD),
    Stage.REFERRED: (Role.OFFICER,),
    Stage.QUESTIONED: (Role.REFERRER, Role.HEAD),
    Stage.AT_PANEL: (Role.PANEL_MEMBER, Role.PANEL_CHAIR),
    Stage.ACCEPTED: (Role.OFFICER,),
    Stage.DECLINED: (Role.OFFICER,),
    Stage.DEFERRED: (Role.OFFICER,),
    Stage.OFFERED: (Role.SIGNATORY,),
    Stage.AWAITING_ACCEPTANCE: (Role.SIGNATORY,),
    Stage.PLACED: (Role.OFFICER,),
    Stage.REINTEGRATING: (Role.REFERRER, Role.HEAD),
    Stage.CLOSED: (Role.OFFICER,),
    Stage.WITHDRAWN: (Role.REFERRER, Role.HEAD),
}


class ParticipationKind(models.TextChoices):
    """The part an organisation has in a case."""

    HOME_SCHOOL = "home_school", "Home school"
    COMMISSIONER = "commissioner", "Commissioner"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    PROVIDER = "provider", "Provider"


class LinkKind(models.TextChoices):
    """Why two cases belong together."""

    SIBLING = "sibling", "Siblings"
    SAME_CHILD = "same_child", "The same child"


class Audience(models.TextChoices):
    """Who within a case may see a document, note or event."""

    PARTIES = "parties", "Everyone in the case"
    SCHOOL_AND_COMMISSIONER = "school_and_commissioner", "School, partnership and local authority"
    COMMISSIONER = "commissioner", "Partnership and local authority"
    PANEL = "panel", "Panel"
    MEDICAL = "medical", "People who may see medical evidence"
    SAFEGUARDING = "safeguarding", "People who may see safeguarding records"


class DocumentKind(models.TextChoices):
    """What a document is."""

    MEDICAL_EVIDENCE = "medical_evidence", "Medical evidence"
    PROFESSIONAL_REPORT = "professional_report", "Report by a professional"
    EHC_PLAN = "ehc_plan", "Education, health and care (EHC) plan"
    SCHOOL_REPORT = "school_report", "School report"
    RISK_ASSESSMENT = "risk_assessment", "Risk assessment"
    PARENTAL_PERMISSION = "parental_permission", "Signed parental permission"
    LETTER = "letter", "Letter"
    OTHER = "other", "Something else"


# Who sees a document of each kind, unless the person adding it chooses fewer people.
DOCUMENT_AUDIENCES: dict[DocumentKind, Audience] = {
    DocumentKind.MEDICAL_EVIDENCE: Audience.MEDICAL,
    DocumentKind.PROFESSIONAL_REPORT: Audience.MEDICAL,
    DocumentKind.EHC_PLAN: Audience.MEDICAL,
    DocumentKind.SCHOOL_REPORT: Audience.PARTIES,
    DocumentKind.RISK_ASSESSMENT: Audience.PARTIES,
    DocumentKind.PARENTAL_PERMISSION: Audience.SCHOOL_AND_COMMISSIONER,
    DocumentKind.LETTER: Audience.SCHOOL_AND_COMMISSIONER,
    DocumentKind.OTHER: Audience.PARTIES,
}


# Who else may be chosen for a document of a kind. The usual audience above comes first; what is
# medical is never for people who may not see medical evidence.
_WORKING = (Audience.SCHOOL_AND_COMMISSIONER, Audience.COMMISSIONER, Audience.SAFEGUARDING)
DOCUMENT_CHOICES: dict[DocumentKind, tuple[Audience, ...]] = {
    DocumentKind.MEDICAL_EVIDENCE: (Audience.MEDICAL, Audience.SAFEGUARDING),
    DocumentKind.PROFESSIONAL_REPORT: (Audience.MEDICAL, Audience.SAFEGUARDING),
    DocumentKind.EHC_PLAN: (Audience.MEDICAL, Audience.SAFEGUARDING),
    DocumentKind.SCHOOL_REPORT: (Audience.PARTIES, *_WORKING),
    DocumentKind.RISK_ASSESSMENT: (Audience.PARTIES, *_WORKING, Audience.MEDICAL),
    DocumentKind.PARENTAL_PERMISSION: (
        Audience.SCHOOL_AND_COMMISSIONER,
        Audience.COMMISSIONER,
        Audience.SAFEGUARDING,
    ),
    DocumentKind.LETTER: (Audience.SCHOOL_AND_COMMISSIONER, Audience.PARTIES),
    DocumentKind.OTHER: (Audience.PARTIES, *_WORKING, Audience.MEDICAL, Audience.PANEL),
}


class Scan(models.TextChoices):
    """What the virus scanner has said about a document."""

    # No scanner is set up, or Accord wrote the file itself.
    NOT_SCANNED = "not_scanned", "Not scanned for viruses"
    CLEAN = "clean", "No virus found"
    WAITING = "waiting", "Waiting for the virus scan"


class ContactMethod(models.TextChoices):
    """How a school was in touch with a family."""

    TELEPHONE = "telephone", "Telephone"
    VISIT = "visit", "Visit at home"
    MEETING = "meeting", "Meeting at school"
    VIDEO = "video", "Video call"
    MESSAGE = "message", "Email or text message"
    LETTER = "letter", "Letter"
    NO_ANSWER = "no_answer", "Tried without an answer"


class Voice(models.TextChoices):
    """Whose words they are."""

    PUPIL = "pupil", "Pupil"
    PARENT = "parent", "Parent or carer"


class SenStatus(models.TextChoices):
    """Special educational needs (SEN) status."""

    NONE = "N", "No special educational need"
    SUPPORT = "K", "SEN support"
    PLAN = "E", "EHC plan"


class PrimaryNeed(models.TextChoices):
    """Primary need, by the codes of the school census."""

    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication needs"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    ASD = "ASD", "Autistic spectrum disorder"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support but no specialist assessment of type of need"


YEAR_GROUPS: list[tuple[int, str]] = [(year, f"Year {year}") for year in range(1, 12)]

# The shapes of identifiers; their check letters and digits are in `rules.py`.
UPN_SHAPE = r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$"
ULN_SHAPE = r"^[1-9][0-9]{9}$"

# Content type to the extension that a download is given; the sender's file name is never believed.
FILE_TYPES: dict[str, str] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
# Types that a browser may show by itself.
SHOWN_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})
