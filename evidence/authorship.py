"""Who wrote what stands in a study, told by its history: whoever did is no reviewer of it, whatever their rights."""

from typing import Any

from django.db.models import QuerySet

from evidence.aggregate import events_of, part_events
from evidence.models import Study

# Columns of a study that the workflow sets: a reviewer who returned it has written nothing.
_WORKFLOW = frozenset({"state", "reviewer", "published_at"})


def has_written(user: Any, study: Study) -> bool:
    """Whether the account ever changed the study or a row of it, a step of the workflow apart.

    A contributor's name can be empty or be changed, and a superuser may edit another's draft: the history still
    tells. What a load or a publication wrote onto the study counts for nobody.
    """
    own = events_of(Study).filter(pgh_obj_id=study.pk)
    if any(_by(user, events).exists() for _, events in part_events(Study, own)):
        return True
    before = None
    for event in own.select_related("pgh_context").order_by("pgh_id"):
        if _wrote(user, event) and _content(event) != (_content(before) if before is not None else None):
            return True
        before = event
    return False


def _by(user: Any, events: QuerySet) -> QuerySet:
    # A publication writes a revision's record onto the study: its reviewer carries it out and has not written it.
    return events.filter(pgh_context__metadata__user=user.pk).exclude(
        pgh_context__metadata__has_key="publishes"
    )


def _wrote(user: Any, event: Any) -> bool:
    metadata = event.pgh_context.metadata if event.pgh_context is not None else {}
    return metadata.get("user") == user.pk and "publishes" not in metadata


def _content(event: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(event, field.attname)
        for field in event._meta.concrete_fields
        if field.name not in _WORKFLOW and field.name != "id" and not field.name.startswith("pgh_")
    }
