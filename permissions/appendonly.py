"""Tables whose rows stay as they were written, enforced by the database.

`Protect` is a migration operation: put it after the CreateModel of an append-only table. The triggers
refuse UPDATE, DELETE and TRUNCATE with an IntegrityError, for Django and for raw SQL alike, and no
session setting turns them off. `RefuseRows` and `RefuseTruncate` are the same two triggers for a
model's `Meta.triggers`, which is how every history table gets them.
"""

from collections.abc import Sequence

import pgtrigger
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

FUNCTION = "permissions_refuse_change"

# The arguments of the trigger are the columns that may still change.
CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0
        AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION
        'Rows of % stay as they were written: they cannot be changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;
"""
DROP_FUNCTION = f"DROP FUNCTION {FUNCTION}();"

# Who made a change is written with the change. The library may add what it learns later in the same
# request (who has just signed in); what is written once stays.
CREATE_CONTEXT_PROTECTION = f"""
CREATE OR REPLACE FUNCTION permissions_refuse_context_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = OLD.id AND NEW.created_at = OLD.created_at
        AND NEW.metadata @> jsonb_strip_nulls(OLD.metadata)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Who made a change stays as it was written.'
        USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER protect_update BEFORE UPDATE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION permissions_refuse_context_change();
CREATE TRIGGER protect_delete BEFORE DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION {FUNCTION}();
CREATE TRIGGER protect_table BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}();
"""
DROP_CONTEXT_PROTECTION = """
DROP TRIGGER protect_update ON pghistory_context;
DROP TRIGGER protect_delete ON pghistory_context;
DROP TRIGGER protect_table ON pghistory_context;
DROP FUNCTION permissions_refuse_context_change();
"""


class Protect(Operation):
    """Make the rows of a table unchangeable; `except_columns` may still be changed."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, except_columns: Sequence[str] = ()) -> None:
        self.table = table
        self.except_columns = tuple(except_columns)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in Django's picture of the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the two triggers."""
        table = schema_editor.quote_name(self.table)
        columns = ", ".join("'" + column.replace("'", "''") + "'" for column in self.except_columns)
        schema_editor.execute(
            f"CREATE TRIGGER protect_rows BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}({columns})",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER protect_table BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
            params=None,
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the two triggers."""
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"DROP TRIGGER protect_rows ON {table}", params=None)
        schema_editor.execute(f"DROP TRIGGER protect_table ON {table}", params=None)

    def describe(self) -> str:
        """Return the line that migrate prints."""
        return f"Make the rows of {self.table} unchangeable"


class _Refuse(pgtrigger.Trigger):
    """A trigger that runs our function instead of the library's, which a setting can turn off."""

    when = pgtrigger.Before
    func = "RETURN NULL;"

    def render_execute(self, model: models.Model) -> str:
        """Return the function to run."""
        return f"{FUNCTION}()"


class RefuseRows(_Refuse):
    """Refuse UPDATE and DELETE."""

    name = "protect_rows"
    operation = pgtrigger.Update | pgtrigger.Delete


class RefuseTruncate(_Refuse):
    """Refuse TRUNCATE."""

    name = "protect_table"
    level = pgtrigger.Statement
    operation = pgtrigger.Truncate
