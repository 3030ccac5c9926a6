"""Migration operations of the wall: walling a table, and references that cannot leave the district."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from firstbell.domain.districts.wall import CURRENT_DISTRICT

OWN_ROWS = f"district_id = {CURRENT_DISTRICT}"
OWN_ROWS_AND_THE_INSTALLATIONS = f"district_id is null or {OWN_ROWS}"


class WallOperation(Operation):
    """SQL forwards and back on one model's table; Django's picture of the model does not change."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing to tell Django."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the SQL of `forwards`."""
        for statement in self.forwards(to_state, app_label):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run the SQL of `backwards`."""
        for statement in self.backwards(from_state, app_label):
            schema_editor.execute(statement, params=None)

    def forwards(self, state: ProjectState, app_label: str) -> list[str]:
        """The statements that build."""
        raise NotImplementedError

    def backwards(self, state: ProjectState, app_label: str) -> list[str]:
        """The statements that undo it."""
        raise NotImplementedError


class TenantTable(WallOperation):
    """Wall a model's table: only rows of the transaction's district are seen and written.

    `referable` adds the unique key (district_id, id) that references from other tenant tables need.
    `shared_nulls` lets rows with no district be seen and added by all (the audit's events of the installation).
    `app_label` names another app's table: apps below this one cannot wall their own.
    """

    def __init__(
        self, model_name: str, *, referable: bool = False, shared_nulls: bool = False, app_label: str | None = None
    ) -> None:
        self.model_name = model_name
        self.referable = referable
        self.shared_nulls = shared_nulls
        self.app_label = app_label

    def forwards(self, state: ProjectState, app_label: str) -> list[str]:
        """Row-level security with one policy for reading and writing."""
        table = _table(state, self.app_label or app_label, self.model_name)
        rows = OWN_ROWS_AND_THE_INSTALLATIONS if self.shared_nulls else OWN_ROWS
        statements = [
            f'alter table "{table}" enable row level security',
            f'create policy district_wall on "{table}" using ({rows}) with check ({rows})',
        ]
        if self.referable:
            statements.append(f'alter table "{table}" add constraint "{table}_of_district" unique (district_id, id)')
        return statements

    def backwards(self, state: ProjectState, app_label: str) -> list[str]:
        """The open table again."""
        table = _table(state, self.app_label or app_label, self.model_name)
        statements = [
            f'drop policy district_wall on "{table}"',
            f'alter table "{table}" disable row level security',
        ]
        if self.referable:
            statements.append(f'alter table "{table}" drop constraint "{table}_of_district"')
        return statements

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For Django's writer of migrations."""
        named = {"referable": self.referable, "shared_nulls": self.shared_nulls, "app_label": self.app_label}
        return type(self).__qualname__, [self.model_name], {key: value for key, value in named.items() if value}

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Wall {self.model_name} by district"


class OpenTable(TenantTable):
    """Take the wall of a table down again: what is in it turned out to be everyone's (``wall.GLOBAL_TABLES``)."""

    def forwards(self, state: ProjectState, app_label: str) -> list[str]:
        """The open table."""
        return super().backwards(state, app_label)

    def backwards(self, state: ProjectState, app_label: str) -> list[str]:
        """The walled one."""
        return super().forwards(state, app_label)

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Open {self.model_name} to everyone"


class TenantReference(WallOperation):
    """A foreign key (district_id, column) -> (district_id, id): PostgreSQL checks keys past every policy, so the
    district is part of the key. `target` is "app_label.Model", which is `referable`. Checked at the transaction's end.
    """

    def __init__(self, model_name: str, column: str, target: str, *, on_delete: str = "no action") -> None:
        self.model_name = model_name
        self.column = column
        self.target = target
        self.on_delete = on_delete

    def forwards(self, state: ProjectState, app_label: str) -> list[str]:
        """Add the key."""
        table = _table(state, app_label, self.model_name)
        target = _table(state, *self.target.split(".", 1))
        statement = (
            f'alter table "{table}" add constraint "{table}_{self.column}_in_district" '
            f'foreign key (district_id, "{self.column}") references "{target}" (district_id, id) '
            f"on delete {self.on_delete} deferrable initially deferred"
        )
        return [statement]

    def backwards(self, state: ProjectState, app_label: str) -> list[str]:
        """Drop the key."""
        table = _table(state, app_label, self.model_name)
        return [f'alter table "{table}" drop constraint "{table}_{self.column}_in_district"']

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For Django's writer of migrations."""
        return type(self).__qualname__, [self.model_name, self.column, self.target], {"on_delete": self.on_delete}

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Keep {self.model_name}.{self.column} inside its district"


def _table(state: ProjectState, app_label: str, model_name: str) -> str:
    return str(state.apps.get_model(app_label, model_name)._meta.db_table)
