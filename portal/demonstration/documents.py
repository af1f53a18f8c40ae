"""What the first partnership publishes beside its agreement, so that each kind can be looked at.

A policy that head and board have approved and that is soon to be reviewed, an agreement on data, and
an agreement for one activity that asks for the safeguarding lead. They are published before the
partnership's own agreement: the newest is the one that it works by.
"""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.text import slugify

from pages import access, publishing
from pages.models import AgreementPage, DataSharingAgreementPage, PolicyPage, TextPage
from permissions.models import Organisation
from permissions.roles import Role
from portal.demonstration import texts
from portal.demonstration.area import Area, accept, blocks
from workflows.agreements import actions, rules
from workflows.agreements.models import Agreement
from workflows.agreements.states import ActKind, Kind, Mode, Scope

#: The policy is reviewed so many days after it was published: its task is there when it is looked at.
POLICY_DAYS: Final = 215

POLICY: Final = texts.AgreementText(
    title="Policy on pupils who cannot attend school",
    introduction="How the schools of the partnership keep teaching a pupil who is too ill to come in.",
    sections=(
        texts.SectionText(
            "What every school does",
            (
                texts.ClauseText(
                    "1",
                    "school",
                    "Name one person who keeps in touch with the family while the pupil is away.",
                ),
                texts.ClauseText(
                    "2", "school", "Ask the pupil what would help, and write the answer down."
                ),
                texts.ClauseText(
                    "3",
                    "commissioner",
                    "Read this policy again with the schools as often as it says.",
                ),
            ),
        ),
    ),
)

DATA: Final = texts.AgreementText(
    title="How we share what we know about pupils",
    introduction="What schools, providers and the partnership may tell each other, and how.",
    sections=(
        texts.SectionText(
            "Keeping it safe",
            (
                texts.ClauseText(
                    "1",
                    "all",
                    "Tell each other only what is needed to teach and protect the pupil.",
                ),
                texts.ClauseText(
                    "2",
                    "all",
                    "Tell the partnership on the same day when something has gone astray.",
                ),
            ),
        ),
    ),
)

ACTIVITY: Final = texts.AgreementText(
    title="Agreement for a single activity",
    introduction="For an activity away from school that is offered for some weeks only.",
    sections=(
        texts.SectionText(
            "The activity",
            (
                texts.ClauseText("1", "provider", "Say who leads the activity, and who stands in."),
                texts.ClauseText("2", "school", "Tell the provider each morning who is coming."),
            ),
        ),
    ),
)


def publish(area: Area, partnership: Organisation) -> None:
    """Write and publish all three, as the partnership's administrator would."""
    school, provider = area.schools[partnership.pk][0], area.providers[partnership.pk][0]
    _policy(area, partnership)
    data = _data_sharing(area, partnership)
    activity = _activity(area, partnership)
    # The school has still to accept the agreement on data.
    for party in (provider, school):
        actions.ask_to_accept(agreement=data, organisation=party, by=None)
    accept(area, data, provider)
    request = actions.ask_to_accept(
        agreement=activity, organisation=provider, activity="Climbing on Thursdays", by=None
    )
    assert request is not None
    trained = timezone.localdate() - datetime.timedelta(days=90)
    lead = area.person(provider, Role.SAFEGUARDING_LEAD)
    accept(
        area,
        activity,
        provider,
        activity=request.activity,
        lead=rules.SafeguardingLead(lead.name, lead.email, trained, True),
    )


def _policy(area: Area, partnership: Organisation) -> None:
    page = _draft(area, partnership, PolicyPage, POLICY, _days_on(POLICY_DAYS))
    agreement = actions.create_agreement(
        partnership=partnership,
        title=page.title,
        kind=Kind.POLICY,
        mode=Mode.IMPLIED,
        by=area.person(partnership, Role.ADMINISTRATOR),
        page_id=page.pk,
    )
    for kind, role in (
        (ActKind.HEAD_REVIEW, "Headteacher"),
        (ActKind.BOARD_APPROVAL, "Chair of governors"),
    ):
        head = area.person(area.schools[partnership.pk][0], Role.HEAD)
        actions.record_policy_act(
            agreement=agreement,
            kind=kind,
            name=head.name if kind == ActKind.HEAD_REVIEW else "Rosalind Achterberg",
            role=role,
            act_date=timezone.localdate(),
            text_sha256=publishing.text_hash(page),
            by=area.person(partnership, Role.ADMINISTRATOR),
        )
    _publish(area, partnership, page)


def _data_sharing(area: Area, partnership: Organisation) -> Agreement:
    page = _draft(
        area,
        partnership,
        DataSharingAgreementPage,
        DATA,
        _days_on(365),
        purpose="To find a place for a pupil who cannot be in school, and to keep the pupil safe there.",
        lawful_basis="The task in the public interest that education law gives to schools and councils.",
        data="Names, dates of birth, what helps the pupil to learn, attendance and progress.",
        retention="Until six years after the pupil has left the placement.",
        principles="Only what is needed.\nOnly with those who need it.\nNever by open e-mail.",
        measures="Everything is sent through Accord.\nEach person signs in with an account of their own.",
    )
    return _publish(area, partnership, page)


def _activity(area: Area, partnership: Organisation) -> Agreement:
    page = _draft(
        area,
        partnership,
        AgreementPage,
        ACTIVITY,
        _days_on(365),
        mode=Mode.SIGNATURE,
        scope=Scope.ACTIVITY,
        asks_safeguarding_lead=True,
    )
    return _publish(area, partnership, page)


def _draft(
    area: Area,
    partnership: Organisation,
    model: type[TextPage],
    text: texts.AgreementText,
    review_date: datetime.date,
    **fields: Any,
) -> TextPage:
    parent = access.make_partnership_page(partnership=partnership)
    page = model(
        title=text.title,
        slug=slugify(text.title),
        intro=text.introduction,
        issued_date=timezone.localdate(),
        review_date=review_date,
        sections=blocks(text.title, text),
        live=False,
        **fields,
    )
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision(user=area.person(partnership, Role.ADMINISTRATOR))
    return page


def _publish(area: Area, partnership: Organisation, page: TextPage) -> Agreement:
    administrator = area.person(partnership, Role.ADMINISTRATOR)
    page.get_latest_revision().publish(user=administrator)
    return Agreement.objects.get(page_id=page.pk)


def _days_on(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)
