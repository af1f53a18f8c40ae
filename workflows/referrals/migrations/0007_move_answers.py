"""What was written in columns becomes answers, with its history.

Every referral made before belongs to the first version of its partnership's questionnaire, which
asks what the columns held.
"""

from django.db import migrations

KEYS = (
    "reason",
    "needs",
    "strengths",
    "aptitudes",
    "behaviour",
    "potential",
    "working_at",
    "tried_first",
    "pupil_views",
    "parent_views",
)
VALUES = ", ".join(f"('{key}', old.{key})" for key in KEYS)

VERSIONS = """
UPDATE referrals_referral SET questionnaire_version_id = version.id
FROM cases_case, questionnaires_questionnaire asked, questionnaires_questionnaireversion version
WHERE cases_case.id = referrals_referral.case_id
    AND asked.partnership_id = cases_case.partnership_id
    AND version.questionnaire_id = asked.id AND version.number = 1
"""

# Only names of our own are put into the statements.
ANSWERS = f"""
INSERT INTO referrals_answer (referral_id, case_id, key, value, audience)
SELECT old.id, old.case_id, said.key, to_jsonb(said.words), 'parties'
FROM referrals_referral old CROSS JOIN LATERAL (VALUES {VALUES}) AS said (key, words)
WHERE said.words ~ '[^[:space:]]'
ORDER BY old.id, said.key
"""  # noqa: S608  (names of our own)

# One row for each time a column was written, changed or emptied. An answer that is empty by now has
# no row of its own, and its history the number 0.
HISTORY = f"""
INSERT INTO referrals_answerevent (
    pgh_created_at, pgh_label, pgh_context_id, pgh_obj_id, id,
    referral_id, case_id, key, value, audience
)
SELECT
    said.pgh_created_at,
    CASE WHEN said.before = '' THEN 'insert' WHEN said.words = '' THEN 'delete' ELSE 'update' END,
    said.pgh_context_id, COALESCE(answer.id, 0), COALESCE(answer.id, 0),
    said.referral_id, said.case_id, said.key,
    to_jsonb(CASE WHEN said.words = '' THEN said.before ELSE said.words END), 'parties'
FROM (
    SELECT
        old.pgh_id, old.pgh_created_at, old.pgh_context_id, old.id AS referral_id, old.case_id,
        each.key, each.words,
        COALESCE(
            lag(each.words) OVER (PARTITION BY old.id, each.key ORDER BY old.pgh_id), ''
        ) AS before
    FROM referrals_referralevent old CROSS JOIN LATERAL (VALUES {VALUES}) AS each (key, words)
) AS said
LEFT JOIN referrals_answer answer
    ON answer.referral_id = said.referral_id AND answer.key = said.key
WHERE said.words <> said.before
ORDER BY said.pgh_id, said.key
"""  # noqa: S608  (names of our own)

# The way back: the latest words of each answer, where there are any.
BACK = " ".join(
    f"""
    UPDATE referrals_referral SET {key} = answer.value #>> '{{}}'
    FROM referrals_answer answer
    WHERE answer.referral_id = referrals_referral.id AND answer.key = '{key}';
    """  # noqa: S608  (names of our own)
    for key in KEYS
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_answers")]

    operations = [
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ANSWERS, BACK),
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
    ]
