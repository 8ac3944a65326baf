"""What waits for a person: their drafts, what came back to them, what they may review."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery

from evidence import permissions
from evidence.choices import State
from evidence.models import Study

LONGEST_LIST = 10


@dataclass(frozen=True)
class TaskList:
    """One heading of the desk; `query` opens the whole list."""

    title: str
    empty: str
    studies: Sequence[Study]
    total: int
    query: str


def tasks_of(user: Any) -> list[TaskList]:
    """The lists of a person's roles, at most ten studies each, newest first."""
    roles = permissions.roles_of(user)
    contributes = permissions.CONTRIBUTOR in roles or user.is_superuser
    reviews = permissions.REVIEWER in roles or user.is_superuser
    lists = []
    if contributes:
        for state, title, empty in (
            (State.RETURNED, "Returned to me", "Nothing has come back to you."),
            (State.DRAFT, "My drafts", "You have no drafts."),
        ):
            own = {"contributor": user.pk, "state": state}
            lists.append(_list(title, empty, own, {"contributor__id__exact": user.pk, "state__exact": state}))
    if reviews:
        to_review = {"state": State.IN_REVIEW}
        lists.append(
            _list(
                "To review",
                "Nothing waits for review.",
                to_review,
                {"state__exact": State.IN_REVIEW},
                but_of=user.pk,
            )
        )
    return lists


def _list(
    title: str, empty: str, where: dict[str, Any], query: dict[str, Any], but_of: int | None = None
) -> TaskList:
    # The reason stands with the version that the last step wrote.
    versions = Study.pgh_event_model.objects  # type: ignore[attr-defined]
    events = versions.filter(pgh_obj_id=OuterRef("pk"), state=where["state"])
    reason = events.order_by("-pgh_id").values("pgh_context__metadata__reason")[:1]
    studies = Study.objects.filter(**where).select_related("contributor")
    if but_of is not None:
        studies = studies.exclude(contributor=but_of)
    newest = list(studies.annotate(last_reason=Subquery(reason)).order_by("-id")[: LONGEST_LIST + 1])
    total = len(newest) if len(newest) <= LONGEST_LIST else studies.count()
    return TaskList(title, empty, newest[:LONGEST_LIST], total, urlencode(query))
