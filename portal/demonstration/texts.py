"""The five demonstration agreements, written for the demonstration.

Each agreement is plain data: sections of clauses, each clause with the party that owes it and, where
it promises something measurable, its terms as (measure, value, unit). The figures follow what real
agreements of five different kinds commonly promise; the sentences are Accord's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TermText = tuple[str, str, str]
"""A measure's code, its value as a decimal string, and its unit."""


@dataclass(frozen=True)
class ClauseText:
    """One duty: the number printed beside it, who owes it, its words, its terms, its law."""

    printed_number: str
    party: str
    text: str
    terms: tuple[TermText, ...] = ()
    legal_reference: str = ""


@dataclass(frozen=True)
class SectionText:
    """A headed group of clauses with an optional introduction."""

    heading: str
    clauses: tuple[ClauseText, ...]
    intro: str = ""


@dataclass(frozen=True)
class AgreementText:
    """One agreement as an editor would type it."""

    title: str
    introduction: str
    sections: tuple[SectionText, ...] = field(default_factory=tuple)


SAFEGUARDING_LAW = "Keeping children safe in education (2025)"
HEALTH_LAW = (
    "Arranging education for children who cannot attend school because of health needs (2023)"
)

OUTREACH = AgreementText(
    title="Hospital and outreach teaching agreement",
    introduction=(
        "For pupils who are too unwell for school. It sets out what the outreach teaching service "
        "does, what the home school keeps doing, and how the two stay in touch."
    ),
    sections=(
        SectionText(
            "Before teaching starts",
            (
                ClauseText(
                    "1",
                    "school",
                    "Send the signed form and current medical advice; teaching begins only when both are in.",
                ),
                ClauseText(
                    "2",
                    "provider",
                    "Answer each offer of a pupil quickly, with reasons where the answer is no.",
                    (("answer_offer_within", "3", "working_days"),),
                ),
                ClauseText(
                    "3",
                    "commissioner",
                    "Look at each referral promptly and tell the school what is missing.",
                    (("screen_within", "5", "working_days"),),
                ),
            ),
        ),
        SectionText(
            "Teaching",
            (
                ClauseText(
                    "1",
                    "provider",
                    "Teach to a plan made for the pupil, keeping to what their class is learning.",
                    (("weekly_hours_at_most", "10", "hours"),),
                ),
                ClauseText(
                    "2", "provider", "Assess each new pupil so that work starts at the right place."
                ),
                ClauseText(
                    "3",
                    "school",
                    "Share schemes of work, resources and predicted grades in good time.",
                ),
                ClauseText(
                    "2",
                    "school",
                    "Keep the pupil on roll, and enter them for the examinations they are ready for.",
                ),
                ClauseText(
                    "3",
                    "provider",
                    "Write to the school about progress and attendance.",
                    (("report_every", "1", "terms"),),
                ),
            ),
        ),
        SectionText(
            "Working together",
            (
                ClauseText("1", "school", "Name one person who answers for the pupil's education."),
                ClauseText(
                    "2",
                    "school",
                    "Call the first meeting and then each review, with the pupil, the family and the professionals who know them.",
                    (("review_every", "6", "weeks"),),
                    HEALTH_LAW,
                ),
                ClauseText("4", "school", "Send minutes to everyone who was invited."),
                ClauseText(
                    "5",
                    "all",
                    "Tell each other about any safeguarding concern the same day and keep the record.",
                    (),
                    SAFEGUARDING_LAW,
                ),
                ClauseText(
                    "6",
                    "school",
                    "Send home the news, letters and invitations other pupils receive.",
                ),
            ),
        ),
    ),
)

