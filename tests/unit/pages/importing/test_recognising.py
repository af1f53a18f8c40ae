"""Recognising sections, clauses and furniture in untidy documents of our own."""

from __future__ import annotations

import pytest

from .reading_documents import clause, counts, imported, imported_text, section


@pytest.mark.parametrize(
    ("name", "sections", "expected"),
    [
        ("outreach.txt", 4, {"provider": 5, "school": 2, "all": 2}),
        ("harbour.txt", 3, {"provider": 7, "school": 4}),
        ("support.txt", 7, {"commissioner": 5, "provider": 9, "all": 1}),
        ("policy.txt", 6, {"school": 8}),
        ("partnerships.txt", 7, {"commissioner": 5, "provider": 11}),
        ("fen.md", 4, {"provider": 7, "commissioner": 5, "school": 1, "all": 1}),
        ("dale.html", 4, {"school": 7, "family": 1}),
    ],
)
def test_each_document_has_the_clauses_a_careful_reader_counts(
    name: str, sections: int, expected: dict[str, int]
) -> None:
    agreement = imported(name)
    assert (len(agreement.sections), counts(agreement)) == (sections, expected)


# Titles, dates and what belongs to the paper


def test_title_is_put_together_from_its_lines_and_found_again_as_running_head() -> None:
    agreement = imported("outreach.txt")
    assert agreement.title == "Marram Home Teaching Service (MHTS): Service Level Agreement"
    assert [(f.line_from, f.text) for f in agreement.furniture if f.kind == "running head"] == [
        (19, "Marram Home Teaching Service (MHTS)"),
        (21, "Service Level Agreement"),
    ]


def test_title_may_come_after_a_preface() -> None:
    agreement = imported("partnerships.txt")
    title = "Ashdale Inclusion Partnerships: What We Expect: Service Level Agreement"
    assert agreement.title == title
    assert agreement.issued == "June 2021"


def test_a_document_without_title_takes_the_name_of_its_file_and_says_so() -> None:
    agreement = imported("policy.txt")
    assert agreement.title == "policy"
    assert any("no title" in doubt.why for doubt in agreement.doubts)


def test_page_numbers_rules_and_blanks_are_furniture() -> None:
    kinds = [(f.kind, f.line_from) for f in imported("harbour.txt").furniture]
    assert ("page number", 22) in kinds
    assert ("placeholder", 5) in kinds
    assert ("rule", 32) in [(f.kind, f.line_from) for f in imported("fen.md").furniture]


def test_a_footer_between_numbered_items_is_furniture_but_a_repeated_heading_is_not() -> None:
    footer = "Anyborough\n\n"
    agreement = imported_text(
        f"The provider will:\n\n1. Keep a log\n\n{footer}2. Ring home\n\n{footer}3. Meet\n\n"
        "Partnerships will:\n\n1. Pay\n"
    )
    assert [f.kind for f in agreement.furniture] == ["running head", "running head"]
    assert counts(agreement) == {"provider": 3, "commissioner": 1}
    headings = [each.heading for each in imported("partnerships.txt").sections]
    assert "Providers: Safety" in headings
    assert "Partnerships: Safety" in headings


def test_signature_blocks_tell_who_signs() -> None:
    agreement = imported("support.txt")
    assert agreement.signatures == (
        "commissioner",
        "provider",
        "safeguarding lead with policy received",
    )
    assert {agreement.account[line] for line in range(67, 79)} == {"signature", "blank"}


def test_a_sentence_of_acceptance_is_kept_apart_and_a_request_to_the_reader_is_doubted() -> None:
    agreement = imported_text(
        "Schools will:\n\n- Name a contact.\n\n"
        "By sending us a form and by using the service you are agreeing to all of this.\n\n"
        "Please file this paper.\n"
    )
    assert [f.kind for f in agreement.furniture] == ["acceptance"]
    assert [doubt.text for doubt in agreement.doubts if doubt.line_from == 7] == [
        "Please file this paper."
    ]


# Parties and sections


def test_sections_under_a_lead_in_carry_its_party() -> None:
    agreement = imported("partnerships.txt")
    safety = section(agreement, "Providers: Safety")
    assert (safety.party, safety.lead) == ("provider", "Providers will:")
    assert section(agreement, "Partnerships: Progress").party == "commissioner"


