"""Imports at the desk: brought, looked at and carried out by their owner alone."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evidence.bulk.columns import TABLES
from evidence.bulk.sheets import write_csv
from evidence.models import Case, ImportRun, Study
from foundation.progress import Finished, Progress, Step
from tests import factories as make
from tests.admin.conftest import PEOPLE, log_in, make_person

pytestmark = pytest.mark.django_db

CONTRIBUTORS = {"contributor", "contributor and reviewer", "superuser"}
EDITORS = {*CONTRIBUTORS, "editor"}


@pytest.fixture(autouse=True)
def in_this_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the test's own transaction: a thread of its own would not see it."""

    def steps_of(work: Any) -> Any:
        told: list[Any] = []
        try:
            end = Finished(work(lambda *step: told.append(Step(*step))))
        except Exception as error:
            end = Finished(error=error)
        yield from told
        yield end

    monkeypatch.setattr("evidence.admin.imports.steps_of", steps_of)


def table(study: Study, *slugs: str, **cells: str) -> bytes:
    therapy = make.TherapyFactory()
    row = {
        "study": study.slug,
        "index_therapy": therapy.slug,
        "sex": "male",
        "response": "responded",
        "summary": "One.",
        "locator": "Row",
        **cells,
    }
    columns = TABLES["cases"]
    return write_csv(
        columns, [[{**row, "slug": slug}.get(column.name, "") for column in columns] for slug in slugs]
    )


def draft_of(owner: Any) -> Study:
    return make.StudyFactory(draft=True, contributor=owner, design="case_series", enrolled=None)


def bring(client: Client, content: bytes, name: str = "table.csv") -> Any:
    return client.post(
        reverse("admin:evidence_importrun_new", args=["cases"]), {"file": SimpleUploadedFile(name, content)}
    )


def read(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_table_goes_from_upload_to_the_evidence() -> None:
    owner = make_person("contributor")
    study, client = draft_of(owner), log_in(owner)
    brought = bring(client, table(study, "a-p1", "a-p2"))
    run = ImportRun.objects.get()
    assert brought.status_code == 302 and brought["Location"].endswith(f"{run.pk}/check/")
    looked = read(client.get(brought["Location"]))
    assert "2 rows and no fault" in looked and "2 new, 0 changed, 0 the same" in looked
    assert not Case.objects.filter(study=study).exists()
    address = reverse("admin:evidence_importrun_write", args=[run.pk])
    assert "Say what these rows are" in read(client.post(address, {"reason": " "}))
    assert "Written" in read(client.post(address, {"reason": "The register"}))
    assert study.cases.count() == 2
    run.refresh_from_db()
    assert (run.outcome, run.reason, bytes(run.content)) == (
        "2 new, 0 changed, 0 the same",
        "The register",
        b"",
    )
    assert "carried out already" in read(client.post(address, {"reason": "Again"}))
    assert study.cases.count() == 2


def test_a_row_that_is_wrong_is_named_and_nothing_can_be_written() -> None:
    owner = make_person("contributor")
    study, client = draft_of(owner), log_in(owner)
    bring(client, table(study, "a-p1", sex="mael"))
    run = ImportRun.objects.get()
    looked = read(client.get(reverse("admin:evidence_importrun_check", args=[run.pk])))
    assert "Nothing can be written yet" in looked and "is not one of male, female, not_reported" in looked
    assert "Write all of it" not in looked
    told = read(client.post(reverse("admin:evidence_importrun_write", args=[run.pk]), {"reason": "Try"}))
    assert "Nothing was written" in told and not study.cases.exists()


def test_a_file_that_is_no_table_is_refused_in_words() -> None:
    client = log_in(make_person("contributor"))
    bring(client, b"slug\nx\n")
    run = ImportRun.objects.get()
    assert "lacks the columns study" in read(
        client.get(reverse("admin:evidence_importrun_check", args=[run.pk]))
    )


def test_an_error_of_ours_is_logged_and_told_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    client = log_in(make_person("contributor"))
    bring(client, b"slug\nx\n")

    def broken(*, run: ImportRun, progress: Progress) -> None:
        raise RuntimeError("zzinside")

    monkeypatch.setattr("evidence.admin.imports.check_run", broken)
    told = read(client.get(reverse("admin:evidence_importrun_check", args=[ImportRun.objects.get().pk])))
    assert "not the file's fault" in told and "zzinside" not in told
    assert "zzinside" in caplog.text


@pytest.mark.parametrize("kind", PEOPLE)
def test_who_may_import_what(kind: str) -> None:
    client = log_in(make_person(kind))
    for table_kind, allowed in (("cases", CONTRIBUTORS), ("results", CONTRIBUTORS), ("citations", EDITORS)):
        for name, more in (("new", ()), ("template", ("csv",))):
            address = reverse(f"admin:evidence_importrun_{name}", args=[table_kind, *more])
            assert (client.get(address).status_code == 200) == (kind in allowed), (address, kind)


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_file_of_another_is_not_there_by_any_address(kind: str) -> None:
    owner = make_person("contributor")
    study = draft_of(owner)
    bring(log_in(owner), table(study, "a-p1"))
    run, client = ImportRun.objects.get(), log_in(make_person(kind))
    for name in ("check", "write"):
        address = reverse(f"admin:evidence_importrun_{name}", args=[run.pk])
        assert client.get(address).status_code in (302, 404)
        answer = client.post(address, {"reason": "Mine"})
        assert answer.status_code in (302, 404)
    listed = client.get(reverse("admin:evidence_importrun_changelist"))
    assert "table.csv" not in listed.content.decode()
    assert not study.cases.exists()


def test_a_template_opens_as_a_workbook_with_its_columns_explained() -> None:
    client = log_in(make_person("contributor"))
    response = client.get(reverse("admin:evidence_importrun_template", args=["cases", "xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["cases", "columns"]
    assert [cell.value for cell in book["cases"][1]] == [column.name for column in TABLES["cases"]]
    assert client.get("/admin/evidence/importrun/template/cases.pdf").status_code == 404
    assert client.get("/admin/evidence/importrun/new/guesses/").status_code == 404


def test_an_export_of_cases_is_a_table_that_changes_nothing_when_it_is_brought_back() -> None:
    owner = make_person("contributor")
    study, client = draft_of(owner), log_in(owner)
    for slug in ("a-p1", "a-p2"):
        case = make.CaseFactory(study=study, slug=slug, comorbidities_stated=True)
        make.CourseFactory(case=case)
        make.MeasurementFactory(case=case)
        make.OrganResponseFactory(case=case, organ=make.CaseOrganFactory(case=case).organ)
    chosen = {f"caseresource_{column.name}": "on" for column in TABLES["cases"]}
    exported = client.post(reverse("admin:evidence_case_export"), {"format": "0", "resource": "0", **chosen})
    bring(client, exported.content)
    looked = read(client.get(reverse("admin:evidence_importrun_check", args=[ImportRun.objects.get().pk])))
    assert "0 new, 0 changed, 2 the same" in looked, looked[-3000:]
