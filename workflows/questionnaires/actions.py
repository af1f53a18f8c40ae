"""The only writers of questionnaires: begin a draft, change it, publish or discard it.

Every change locks the draft first and is made to what stands there now, so that two administrators
at once lose nothing: each change is one section's or one question's, and whoever would overwrite
words that they have not seen is told first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from permissions import audit, checks
from workflows.engine.exceptions import NotAllowed
from workflows.questionnaires import queries, rules
from workflows.questionnaires.models import QuestionnaireVersion
from workflows.questionnaires.states import Status

if TYPE_CHECKING:
    from permissions.models import Organisation, User

NO_DRAFT = (
    "This draft has been published or discarded meanwhile. Go back to the versions to see what is "
    "in use."
)
REMOVED = "Somebody has removed this from the draft meanwhile. Go back to the draft to see it."


class ChangedMeanwhile(NotAllowed):
    """Somebody else changed the same words after they were read; nothing was overwritten."""


def begin_draft(*, partnership: Organisation, by: User) -> QuestionnaireVersion:
    """Begin a draft from the version in use, or go on with the one that is there.

    Raises NotPermitted.
    """
    with audit.acting(by), transaction.atomic():
        checks.require_here_or_above(by, "change_questionnaire", partnership)
        in_use = queries.version_for(partnership)
        # Two who begin at once wait here for each other.
        questionnaire = (
            type(in_use.questionnaire).objects.select_for_update().get(pk=in_use.questionnaire_id)
        )
        there = questionnaire.versions.filter(status=Status.DRAFT).first()
        if there is not None:
            return there
        newest = questionnaire.versions.order_by("-number").first() or in_use
        return QuestionnaireVersion.objects.create(
            questionnaire=questionnaire,
            number=newest.number + 1,
            content=queries.version_for(partnership).content,
            changed_by=by,
        )


def _lock(partnership: Organisation, by: User) -> QuestionnaireVersion:
    checks.require_here_or_above(by, "change_questionnaire", partnership)
    draft = (
        QuestionnaireVersion.objects.select_for_update()
        .filter(questionnaire__partnership=partnership, status=Status.DRAFT)
        .first()
    )
    if draft is None:
        raise NotAllowed(NO_DRAFT)
    return draft


def _change(
    partnership: Organisation, by: User, edit: Callable[[rules.Content], rules.Content]
) -> QuestionnaireVersion:
    """Lock the draft and make one change to it. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        draft = _lock(partnership, by)
        try:
            content = rules.write(edit(rules.read(draft.content)))
        except KeyError:
            raise NotAllowed(REMOVED) from None
        if content != draft.content:
            draft.content = content
            draft.revision += 1
            draft.changed_at = timezone.now()
            draft.changed_by = by
            draft.save()
    return draft


def _require_seen(
    draft: QuestionnaireVersion, part: rules.Section | rules.Question, seen: str
) -> None:
    if rules.fingerprint_of(part) != seen:
        who = draft.changed_by.get_full_name() if draft.changed_by else "Somebody"
        at = timezone.localtime(draft.changed_at)
        raise ChangedMeanwhile(
            f"This was changed after you opened it; the last to change the draft was {who}, at "
            f"{at:%H:%M}. What it says now is below, your own words are in the form. Save again to "
            "put yours in its place."
        )


def add_section(*, partnership: Organisation, title: str, hint: str, by: User) -> str:
    """Put a section at the end of the draft; returns its key. Raises NotPermitted, NotAllowed."""
    made: list[str] = []

    def edit(content: rules.Content) -> rules.Content:
        taken = {section.key for section in content.sections}
        made.append(rules.new_key(title, taken, otherwise="section"))
        return rules.add_section(content, rules.Section(made[0], title.strip(), help=hint.strip()))

    _change(partnership, by, edit)
    return made[0]


