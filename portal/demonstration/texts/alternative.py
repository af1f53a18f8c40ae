"""Places away from school: alternative education, and what is expected of its providers."""

from portal.demonstration.texts.shape import (
    SAFEGUARDING_LAW,
    AgreementText,
    ClauseText,
    SectionText,
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
