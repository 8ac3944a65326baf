"""How a study goes from draft to the public and back: the only code that sets its state.

draft → in review → published → withdrawn → returned; in review → returned → in review.
Each step is atomic, locks the study, checks the right and the state, and keeps who and why in the history. A revision
goes the same way; its publication writes it onto what it revises (evidence/revisions.py) and closes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from evidence import permissions
from evidence.authorship import has_written
from evidence.choices import CitationRole, ReviewStep, State
from evidence.models import ConflictStatement, Study
from evidence.notifications import tell_moved, tell_submitted
from evidence.published_versions import keep_version
from evidence.revisions import RevisionRefused, put_into_force, record_or_refusal
from evidence.tasks import SUBMITTED
from foundation.history import author

LONGEST_CONFLICT = 2000


class TransitionRefused(Exception):
    """A step that may not be taken; the message says why and what would help."""


@dataclass(frozen=True)
class Declaration:
    """What a reviewer declares of their interests in a work: none, or which."""

    none: bool
    which: str = ""


NO_CONFLICT = Declaration(none=True)


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
    _move(study, locked, by=by, state=State.IN_REVIEW, reason=SUBMITTED)
    tell_submitted(locked, by=by)
    return study


@transaction.atomic
def publish_study(*, study: Study, by: Any, declaration: Declaration | None = None) -> Study:
    """Make a reviewed study public; answers the public one, which is another than the given where that revised it."""
    locked = _locked(study)
    _demand_state(locked, (State.IN_REVIEW,), "Only a study in review can be published")
    _demand_judge(by, locked, permissions.may_review, "Only a reviewer publishes a study.")
    if has_written(by, locked):
        raise TransitionRefused("You have written in this study yourself: somebody else reviews it.")
    missing = what_is_missing(locked)
    if missing:
        raise TransitionRefused(f"It is not complete: it needs {' and '.join(missing)}.")
    _declare(locked, by, ReviewStep.PUBLISH, declaration)
    try:
        if locked.is_revision:
            return _publish_revision(locked, by)
        record = record_or_refusal(locked)
    except RevisionRefused as refusal:
        raise TransitionRefused(str(refusal)) from None
    # The first publication's date stays when a study comes back after a withdrawal.
    locked.published_at = locked.published_at if locked.published_at is not None else timezone.now()
    locked.reviewer = by
    _move(study, locked, by=by, state=State.PUBLISHED, reason="Published after review")
    keep_version(study=locked, record=record, contributor=locked.contributor, reviewer=by)
    tell_moved(locked, by=by, to=locked.contributor, done="published")
    return study


def _publish_revision(revision: Study, by: Any) -> Study:
    contributor = revision.contributor
    original = put_into_force(revision=revision, by=by)
    tell_moved(original, by=by, to=contributor, done="published")
    return original


@transaction.atomic
def return_study(*, study: Study, by: Any, reason: str, declaration: Declaration | None = None) -> Study:
    """Give a study in review, or a withdrawn one, back to its contributor, saying why."""
    locked = _locked(study)
    _demand_state(
        locked, permissions.REVIEWED_STATES, "Only a study in review or a withdrawn one can be returned"
    )
    _demand_judge(by, locked, permissions.may_return, "Only a reviewer returns a study.")
    _demand_reason(reason, "Say what the contributor should change.")
    _declare(locked, by, ReviewStep.RETURN, declaration)
    locked.reviewer = by
    _move(study, locked, by=by, state=State.RETURNED, reason=reason.strip())
    tell_moved(locked, by=by, to=locked.contributor, done="returned")
    return study


@transaction.atomic
def withdraw_study(*, study: Study, by: Any, reason: str) -> Study:
    """Take a published study back from the public, saying why; nothing of it is deleted."""
    locked = _locked(study)
    _demand_state(locked, (State.PUBLISHED,), "Only a published study can be withdrawn")
    _demand_judge(by, locked, permissions.may_withdraw, "Only a reviewer withdraws a study.")
    _demand_reason(reason, "Say why the study is withdrawn.")
    _move(study, locked, by=by, state=State.WITHDRAWN, reason=reason.strip())
    tell_moved(locked, by=by, to=locked.contributor, done="withdrawn")
    return study


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
    locked = Study.objects.select_for_update().filter(pk=study.pk).first()
    if locked is None:
        raise TransitionRefused("It is no longer there: somebody has published this revision or deleted it.")
    return locked


def _demand_state(study: Study, allowed: tuple[State, ...], sentence: str) -> None:
    if study.state not in allowed:
        raise TransitionRefused(f"{sentence}; this one is {study.get_state_display().lower()}.")


def _demand_judge(by: Any, study: Study, allowed: Callable[[Any, Study], bool], sentence: str) -> None:
    if permissions.is_own(by, study):
        raise TransitionRefused("Nobody reviews their own study.")
    if study.revises is not None and permissions.is_own(by, study.revises):
        raise TransitionRefused("Nobody reviews a revision of their own study.")
    if not allowed(by, study):
        raise TransitionRefused(sentence)


def _demand_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise TransitionRefused(sentence)


def _declare(study: Study, by: Any, step: ReviewStep, declaration: Declaration | None) -> None:
    """Keep what the reviewer declares; without it no step is taken."""
    which = declaration.which.strip() if declaration is not None else ""
    if declaration is None or (not declaration.none and not which):
        raise TransitionRefused("Confirm that you have no conflict of interest with this work, or say which.")
    if declaration.none and which:
        raise TransitionRefused("Either you have no conflict of interest or you name one: not both.")
    if len(which) > LONGEST_CONFLICT:
        raise TransitionRefused(f"Name the conflict of interest in {LONGEST_CONFLICT} characters.")
    with pghistory.context(**author(by)):
        ConflictStatement.objects.create(
            study=study, step=step, reviewer=by, conflict=which, has_conflict=not declaration.none
        )


def _move(study: Study, locked: Study, *, by: Any, state: State, reason: str) -> Study:
    """Save the locked row, with author and reason in the history, and bring the caller's copy up to date."""
    locked.state = state
    with pghistory.context(reason=reason, **author(by)):
        locked.save(update_fields=["state", "reviewer", "published_at"])
    study.state, study.reviewer, study.published_at = locked.state, locked.reviewer, locked.published_at
    return study
