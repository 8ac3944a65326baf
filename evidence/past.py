"""A study as it stood at a time, read back from the history tables: whole, or one of its parts alone."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey, Model
from pydantic import ValidationError

from evidence.aggregate import PARTS, events_of, part_events, study_path
from evidence.dataset.schema import StudyRecord
from evidence.dataset.snapshot import study_record
from evidence.models import Arm, Contrast, Study


class PastUnavailable(Exception):
    """An earlier version that cannot be read back; the message says why."""


def record_as_at(*, study_id: int, when: datetime, of: tuple[type[Model], int] | None = None) -> StudyRecord:
    """The study's record at a time.

    ``of``: model and key of a part: it and what lives with it as they stood then, all else as it stands now.
    Raises PastUnavailable.
    """
    rows = _rows(study_id, when, of)
    studies = rows.get(Study, {})
    if study_id not in studies:
        raise PastUnavailable("The study was not there yet, or no longer.")
    _name_related(rows)
    _tie_together(rows)
    try:
        return study_record(studies[study_id])
    except ValidationError as refusal:
        told = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in refusal.errors()[:5]
        )
        raise PastUnavailable(f"The version is not one that could be written: {told}") from None


def _rows(
    study_id: int, when: datetime, of: tuple[type[Model], int] | None
) -> dict[type[Model], dict[int, Any]]:
    """The rows that were there, as instances that nobody saved."""
    own = events_of(Study).filter(pgh_obj_id=study_id)
    rows: dict[type[Model], dict[int, Any]] = {}
    then_keys: set[tuple[type[Model], int]] = set()
    for model, events in [(Study, own), *part_events(Study, own)]:
        latest: dict[int, Any] = {}
        earlier: dict[int, Any] = {}
        for event in events.order_by("pgh_obj_id", "pgh_id"):
            latest[event.pgh_obj_id] = event
            if event.pgh_created_at <= when:
                earlier[event.pgh_obj_id] = event
        found = {}
        for key, last in latest.items():
            then = of is None or (model, key) == of or _under(model, last, then_keys)
            if then:
                then_keys.add((model, key))
            event = earlier.get(key) if then else last
            if event is not None and event.pgh_label != "delete":
                found[key] = _instance(model, event)
        rows[model] = found
    return rows


def _under(model: type[Model], event: Any, keys: set[tuple[type[Model], int]]) -> bool:
    """Whether the row lives with one that is wanted as it stood then."""
    path = study_path(model)
    if not path:
        return False
    parent = model._meta.get_field(path[0])
    return (parent.related_model, getattr(event, f"{path[0]}_id")) in keys


def _instance(model: type[Model], event: Any) -> Model:
    instance = model(
        **{field.attname: getattr(event, field.attname) for field in model._meta.concrete_fields}
    )
    instance._state.adding = False
    return instance


def _name_related(rows: dict[type[Model], dict[int, Any]]) -> None:
    """Give each row the vocabulary, therapies and citations that it points to."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    links = [
        (row, field)
        for model, found in rows.items()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.related_model not in rows
        and field.related_model._meta.app_label != "auth"
        for row in found.values()
        if getattr(row, field.attname) is not None
    ]
    for row, field in links:
        wanted[field.related_model].add(getattr(row, field.attname))
    there = {model: model._default_manager.in_bulk(list(keys)) for model, keys in wanted.items()}
    for row, field in links:
        target = there[field.related_model].get(getattr(row, field.attname))
        if target is None:
            raise PastUnavailable(
                f"It names a {field.related_model._meta.verbose_name} that is no longer there."
            )
        setattr(row, field.name, target)


def _tie_together(rows: dict[type[Model], dict[int, Any]]) -> None:
    """Give each row its parent and each parent its rows, as a prefetch would."""
    for owner, parts in PARTS.items():
        for part, parent in parts.items():
            field = part._meta.get_field(parent)
            below: dict[int, list[Any]] = defaultdict(list)
            for row in rows[part].values():
                above = rows[owner].get(getattr(row, field.attname))
                if above is not None:
                    setattr(row, parent, above)
                    below[above.pk].append(row)
            for above in rows[owner].values():
                listed = part._default_manager.all()
                listed._result_cache = sorted(below[above.pk], key=lambda row: (row.position, row.pk))
                listed._prefetch_related_lookups = ()
                name = field.remote_field.get_accessor_name()
                above.__dict__.setdefault("_prefetched_objects_cache", {})[name] = listed
    arms = rows[Arm]
    for contrast in rows[Contrast].values():
        for name in ("arm", "versus"):
            arm = arms.get(getattr(contrast, f"{name}_id"))
            if arm is None:
                raise PastUnavailable("A contrast names an arm that was not there.")
            setattr(contrast, name, arm)