HOME_TUITION = AgreementText(
    title="Home tuition agreement",
    introduction=(
        "For children with a medical need who are taught at home for a time. Making a referral "
        "means the school works by this agreement; a copy stays with the pupil's record."
    ),
    sections=(
        SectionText(
            "The tuition service",
            (
                ClauseText(
                    "1",
                    "provider",
                    "Offer one-to-one teaching by a qualified teacher, at home or online, as much as health allows.",
                    (("weekly_hours_at_most", "5", "hours"),),
                    HEALTH_LAW,
                ),
                ClauseText(
                    "2", "provider", "Agree an education plan with the school and follow it."
                ),
                ClauseText(
                    "3",
                    "provider",
                    "Say yes or no to each pupil offered, with reasons.",
                    (("answer_offer_within", "5", "working_days"),),
                ),
                ClauseText(
                    "4",
                    "provider",
                    "Tell the school at once about anything that puts the child or their learning at risk.",
                    (),
                    SAFEGUARDING_LAW,
                ),
                ClauseText(
                    "5",
                    "provider",
                    "Ask children and families what they think of the teaching, and act on it.",
                    (),
                    "Working together to safeguard children (2018)",
                ),
                ClauseText(
                    "6",
                    "provider",
                    "Report progress, attendance and assessment to the school in writing.",
                    (("report_every", "1", "terms"),),
                ),
            ),
        ),
        SectionText(
            "The school and its governors",
            (
                ClauseText(
                    "1",
                    "school",
                    "Obtain the parents' permission before talking about a pupil with others.",
                ),
                ClauseText(
                    "2",
                    "school",
                    "Arrange the first meeting and regular reviews, and invite the pupil, the parents and professionals.",
                    (("review_every", "12", "weeks"),),
                ),
                ClauseText(
                    "3",
                    "school",
                    "Plan with the family a return to school in steps, as early as health allows.",
                ),
                ClauseText(
                    "2", "school", "Keep medical evidence up to date while tuition goes on."
                ),
                ClauseText(
                    "4",
                    "school",
                    "Arrange examinations, with an invigilator at home or in hospital where needed.",
                ),
                ClauseText(
                    "5",
                    "school",
                    "Contribute to the cost for each week of term, or part of one, in which tuition takes place.",
                    (("charge_per", "1", "weeks"),),
                ),
            ),
        ),
        SectionText(
            "The local partnership",
            (
                ClauseText(
                    "1",
                    "commissioner",
                    "Screen each referral against the criteria and the medical advice.",
                    (("screen_within", "5", "working_days"),),
                ),
                ClauseText(
                    "2",
                    "commissioner",
                    "Decide at panel without delay once a referral is complete.",
                    (("decide_within", "15", "working_days"),),
                ),
            ),
        ),
    ),
)

ALTERNATIVE_EDUCATION = AgreementText(
    title="Alternative education policy and agreement",
    introduction=(
        "For pupils who learn for part of the week with an alternative provider. The support "
        "service stays responsible for most of the pupil's timetable."
    ),
    sections=(
        SectionText(
            "What providers do",
            (
                ClauseText(
                    "3.1",
                    "provider",
                    "Run a planned programme with clear aims, leading to a recognised qualification where that suits the pupil.",
                ),
                ClauseText(
                    "3.2",
                    "provider",
                    "Give the pupil an induction, and the support service the dates, contacts and timetable.",
                ),
                ClauseText(
                    "3.3",
                    "provider",
                    "Assess the risks of what is taught, by qualified staff, at set times.",
                ),
                ClauseText(
                    "3.4",
                    "provider",
                    "Report on each pupil's progress, attendance, engagement and behaviour.",
                    (("report_every", "1", "terms"),),
                ),
                ClauseText(
                    "3.5",
                    "provider",
                    "Answer an offer of a pupil.",
                    (("answer_offer_within", "5", "working_days"),),
                ),
            ),
        ),
        SectionText(
            "Attendance",
            (
                ClauseText(
                    "4.1",
                    "provider",
                    "Send the register soon after the session starts, morning and afternoon.",
                    (("register_within", "30", "minutes"),),
                ),
                ClauseText(
                    "4.2",
                    "provider",
                    "Tell the support service when a pupil is absent.",
                    (("absence_notice_within", "30", "minutes"),),
                ),
                ClauseText(
                    "4.3",
                    "provider",
                    "Tell the support service when a pupil cannot be accounted for during the day.",
                    (("unaccounted_notice_within", "30", "minutes"),),
                ),
                ClauseText(
                    "4.3",
                    "commissioner",
                    "Chase a register that has not come.",
                    (("register_chased_after", "30", "minutes"),),
                ),
            ),
        ),
        SectionText(
            "What the support service does",
            (
                ClauseText(
                    "5.1",
                    "commissioner",
                    "Name a key contact for every pupil, who visits them.",
                    (("visit_every", "1", "half_terms"),),
                ),
                ClauseText(
                    "5.2",
                    "commissioner",
                    "Meet the provider to look at progress, safeguarding and attendance.",
                    (("meeting_every", "1", "half_terms"),),
                ),
                ClauseText(
                    "5.3",
                    "commissioner",
                    "Hold a review of each placement.",
                    (("review_every", "7", "weeks"),),
                ),
                ClauseText(
                    "5.4",
                    "commissioner",
                    "Provide medical and special-needs reports before the pupil starts.",
                ),
                ClauseText(
                    "5.5",
                    "commissioner",
                    "Use only providers in the directory, and keep most of the timetable in-house.",
                    (("weekly_hours_at_most", "12", "hours"),),
                ),
            ),
        ),
        SectionText(
            "Safeguarding",
            (
                ClauseText(
                    "6.1",
                    "provider",
                    "Report any concern about a pupil's safety at once.",
                    (),
                    SAFEGUARDING_LAW,
                ),
                ClauseText(
                    "6.2",
                    "provider",
                    "Hold the required policies and the record of staff checks, and show them on request.",
                ),
            ),
        ),
    ),
)

