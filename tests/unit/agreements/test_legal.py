"""Law that clauses cite: chosen from the register or recognised in their words."""

import datetime

import pytest

from workflows.agreements import rules

TODAY = datetime.date(2026, 11, 22)
ACT_1998 = rules.Edition(
    "data-protection-act-1998",
    "Data Protection Act",
    "1998",
    superseded_date=datetime.date(2018, 5, 25),
    replaced_by="Data Protection Act (2018)",
)
ACT_2018 = rules.Edition("data-protection-act-2018", "Data Protection Act", "2018")
GUIDANCE_2018 = rules.Edition(
    "keeping-children-safe-2018",
    "Keeping children safe in education",
    "2018",
    names=("KCSIE",),
    superseded_date=datetime.date(2019, 9, 2),
)
NEXT_YEAR = rules.Edition("rules-2020", "Rules", "2020", superseded_date=datetime.date(2027, 9, 1))
REGISTER = rules.LegalRegister((ACT_1998, ACT_2018, GUIDANCE_2018, NEXT_YEAR), TODAY)


def codes(text: str) -> list[str]:
    return [citation.edition.code for citation in REGISTER.recognised_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Data Protection Act 1998", [ACT_1998.code]),
        ("the data  protection act (2018)", [ACT_2018.code]),
        ("under the 1998 Data Protection Act", [ACT_1998.code]),
        ("Data Protection Acts 1998", []),
        ("the Data Protection Act", []),
        ("Data Protection Act; the Children Act 1998", []),
        ("Keeping Children Safe in Education (DfE, September 2018)", [GUIDANCE_2018.code]),
        ("as KCSIE 2018 says", [GUIDANCE_2018.code]),
        ("KCSIE, Data Protection Act 1998", [ACT_1998.code]),
        (
            "Data Protection Act 1998 and Keeping children safe in education 2018",
            [ACT_1998.code, GUIDANCE_2018.code],
        ),
        ("", []),
    ],
)
def test_an_edition_is_recognised_by_title_and_year(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_clause_cites_what_was_chosen_and_what_its_words_name() -> None:
    clause = {
        "text": "Keep records as the Data Protection Act 1998 asks.",
        "legal_reference": "KCSIE 2018; Data Protection Act 2018",
        "legal_editions": [GUIDANCE_2018.code],
    }
    found = [(one.edition.code, one.is_recognised) for one in REGISTER.citations(clause)]
    # The edition in force is left to the clause's own words.
    assert found == [(GUIDANCE_2018.code, False), (ACT_1998.code, True)]


def test_the_warning_says_since_when_and_what_replaced_it() -> None:
    assert REGISTER.cites(ACT_1998.code).warning == (
        "No longer in force since 25 May 2018. Replaced by Data Protection Act (2018)."
    )
    assert REGISTER.cites(GUIDANCE_2018.code).warning == (
        "No longer in force since 2 September 2019."
    )
    assert REGISTER.cites(ACT_2018.code).warning == ""


def test_an_edition_holds_until_its_last_day() -> None:
    assert not REGISTER.cites(NEXT_YEAR.code).is_superseded
    later = rules.LegalRegister(REGISTER.editions, datetime.date(2027, 9, 1))
    assert later.cites(NEXT_YEAR.code).is_superseded


def test_an_unknown_code_is_named_as_it_is() -> None:
    assert REGISTER.cites("gone").label == "gone"
    assert rules.LegalRegister().recognised_in("Data Protection Act 1998") == ()
