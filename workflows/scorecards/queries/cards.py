"""Scorecards put together: each measurable clause, what it promises and how that was kept.

However many agreements, parties and cases: a fixed number of queries. Cases count one by one where
the reader may see them (`Case.objects.visible_to`), and others as `rules.shown` allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from permissions.models import Organisation
from permissions.roles import OrganisationKind
from workflows.agreements import measures
from workflows.calendar import queries as calendar
from workflows.cases.models import Case
from workflows.scorecards import rules
from workflows.scorecards.queries import books, measured, subjects
from workflows.scorecards.queries.measured import MEASURED, Found, Measured
from workflows.scorecards.queries.subjects import Subject

if TYPE_CHECKING:
    import datetime

    from permissions.models import User


@dataclass(frozen=True)
class Reading:
    """Everything that some agreements promised, and which of it one person may see."""

    books: dict[int, books.Book]
    found: dict[int, list[Found]]
    visible: frozenset[int]
    today: datetime.date

    def may_see(self, one: Found) -> bool:
        """Tell whether the reader may know which case it is; what concerns no pupil, everybody."""
        return one.case_id is None or one.case_id in self.visible

    def about(self, subject: Subject) -> list[Found]:
        """Give what concerns a subject: everything for the whole agreement, else its own part."""
        everything = self.found[subject.agreement.pk]
        if subject.is_whole:
            return everything
        pk = subject.organisation.pk
        return [one for one in everything if pk in (one.party_id, one.school_id)]


def read(user: User, chosen: Iterable[Subject]) -> Reading:
    """Read what the agreements of the subjects promised, and what of it a person may see."""
    agreements = {one.agreement.pk: one.agreement for one in chosen}
    today = timezone.localdate()
    book = books.books_of(agreements.values())
    worked_by = subjects.agreements_worked_by({one.partnership_id for one in agreements.values()})
    scope = measured.Scope(
        books=book,
        # Somebody else's agreement sets the dates: its referrals are none of this one's.
        worked_by={pk: agreement for pk, agreement in worked_by.items() if agreement in agreements},
        calendar=calendar.calendar_of(None),
        today=today,
    )
    found: dict[int, list[Found]] = defaultdict(list)
    for how in MEASURED.values():
        for one in how.find(scope):
            found[one.agreement_id].append(one)
    cases = {one.case_id for each in found.values() for one in each if one.case_id}
    visible = Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True)
    return Reading(book, found, frozenset(visible), today)


@dataclass(frozen=True)
class Counted:
    """Promises added up, as far as a reader may know them."""

    shown: rules.Shown
    weeks: list[rules.Week] = field(default_factory=list)
    waiting: int = 0

    @property
    def figures(self) -> rules.Figures:
        """What was kept and missed."""
        return self.shown.figures

    @property
    def trend(self) -> rules.Trend:
        """How the later weeks compare with the earlier ones."""
        return rules.trend_of(self.weeks)


def count(reading: Reading, found: Iterable[Found]) -> Counted:
    """Add promises up for the reader. The weeks hold what the reader may see alone."""
    today, since = reading.today, rules.first_day(reading.today)
    seen: list[Found] = []
    unseen: list[Found] = []
    waiting = 0
    for one in found:
        settled = one.promise.settled_date(today)
        if settled is None:
            is_open = one.promise.outcome(today) == rules.Outcome.WAITING
            waiting += is_open and reading.may_see(one)
        elif settled >= since:
            (seen if reading.may_see(one) else unseen).append(one)
    return Counted(
        rules.shown(
            rules.figures_of(one.promise.outcome(today) for one in seen),
            rules.figures_of(one.promise.outcome(today) for one in unseen),
            len({one.case_id for one in unseen}),
        ),
        rules.weeks_of((one.promise for one in seen), today),
        waiting,
    )


@dataclass(frozen=True)
class Row:
    """One measurable clause of a scorecard."""

    target: books.Target
    subject: Subject
    how: Measured | None
    counted: Counted | None
    # The numbers that other parties have instead, by variation or by an older version.
    others: list[tuple[str, int]] = field(default_factory=list)

    @property
    def measure(self) -> str:
        """The code of the measure."""
        return self.target.measure

    @property
    def title(self) -> str:
        """The promise as a sentence, as in “A review is held every 12 weeks”."""
        return str(self.target)

    @property
    def clause_name(self) -> str:
        """The clause with the number printed on it."""
        number = self.target.clause.printed_number
        return f"Clause {number}" if number else "The clause"

    @property
    def clause_url(self) -> str:
        """Address of the clause in the version that the party is held to."""
        version = self.target.version
        address = reverse("agreements:version", args=[version.agreement_id, version.number])
        return f"{address}#clause-{self.target.clause.clause_id}"

    @property
    def cases_url(self) -> str:
        """Address of what is behind the number."""
        subject = self.subject
        return reverse(
            "scorecards:measure",
            args=[subject.agreement.pk, subject.organisation.slug, self.measure],
        )

    @property
    def percentage(self) -> int | None:
        """How many of a hundred were kept, where anything was counted."""
        return self.counted.figures.percentage if self.counted else None

    @property
    def why_not(self) -> str:
        """The sentence that stands in the place of a number where there is none to show."""
        if self.how is None and measures.REGISTER[self.measure].is_obeyed:
            return "Not measured yet: Accord sets the date, and does not count yet who kept it."
        if self.how is None:
            return (
                "Not measured yet: the process that keeps this promise is not part of Accord yet."
            )
        if self.counted is None:
            return "This promise is kept before a provider takes part, so nothing is counted here."
        if self.counted.shown.others is None and not self.counted.figures.total:
            return "Too few cases that you may not see: they are not counted."
        if not self.counted.figures.total:
            return f"Nothing to count in the last {rules.WEEKS} weeks."
        return ""


def rows(reading: Reading, subject: Subject) -> list[Row]:
    """Give a scorecard's rows: the measurable clauses of the text that the party is held to."""
    now = timezone.now()
    book = reading.books[subject.agreement.pk]
    by_measure: dict[str, list[Found]] = defaultdict(list)
    for one in reading.about(subject):
        by_measure[one.measure].append(one)
    result = []
    for target in _targets(book, subject, now):
        how = MEASURED.get(target.measure)
        applies = how is not None and OrganisationKind(subject.organisation.kind) in how.kinds
        counted = count(reading, by_measure[target.measure]) if applies else None
        others = _others(book, subject, target, now) if subject.is_whole else []
        result.append(Row(target, subject, how, counted, others))
    return result


