"""The pages of families: the school's, and the private ones."""

from workflows.families.views.private import Door, Sent, YourViews
from workflows.families.views.school import EndLink, Links, family_section

__all__ = ["Door", "EndLink", "Links", "Sent", "YourViews", "family_section"]
