"""Cases counted together: each patient once, and only those of whom something is reported."""

from __future__ import annotations

import pytest

from comparison.presenters import tallies
from evidence.choices import Response, SteroidEffect
from evidence.models import Case
from literature.choices import RetractionStatus
from tests import factories as make

pytestmark = pytest.mark.django_db


def all_cases() -> list[Case]:
    return list(Case.objects.for_list())


def test_a_case_that_reports_no_response_is_in_no_total() -> None:
    make.CaseFactory(response=Response.COMPLETE_REMISSION)
    make.CaseFactory(response=Response.NO_RESPONSE)
    make.CaseFactory(response=Response.NOT_REPORTED)
    counts = tallies.tally(all_cases(), frozenset())
    assert counts["complete_remission"] == (1, 2)
    assert counts["overall_response"] == (1, 2)
    assert counts["no_response"] == (1, 2)


def test_an_outcome_that_no_case_reports_is_left_out_and_not_zero_of_zero() -> None:
    make.CaseFactory(response=Response.NOT_REPORTED, relapse=None, steroid_effect=SteroidEffect.NEVER_USED)
    assert tallies.tally(all_cases(), frozenset()) == {}


def test_nobody_relapsing_is_a_figure() -> None:
    make.CaseFactory(relapse=False)
    assert tallies.tally(all_cases(), frozenset())["relapse"] == (0, 1)


def test_of_two_reports_that_share_patients_the_one_with_more_cases_is_counted() -> None:
    large, small = make.StudyFactory(slug="large"), make.StudyFactory(slug="a-small")
    make.CaseFactory.create_batch(2, study=large, response=Response.COMPLETE_REMISSION)
    make.CaseFactory(study=small, response=Response.NO_RESPONSE)
    overlap = make.OverlapFactory(study_a=small, study_b=large, certain=False)
    counts = tallies.tally(all_cases(), tallies.pairs_of([overlap]))
    assert counts["overall_response"] == (2, 2)


def test_a_retracted_report_is_not_counted() -> None:
    study = make.StudyFactory(cited__retraction_status=RetractionStatus.RETRACTED)
    make.CaseFactory(study=study)
    assert tallies.tally(all_cases(), frozenset()) == {}
