"""How a study goes from draft to the public and back: the only code that sets its state.

draft → in review → published → withdrawn → returned; in review → returned → in review.
Each step is atomic, locks the study, checks the right and the state, and keeps who and why in the history.
"""

from collections.abc import Callable
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from evidence import permissions
from evidence.choices import CitationRole, State
from evidence.models import Study
from foundation.history import author


class TransitionRefused(Exception):
    """A step that may not be taken; the message says why and what would help."""


@transaction.atomic
def submit_study(*, study: Study, by: Any) -> Study:
    """Hand a draft or returned study in for review."""
    locked = _locked(study)
    _demand_state(locked, permissions.OPEN_STATES, "Only a draft or returned study can be submitted")
    if not permissions.may_submit(by, locked):
        raise TransitionRefused("Only its contributor submits a study.")
    missing = what_is_missing(locked)
    if missing:
        raise TransitionRefused(f"It is not complete: it needs {' and '.join(missing)}.")
    return _move(study, locked, by=by, state=State.IN_REVIEW, reason="Submitted for review")


@transaction.atomic
def publish_study(*, study: Study, by: Any) -> Study:
    """Make a reviewed study public."""
    locked = _locked(study)
    _demand_state(locked, (State.IN_REVIEW,), "Only a study in review can be published")
    _demand_judge(by, locked, permissions.may_review, "Only a reviewer publishes a study.")
    missing = what_is_missing(locked)
    if missing:
        raise TransitionRefused(f"It is not complete: it needs {' and '.join(missing)}.")
    # The first publication's date stays when a study comes back after a withdrawal.
    locked.published_at = locked.published_at if locked.published_at is not None else timezone.now()
    locked.reviewer = by
    return _move(study, locked, by=by, state=State.PUBLISHED, reason="Published after review")


@transaction.atomic
def return_study(*, study: Study, by: Any, reason: str) -> Study:
    """Give a study in review, or a withdrawn one, back to its contributor, saying why."""
    locked = _locked(study)
    _demand_state(
        locked, permissions.REVIEWED_STATES, "Only a study in review or a withdrawn one can be returned"
    )
    _demand_judge(by, locked, permissions.may_return, "Only a reviewer returns a study.")
    _demand_reason(reason, "Say what the contributor should change.")
    locked.reviewer = by
    return _move(study, locked, by=by, state=State.RETURNED, reason=reason.strip())


@transaction.atomic
def withdraw_study(*, study: Study, by: Any, reason: str) -> Study:
    """Take a published study back from the public, saying why; nothing of it is deleted."""
    locked = _locked(study)
    _demand_state(locked, (State.PUBLISHED,), "Only a published study can be withdrawn")
    _demand_judge(by, locked, permissions.may_withdraw, "Only a reviewer withdraws a study.")
    _demand_reason(reason, "Say why the study is withdrawn.")
    return _move(study, locked, by=by, state=State.WITHDRAWN, reason=reason.strip())


def what_is_missing(study: Study) -> list[str]:
    """What a study needs before anyone can review it, in words; empty where it has all."""
    missing = []
    if not study.study_citations.filter(role=CitationRole.PRIMARY).exists():
        missing.append("a primary citation")
    reports = (
        study.cases.exists()
        or study.findings.exists()
        or study.syntheses.exists()
        or study.contrasts.exists()
        or study.arms.filter(results__isnull=False).exists()
    )
    if not reports:
        missing.append("a result, contrast, finding, synthesis or case")
    return missing


def _locked(study: Study) -> Study:
    """The study as it stands now, held until the step is done, so that two people cannot both take it."""
    return Study.objects.select_for_update().get(pk=study.pk)


def _demand_state(study: Study, allowed: tuple[State, ...], sentence: str) -> None:
    if study.state not in allowed:
        raise TransitionRefused(f"{sentence}; this one is {study.get_state_display().lower()}.")


def _demand_judge(by: Any, study: Study, allowed: Callable[[Any, Study], bool], sentence: str) -> None:
    if permissions.is_own(by, study):
        raise TransitionRefused("Nobody reviews their own study.")
    if not allowed(by, study):
        raise TransitionRefused(sentence)


def _demand_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise TransitionRefused(sentence)


def _move(study: Study, locked: Study, *, by: Any, state: State, reason: str) -> Study:
    """Save the locked row, with author and reason in the history, and bring the caller's copy up to date."""
    locked.state = state
    with pghistory.context(reason=reason, **author(by)):
        locked.save(update_fields=["state", "reviewer", "published_at"])
    study.state, study.reviewer, study.published_at = locked.state, locked.reviewer, locked.published_at
    return study
