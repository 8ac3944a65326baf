"""An earlier version brought back, as a new change; to bring back and bring back again gives what was there first."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from evidence.choices import State
from evidence.dataset.entry import enter_study
from evidence.models import Case, Study
from evidence.past import PastUnavailable, record_as_at
from evidence.published_versions import record_of
from evidence.reverting import RevertRefused, bring_back, plan_revert
from evidence.revisions import RevisionRefused
from tests.admin.conftest import log_in, make_person, make_study
from tests.admin.publishing import SLUG, change, patient, published, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(db: None) -> None:
    """Let each statement have its own time: a test runs in one transaction, whose time stands still."""
    tables = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE FUNCTION pg_temp.tick() RETURNS trigger AS $$
            BEGIN NEW.pgh_created_at := clock_timestamp(); RETURN NEW; END $$ LANGUAGE plpgsql"""
        )
        for table in tables:
            if table.startswith("evidence_"):
                cursor.execute(
                    f'CREATE TRIGGER tick BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION pg_temp.tick()'
                )


def now() -> datetime:
    return timezone.now()


@pytest.fixture
def author() -> Any:
    return make_person("contributor")


RECORDS = {
    "as it was": {},
    "a figure": {"cases": [patient(measurements=[{"analyte": "serum_igg4", "week": 12, "value": 150.0}])]},
    "a patient more": {"cases": [patient(), patient(f"{SLUG}-p2", comorbidities=[])]},
    "no patient": {"cases": []},
    "no arm": {"arms": [], "results": []},
    "words": {"label": "Another label", "notes": "A doubt.", "findings": []},
}


@pytest.mark.parametrize("first", RECORDS)
@pytest.mark.parametrize("second", RECORDS)
def test_what_stood_there_is_read_back_and_a_revert_of_a_revert_gives_the_first(
    first: str, second: str, author: Any
) -> None:
    one, other = report(**RECORDS[first]), report(**RECORDS[second])
    study = enter_study(record=one, by=author)
    at_first = now()
    enter_study(record=other, by=author, stored=study)
    at_second = now()
    assert record_as_at(study_id=study.pk, when=at_first) == one
    assert record_as_at(study_id=study.pk, when=at_second) == other
    if one == other:
        with pytest.raises(RevertRefused, match="Nothing would change"):
            bring_back(row=study, when=at_first, by=author, reason="Back")
        return
    assert plan_revert(row=study, when=at_first).changes
    bring_back(row=study, when=at_first, by=author, reason="Back")
    assert record_of(study) == one
    bring_back(row=study, when=at_second, by=author, reason="And again")
    assert record_of(study) == other
    bring_back(row=study, when=at_first, by=author, reason="And again")
    assert record_of(study) == one


def test_one_case_comes_back_and_all_else_stays(author: Any) -> None:
    study = enter_study(record=report(), by=author)
    case, before = study.cases.get(), now()
    change(study, author, label="Another label", cases=RECORDS["a figure"]["cases"])
    bring_back(row=case, when=before, by=author, reason="It was right")
    assert record_of(study) == report(label="Another label")


def test_the_reason_and_the_person_stand_in_the_history(author: Any) -> None:
    study = enter_study(record=report(), by=author)
    before = now()
    change(study, author, label="Another label")
    bring_back(row=study, when=before, by=author, reason="It was right")
    told = study.history.select_related("pgh_context").order_by("-pgh_id").first().pgh_context.metadata
    assert told["username"] == author.username
    assert told["reason"].startswith("Brought back the version of ") and told["reason"].endswith(
        "It was right"
    )


