"""A review that waits until it is near has no task yet: its process takes the case's reference."""

from django.db import migrations

NAME_PROCESSES = """
UPDATE engine_process SET reference = cases_case.reference
FROM reviews_review, placements_placement, cases_case, django_content_type
WHERE engine_process.reference = ''
    AND django_content_type.app_label = 'reviews' AND django_content_type.model = 'review'
    AND engine_process.subject_type_id = django_content_type.id
    AND engine_process.subject_id = reviews_review.id
    AND placements_placement.id = reviews_review.placement_id
    AND cases_case.id = placements_placement.case_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engine", "0003_desk"),
        ("cases", "0001_initial"),
        ("reviews", "0002_counted_date"),
    ]

    operations = [migrations.RunSQL(NAME_PROCESSES, migrations.RunSQL.noop)]
