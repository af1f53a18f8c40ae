"""What Django's constraints cannot say: which kind belongs to which, and which roles a kind has.

The two tables repeat permissions/roles.py as it was when this was written; a change there needs a
migration of its own, and a test compares the two.
"""

from django.db import migrations

from permissions.appendonly import (
    CREATE_CONTEXT_PROTECTION,
    DROP_CONTEXT_PROTECTION,
    Protect,
)

CREATE_PARENT_RULE = """
CREATE FUNCTION permissions_check_parent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'An organisation keeps its kind: make a new one.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM permissions_organisation AS parent
        WHERE parent.id = NEW.parent_id AND (NEW.kind, parent.kind) IN (
            ('partnership', 'local_authority'), ('school', 'partnership')
        )
    ) THEN
        RAISE EXCEPTION 'A % cannot belong to that organisation.', NEW.kind
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER check_parent BEFORE INSERT OR UPDATE OF kind, parent_id ON permissions_organisation
    FOR EACH ROW EXECUTE FUNCTION permissions_check_parent();
"""
DROP_PARENT_RULE = """
DROP TRIGGER check_parent ON permissions_organisation;
DROP FUNCTION permissions_check_parent();
"""

CREATE_ROLE_RULE = """
CREATE FUNCTION permissions_check_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM permissions_organisation AS organisation
        WHERE organisation.id = NEW.organisation_id AND (organisation.kind, NEW.role) IN (
            ('local_authority', 'officer'),
            ('local_authority', 'finance'),
            ('local_authority', 'quality_officer'),
            ('local_authority', 'editor'),
            ('local_authority', 'administrator'),
            ('local_authority', 'auditor'),
            ('partnership', 'panel_member'),
            ('partnership', 'panel_chair'),
            ('partnership', 'officer'),
            ('partnership', 'finance'),
            ('partnership', 'quality_officer'),
            ('partnership', 'editor'),
            ('partnership', 'administrator'),
            ('partnership', 'auditor'),
            ('school', 'referrer'),
            ('school', 'head'),
            ('school', 'safeguarding_lead'),
            ('school', 'attendance_officer'),
            ('provider', 'signatory'),
            ('provider', 'tutor'),
            ('provider', 'safeguarding_lead'),
            ('provider', 'finance')
        )
    ) THEN
        RAISE EXCEPTION 'There is no role % in that organisation.', NEW.role
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER check_role BEFORE INSERT OR UPDATE OF role, organisation_id ON permissions_membership
    FOR EACH ROW EXECUTE FUNCTION permissions_check_role();
CREATE TRIGGER check_role BEFORE INSERT OR UPDATE OF role, organisation_id ON permissions_rolegroup
    FOR EACH ROW EXECUTE FUNCTION permissions_check_role();
"""
DROP_ROLE_RULE = """
DROP TRIGGER check_role ON permissions_membership;
DROP TRIGGER check_role ON permissions_rolegroup;
DROP FUNCTION permissions_check_role();
"""


class Migration(migrations.Migration):
    """Put the rules into the database."""

    dependencies = [("permissions", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_PARENT_RULE, DROP_PARENT_RULE),
        migrations.RunSQL(CREATE_ROLE_RULE, DROP_ROLE_RULE),
        migrations.RunSQL(CREATE_CONTEXT_PROTECTION, DROP_CONTEXT_PROTECTION),
        Protect("permissions_readrecord"),
    ]
