"""Propose the measurable terms of a clause: a measure, a value and a unit, from its own words.

A number that is clear while its measure is not becomes a doubt. An editor decides; nothing
proposed here has effect before that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from .records import ProposedTerm

MOST = 40  # numbers of one kind read in one clause

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty""".split(),
        start=1,
    )
} | {"a": 1, "an": 1, "once": 1, "twice": 2, "thirty": 30, "forty": 40, "sixty": 60, "half an": 0}

N = (
    r"(?:\d{1,3}|half an|"
    + "|".join(word for word in NUMBER_WORDS if word not in ("a", "an", "half an"))
    + ")"
)
COUNT = rf"(?P<low>{N})(?:\s*(?:to|-|–|—|or)\s*(?P<high>{N}))?(?:\s*\(\d+\))?"
ABOUT = r"(?:approximately|about|around|roughly|at least|no less than|not more than|no more than|at most|up to)"
HALF_TERM = r"half[ -]?term"
PER_TERM = r"(?:(?:per|a|each|every|in a|in each) (?:school )?term(?!ly)|termly)"

WITHIN = re.compile(
    rf"\bwithin (?:{ABOUT} )?(?:the (?:first|next) )?{COUNT}\s*[- ]?(?P<kind>calendar |working |school )?(?P<unit>minute|hour|day|week)s?\b",
    re.I,
)
EVERY = re.compile(
    rf"(?:\b(?:every|each|{ABOUT})(?: every)?)\s+{COUNT}[ -](?P<unit>week|month|{HALF_TERM}|term|year)s?\b",
    re.I,
)
SINGLE = re.compile(
    rf"\b(?:(?:once (?:per|a|in each|every)|per|each|every) (?P<unit>{HALF_TERM}|term|year|month|week|day)\b(?!ly)"
    r"|(?P<adverb>half[ -]?termly|termly|annually|annual|yearly|biennial(?:ly)?|monthly|weekly|daily)\b)",
    re.I,
)
HOURS_A_WEEK = re.compile(
    rf"(?P<bound>\b(?:up to|(?:a )?maximum of|no more than|not more than|at most))?\s*{COUNT}\s+hours?(?:(?:’|')?s?)\b[^.;]{{0,40}}?(?P<per>\b(?:per|a|each|every) week|weekly)\b",
    re.I,
)
HOURS_OR_MORE = re.compile(rf"\b{COUNT} hours or more|more than (?P<over>{N}) hours", re.I)
PUPILS_OR_MORE = re.compile(
    rf"\b{COUNT} or more (?:full[- ]time )?(?:students|pupils|learners|children)", re.I
)
AT_MOST_A_TERM = re.compile(
    rf"\b(?:a maximum of|up to|no more than|not more than|at most)\s+{COUNT}(?: times)?,?\s+{PER_TERM}",
    re.I,
)
TERMS_NOTICE = re.compile(
    rf"\b(?:(?:previous|preceding) summer term|summer term before|{COUNT} (?:full )?terms?(?:['’]s?)? (?:notice|in advance))",
    re.I,
)
PART_WEEK = re.compile(
    r"\b(?:each|every|per|any) (?:full or part|part or full|whole or part)[ -]week\b", re.I
)
TWICE_OR_HALF = re.compile(r"\bbi[- ]?annual(?:ly)?\b", re.I)

UNITS_OF_ADVERBS = {
    "half-termly": (1, "half_terms"),
    "termly": (1, "terms"), "annually": (1, "years"), "annual": (1, "years"), "yearly": (1, "years"),
    "biennial": (2, "years"), "biennially": (2, "years"), "monthly": (1, "months"),
    "weekly": (1, "weeks"), "daily": (1, "days"),
}  # fmt: skip
SCHOOL_WEEKS = {"half_terms": 6, "terms": 13, "months": 4}  # about, for reviews counted in weeks

Found = tuple[list[ProposedTerm], list[str]]


def propose(text: str, party: str = "") -> tuple[tuple[ProposedTerm, ...], tuple[str, ...]]:
    """Return the terms that a clause's words propose, and the doubts about its numbers."""
    terms: list[ProposedTerm] = []
    doubts: list[str] = []
    taken: list[tuple[int, int]] = []

    def keep(match: re.Match[str], measure: str, value: int, unit: str) -> None:
        words = " ".join(match[0].split())
        taken.append(match.span())
        if all(term.measure != measure for term in terms):
            terms.append(ProposedTerm(measure, value, unit, words))

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in taken)

    for find in (_unregistered, _money, _at_most, _within, _hours, _cadences):
        find(text, party, keep, free, doubts)
    return tuple(terms), tuple(dict.fromkeys(doubts))


