"""What was in use stays as it was; every partnership begins with the questions asked until now."""

import hashlib
import json

from django.db import migrations
from django.utils import timezone

# Written out, so that this migration does the same whatever the standard becomes later.
SECTIONS = [
    (
        "profile",
        "Reason and profile",
        [
            ("reason", "Why are you referring the pupil?", "", True),
            ("needs", "What are the pupil’s needs?", "", True),
            ("strengths", "What are the pupil’s strengths?", "", True),
            ("aptitudes", "What does the pupil enjoy and do well?", "Interests, talents", False),
            ("behaviour", "How does the pupil behave, and what helps?", "", True),
            ("potential", "What could the pupil achieve?", "", False),
            ("working_at", "What grades or levels is the pupil working at?", "By subject", True),
        ],
    ),
    (
        "views",
        "What was tried first, and views",
        [
            (
                "tried_first",
                "What has the school tried first?",
                "With dates, and how the school has kept in touch with the family",
                True,
            ),
            ("pupil_views", "What does the pupil say?", "", True),
            ("parent_views", "What do the parents or carers say?", "", True),
        ],
    ),
]

PROTECT = """
CREATE TRIGGER protect_published BEFORE UPDATE OR DELETE ON questionnaires_questionnaireversion
    FOR EACH ROW WHEN (OLD.status <> 'draft')
    EXECUTE FUNCTION permissions_refuse_change('status');
CREATE TRIGGER protect_status BEFORE UPDATE ON questionnaires_questionnaireversion
    FOR EACH ROW WHEN (
        OLD.status <> NEW.status
        AND (OLD.status, NEW.status) NOT IN (('draft', 'published'), ('published', 'superseded'))
    )
    EXECUTE FUNCTION permissions_refuse_change();
CREATE TRIGGER protect_table BEFORE TRUNCATE ON questionnaires_questionnaireversion
    FOR EACH STATEMENT EXECUTE FUNCTION permissions_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER protect_published ON questionnaires_questionnaireversion;
DROP TRIGGER protect_status ON questionnaires_questionnaireversion;
DROP TRIGGER protect_table ON questionnaires_questionnaireversion;
"""


def content():
    """Answer the questions as a version keeps them."""
    return {
        "sections": [
            {
                "key": key,
                "title": title,
                "help": "",
                "questions": [
                    {
                        "key": name,
                        "label": label,
                        "help": hint,
                        "kind": "long_text",
                        "choices": [],
                        "required": required,
                        "shown_if": None,
                        "audience": "parties",
                    }
                    for name, label, hint, required in questions
                ],
            }
            for key, title, questions in SECTIONS
        ]
    }


def begin(apps, schema_editor):
    """Give every partnership its first version."""
    organisation = apps.get_model("permissions", "Organisation")
    questionnaire = apps.get_model("questionnaires", "Questionnaire")
    version = apps.get_model("questionnaires", "QuestionnaireVersion")
    standard = content()
    canonical = json.dumps(standard, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for partnership in organisation.objects.filter(kind="partnership"):
        version.objects.create(
            questionnaire=questionnaire.objects.create(partnership=partnership),
            number=1,
            status="published",
            content=standard,
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            published_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_initial")]

    operations = [
        migrations.RunSQL(PROTECT, UNPROTECT),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
