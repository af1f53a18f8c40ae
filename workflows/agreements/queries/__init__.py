"""Reads of agreements: what is in force, who has accepted it, and the numbers processes obey."""

from workflows.agreements.queries.legal import (
    authorities_keeping_the_register,
    legal_register,
)
from workflows.agreements.queries.placing import (
    why_no_new_placement,
)
from workflows.agreements.queries.reading import (
    own_party,
    versions_with_clause,
)
from workflows.agreements.queries.reserving import (
    OurText,
    open_reservations,
    our_text,
    proposal_of,
    questions_visible_to,
    reservations_visible_to,
    reserved_clause,
    variation_content,
    variations_in_force,
    variations_of_version,
    verify_variation,
    why_cannot_reserve,
    why_reserved,
)
from workflows.agreements.queries.searching import (
    search_clauses,
)
from workflows.agreements.queries.standings import (
    Standing,
    acceptances_of,
    acceptances_visible_to,
    agreements_of,
    agreements_watched_by,
    standings,
)
from workflows.agreements.queries.terms import (
    TermInForce,
    UnderAgreement,
    due_date,
    published_term,
    term_in_force,
)
from workflows.agreements.queries.versions import (
    accepted_version,
    agreement_for,
    free_slug,
    has_accepted,
    last_material_number,
    latest_version,
    statement,
    unchanged_since,
    verify,
    version_in_force,
    version_with_hash,
    versions_in_force,
)

__all__ = [
    "OurText",
    "Standing",
    "TermInForce",
    "UnderAgreement",
    "acceptances_of",
    "acceptances_visible_to",
    "accepted_version",
    "agreement_for",
    "agreements_of",
    "agreements_watched_by",
    "authorities_keeping_the_register",
    "due_date",
    "free_slug",
    "has_accepted",
    "last_material_number",
    "latest_version",
    "legal_register",
    "open_reservations",
    "our_text",
    "own_party",
    "proposal_of",
    "published_term",
    "questions_visible_to",
    "reservations_visible_to",
    "reserved_clause",
    "search_clauses",
    "standings",
    "statement",
    "term_in_force",
    "unchanged_since",
    "variation_content",
    "variations_in_force",
    "variations_of_version",
    "verify",
    "verify_variation",
    "version_in_force",
    "version_with_hash",
    "versions_in_force",
    "versions_with_clause",
    "why_cannot_reserve",
    "why_no_new_placement",
    "why_reserved",
]