Keep = Callable[[re.Match[str], str, int, str], None]
Free = Callable[[re.Match[str]], bool]


def _value(match: re.Match[str], doubts: list[str], low: str = "low") -> int:
    """Return the number in a match; of a range the higher, with a doubt."""
    first = match[low].lower()
    value = int(first) if first.isdigit() else NUMBER_WORDS[first]
    high = match.groupdict().get("high")
    if not high:
        return value
    highest = int(high) if high.isdigit() else NUMBER_WORDS[high.lower()]
    doubts.append(f"a range ({value} to {highest}); the higher number is proposed")
    return max(value, highest)


def _near(text: str, match: re.Match[str]) -> str:
    """Return the sentence that a match stands in, in lower case."""
    start = max(text.rfind(". ", 0, match.start()), text.rfind("; ", 0, match.start())) + 1
    end = text.find(". ", match.end())
    return text[start : end if end > 0 else len(text)].lower()


def _unregistered(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    if not re.search(r"unregistered|operating as a school|registered as a school", text, re.I):
        return
    for match in PUPILS_OR_MORE.finditer(text):
        if (value := _value(match, doubts)) > 1:
            keep(match, "unregistered_pupils_at", value, "pupils")
    for match in HOURS_OR_MORE.finditer(text):
        over = match["over"]
        value = _value(match, doubts, "over") + 1 if over else _value(match, doubts)
        keep(match, "unregistered_hours_at", value, "hours")


def _money(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    if match := PART_WEEK.search(text):
        keep(match, "charge_per", 1, "weeks")
    if re.search(r"\b(?:fee|charge|rate|price)s?\b", text, re.I) and re.search(
        r"\bnotice\b", text, re.I
    ):
        for match in TERMS_NOTICE.finditer(text):
            keep(match, "fee_notice", _value(match, doubts) if match["low"] else 1, "terms")


def _at_most(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    for match in AT_MOST_A_TERM.finditer(text):
        value = _value(match, doubts)
        if re.search(r"feedback|report", text, re.I):
            keep(match, "feedback_at_most", value, "per_term")
        else:
            doubts.append(f"“{match[0]}” is a number, but not of what")


def _within(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    for match in islice(WITHIN.finditer(text), MOST):
        near, unit = _near(text, match), match["unit"].lower()
        value = _value(match, doubts)
        words = match[0].lower()
        if unit in ("minute", "hour"):
            minutes = 30 if "half an" in words else value * (60 if unit == "hour" else 1)
            if measure := _minutes_measure(near):
                keep(match, measure, minutes, "minutes")
                continue
        elif re.search(r"\b(?:pay|paid|payment|settle|invoice)", near):
            keep(match, "payment_within", value * (7 if unit == "week" else 1), "days")
            if (match["kind"] or "").strip().lower() in ("working", "school"):
                doubts.append(
                    f"“{match[0]}” counts {match['kind'].strip()} days; days are proposed"
                )
            continue
        elif measure := _days_measure(near):
            keep(match, measure, value * (5 if unit == "week" else 1), "working_days")
            kind = (match["kind"] or "").strip().lower()
            if unit == "day" and kind != "working":
                counted = f"{kind} days" if kind else "days"
                doubts.append(f"“{match[0]}” counts {counted}; working days are proposed")
            continue
        doubts.append(f"“{match[0]}” is a number, but it is not clear what it measures")


# What is done within so many days: the first row of which both patterns are in the sentence.
WITHIN_DAYS: tuple[tuple[str, str, str], ...] = (
    (r"\b(?:findings?|visit|draft) ?(?:report)?", r"\b(?:comments?|corrections?|factual|amendments?)\b", "comment_period"),
    (r"\b(?:new|revised|updated|changed|amended) (?:version|agreement|sla|terms)\b", r"\b(?:accept|sign|agree to)", "acceptance_grace"),
    (r"\boffers?\b", r"\b(?:accept|answer|decline|reply|replies|respond|response|take up)", "answer_offer_within"),
    (r"\breferrals?\b", r"\b(?:screen|acknowledge|check)", "screen_within"),
    (r"\bpanel\b|\breferrals?\b", r"\b(?:decide|decision|consider|outcome)", "decide_within"),
)  # fmt: skip


def _days_measure(near: str) -> str:
    for about, done, measure in WITHIN_DAYS:
        if re.search(about, near) and re.search(done, near):
            return measure
    return ""


def _minutes_measure(near: str) -> str:
    if re.search(
        r"not (?:been )?accounted|unaccounted|missing|not returned|unexplained|whereabouts", near
    ):
        return "unaccounted_notice_within"
    if "register" in near and re.search(
        r"not (?:been )?(?:received|arrived|sent)|missing register|chase", near
    ):
        return "register_chased_after"
    if re.search(r"\bregisters?\b", near) and not re.search(
        r"\babsence of|absences? (?:must|is|are)", near
    ):
        return "register_within"
    if re.search(r"absen(?:ce|t)|non-?attend|fails? to (?:attend|arrive)", near):
        return "absence_notice_within"
    return ""


def _hours(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    for match in islice(HOURS_A_WEEK.finditer(text), MOST):
        if not free(match):
            continue
        value = _value(match, doubts)
        keep(match, "weekly_hours_at_most", value, "hours")
        if not match["bound"]:
            doubts.append(f"“{match[0].strip()}” gives no bound; proposed as the most")


def _cadences(text: str, party: str, keep: Keep, free: Free, doubts: list[str]) -> None:
    for match in TWICE_OR_HALF.finditer(text):
        measure = _cadence_measure(_near(text, match), "years", party)
        doubts.append(f"“{match[0]}” can mean twice a year or every two years; two is proposed")
        if measure:
            keep(match, measure, 2, "years")
    for match, value, unit in _rhythms(text, doubts):
        if not free(match) or (unit in ("days", "weeks") and not _is_cadence(text, match)):
            continue
        near = _near(text, match)
        measure = _cadence_measure(near, unit, party)
        if not measure:
            doubts.append(f"“{match[0]}” is a rhythm, but it is not clear of what")
            continue
        if measure == "review_every" and unit in SCHOOL_WEEKS:
            value, unit = value * SCHOOL_WEEKS[unit], "weeks"
            doubts.append(f"“{match[0]}” is proposed as about {value} weeks")
        keep(match, measure, value, unit)
        if measure == "invoice_every" and re.search(r"monthly or termly|termly or monthly", near):
            doubts.append("monthly or termly: which of the two is agreed elsewhere")


def _rhythms(text: str, doubts: list[str]) -> list[tuple[re.Match[str], int, str]]:
    """Return the words that say how often, each with a value and a unit, in order."""
    found = [
        (match, _value(match, doubts), _unit(match["unit"]))
        for match in islice(EVERY.finditer(text), MOST)
    ]
    for match in islice(SINGLE.finditer(text), MOST):
        if match["unit"]:
            found.append((match, 1, _unit(match["unit"])))
        else:
            adverb = re.sub(r"half[ -]?termly", "half-termly", match["adverb"].lower())
            found.append((match, *UNITS_OF_ADVERBS[adverb]))
    return sorted(found, key=lambda each: each[0].start())


def _unit(word: str) -> str:
    return "half_terms" if word.lower().startswith("half") else f"{word.lower()}s"


def _is_cadence(text: str, match: re.Match[str]) -> bool:
    """Say whether "each day" or "weekly" is a rhythm here; "per week" after hours is not."""
    return not re.search(r"hours?[^.;]{0,40}$", text[: match.start()], re.I)


# What a rhythm measures: the first row whose words are in the sentence and whose units fit.
LONG = ("half_terms", "terms", "months")
CADENCES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"\baudits?\b", ("years",), "audit_every"),
    (r"\binvoic", ("weeks", *LONG, "years"), "invoice_every"),
    (r"\b(?:policy|agreement|document|sla)\b.*\breview|\breview.*\b(?:policy|agreement|document|sla)\b", ("years",), "policy_review_every"),
    (r"\battendance\b.*\breport|\breport.*\battendance\b", ("days", "weeks"), "attendance_report_every"),
    (r"\bcontact", ("days",), "contact_every"),
    (r"\bvisit", ("weeks", "half_terms", "terms"), "visit_every"),
    (r"\breports?\b", ("years",), "annual_report_every"),
    (r"\breports?\b|\b(?:write|written)\b.*\bprogress\b", LONG, "report_every"),
    (r"\breviews?\b", ("weeks", *LONG), "review_every"),
    (r"\bmeet(?:ing)?s?\b", ("weeks", "half_terms", "terms"), "meeting_every"),
)  # fmt: skip


def _cadence_measure(near: str, unit: str, party: str) -> str:
    for words, units, measure in CADENCES:
        if unit in units and re.search(words, near):
            reports_outcomes = measure == "report_every" and party == "commissioner"
            return "outcome_report_every" if reports_outcomes else measure
    return ""
