"""A version that was in use stays as it was; only a draft can be changed or thrown away."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER protect_published BEFORE UPDATE OR DELETE ON criteria_decisiontableversion
    FOR EACH ROW WHEN (OLD.status <> 'draft')
    EXECUTE FUNCTION permissions_refuse_change('status');
CREATE TRIGGER protect_status BEFORE UPDATE ON criteria_decisiontableversion
    FOR EACH ROW WHEN (
        OLD.status <> NEW.status
        AND (OLD.status, NEW.status) NOT IN (('draft', 'published'), ('published', 'superseded'))
    )
    EXECUTE FUNCTION permissions_refuse_change();
CREATE TRIGGER protect_table BEFORE TRUNCATE ON criteria_decisiontableversion
    FOR EACH STATEMENT EXECUTE FUNCTION permissions_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER protect_published ON criteria_decisiontableversion;
DROP TRIGGER protect_status ON criteria_decisiontableversion;
DROP TRIGGER protect_table ON criteria_decisiontableversion;
"""


class Migration(migrations.Migration):
    """Make the triggers."""

    dependencies = [("criteria", "0001_initial"), ("permissions", "0001_initial")]

    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
