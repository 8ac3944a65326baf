"""What waits for a person: their drafts, what came back to them, their revisions, what they may review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from evidence import permissions
from evidence.choices import State
from evidence.models import Study
from evidence.querysets import StudyQuerySet

LONGEST_LIST = 10
SUBMITTED = "Submitted for review"


@dataclass(frozen=True)
class TaskList:
    """One heading of the desk; `query` opens the whole list."""

    title: str
    empty: str
    studies: Sequence[Study]
    total: int
    query: str
    # Says of each study who entered it and how long it waits.
    for_review: bool = False


def tasks_of(user: Any) -> list[TaskList]:
    """The lists of a person's roles, at most ten studies each: one's own newest first, to review oldest first."""
    roles = permissions.roles_of(user)
    lists = []
    if permissions.CONTRIBUTOR in roles or user.is_superuser:
        own = Study.objects.filter(contributor=user.pk)
        mine = {"contributor__id__exact": user.pk}
        for title, empty, studies, query in (
            (
                "Returned to me",
                "Nothing has come back to you.",
                own.filter(state=State.RETURNED),
                {"state__exact": State.RETURNED},
            ),
            (
                "My drafts",
                "You have no drafts.",
                own.originals().filter(state=State.DRAFT),
                {"state__exact": State.DRAFT, "revises__isnull": True},
            ),
            (
                "My revisions",
                "You are revising nothing.",
                own.exclude(revises=None).exclude(state=State.RETURNED),
                {"revises__isnull": False},
            ),
            (
                "My studies in review",
                "None of yours waits for a reviewer.",
                own.originals().filter(state=State.IN_REVIEW),
                {"state__exact": State.IN_REVIEW, "revises__isnull": True},
            ),
        ):
            lists.append(_list(title, empty, studies.order_by("-id"), mine | query))
    if permissions.REVIEWER in roles or user.is_superuser:
        waiting = Study.objects.filter(state=State.IN_REVIEW).exclude(
            Q(contributor=user.pk) | Q(revises__contributor=user.pk)
        )
        oldest_first = waiting.annotate(waits_since=_submitted_at()).order_by("waits_since", "id")
        query = {"state__exact": State.IN_REVIEW}
        lists.append(_list("To review", "Nothing waits for review.", oldest_first, query, for_review=True))
    return lists


def reason_of_return(study: Study) -> str:
    """Why a study came back, as its reviewer said; empty where it did not."""
    event = _versions(State.RETURNED).filter(pgh_obj_id=study.pk).select_related("pgh_context").first()
    reason: str = (
        event.pgh_context.metadata.get("reason", "") if event is not None and event.pgh_context else ""
    )
    return reason


def waiting_words(since: datetime) -> str:
    """How long a study waits, in days."""
    days = (timezone.now() - since).days
    return {0: "since today", 1: "for a day"}.get(days, f"for {days} days")


def _versions(state: State) -> QuerySet[Model]:
    """The versions of studies in a state, newest first."""
    events: QuerySet[Model] = Study.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    return events.filter(state=state).order_by("-pgh_id")


def _submitted_at() -> Coalesce:
    """When a study was handed in last; where no step says so, when it was first seen in review."""
    events = _versions(State.IN_REVIEW).filter(pgh_obj_id=OuterRef("pk"))
    submitted = events.filter(pgh_context__metadata__reason=SUBMITTED).values("pgh_created_at")[:1]
    return Coalesce(Subquery(submitted), Subquery(events.order_by("pgh_id").values("pgh_created_at")[:1]))


def _list(
    title: str, empty: str, studies: StudyQuerySet, query: dict[str, Any], *, for_review: bool = False
) -> TaskList:
    # The reason stands with the version that the last step wrote.
    reason = _versions(State.RETURNED).filter(pgh_obj_id=OuterRef("pk"))
    annotated = studies.select_related("contributor").annotate(
        last_reason=Subquery(reason.values("pgh_context__metadata__reason")[:1]),
        open_comments=Count("review_comments", filter=Q(review_comments__resolved_at=None), distinct=True),
    )
    newest = list(annotated[: LONGEST_LIST + 1])
    if for_review:
        for study in newest:
            study.waits = waiting_words(study.waits_since)
    total = len(newest) if len(newest) <= LONGEST_LIST else studies.count()
    return TaskList(title, empty, newest[:LONGEST_LIST], total, urlencode(query), for_review)
