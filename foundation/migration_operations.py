"""Migration operations that the libraries lack."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import compiler


class Together(Operation):
    """Run operations on models as one step, so that the state of all models is rendered once and not after each.

    Every table here is tied to many others, and to its history; Django renders all of them again for each table it
    creates, which takes ten seconds for this schema, in every test worker. The operations must not need one another's
    rendered models, as creating tables and adding many-to-many fields with a table of their own do not.
    """

    reduces_to_sql = True
    reversible = True
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Name and arguments, for the migration writer."""
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Apply all to the state unrendered; it is rendered when next asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run each, in order; to each, the state before it is the one that holds all the models."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, to_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Undo each, last first; the state that still holds all the models serves throughout."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, from_state)

    def describe(self) -> str:
        """One line for the migrate command."""
        return f"Run {len(self.operations)} operations together"


class AddTriggers(Operation):
    """Install many triggers in one step.

    pgtrigger's own AddTrigger reloads the model state once a trigger, which takes most of a minute for the two
    hundred of this schema; every test worker would pay that.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, triggers: Sequence[tuple[str, compiler.Trigger]]) -> None:
        self.triggers = list(triggers)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Name and arguments, for the migration writer."""
        return self.__class__.__qualname__, [self.triggers], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Record the triggers in the options of their models, where pgtrigger looks for them."""
        for model_name, trigger in self.triggers:
            options = state.models[app_label, model_name].options
            options["triggers"] = [*options.get("triggers", []), trigger]
        state.__dict__.pop("apps", None)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run each trigger's installing statement."""
        for _, trigger in self.triggers:
            # The SQL is complete: params=None keeps percent signs in it as they are.
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Run each trigger's removing statement."""
        for _, trigger in self.triggers:
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        """One line for the migrate command."""
        return f"Create {len(self.triggers)} triggers"
