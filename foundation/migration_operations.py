"""Migration operations that the libraries lack."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import compiler


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
        names = {(app_label, model_name) for model_name, _ in self.triggers}
        if "apps" in state.__dict__:
            state.reload_models(names, delay=True)

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