def test_a_lead_in_under_a_heading_joins_its_name_and_keeps_its_condition() -> None:
    assert section(imported("support.txt"), "What we each do: BPSS").party == "commissioner"
    heading = "Duties of the School: School, where the local authority steps in"
    assert section(imported("policy.txt"), heading).party == "school"


def test_a_heading_can_name_the_party_of_the_headings_below_it() -> None:
    agreement = imported("fen.md")
    assert section(agreement, "What providers will do: Money").party == "provider"
    assert section(agreement, "Partnership responsibilities").party == "commissioner"


def test_an_acronym_that_is_never_spelled_out_is_inferred_and_doubted() -> None:
    agreement = imported("outreach.txt")
    assert agreement.parties == {"MTS": "provider"}
    assert any("MTS is never spelled out" in doubt.why for doubt in agreement.doubts)
    assert imported("support.txt").parties == {"BPSS": "commissioner"}


def test_an_unknown_body_is_held_to_its_list_under_a_doubt() -> None:
    agreement = imported_text("The steering group will:\n\n- Meet.\n- Write it down.\n")
    assert counts(agreement) == {"all": 2}
    assert any("“Steering group”" in doubt.why for doubt in agreement.doubts)


# Clauses


def test_sentences_broken_over_pages_and_blank_lines_are_joined() -> None:
    joined = clause(imported("outreach.txt"), "news of progress")
    assert joined.text == "send news of progress to the school, and to the family."
    assert (joined.line_from, joined.line_to) == (17, 23)
    assert clause(imported("harbour.txt"), "laptops").text.endswith(
        "ends and say which are missing."
    )


def test_an_item_of_several_instructions_is_split_and_keeps_its_number_once() -> None:
    parts = [c for c in imported("partnerships.txt").clauses if 31 <= c.line_from <= 33]
    assert [c.printed_number for c in parts] == ["2.", "", ""]
    assert parts[0].text.endswith("the employment of new staff.")
    assert "split" in parts[0].doubts[0]
    assert (parts[0].line_from, parts[0].line_to, parts[1].line_from) == (31, 33, 33)


def test_an_item_with_an_explanation_stays_one_clause() -> None:
    agreement = imported_text("Schools will:\n\n- Send a report. This would cover health.\n")
    assert counts(agreement) == {"school": 1}


def test_broken_numbering_is_kept_and_does_no_harm() -> None:
    progress = section(imported("partnerships.txt"), "Providers: Progress")
    numbers = [c.printed_number for c in progress.clauses]
    assert numbers == ["1.", "2.", "3.", "", "2.", "3.", "4."]


def test_a_list_of_things_belongs_to_the_clause_above_it() -> None:
    text = clause(imported("partnerships.txt"), "annual report").text
    assert text == "Publish an annual report that includes: The year behind; The year ahead"
    assert clause(imported("outreach.txt"), "locked cupboards").party == "provider"
    assert clause(imported("harbour.txt"), "lone working; medicines")


def test_a_list_of_acts_makes_one_clause_of_each_with_the_words_above() -> None:
    agreement = imported("policy.txt")
    start = "When a return is near, work with the local authority to "
    texts = [c.text for c in agreement.clauses if c.line_from in (22, 24)]
    assert texts == [f"{start}write a plan for each pupil", f"{start}think about adjustments"]
    assert any(doubt.line_from == 20 for doubt in agreement.doubts)


def test_a_list_of_includes_goes_to_the_clause_it_fits_best() -> None:
    agreement = imported("support.txt")
    assert "Fire policy" in clause(agreement, "keep every policy").text
    assert any("another clause" in d.why for d in agreement.doubts if d.line_from == 42)


def test_prose_with_a_party_as_subject_becomes_a_clause_and_other_prose_introduces() -> None:
    agreement = imported("support.txt")
    choosing = section(agreement, "Choosing")
    assert choosing.intro == ("BPSS may commission Alternative Providers.",)
    assert [c.party for c in choosing.clauses] == ["commissioner", "commissioner"]
    assert clause(agreement, "Buses").party == "all"


def test_an_expectation_is_a_duty_of_the_other_party() -> None:
    told = clause(imported("support.txt"), "told of worries")
    assert told.party == "provider"
    assert "taken to be a duty of the provider" in told.doubts[0]


