"""The demonstration's children: invented, the same each time, with valid numbers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from portal.demonstration import places
from workflows.cases import rules

_NEEDS = (
    ("SEMH", "anxiety that makes a full school day impossible"),
    ("ASD", "autism, with sensory overload in busy corridors"),
    ("PD", "recovery from surgery, tiring after about an hour"),
    ("SPLD", "dyslexia, and a long absence with glandular illness"),
    ("SLCN", "a speech and language need, and low mood"),
    ("OTH", "a chronic pain condition that changes from day to day"),
)
_STRENGTHS = (
    "Draws well, kind to younger pupils, remembers facts about animals.",
    "Strong in mathematics, likes to finish what is begun.",
    "Reads widely, writes stories at home, good sense of humour.",
    "Practical, repairs bicycles, works well beside one adult.",
)


#: More children than the demonstration has.
AT_MOST = 100


def name_of(number: int) -> str:
    """Return the full name of the child of that number."""
    first = places.FIRST_NAMES[(number * 7) % len(places.FIRST_NAMES)]
    last = places.LAST_NAMES[(number * 5 + 3) % len(places.LAST_NAMES)]
    return f"{first} {last}"


@dataclass(frozen=True)
class Child:
    """One child: how the referral form would describe them."""

    name: str
    parent: str
    details: dict[str, Any]
    profile: dict[str, str]
    views: dict[str, str]
    contacts: dict[str, str]


def child(number: int, today: datetime.date) -> Child:
    """Return the child of that number, aged for their year group today."""
    first, _, last = name_of(number).partition(" ")
    year_group = 7 + number % 5
    school_year = today.year if today.month >= 9 else today.year - 1
    born = datetime.date(school_year - year_group - 5, 1 + number % 8, 1 + (number * 3) % 28)
    body = f"9{10 + number % 80}{4000 + number}{school_year % 100:02d}{number:03d}"
    need, words = _NEEDS[number % len(_NEEDS)]
    sen_status = ("N", "K", "E")[number % 3]
    return Child(
        name=f"{first} {last}",
        parent=f"{('Mrs', 'Mr', 'Ms')[number % 3]} {last}",
        details={
            "first_name": first,
            "last_name": last,
            "date_of_birth": born,
            "upn": rules.upn_check_letter(body) + body,
            "year_group": year_group,
            "sen_status": sen_status,
            "primary_need": need if sen_status != "N" else "",
            "looked_after": number % 17 == 0,
        },
        profile={
            "reason": f"{first} has been unable to attend since last half term because of {words}.",
            "needs": f"{words.capitalize()}. Short tasks, clear steps and a predictable day help.",
            "strengths": _STRENGTHS[number % len(_STRENGTHS)],
            "aptitudes": "Learns best with pictures and by doing.",
            "behaviour": "Calm with one adult; leaves the room when it becomes too much.",
            "potential": "Was on course for good grades before the absence.",
            "working_at": "English 4, mathematics 5, science 4",
        },
        views={
            "tried_first": (
                "Part-time timetable for four weeks, a quiet room, work sent home, and a call home "
                "every school day."
            ),
            "pupil_views": f"{first} misses friends and wants to keep up with English.",
            "parent_views": "We want a start that is small enough to succeed.",
        },
        contacts={
            "named_person": "The school’s inclusion lead",
            "named_person_contact": "01632 960 110",
            "key_contact": "Head of year",
            "key_contact_contact": "01632 960 111",
            "absence_contact": "Attendance office",
            "absence_contact_contact": "01632 960 112",
        },
    )
