"""The one way in for an appraisal with its answers, atomic and checked whole; and what a GRADE rating starts from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pghistory
from django.db import transaction
from django.utils import timezone

from evidence import permissions
from evidence.appraisal.rules import Fault, Given, appraisal_faults
from evidence.appraisal.tools import tools
from evidence.choices import Design
from evidence.models import Appraisal, AppraisalAnswer, Outcome, Result, Study
from foundation.history import author
from therapies.models import Therapy


class AppraisalRefused(Exception):
    """An appraisal that may not stand; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.message for fault in faults))


@transaction.atomic
def record_appraisal(
    *,
    study: Study,
    tool: str,
    overall: str,
    answers: Sequence[Given],
    by: Any,
    rated_on: date | None = None,
    comment: str = "",
) -> Appraisal:
    """Keep one rater's appraisal of a study. Raises AppraisalRefused with all its faults."""
    day = rated_on or timezone.localdate()
    _demand_right(by, "evidence.add_appraisal")
    if not permissions.may_view(by, study):
        raise AppraisalRefused([Fault("study", "This study is not yours to see.")])
    if study.is_revision:
        raise AppraisalRefused(
            [Fault("study", "A revision is not appraised: appraise the study that it changes.")]
        )
    if tool not in tools():
        raise AppraisalRefused([Fault("tool", f"There is no tool {tool!r}; there are {', '.join(tools())}.")])
    faults = appraisal_faults(
        tools()[tool],
        design=study.design,
        overall=overall,
        answers=answers,
        rated_on=day,
        today=timezone.localdate(),
    )
    if Appraisal.objects.filter(study=study, tool=tool, rater=by).exists():
        faults.append(Fault("tool", "You have appraised this study with this tool already: change that one."))
    if faults:
        raise AppraisalRefused(faults)
    with pghistory.context(**author(by)):
        appraisal = Appraisal.objects.create(
            study=study, tool=tool, overall=overall, rater=by, rated_on=day, comment=comment
        )
        AppraisalAnswer.objects.bulk_create(
            AppraisalAnswer(
                appraisal=appraisal,
                domain=given.item,
                judgement=given.answer,
                reason=given.reason.strip(),
                position=position,
            )
            for position, given in enumerate(answers)
        )
    return appraisal


def has_randomised(therapy: Therapy, outcome: Outcome) -> bool:
    """Whether a published randomised trial counts or measures the outcome under the therapy."""
    return (
        Result.objects.published()
        .filter(
            arm__regimen__therapy=therapy,
            outcome=outcome,
            arm__study__design=Design.RANDOMISED_TRIAL,
        )
        .exists()
    )


def _demand_right(by: Any, right: str) -> None:
    if not by.has_perm(right):
        raise AppraisalRefused([Fault("rater", "Your account may not rate; ask for the reviewer's role.")])