def _targets(book: books.Book, subject: Subject, now: datetime.datetime) -> list[books.Target]:
    """Give the numbers a subject is about: those a party is held to, or those in force."""
    return book.targets(None if subject.is_whole else subject.organisation.pk, now)


def _others(
    book: books.Book, subject: Subject, target: books.Target, now: datetime.datetime
) -> list[tuple[str, int]]:
    """Give the numbers that parties have instead of a target, and how many parties have each."""
    instead: dict[str, int] = defaultdict(int)
    for organisation_id in book.accepted.keys() - {subject.organisation.pk}:
        number = book.number(target.measure, organisation_id, now)
        if number is not None and (number.value, number.unit) != (
            target.number.value,
            target.number.unit,
        ):
            instead[measures.in_words(number.value, number.unit)] += 1
    return sorted(instead.items())


@dataclass(frozen=True)
class Line:
    """One scorecard in the list: how many of its promises were kept throughout, and the worst."""

    subject: Subject
    # The promises with something to count, and those without a process.
    counted: list[Row]
    unmeasured: int

    @property
    def kept(self) -> int:
        """How many promises were kept every time."""
        return sum(1 for row in self.counted if row.percentage == rules.ALL)

    @property
    def worst(self) -> Row | None:
        """The promise kept least often; None where all were kept every time."""
        missed = [row for row in self.counted if row.percentage != rules.ALL]
        return min(missed, key=lambda row: row.percentage or 0, default=None)


def lines(user: User) -> list[Line]:
    """Give the scorecards that a person may see, each with what became of its promises."""
    chosen = subjects.subjects(user)
    reading = read(user, chosen)
    result = []
    for subject in chosen:
        found = rows(reading, subject)
        counted = [row for row in found if row.percentage is not None]
        result.append(Line(subject, counted, sum(1 for row in found if row.how is None)))
    return result


@dataclass(frozen=True)
class Behind:
    """One promise behind a number, for a reader who may see its case."""

    found: Found
    case: Case | None
    outcome: rules.Outcome
    is_open: bool
    # In how many weeks it was so, for what holds all the time.
    weeks: int = 1

    @property
    def promise(self) -> rules.Promise:
        """Its dates."""
        return self.found.promise


def behind(reading: Reading, subject: Subject, measure: str) -> list[Behind]:
    """Give what is behind a number, missed ones first: only what the reader may see. One query."""
    today, since = reading.today, rules.first_day(reading.today)
    seen = [
        one
        for one in reading.about(subject)
        if one.measure == measure
        and reading.may_see(one)
        and (
            one.promise.outcome(today) == rules.Outcome.WAITING
            or (settled := one.promise.settled_date(today)) is not None
            and settled >= since
        )
    ]
    cases = Case.objects.select_related("pupil__school", "partnership").in_bulk(
        {one.case_id for one in seen if one.case_id}
    )
    order = [rules.Outcome.MISSED, rules.Outcome.WAITING, rules.Outcome.KEPT]
    return sorted(
        (
            Behind(
                first,
                cases.get(first.case_id) if first.case_id else None,
                first.promise.outcome(today),
                first.promise.done_date is None and first.promise.stopped_date is None,
                weeks,
            )
            for first, weeks in (
                _by_week(seen, today)
                if MEASURED[measure].is_standing
                else [(one, 1) for one in seen]
            )
        ),
        key=lambda one: (order.index(one.outcome), -one.promise.due_date.toordinal()),
    )


def _by_week(found: list[Found], today: datetime.date) -> list[tuple[Found, int]]:
    """Put the weeks together in which the same held for the same case: the first, and how many."""
    same: dict[tuple[object, ...], list[Found]] = defaultdict(list)
    for one in found:
        key = (one.case_id, one.what, one.number, one.promise.outcome(today))
        same[key].append(one)
    return [(min(each, key=lambda one: one.promise.due_date), len(each)) for each in same.values()]


@dataclass(frozen=True)
class Part:
    """What one party kept and missed of what the reader may see."""

    organisation: Organisation
    figures: rules.Figures


def by_party(reading: Reading, subject: Subject, measure: str) -> list[Part]:
    """Give a measure's figures by party, the worst first: only what the reader may see. One query."""
    today, since = reading.today, rules.first_day(reading.today)
    outcomes: dict[int, list[rules.Outcome]] = defaultdict(list)
    for one in reading.about(subject):
        settled = one.promise.settled_date(today)
        if one.measure == measure and reading.may_see(one) and settled and settled >= since:
            outcomes[one.party_id].append(one.promise.outcome(today))
    organisations = Organisation.objects.in_bulk(outcomes)
    parts = [Part(organisations[pk], rules.figures_of(each)) for pk, each in outcomes.items()]
    return sorted(parts, key=lambda part: (part.figures.percentage or 0, part.organisation.name))