def change_section(
    *, partnership: Organisation, key: str, title: str, hint: str, seen: str, by: User
) -> None:
    """Name a section anew. `seen` is its fingerprint when it was read.

    Raises NotPermitted, NotAllowed, ChangedMeanwhile.
    """
    with transaction.atomic():
        draft = _lock(partnership, by)
        for section in rules.read(draft.content).sections:
            if section.key == key:
                _require_seen(draft, section, seen)
        _change(
            partnership,
            by,
            lambda content: rules.change_section(
                content, key, title=title.strip(), hint=hint.strip()
            ),
        )


def move_section(*, partnership: Organisation, key: str, step: int, by: User) -> None:
    """Move a section up (-1) or down (1). Raises NotPermitted, NotAllowed."""
    _change(partnership, by, lambda content: rules.move_section(content, key, step))


def remove_section(*, partnership: Organisation, key: str, by: User) -> None:
    """Take a section out of the draft, with its questions. Raises NotPermitted, NotAllowed."""
    _change(partnership, by, lambda content: rules.remove_section(content, key))


def add_question(
    *, partnership: Organisation, section: str, question: rules.Question, by: User
) -> str:
    """Put a question at the end of a section; returns the key made for it.

    The key that `question` came with is not used. Raises NotPermitted, NotAllowed.
    """
    made: list[str] = []

    def edit(content: rules.Content) -> rules.Content:
        taken = {*content.by_key, *queries.kinds_asked(partnership)}
        made.append(rules.new_key(question.label, taken))
        return rules.add_question(content, section, rules.renamed(question, made[0]))

    _change(partnership, by, edit)
    return made[0]


def change_question(
    *, partnership: Organisation, question: rules.Question, section: str, seen: str, by: User
) -> None:
    """Ask a question in another way, or in another section. `seen` is its fingerprint when read.

    Raises NotPermitted, NotAllowed, ChangedMeanwhile.
    """
    with transaction.atomic():
        draft = _lock(partnership, by)
        there = rules.read(draft.content).by_key.get(question.key)
        if there is not None:
            _require_seen(draft, there, seen)
        _change(partnership, by, lambda content: rules.change_question(content, question, section))


def move_question(*, partnership: Organisation, key: str, step: int, by: User) -> None:
    """Move a question up (-1) or down (1). Raises NotPermitted, NotAllowed."""
    _change(partnership, by, lambda content: rules.move_question(content, key, step))


def remove_question(*, partnership: Organisation, key: str, by: User) -> None:
    """Take a question out of the draft; answers given to it stay. Raises NotPermitted, NotAllowed."""
    _change(partnership, by, lambda content: rules.remove_question(content, key))


def discard_draft(*, partnership: Organisation, by: User) -> None:
    """Throw the draft away. Raises NotPermitted, NotAllowed."""
    with audit.acting(by), transaction.atomic():
        _lock(partnership, by).delete()


def publish(*, partnership: Organisation, revision: int, by: User) -> QuestionnaireVersion:
    """Put the draft into use. Referrals begun before keep the version they were begun with.

    `revision` is the draft's when the changes were read: what has changed since is shown first.
    Raises NotPermitted, NotAllowed for a draft with problems or without a change, ChangedMeanwhile.
    """
    with audit.acting(by), transaction.atomic():
        draft = _lock(partnership, by)
        if draft.revision != revision:
            raise ChangedMeanwhile(
                "The draft was changed after you opened this page. What changes is listed anew: "
                "read it once more before you publish."
            )
        content = rules.read(draft.content)
        if found := rules.problems(content, queries.kinds_asked(partnership)):
            raise NotAllowed(found[0].text)
        in_use = QuestionnaireVersion.objects.select_for_update().get(
            questionnaire=draft.questionnaire_id, status=Status.PUBLISHED
        )
        if in_use.content == draft.content:
            raise NotAllowed("The draft asks nothing else than the version in use.")
        in_use.status = Status.SUPERSEDED
        in_use.save(update_fields=["status"])
        draft.status = Status.PUBLISHED
        draft.sha256 = rules.fingerprint(draft.content)
        draft.published_at = timezone.now()
        draft.published_by = by
        draft.save()
    return draft
