"""What makes a table a record of evidence: its history is kept, and a change of it raises the revision."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])

ALWAYS = "TRUE"

_BUMP = """
    IF EXISTS (SELECT 1 FROM ({rows}) AS changed WHERE {condition}) THEN
        INSERT INTO foundation_revision AS revision (id, number, changed_at, changed_in)
        VALUES (1, 1, now(), pg_current_xact_id()::text)
        ON CONFLICT (id) DO UPDATE
           SET number = revision.number + 1, changed_at = now(), changed_in = EXCLUDED.changed_in
         WHERE revision.changed_in IS DISTINCT FROM EXCLUDED.changed_in;
    END IF;
    RETURN NULL;
"""

# An update that leaves every value as it was is no change.
_CHANGED_ROWS = {
    "insert": (pgtrigger.Insert, "TABLE new_rows", pgtrigger.Referencing(new="new_rows")),
    "delete": (pgtrigger.Delete, "TABLE old_rows", pgtrigger.Referencing(old="old_rows")),
    "update": (
        pgtrigger.Update,
        "(TABLE new_rows EXCEPT TABLE old_rows) UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)",
        pgtrigger.Referencing(old="old_rows", new="new_rows"),
    ),
}


def revision_triggers(published_when: str) -> list[pgtrigger.Trigger]:
    """Statement triggers that raise the revision when a row changes for which the SQL condition holds.

    The condition speaks of the row as ``changed``.
    """
    return [
        pgtrigger.Trigger(
            name=f"revision_{event}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=_BUMP.format(rows=rows, condition=published_when),
        )
        for event, (operation, rows, referencing) in _CHANGED_ROWS.items()
    ]


def record(published_when: str = ALWAYS) -> Callable[[Model], Model]:
    """Class decorator: keep every version of a row (append-only, survives deletion) and raise the revision."""

    def decorate(model: Model) -> Model:
        pgtrigger.register(*revision_triggers(published_when))(model)
        tracked = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            append_only=True,
        )
        return tracked(model)

    return decorate
