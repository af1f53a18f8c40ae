"""Which role may do what with cases."""

from __future__ import annotations

from permissions.roles import Role

PERMISSIONS: dict[str, str] = {
    "view_case": "View the cases an organisation takes part in",
    "view_panel_papers": "View the panel's notes and votes",
    "view_medical_evidence": "View medical evidence",
    "view_safeguarding": "View safeguarding records",
    "open_case": "Open a case for a pupil",
    "add_to_case": "Add documents and notes to a case",
    "log_contact": "Log the school's contact with a family",
    "share_case": "Share a case with a person, or keep a person out of it",
    "close_case": "Close a case",
    "link_cases": "Link cases that belong together",
    "export_cases": "Export the list of cases",
}

GRANTS: dict[Role, set[str]] = {
    Role.REFERRER: {
        "link_cases",
        "view_case",
        "view_medical_evidence",
        "open_case",
        "add_to_case",
        "log_contact",
    },
    Role.HEAD: {
        "link_cases",
        "view_case",
        "view_medical_evidence",
        "view_safeguarding",
        "open_case",
        "add_to_case",
        "log_contact",
    },
    Role.SAFEGUARDING_LEAD: {
        "view_case",
        "view_medical_evidence",
        "view_safeguarding",
        "add_to_case",
        "log_contact",
    },
    Role.ATTENDANCE_OFFICER: {"view_case", "log_contact"},
    Role.SIGNATORY: {"view_case"},
    Role.TUTOR: {"view_case", "view_medical_evidence", "add_to_case"},
    Role.OFFICER: {
        "link_cases",
        "view_case",
        "view_panel_papers",
        "view_medical_evidence",
        "view_safeguarding",
        "add_to_case",
        "share_case",
        "close_case",
        "export_cases",
    },
    Role.QUALITY_OFFICER: {"view_case"},
    Role.AUDITOR: {
        "view_case",
        "view_panel_papers",
        "view_medical_evidence",
        "view_safeguarding",
        "export_cases",
    },
}

# Which permission each action asks for; the table test walks it.
ACTION_PERMISSIONS: dict[str, str] = {
    "open_case": "open_case",
    "add_document": "add_to_case",
    "add_note": "add_to_case",
    "log_contact": "log_contact",
    "share": "share_case",
    "exclude": "share_case",
    "close": "close_case",
}
