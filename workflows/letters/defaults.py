"""The texts that Accord brings along, until a partnership writes its own: data, not code."""

from __future__ import annotations

from typing import Final

from .states import Addressee, Kind

_TO_SCHOOL = """Dear colleague,

We write about your referral of {pupil full name}, born {pupil date of birth}, in year {pupil year group}."""

_TO_FAMILY = """Dear parent or carer,

{school name} asked {partnership name} for help with the education of {pupil first name}."""

_CONTACT = """If you have a question, write to {partnership name} and give the case reference {case reference}.

Email: {partnership email}"""

_CONTACT_FAMILY = """If you have a question, talk to {school name}, or write to {partnership name} and give the case reference {case reference}.

Email: {partnership email}"""

_CHAIR = """{chair name}

Chair of the panel, {partnership name}"""

_REVIEWER = """{reviewer name}

{authority name}"""

#: Heading and text of every letter.
TEXTS: Final[dict[tuple[Kind, Addressee], tuple[str, str]]] = {
    (Kind.DECISION_ACCEPTED, Addressee.SCHOOL): (
        "Decision on the referral {case reference}",
        f"""{_TO_SCHOOL}

# The panel’s decision

On {{decision date}} the panel accepted the referral. The partnership now looks for a place with a provider from its directory, and Accord tells you when a provider has been offered the pupil.

# Reasons

{{reasons}}

# Conditions

{{conditions}}

# What happens next

Please tell the parents or carers and the pupil of the decision, and go on providing work and keeping in touch until the placement starts.

{_CONTACT}

{_CHAIR}""",
    ),
    (Kind.DECISION_ACCEPTED, Addressee.FAMILY): (
        "What was decided for {pupil first name}",
        f"""{_TO_FAMILY}

# What was decided

On {{decision date}} a panel looked at everything that was sent to it. It agreed that {{pupil first name}} should have a place with a provider for a while. We are looking for the right one now.

# Why

{{reasons}}

# What was asked for

{{conditions}}

# What happens next

The school stays in touch with you, and goes on giving {{pupil first name}} work until the place starts. You will be asked what you think before anything is arranged.

{_CONTACT_FAMILY}

{_CHAIR}""",
    ),
    (Kind.DECISION_DECLINED, Addressee.SCHOOL): (
        "Decision on the referral {case reference}",
        f"""{_TO_SCHOOL}

# The panel’s decision

On {{decision date}} the panel declined the referral. The school goes on making provision for the pupil.

# Reasons

{{reasons}}

# Advice

{{conditions}}

# What happens next

Please tell the parents or carers and the pupil of the decision and its reasons. If something important changes, you can refer the pupil again.

# If you disagree

You can ask for a review of this decision until {{ask for a review by}}. Open the case in Accord, choose “Ask for a review of the decision” and give your reasons. A parent or carer can ask through you. Somebody who took no part in the decision looks at it again.

{_CONTACT}

{_CHAIR}""",
    ),
    (Kind.DECISION_DECLINED, Addressee.FAMILY): (
        "What was decided for {pupil first name}",
        f"""{_TO_FAMILY}

# What was decided

On {{decision date}} a panel looked at everything that was sent to it. It decided not to offer {{pupil first name}} a place with a provider. The school goes on teaching {{pupil first name}}.

# Why

{{reasons}}

# What the panel suggests

{{conditions}}

# If you disagree

You can ask for this decision to be looked at again. Tell the school why before {{ask for a review by}}, or on that day, and the school will pass your reasons on. Somebody who took no part in the decision will look at it again and write to you.

{_CONTACT_FAMILY}

{_CHAIR}""",
    ),
    (Kind.DECISION_DEFERRED, Addressee.SCHOOL): (
        "Decision on the referral {case reference}",
        f"""{_TO_SCHOOL}

# The panel’s decision

On {{decision date}} the panel deferred the referral: it will decide later.

Deferred until: {{deferred until}}

# Reasons

{{reasons}}

# What the panel asks for

{{conditions}}

# What happens next

You need to do nothing unless the reasons ask you for something. Please tell the parents or carers and the pupil that the decision has been put off, and why.

{_CONTACT}

{_CHAIR}""",
    ),
    (Kind.DECISION_DEFERRED, Addressee.FAMILY): (
        "The decision for {pupil first name} is put off",
        f"""{_TO_FAMILY}

# What was decided

On {{decision date}} a panel looked at everything that was sent to it. It has not decided yet.

Put off until: {{deferred until}}

# Why

{{reasons}}

# What happens next

The school goes on teaching {{pupil first name}} and tells you when the panel has decided.

{_CONTACT_FAMILY}

{_CHAIR}""",
    ),
    (Kind.REVIEW_UPHELD, Addressee.SCHOOL): (
        "Review of the decision on the referral {case reference}",
        f"""{_TO_SCHOOL}

On {{review asked on}} you asked for a review of the panel’s decision of {{decision date}}.

# The outcome

On {{reviewed on}} the review found that the decision stays as it is.

# Reasons

{{reasons of the review}}

# What happens next

Please tell the parents or carers and the pupil. If something important changes, you can refer the pupil again.

{_CONTACT}

{_REVIEWER}""",
    ),
    (Kind.REVIEW_UPHELD, Addressee.FAMILY): (
        "The decision for {pupil first name} was looked at again",
        f"""{_TO_FAMILY}

On {{review asked on}} we were asked to look again at the decision of {{decision date}}. Somebody who had taken no part in it did so.

# What was decided

The decision stays as it is.

# Why

{{reasons of the review}}

# What happens next

The school goes on teaching {{pupil first name}}. If something important changes, the school can ask again.

{_CONTACT_FAMILY}

{_REVIEWER}""",
    ),
    (Kind.REVIEW_RETURNED, Addressee.SCHOOL): (
        "Review of the decision on the referral {case reference}",
        f"""{_TO_SCHOOL}

On {{review asked on}} you asked for a review of the panel’s decision of {{decision date}}.

# The outcome

On {{reviewed on}} the review found that the panel should decide again. The case is open again and with the panel.

# Reasons

{{reasons of the review}}

# What happens next

You need to do nothing. If there is new evidence, add it to the case now. You will get a letter with the new decision.

{_CONTACT}

{_REVIEWER}""",
    ),
    (Kind.REVIEW_RETURNED, Addressee.FAMILY): (
        "The decision for {pupil first name} was looked at again",
        f"""{_TO_FAMILY}

On {{review asked on}} we were asked to look again at the decision of {{decision date}}. Somebody who had taken no part in it did so.

# What was decided

The panel will look at it once more and decide again.

# Why

{{reasons of the review}}

# What happens next

The school tells you when the panel has decided.

{_CONTACT_FAMILY}

{_REVIEWER}""",
    ),
    (Kind.PERMISSION_WITHDRAWN, Addressee.SCHOOL): (
        "Parental permission withdrawn: {case reference}",
        f"""{_TO_SCHOOL}

On {{withdrawn on}} permission to share information about the pupil was withdrawn.

Withdrawn by: {{withdrawn by}}

# What this means

The case has stopped. Nothing more is shared with anybody outside the school and the local authority, and those who had been given information have been told to use it no longer.

# What happens next

The school goes on making provision for the pupil. With new permission, you can refer the pupil again.

{_CONTACT}""",
    ),
    (Kind.PERMISSION_WITHDRAWN, Addressee.FAMILY): (
        "Your permission for {pupil first name} is withdrawn",
        f"""{_TO_FAMILY}

On {{withdrawn on}} you told the school that you no longer permit information about {{pupil first name}} to be shared.

# What this means

We have stopped. Nothing more is shared, and whoever had been given information has been told.

# What happens next

The school goes on teaching {{pupil first name}}. If you change your mind, tell the school.

{_CONTACT_FAMILY}""",
    ),
}