def test_a_passive_promise_is_the_one_partys_of_a_policy_and_nobodys_between_two() -> None:
    assert clause(imported("policy.txt"), "Parents will be told").party == "school"
    agreement = imported_text(
        "Letters will be answered.\n\nThe school will pay. The provider will teach.\n"
    )
    assert counts(agreement) == {"school": 1, "provider": 1}
    assert [d.why for d in agreement.doubts if d.line_from == 1 and "no title" not in d.why] == [
        "the sentence does not say who does it"
    ]


def test_aims_and_lists_of_names_are_introduction() -> None:
    agreement = imported("support.txt")
    assert section(agreement, "Why this document").intro[-1] == "keep children safe"
    see_also = section(imported("policy.txt"), "See also")
    assert see_also.intro[1:] == ("Attendance policy", "Medicines policy", "Uniform")


def test_a_list_that_whoever_signs_agrees_to_binds_all() -> None:
    sharing = section(imported("outreach.txt"), "Data Sharing")
    assert [c.party for c in sharing.clauses] == ["all", "all", "provider"]
    assert sharing.lead.startswith("In signing up you agree")


def test_a_duty_in_the_wrong_list_goes_to_the_party_it_names() -> None:
    agreement = imported_text("Providers will:\n\n- Teach.\n- The school will send a file.\n")
    sent = clause(agreement, "send a file")
    assert sent.party == "school"
    assert "names the school" in sent.doubts[0]


# Markdown and HTML


def test_markdown_marks_go_and_words_stay() -> None:
    agreement = imported("fen.md")
    assert clause(agreement, "once a term").text.endswith("(or more often).")
    shared = "Share our safeguarding policy (https://fip.example/safe_guarding)."
    assert clause(agreement, "Share our").text == shared


def test_bold_paragraphs_are_headings_and_lead_ins() -> None:
    agreement = imported_text(
        "## **Fern Tuition - Agreement**\n\n**Fern Tuition agree to:**\n\nTeach.\n\n- Mark.\n\n"
        "**It is expected that Schools will:**\n\n* *Pay* at once\n"
    )
    assert agreement.title == "Fern Tuition - Agreement"
    assert counts(agreement) == {"provider": 2, "school": 1}


def test_a_table_of_party_and_duty_gives_each_row_its_party() -> None:
    agreement = imported("fen.md")
    assert clause(agreement, "Insure every pupil").party == "provider"
    assert clause(agreement, "Data Protection Act").party == "all"


def test_a_table_with_a_column_for_each_party_is_read_by_columns() -> None:
    agreement = imported("dale.html")
    assert clause(agreement, "hospital dates").party == "family"
    assert clause(agreement, "Keep a place").party == "school"
    # What follows the table is nobody's until someone says so.
    assert "1. Lend a laptop." in section(agreement, "Who does what, continued").intro


def test_html_keeps_the_lines_of_its_source_and_calls_tags_markup() -> None:
    agreement = imported("dale.html")
    pack = clause(agreement, "send home each week")
    assert (pack.line_from, pack.line_to) == (16, 17)
    assert pack.text.endswith("contains: work to do; the newsletter")
    fates = [agreement.account[line] for line in (1, 3, 4, 5, 6, 8, 9, 13, 14, 15)]
    assert fates == ["markup"] * 5 + ["title"] * 2 + ["markup", "clause", "clause continued"]


def test_hand_wrapped_text_reads_as_the_same_text_unwrapped() -> None:
    wrapped = clause(imported("harbour.txt"), "School Office")
    assert wrapped.text.endswith(
        "every half term, naming any School Office contact who has been told"
    )


# Laws


def test_laws_and_guidance_are_listed_with_their_edition() -> None:
    agreement = imported("outreach.txt")
    assert clause(agreement, "in line with").legal_references == (
        "Keeping Children Safe in Education 2022",
    )
    assert clause(agreement, "Code of Practice").legal_references == (
        "SEND Code of Practice",
        "DfE statutory guidance 'Pupils with long illnesses'",
    )
    assert section(imported("policy.txt"), "The law").legal_references == ("Education Act 2002",)
    assert clause(imported("harbour.txt"), "Families Act").legal_references == (
        "Children and Families Act 2014",
        "Keeping Children Safe in Education 2023",
    )
