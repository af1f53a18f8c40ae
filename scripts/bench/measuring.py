"""What `make bench` measures, and on which database: one of its own, dropped at the end."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from permissions.models import Membership, OrganisationGroupPermission, User
from permissions.roles import OrganisationKind, Role
from scripts.bench import measure, multiply
from workflows.cases.models import Case
from workflows.cases.states import Stage
from workflows.engine import tasks
from workflows.engine.models import Task
from workflows.referrals import actions as referrals
from workflows.referrals.flows import ReferralFlow
from workflows.referrals.models import Referral

BASE = "accord_bench"
COLUMNS = ("cases", "grants", "what", "queries", "CPU ms", "PostgreSQL ms", "bytes")


def main(sizes: list[int], grants: int = 0) -> None:
    """Measure with each number of cases, print the table and write the file.

    With `grants`, measure each once more with so many grants that mean nothing.
    """
    settings.ALLOWED_HOSTS = ["testserver"]
    with database(BASE, template="template1"):
        fill_base()
        results = [one for size in sizes for one in results_of(size, grants)]
    show(results)
    target = settings.VAR / "bench.json"
    machine = {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "postgresql": version(),
    }
    target.write_text(json.dumps({"machine": machine, "results": results}, indent=2) + "\n")
    say(f"Written to {target}.")


def fill_base() -> None:
    """Fill the database from which the others are copied with the demonstration."""
    say("Preparing the database ...")
    call_command("migrate", verbosity=0, interactive=False)
    say("Loading the demonstration ...")
    call_command("load_demonstration", stdout=sys.stderr)
    # A database is copied only while nobody is connected to it.
    connection.close()


def results_of(size: int, grants: int) -> Iterator[dict[str, Any]]:
    """Measure with so many cases, in a copy of the base; then with more grants, where asked."""
    say(f"{size:,} cases: copying ...")
    with database(f"{BASE}_{size}", template=BASE):
        began = time.monotonic()
        cases = multiply.multiply(size)
        say(f"{cases:,} cases: copied in {time.monotonic() - began:.0f} s, measuring ...")
        if behind := multiply.left_behind():
            say(f"Not copied, so lighter than they would be: {', '.join(behind)}.")
        there = OrganisationGroupPermission.objects.count()
        yield {"cases": cases, "users": User.objects.count(), "grants": there, "costs": costs()}
        if grants:
            there = multiply.add_grants(grants)
            say(f"{cases:,} cases, {there:,} grants: measuring ...")
            yield {"cases": cases, "users": User.objects.count(), "grants": there, "costs": costs()}


@contextmanager
def database(name: str, *, template: str) -> Iterator[None]:
    """Work in a copy of a database, and drop it afterwards."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with named(name):
            yield
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def named(name: str) -> Iterator[None]:
    """Let Django's connection be one to the database named."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def costs() -> list[dict[str, Any]]:
    """Measure every page and action."""
    return [measure.cost(name, act).as_dict() for name, act in measured()]


def measured() -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield what is measured, with its name: by an officer of the whole authority and of one part."""
    county = person(OrganisationKind.LOCAL_AUTHORITY, Role.OFFICER)
    officer = person(OrganisationKind.PARTNERSHIP, Role.OFFICER)
    case = Case.objects.visible_to(officer).filter(stage=Stage.PLACED).order_by("pk").first()
    assert case is not None
    yield "inbox, of one partnership", measure.page(officer, "/tasks/?view=unclaimed")
    yield "inbox, of a team", measure.page(officer, "/tasks/?view=team")
    yield "case list, of one partnership", measure.page(officer, "/cases/")
    yield "case list, of the whole authority", measure.page(county, "/cases/")
    yield "case page", measure.page(officer, case.get_absolute_url())
    yield "search", measure.page(officer, "/search/", {"q": case.pupil.last_name})
    yield "submit a referral", submit()
    yield "vote", vote()


def person(kind: str, role: str) -> User:
    """Give the first person with a role in an organisation of a kind."""
    membership = Membership.objects.filter(organisation__kind=kind, role=role).order_by("pk")
    return membership.select_related("user")[0].user


def submit() -> Callable[[], int]:
    """Return what submits the first referral that waits for it, sent back by a question."""
    task = _first("answer_question")
    referral = Referral.objects.get(pk=task.process.subject_id)
    by = Membership.objects.filter(
        organisation=referral.case.pupil.school, role=Role.REFERRER, ended_at=None
    )[0].user

    def act() -> int:
        tasks.perform(
            task,
            by=by,
            act=lambda: referrals.answer_question(
                referral=referral, answer="In June, as every year.", by=by
            ),
        )
        return 0

    return act


def vote() -> Callable[[], int]:
    """Return what casts the first vote that waits."""
    task = _first("vote")
    referral = Referral.objects.get(pk=task.process.subject_id)
    by = task.owner
    assert by is not None

    def act() -> int:
        tasks.perform(
            task,
            by=by,
            act=lambda: referrals.cast_vote(
                referral=referral, choice="accept", reasons="The evidence is recent.", by=by
            ),
        )
        return 0

    return act


def _first(node: str) -> Task:
    for process in tasks.Process.objects.filter(status="NEW").order_by("pk")[:200]:
        if process.flow_class is not ReferralFlow:
            continue
        found = tasks.open_tasks(process.subject).filter(flow_task=getattr(ReferralFlow, node))
        if task := found.first():
            return task
    raise RuntimeError(f"Nothing waits at {node}.")


def show(results: list[dict[str, Any]]) -> None:
    """Print the table, and how the inbox grows from the first size to the last."""
    lines = [COLUMNS] + [
        (
            f"{result['cases']:,}",
            f"{result['grants']:,}",
            cost["name"],
            str(cost["queries"]),
            f"{cost['cpu']:.1f}",
            f"{cost['database_cpu']:.1f}",
            f"{cost['bytes']:,}",
        )
        for result in results
        for cost in result["costs"]
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    if len(results) > 1:
        first, last = (result["costs"][0] for result in (results[0], results[-1]))
        total = [one["cpu"] + one["database_cpu"] for one in (first, last)]
        print(f"The inbox with most cases: {total[1] / total[0]:.2f} times the CPU of the least.")


def version() -> str:
    """Give the server's version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def say(text: str) -> None:
    """Say what is going on, beside the table."""
    print(text, file=sys.stderr, flush=True)
