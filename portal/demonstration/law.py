"""The demonstration's register of law and guidance: facts about publications, nothing of ours."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.text import slugify

from workflows.agreements.models import LegalEdition, LegalReference

LEGISLATION = "https://www.legislation.gov.uk/"
GUIDANCE = "https://www.gov.uk/government/publications/"


@dataclass(frozen=True)
class Law:
    """A law or guidance, where it can be read, and its editions, the one in force first.

    An edition is its name, its day of issue and the day from which it was superseded, if it was.
    """

    title: str
    editions: tuple[tuple[str, str, str], ...]
    other_names: tuple[str, ...] = ()


REGISTER: tuple[tuple[str, Law], ...] = (
    (
        f"{GUIDANCE}keeping-children-safe-in-education--2",
        Law(
            "Keeping children safe in education",
            (
                ("2025", "2025-09-01", ""),
                ("2024", "2024-09-02", "2025-09-01"),
                ("2023", "2023-09-01", "2024-09-02"),
                ("2018", "2018-09-03", "2019-09-02"),
            ),
            ("KCSIE",),
        ),
    ),
    (
        f"{GUIDANCE}working-together-to-safeguard-children--2",
        Law(
            "Working together to safeguard children",
            (("2023", "2023-12-15", ""), ("2018", "2018-07-04", "2023-12-15")),
        ),
    ),
    (
        f"{GUIDANCE}education-for-children-with-health-needs-who-cannot-attend-school",
        Law(
            "Arranging education for children who cannot attend school because of health needs",
            (("2023", "2023-12-19", ""),),
        ),
    ),
    (
        f"{GUIDANCE}alternative-provision",
        Law("Arranging alternative provision", (("2025", "2025-02-01", ""),)),
    ),
    (
        f"{GUIDANCE}working-together-to-improve-school-attendance",
        Law(
            "Working together to improve school attendance",
            (("2024", "2024-08-19", ""), ("2022", "2022-09-01", "2024-08-19")),
        ),
    ),
    (
        f"{GUIDANCE}send-code-of-practice-0-to-25",
        Law("SEND code of practice: 0 to 25 years", (("2015", "2015-01-29", ""),)),
    ),
    (
        f"{GUIDANCE}supporting-pupils-at-school-with-medical-conditions--3",
        Law("Supporting pupils at school with medical conditions", (("2015", "2015-12-11", ""),)),
    ),
    (
        f"{LEGISLATION}ukpga/2018/12/contents",
        Law(
            "Data Protection Act",
            (("2018", "2018-05-23", ""), ("1998", "1998-07-16", "2018-05-25")),
        ),
    ),
    (f"{LEGISLATION}ukpga/1996/56/contents", Law("Education Act", (("1996", "1996-07-24", ""),))),
    (f"{LEGISLATION}ukpga/1989/41/contents", Law("Children Act", (("1989", "1989-11-16", ""),))),
    (
        f"{LEGISLATION}ukpga/2014/6/contents",
        Law("Children and Families Act", (("2014", "2014-03-13", ""),)),
    ),
    (f"{LEGISLATION}ukpga/2010/15/contents", Law("Equality Act", (("2010", "2010-04-08", ""),))),
    (
        f"{LEGISLATION}uksi/2024/208/contents",
        Law(
            "School Attendance (Pupil Registration) (England) Regulations",
            (("2024", "2024-02-27", ""),),
        ),
    ),
)


def keep() -> None:
    """Fill the register: each superseded edition points to the one in force."""
    for address, law in REGISTER:
        reference = LegalReference.objects.create(
            title=law.title, other_names="\n".join(law.other_names)
        )
        current: LegalEdition | None = None
        for edition, issued, superseded in law.editions:
            row = LegalEdition.objects.create(
                reference=reference,
                edition=edition,
                address=address if current is None else "",
                issued_date=datetime.date.fromisoformat(issued),
                superseded_date=datetime.date.fromisoformat(superseded) if superseded else None,
                superseded_by=current,
            )
            current = current or row


def codes() -> dict[str, str]:
    """Give the code of every edition by the way it is cited, as in “Education Act (1996)”."""
    return {
        f"{law.title} ({edition})": slugify(f"{law.title[:180]} {edition}")
        for _, law in REGISTER
        for edition, *_ in law.editions
    }
