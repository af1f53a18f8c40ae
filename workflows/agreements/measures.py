"""The register of measures: every number that a clause may promise, and what obeys it.

A term on a clause names one of these codes. The register gives the unit and the sensible bounds,
so that an editor cannot publish a review every 300 weeks, and says which process reads the number.
The numbers themselves are nowhere in the code: they are on the clauses.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class Measure:
    """One thing that can be promised in numbers.

    `lower` and `upper` are inclusive, in `unit`. `whole` says that fractions make no sense.
    Above `advised_upper` an editor may go, but is told `advice` first.
    """

    code: str
    label: str
    unit: str
    lower: Decimal
    upper: Decimal
    obeyed_by: str
    whole: bool = True
    advised_upper: Decimal | None = None
    advice: str = ""

    @property
    def unit_label(self) -> str:
        """Give the unit as people read it."""
        return UNIT_LABELS[self.unit]

    @property
    def is_obeyed(self) -> bool:
        """Whether a process reads the number today."""
        return self.code in DRIVES

    @property
    def drives(self) -> str:
        """Say what the number sets in motion, or that nothing reads it yet."""
        if self.is_obeyed:
            return DRIVES[self.code]
        process = PROCESSES[self.obeyed_by]
        return f"Shown and held to, but not counted yet: {process} is not part of Accord."

    @property
    def bounds(self) -> str:
        """Say between which numbers it must be."""
        return f"{plain(self.lower)} to {plain(self.upper)} {self.unit_label}"


# What each number that a process reads today does there.
DRIVES: Final[dict[str, str]] = {
    "review_every": "Sets the date of the next review of every running placement.",
    "weekly_hours_at_most": "Refuses an offer of a placement with more hours a week.",
    "screen_within": "Sets the deadline for screening a referral.",
    "decide_within": "Sets the deadline for the panel's decision.",
    "ask_review_within": "Sets until when a review of the panel's decision can be asked for.",
    "review_decision_within": "Sets the deadline for reviewing a decision.",
    "answer_offer_within": "Sets the deadline for a provider's answer to an offer.",
    "acceptance_grace": (
        "Sets how long placements may still start under the version accepted before."
    ),
    "policy_review_every": "Sets the date by which a policy without one of its own is reviewed.",
}

# The processes that obey numbers, as an editor knows them.
PROCESSES: Final[dict[str, str]] = {
    "agreements": "the acceptance of agreements",
    "attendance": "the taking of registers",
    "finance": "invoicing",
    "pages": "the yearly review of policies",
    "placements": "the check of placements against it",
    "quality": "quality assurance",
    "referrals": "referrals",
    "reviews": "the keeping of this rhythm",
}


UNIT_LABELS: Final[dict[str, str]] = {
    "minutes": "minutes",
    "hours": "hours a week",
    "days": "days",
    "working_days": "working days",
    "weeks": "weeks",
    "half_terms": "half terms",
    "terms": "terms",
    "months": "months",
    "years": "years",
    "per_term": "times a term",
    "pupils": "pupils",
}

_SINGULAR: Final[dict[str, str]] = {
    "minutes": "minute",
    "hours": "hour a week",
    "days": "day",
    "working_days": "working day",
    "weeks": "week",
    "half_terms": "half term",
    "terms": "term",
    "months": "month",
    "years": "year",
    "per_term": "time a term",
    "pupils": "pupil",
}


def _measure(
    code: str,
    label: str,
    unit: str,
    bounds: tuple[str, str],
    obeyed_by: str,
    *,
    whole: bool = True,
    advised_upper: str | None = None,
    advice: str = "",
) -> Measure:
    lower, upper = (Decimal(bound) for bound in bounds)
    advised = None if advised_upper is None else Decimal(advised_upper)
    return Measure(code, label, unit, lower, upper, obeyed_by, whole, advised, advice)


REGISTER: Final[dict[str, Measure]] = {
    measure.code: measure
    for measure in (
        _measure(
            "review_every",
            "A review is held every",
            "weeks",
            ("1", "26"),
            "reviews",
            advised_upper="7",
            advice=(
                "The guidance of February 2025 on arranging alternative provision expects a "
                "review at least each half term, which is about 7 weeks."
            ),
        ),
        _measure(
            "weekly_hours_at_most",
            "Tuition is at most",
            "hours",
            ("1", "32.5"),
            "placements",
            whole=False,
        ),
        _measure(
            "register_within", "The register is sent within", "minutes", ("5", "240"), "attendance"
        ),
        _measure(
            "absence_notice_within",
            "An absence is reported within",
            "minutes",
            ("5", "480"),
            "attendance",
        ),
        _measure(
            "unaccounted_notice_within",
            "A pupil who is unaccounted for is reported within",
            "minutes",
            ("5", "240"),
            "attendance",
        ),
        _measure(
            "register_chased_after",
            "A missing register is chased after",
            "minutes",
            ("5", "480"),
            "attendance",
        ),
        _measure(
            "visit_every",
            "The pupil is visited every",
            "half_terms",
            ("1", "6"),
            "reviews",
        ),
        _measure(
            "meeting_every",
            "The parties meet every",
            "half_terms",
            ("1", "6"),
            "reviews",
        ),
        _measure(
            "report_every", "A written report is made every", "terms", ("1", "3"), "attendance"
        ),
        _measure(
            "feedback_at_most", "Feedback is asked for at most", "per_term", ("1", "12"), "reviews"
        ),
        _measure(
            "attendance_report_every",
            "Attendance is reported every",
            "days",
            ("1", "30"),
            "attendance",
        ),
        _measure(
            "contact_every", "The pupil is contacted every", "days", ("1", "30"), "attendance"
        ),
        _measure(
            "outcome_report_every",
            "Outcomes are reported to the parties every",
            "terms",
            ("1", "3"),
            "quality",
        ),
        _measure(
            "annual_report_every", "An annual report is made every", "years", ("1", "2"), "quality"
        ),
        _measure("invoice_every", "An invoice is sent every", "months", ("1", "12"), "finance"),
        _measure("payment_within", "An invoice is paid within", "days", ("1", "120"), "finance"),
        _measure("charge_per", "A charge is made for each", "weeks", ("1", "13"), "finance"),
        _measure(
            "fee_notice", "Notice of a change of fee is given", "terms", ("1", "3"), "finance"
        ),
        _measure(
            "screen_within",
            "A referral is screened within",
            "working_days",
            ("1", "30"),
            "referrals",
        ),
        _measure(
            "decide_within",
            "The panel decides within",
            "working_days",
            ("1", "60"),
            "referrals",
        ),
        _measure(
            "ask_review_within",
            "A review of a decision can be asked for within",
            "working_days",
            ("5", "60"),
            "referrals",
        ),
        _measure(
            "review_decision_within",
            "A review of a decision is finished within",
            "working_days",
            ("1", "60"),
            "referrals",
        ),
        _measure(
            "answer_offer_within",
            "An offer is answered within",
            "working_days",
            ("1", "30"),
            "placements",
        ),
        _measure(
            "acceptance_grace",
            "A new version is accepted within",
            "working_days",
            ("1", "90"),
            "agreements",
        ),
        _measure(
            "policy_review_every", "The policy is reviewed every", "years", ("1", "5"), "pages"
        ),
        _measure(
            "comment_period",
            "A provider may comment on findings within",
            "working_days",
            ("1", "60"),
            "quality",
        ),
        _measure("audit_every", "The provider is audited every", "years", ("1", "5"), "quality"),
        _measure(
            "unregistered_pupils_at",
            "Provision may be an unregistered school from",
            "pupils",
            ("1", "10"),
            "placements",
        ),
        _measure(
            "unregistered_hours_at",
            "Provision may be full time from",
            "hours",
            ("10", "32.5"),
            "placements",
            whole=False,
        ),
    )
}


def why_not(code: str, value: Decimal) -> str | None:
    """Explain why a value is not acceptable for a measure, or return None when it is."""
    measure = REGISTER.get(code)
    if measure is None:
        return "Choose a measure from the list."
    if measure.whole and value != value.to_integral_value():
        return f"“{measure.label}” must be a whole number of {measure.unit_label}."
    if not measure.lower <= value <= measure.upper:
        return (
            f"“{measure.label}” must be between {plain(measure.lower)} and "
            f"{plain(measure.upper)} {measure.unit_label}."
        )
    return None


def advice(code: str, value: Decimal) -> str:
    """Give the advice an editor should see beside an allowed but unusual value, or nothing."""
    measure = REGISTER[code]
    if measure.advised_upper is not None and value > measure.advised_upper:
        return measure.advice
    return ""


def plain(value: Decimal) -> str:
    """Write a number without trailing zeros and never in powers of ten."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def sentence(code: str, value: Decimal, unit: str) -> str:
    """Write a whole term out, as in “A review is held every 12 weeks” or “… every term”."""
    measure = REGISTER.get(code)
    label = measure.label if measure else code
    words = in_words(value, unit)
    if value == 1 and label.endswith((" every", " each")):
        words = words.removeprefix("1 ")
    return f"{label} {words}"


def in_words(value: Decimal, unit: str) -> str:
    """Write a number with its unit, as in “12 weeks” or “1 half term”."""
    names = _SINGULAR if value == 1 else UNIT_LABELS
    return f"{plain(value)} {names.get(unit, unit)}"
