"""When a text is to be reviewed, and what may be said of a review or an approval."""

import datetime
from collections.abc import Iterable
from typing import Any

from workflows.agreements.models import PolicyAct
from workflows.agreements.rules.texts import Content, fingerprint
from workflows.agreements.states import ActKind


def text_hash(content: Content) -> str:
    """Give the hash of what is read and approved of normalised content: its words and numbers."""
    return fingerprint({key: content[key] for key in ("title", "intro", "sections")})


def years_later(day: datetime.date, years: int) -> datetime.date:
    """Give the same day some years later; the 28th of February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def next_review(
    *,
    today: datetime.date,
    every_years: int | None,
    last: tuple[datetime.date, datetime.date] | None,
    written: tuple[datetime.date, datetime.date | None],
) -> datetime.date | None:
    """Propose when a text that is reviewed today is reviewed next, or None when nothing says how often.

    `every_years` is what the text promises; `last` is the last review with the date that it set,
    `written` the date of issue with the review date that the text itself gives.
    """
    if every_years is not None:
        return years_later(today, every_years)
    for since, until in (last, written) if last is not None else (written,):
        if until is not None and until > since:
            years = until.year - since.year
            if years and years_later(since, years) == until:
                return years_later(today, years)
            return today + (until - since)
    return None


def review_date(
    *,
    decided_date: datetime.date | None,
    written_date: datetime.date | None,
    since: datetime.date,
    every_years: int | None,
) -> datetime.date | None:
    """Give when a text is to be reviewed, or None when nobody has said.

    What the last review of this version decided comes before what the text itself says; a policy
    that says only how often is reviewed so many years after it was approved, or issued.
    """
    if decided_date is not None:
        return decided_date
    if written_date is not None:
        return written_date
    return None if every_years is None else years_later(since, every_years)


def why_cannot_review(
    *,
    is_in_force: bool,
    reviewed_date: datetime.date,
    next_date: datetime.date | None,
    today: datetime.date,
) -> str | None:
    """Explain why a review cannot be recorded, or return None when it can.

    `next_date` is None where the text needs changes: then publication says when it is next.
    """
    if not is_in_force:
        return "This agreement is not in force. There is nothing to review."
    if reviewed_date > today:
        return "The day of the review must be today or in the past."
    if next_date is not None and next_date <= reviewed_date:
        return "The next review must be after this one."
    if next_date is not None and next_date <= today:
        return "The next review must be in the future."
    return None


def why_cannot_record_act(
    *, is_policy: bool, act_date: datetime.date, today: datetime.date
) -> str | None:
    """Explain why a review or an approval of a policy cannot be recorded, or return None."""
    if not is_policy:
        return "Only a policy is reviewed by a head and approved by a governing board."
    if act_date > today:
        return "The date must be today or in the past."
    return None


def approval(acts: Iterable[PolicyAct], sha256: str) -> dict[str, Any]:
    """Give who reviewed and approved the text with a hash, as a version says it.

    The newest act of each kind; the board's approval counts only of a text the head has reviewed.
    """
    newest: dict[str, PolicyAct] = {}
    for act in sorted(acts, key=lambda act: (act.act_date, act.pk)):
        if act.text_sha256 == sha256:
            newest[act.kind] = act
    said: dict[str, Any] = {}
    for kind, verb in ((ActKind.HEAD_REVIEW, "reviewed"), (ActKind.BOARD_APPROVAL, "approved")):
        done = newest.get(kind)
        if done is None:
            break
        said[f"{verb}_by"] = f"{done.name}, {done.role}"
        said[f"{verb}_date"] = done.act_date.isoformat()
    return said
