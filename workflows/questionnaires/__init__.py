"""The questions that a partnership asks about a pupil: edited by its administrators, kept by version."""