HEALTH_NEEDS = AgreementText(
    title="Education for children with health needs",
    introduction=(
        "How schools in this partnership and the teaching service they use look after pupils who "
        "cannot attend because of their health."
    ),
    sections=(
        SectionText(
            "When a pupil first falls ill",
            (
                ClauseText(
                    "1",
                    "school",
                    "Arrange work at home, online or on paper, and record what was set.",
                ),
                ClauseText("2", "school", "Make contact on each day of absence."),
                ClauseText(
                    "3",
                    "commissioner",
                    "Screen the referral when the school's own arrangements are not enough.",
                    (("screen_within", "3", "working_days"),),
                    HEALTH_LAW,
                ),
            ),
        ),
        SectionText(
            "While the pupil is taught elsewhere",
            (
                ClauseText(
                    "1",
                    "provider",
                    "Answer the offer of a pupil.",
                    (("answer_offer_within", "2", "working_days"),),
                ),
                ClauseText(
                    "2",
                    "provider",
                    "Teach the same subjects and materials as far as possible.",
                    (("weekly_hours_at_most", "15", "hours"),),
                ),
                ClauseText(
                    "3",
                    "school",
                    "Keep the pupil in touch with school life through news, invitations and lessons online.",
                ),
                ClauseText(
                    "4",
                    "all",
                    "Review together whether the arrangement still suits the pupil.",
                    (("review_every", "8", "weeks"),),
                ),
            ),
        ),
        SectionText(
            "Coming back",
            (
                ClauseText(
                    "1",
                    "school",
                    "Write a plan for each returning pupil, in phases, with reasonable adjustments.",
                    (),
                    "Equality Act 2010",
                ),
                ClauseText(
                    "2",
                    "school",
                    "Have the head review this policy and the full governing board approve it.",
                    (("policy_review_every", "1", "years"),),
                ),
            ),
        ),
    ),
)

INCLUSION = AgreementText(
    title="What we expect of alternative providers",
    introduction=(
        "For pupils at risk of exclusion who spend some of the week with an alternative provider. "
        "It says what providers do and what the partnership does in return."
    ),
    sections=(
        SectionText(
            "Providers: safety",
            (
                ClauseText(
                    "1",
                    "provider",
                    "Take part in the safeguarding and health-and-safety audit and complete its action plan.",
                    (("audit_every", "2", "years"),),
                ),
                ClauseText(
                    "2",
                    "provider",
                    "Appoint a trained safeguarding lead and keep one record of staff checks.",
                    (),
                    SAFEGUARDING_LAW,
                ),
            ),
        ),
        SectionText(
            "Providers: progress",
            (
                ClauseText(
                    "1",
                    "provider",
                    "State the qualifications, hours and points planned for the pupil before the start.",
                ),
                ClauseText(
                    "2",
                    "provider",
                    "Set targets for each qualification with the partnership and report on them.",
                    (("feedback_at_most", "2", "per_term"),),
                ),
                ClauseText(
                    "3",
                    "provider",
                    "Send original certificates and details of what each pupil achieved.",
                ),
                ClauseText(
                    "4",
                    "provider",
                    "Answer an offer of a pupil.",
                    (("answer_offer_within", "5", "working_days"),),
                ),
            ),
        ),
        SectionText(
            "Providers: systems",
            (
                ClauseText(
                    "1",
                    "provider",
                    "Fix the fee for the school year, and give notice of a change in the summer term before.",
                    (("fee_notice", "1", "terms"),),
                ),
                ClauseText("2", "provider", "Be open on every day the schools are."),
                ClauseText(
                    "3",
                    "provider",
                    "Stay below the size at which provision must register as a school.",
                    (
                        ("unregistered_pupils_at", "5", "pupils"),
                        ("unregistered_hours_at", "18", "hours"),
                    ),
                    "Education and Skills Act 2008",
                ),
                ClauseText(
                    "2",
                    "provider",
                    "Place no pupil with another provider without the partnership's consent.",
                ),
            ),
        ),
        SectionText(
            "The partnership",
            (
                ClauseText(
                    "1",
                    "commissioner",
                    "Describe each pupil: needs, strengths, aptitudes, behaviour, potential and working-at grades.",
                ),
                ClauseText(
                    "2",
                    "commissioner",
                    "Screen referrals and bring complete ones to panel.",
                    (
                        ("screen_within", "5", "working_days"),
                        ("decide_within", "20", "working_days"),
                    ),
                ),
                ClauseText(
                    "3",
                    "commissioner",
                    "Pay each invoice once the tracking due with it is in.",
                    (("payment_within", "30", "days"),),
                ),
                ClauseText(
                    "4",
                    "commissioner",
                    "Review each placement with the school and the provider.",
                    (("review_every", "6", "weeks"),),
                ),
                ClauseText(
                    "5",
                    "commissioner",
                    "Balance groups across partnerships and keep visit findings confidential until the provider has commented.",
                    (("weekly_hours_at_most", "18", "hours"),),
                ),
            ),
        ),
    ),
)
