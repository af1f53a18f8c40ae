"""Teaching at home and in hospital, and for children with health needs."""

from portal.demonstration.texts.shape import (
    HEALTH_LAW,
    SAFEGUARDING_LAW,
    AgreementText,
    ClauseText,
    SectionText,
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
