"""Whether a text may be published, who may be asked, and who may accept when."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workflows.agreements import measures
from workflows.agreements.rules.binding import still_binds
from workflows.agreements.rules.texts import Content, clauses_of, terms_of
from workflows.agreements.states import Party

# The sentence a signatory agrees to. Kept word for word with each acceptance.
STATEMENT = (
    "On behalf of {organisation} I accept “{title}”, version {number}, issued on {issued}{reach}. "
    "I have read the whole text and I have the authority to accept it."
)
# What an act says where the agreement is accepted by acting under it.
ACTS = {
    "referral": "{organisation} referred a pupil",
    "offer": "{organisation} took the place that it was offered",
}
IMPLIED = (
    "{act} (case {case}) and thereby accepts “{title}”, version {number}, issued on {issued}, "
    "as that agreement provides."
)


def statement(
    *,
    organisation: str,
    title: str,
    number: int,
    issued_date: datetime.date,
    case: str = "",
    activity: str = "",
    act: str = "",
) -> str:
    """Write out the sentence that a signatory agrees to, or that an act under an agreement implies.

    `case` is the reference of the one case that the acceptance reaches, `act` one of `ACTS`.
    """
    issued = f"{issued_date.day} {issued_date:%B %Y}"
    if act:
        return IMPLIED.format(
            act=ACTS[act].format(organisation=organisation),
            case=case,
            title=title,
            number=number,
            issued=issued,
        )
    reach = f", for case {case}" if case else ""
    if activity:
        reach += f", for the activity “{activity}”"
    return STATEMENT.format(
        organisation=organisation, title=title, number=number, issued=issued, reach=reach
    )


@dataclass(frozen=True)
class SafeguardingLead:
    """Who leads on safeguarding in an organisation, as its signatory says.

    `is_policy_received` says that the agreement's safeguarding policy was received and read.
    """

    name: str
    contact: str
    trained_date: datetime.date
    is_policy_received: bool


def problems_in_terms(terms: Iterable[tuple[str, Decimal]]) -> list[str]:
    """List what is wrong with the terms of one text: unknown, out of bounds, or said twice."""
    problems: list[str] = []
    seen: set[str] = set()
    for code, value in terms:
        if reason := measures.why_not(code, value):
            problems.append(reason)
        elif code in seen:
            label = measures.REGISTER[code].label
            problems.append(
                f"“{label}” is on more than one clause. Keep the number on one of them."
            )
        seen.add(code)
    return problems


def why_cannot_publish(content: Content) -> str | None:
    """Explain why normalised content may not become a version, or return None when it may."""
    clauses = [clause for _, clause in clauses_of(content)]
    if not content["title"]:
        return "Give the agreement a title before you publish it."
    if not content["issued_date"]:
        return "Give the date of issue before you publish."
    if content["review_date"] and content["review_date"] < content["issued_date"]:
        return "The review date must be after the date of issue."
    if not clauses:
        return "Add at least one clause before you publish."
    if any(not clause["text"] for clause in clauses):
        return "Every clause needs its text. Write it, or remove the clause."
    if any(clause["party"] not in Party.values for clause in clauses):
        return "Choose whose duty each clause is before you publish."
    if len({clause["clause_id"] for clause in clauses}) != len(clauses):
        return "Two clauses have the same id. Remove one of them and write it again."
    if gone := broken_references(content):
        return gone[0]
    problems = problems_in_terms(
        (term["measure"], Decimal(term["value"])) for clause in clauses for term in clause["terms"]
    )
    return problems[0] if problems else None


def broken_references(content: Content, before: Content | None = None) -> list[str]:
    """List the references of clauses to clauses that the text does not have (any more).

    `before` is the text as it was, from which a clause that is gone is named.
    """
    present = {clause["clause_id"] for _, clause in clauses_of(content)}
    known = {} if before is None else {c["clause_id"]: (h, c) for h, c in clauses_of(before)}
    return [
        (
            f"{clause_name(heading, clause)} refers to "
            + (
                f"{clause_name(*known[other])}, which you have removed. Put that clause back, or "
                "take the reference away."
                if other in known
                else "a clause that is not in this text. Choose another one, or take the "
                "reference away."
            )
        )
        for heading, clause in clauses_of(content)
        for other in clause.get("see") or ()
        if other not in present
    ]


def clause_name(heading: str, clause: Content) -> str:
    """Name a clause for its editor, as in “3.2 Registers: Send the register soon …”."""
    place = " ".join(part for part in (clause["printed_number"], heading) if part) or "Clause"
    words = clause["text"].split()
    first = " ".join(words[:7]) + (" …" if len(words) > 7 else "")
    return f"“{place}: {first}”"


def is_material(*, before: Content | None, after: Content, ticked: bool) -> bool:
    """Say whether a new text binds nobody until it is accepted again.

    The editor says so by ticking; a first version always is; and so is a change of any number that
    sets a deadline, whatever was ticked, because processes obey the version an organisation
    accepted. So is a change of how it is accepted and how far that reaches.
    """
    if before is None or ticked or terms_of(before) != terms_of(after):
        return True
    how = ("mode", "scope", "asks_safeguarding_lead")
    return [before.get(key) for key in how] != [after.get(key) for key in how]


def why_cannot_ask(
    *,
    version_number: int | None,
    needs_case: bool = False,
    has_case: bool = False,
    needs_activity: bool = False,
) -> str | None:
    """Explain why nobody can be asked to accept an agreement, or return None."""
    if version_number is None:
        return "This agreement is not published. Publish it before you ask anybody to accept it."
    if needs_case and not has_case:
        if needs_activity:
            return "Enter the activity that the agreement is to be accepted for."
        return (
            "This agreement is accepted for one case at a time. "
            "The provider is asked when it takes the place of a pupil."
        )
    return None


def why_cannot_accept(
    *,
    version_number: int,
    last_material_number: int | None,
    is_party: bool,
    accepted_by: str | None,
) -> str | None:
    """Explain why an organisation cannot accept a version, or return None when it can.

    `last_material_number` is None when the agreement has been withdrawn. `accepted_by` is the name
    on an acceptance of this version that is there already.
    """
    if last_material_number is None:
        return "This agreement has been withdrawn. There is nothing to accept any more."
    if not is_party:
        return (
            "Your organisation is not a party to this agreement. "
            "Ask the partnership to add it first."
        )
    if accepted_by is not None:
        return f"{accepted_by} has already accepted this version for your organisation."
    if version_number < last_material_number:
        return (
            f"Version {last_material_number} has replaced the version that you read. "
            "Go back to your tasks, read the new version and accept that one."
        )
    return None


def why_evidence_incomplete(
    *, name: str, position: str, authority: str, confirmed: bool
) -> str | None:
    """Explain what is missing from what a signatory says of themselves, or return None."""
    if not name.strip():
        return "Enter your full name."
    if not position.strip():
        return "Enter your position in the organisation."
    if not authority.strip():
        return "Enter by what right you accept for the organisation."
    if not confirmed:
        return "Tick the box to say that you accept the agreement."
    return None


def why_reach_incomplete(
    *,
    is_by_case: bool,
    is_for_activity: bool,
    has_case: bool,
    activity: str,
    asks_lead: bool,
    lead: SafeguardingLead | None,
) -> str | None:
    """Explain what an agreement asks for beyond the usual evidence and has not got, or return None.

    That is the case or the activity that the acceptance reaches, and the safeguarding lead.
    """
    if is_for_activity and not activity.strip():
        return "Enter the activity that you accept the agreement for."
    if is_by_case and not is_for_activity and not has_case:
        return "This agreement is accepted for one case at a time. Open the task of the case."
    if not asks_lead:
        return None
    if lead is None or not lead.name.strip() or not lead.contact.strip():
        return "Enter the name and contact of your safeguarding lead."
    if not lead.is_policy_received:
        return "Tick the box to say that you have received the safeguarding policy."
    return None


def why_no_parties(*, is_shared: bool) -> str | None:
    """Explain why an agreement has no parties, or return None when it may have some."""
    if is_shared:
        return (
            "Partnerships share this text and nobody accepts it. "
            "Add the party to the agreement of a partnership that stands on it."
        )
    return None


def why_not_bound(
    name: str,
    *,
    is_partnership: bool,
    version: int,
    accepted: int | None,
    is_bound: bool,
    grace_ends_date: datetime.date | None,
    case: str,
    today: datetime.date,
) -> str | None:
    """Explain why an organisation's acceptance is not enough for a new placement, or return None.

    `version` is the number in force, `accepted` the newest number the organisation has accepted.
    `grace_ends_date` is the last day on which that is still enough. `case` is the reference of the
    case to be placed, where the agreement is accepted case by case. `today` is the day to judge by.
    """
    if still_binds(is_replaced=not is_bound, grace_ends_date=grace_ends_date, day=today):
        return None
    verb = "signed" if is_partnership else "accepted"
    whom = "One of its officers has the task" if is_partnership else "We have asked them"
    for_case = f" for case {case}" if case else ""
    said = (
        f"{name} has not {verb} version {version} of the agreement{for_case}, which is in force. "
    )
    if accepted is not None and grace_ends_date is not None:
        said += (
            f"Version {accepted} is enough only for a placement that starts on or before "
            f"{grace_ends_date.day} {grace_ends_date:%B %Y}. "
        )
    act = "sign" if is_partnership else "accept"
    return f"{said}{whom} to {act} it. Start the placement when they have."


def why_no_reminder(
    *,
    due_date: datetime.date | None,
    reminded_date: datetime.date | None,
    today: datetime.date,
) -> str | None:
    """Explain why nobody is reminded of a request today, or return None when they are.

    People are reminded a week before the day, and once more on the day before it or on it.
    """
    if due_date is None:
        return "No day was set."
    if today > due_date or today < due_date - datetime.timedelta(days=7):
        return "It is not near."
    eve = due_date - datetime.timedelta(days=1)
    if reminded_date is not None and (today < eve or reminded_date >= eve):
        return "They have been reminded."
    return None