def test_what_is_public_comes_back_by_a_revision(author: Any) -> None:
    draft = enter_study(record=report(label="An early label"), by=author)
    early = now()
    study = published(author, record=report("other-2024"))
    assert study.pk != draft.pk
    Study.objects.filter(pk=study.pk).update(label="By SQL")
    second = make_person("contributor")
    revision = bring_back(row=study, when=study.published_at, by=second, reason="It was right")
    assert revision.revises == study
    assert record_of(revision) == report("other-2024")
    assert record_of(study).label == "By SQL"
    with pytest.raises(RevisionRefused, match="open revision already"):
        bring_back(row=study, when=study.published_at, by=second, reason="Again")
    with pytest.raises(PastUnavailable, match="not there yet"):
        record_as_at(study_id=study.pk, when=early)


@pytest.mark.parametrize(
    ("kind", "state", "allowed"),
    [
        ("contributor", State.DRAFT, False),
        ("contributor", State.IN_REVIEW, False),
        ("contributor", State.PUBLISHED, True),
        ("reviewer", State.IN_REVIEW, False),
        ("reviewer", State.PUBLISHED, False),
        ("editor", State.PUBLISHED, False),
        ("superuser", State.DRAFT, True),
        ("superuser", State.PUBLISHED, True),
    ],
)
def test_who_brings_back_a_version_of_anothers_study(kind: str, state: State, allowed: bool) -> None:
    study = make_study(state, make_person("contributor"))
    before = now()
    Study.objects.filter(pk=study.pk).update(label="Another label")
    person = make_person(kind)
    address = reverse("admin:evidence_study_bring_back", args=[study.pk])
    link = f"{address}?when={before.isoformat().replace('+', '%2B')}"
    client = log_in(person)
    history = client.get(reverse("admin:evidence_study_history", args=[study.pk])).content.decode()
    assert ("Bring back…" in history) == allowed
    assert (client.get(link).status_code == 200) == allowed
    if allowed:
        assert client.post(link, {"reason": "It was right"}).status_code == 302
        assert Study.objects.exclude(label="Another label").exists()
        return
    with pytest.raises(RevertRefused, match="Only who may edit or revise"):
        bring_back(row=study, when=before, by=person, reason="Mine")


def test_a_reason_is_needed(author: Any) -> None:
    study = make_study(State.DRAFT, author)
    with pytest.raises(RevertRefused, match="Say why the earlier version comes back"):
        bring_back(row=study, when=now(), by=author, reason=" ")


def test_the_page_shows_the_difference_first(author: Any) -> None:
    study = enter_study(record=report(), by=author)
    case, before = Case.objects.get(), now()
    change(study, author, cases=RECORDS["a figure"]["cases"])
    address = reverse("admin:evidence_case_bring_back", args=[case.pk])
    page = log_in(author).get(address, {"when": before.isoformat()}).content.decode()
    assert "cases › p1 › measurements › Serum igg4, week 12" in page
    assert "<del>150</del>" in page and "<ins>130</ins>" in page
    assert log_in(author).get(address, {"when": "yesterday"}).status_code == 404
    assert log_in(author).get(address).status_code == 404


class TestExports:
    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_a_history_is_a_file_for_those_who_may_read_the_record(self, author: Any, form: str) -> None:
        study = make_study(State.DRAFT, author, label="=1+1")
        address = reverse("admin:evidence_study_history_export", args=[study.pk, form])
        answer = log_in(author).get(address)
        assert answer.status_code == 200
        assert f"study-{study.pk}-history.{form}" in answer["Content-Disposition"]
        for kind in ("contributor", "reviewer", "editor"):
            assert log_in(make_person(kind)).get(address).status_code == 404
        assert log_in(None).get(address).status_code == 302
        if form == "json":
            told = answer.json()["versions"]
            assert {version["action"] for version in told} == {"Added"}
            return
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        label = next(row for row in rows if row["field"] == "Label" and row["record"].startswith("study "))
        assert label["after"] == "'=1+1" and label["action"] == "Added"

    def test_there_is_no_third_form(self, author: Any) -> None:
        study = make_study(State.DRAFT, author)
        address = reverse("admin:evidence_study_history_export", args=[study.pk, "exe"])
        assert log_in(author).get(address).status_code == 404
