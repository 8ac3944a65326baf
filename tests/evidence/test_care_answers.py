"""What a reader found of CARE is kept with the case, and an item that nobody looked at is neither yes nor no."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from evidence.care import ABSENT, MET, NOT_LOOKED_AT, care_report
from evidence.choices import State
from evidence.dataset.snapshot import study_record
from evidence.models import Case, Study
from tests import factories as make
from tests.admin.conftest import Page, change_of, errors_of, log_in, make_person, make_study, open_form

__all__ = ["open_form"]
pytestmark = pytest.mark.django_db

Opener = Callable[[Client, str], Page]


def test_the_answers_reach_the_record_the_count_and_the_api(client: Client) -> None:
    case = make.CaseFactory(
        care_reported=["abstract", "informed_consent"], care_absent=["patient_perspective"]
    )
    answers = {"abstract": True, "patient_perspective": False, "informed_consent": True}
    record = study_record(Study.objects.with_everything().get(pk=case.study_id))
    assert record.cases[0].care == answers
    states = {answer.item.slug: answer.state for answer in care_report(record, record.cases[0]).items}
    assert (states["abstract"], states["patient_perspective"], states["discussion"]) == (
        MET,
        ABSENT,
        NOT_LOOKED_AT,
    )
    assert client.get(f"/api/v1/cases/{case.slug}/").json()["care"] == answers


def open_case(open_page: Opener) -> tuple[Case, Any]:
    person = make_person("contributor")
    case = make.CaseFactory(study=make_study(State.DRAFT, person))
    return case, open_page(log_in(person), change_of(case))


def test_the_answers_are_ticked_on_the_page_of_the_case(open_form: Opener) -> None:
    case, page = open_case(open_form)
    page.data["care_reported"] = ["abstract", "discussion"]
    page.data["care_absent"] = ["informed_consent"]
    response = page.send()
    assert response.status_code == 302, errors_of(response)
    case.refresh_from_db()
    assert case.care == {"abstract": True, "discussion": True, "informed_consent": False}


def test_a_paper_does_not_both_report_an_item_and_not(open_form: Opener) -> None:
    _, page = open_case(open_form)
    page.data["care_reported"] = page.data["care_absent"] = ["abstract"]
    response = page.send()
    assert response.status_code == 200
    assert "reports an item of CARE or does not, not both" in errors_of(response)
