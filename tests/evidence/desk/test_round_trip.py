"""Form → database → API → YAML → database: a case comes out as it was typed."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from evidence import models
from evidence.dataset.files import write_files
from evidence.dataset.reader import read_data_set
from evidence.dataset.schema import StudyRecord
from evidence.dataset.schema_therapies import VocabularyRecord
from evidence.dataset.snapshot import snapshot, study_record
from evidence.dataset.writer import write_data_set
from evidence.desk.drafts import enter_draft, read_draft, save_draft, start_draft
from evidence.desk.posting import payload_from, sent_from
from evidence.desk.vocabulary import stored_vocabulary
from evidence.desk.written import payload_of
from evidence.models import CaseDraft, Study
from evidence.reporting_rules import broken_rules
from evidence.workflow import NO_CONFLICT, publish_study, submit_study
from tests import factories as make
from tests.evidence.dataset.strategies import Names
from tests.evidence.desk.whole_reports import reports
from therapies.models import Therapy

# 300 in the acceptance run: PROPERTY_EXAMPLES=300.
EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "20"))


def somebody(role: str) -> Any:
    user = make.UserFactory()
    user.groups.set(Group.objects.filter(name=role))
    return user


def store_vocabulary(words: VocabularyRecord, names: Names) -> None:
    """The random vocabulary and therapies, as editors would have entered them."""
    for model, rows in (
        (models.Organ, words.organs),
        (models.Comorbidity, words.comorbidities),
        (models.Analyte, words.analytes),
        (models.Outcome, words.outcomes),
    ):
        model.objects.bulk_create(
            model(
                position=place,
                **{name: value for name, value in row.model_dump().items() if value is not None},
            )
            for place, row in enumerate(rows)
        )
    for slug in names.therapies:
        make.TherapyFactory(slug=slug, name=f"The therapy {slug}")


def stored(study: Study) -> StudyRecord:
    return study_record(Study.objects.with_everything().get(pk=study.pk))


def told_by_api(case: Any) -> dict[str, Any]:
    """The patient as a record says it, in the shape of the API: empty text is null, rows carry what they name."""
    return json.loads(case.model_dump_json())


def api_of(slug: str) -> dict[str, Any]:
    response = Client().get(f"/api/v1/cases/{slug}/")
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


ROWS = ("courses", "measurements", "organ_responses", "responder_index")


def assert_same(answer: dict[str, Any], study: StudyRecord) -> None:
    """The API tells every field of the record, and the study's basis where the case has none of its own."""
    case = told_by_api(study.cases[0])
    for name, value in case.items():
        if name in ROWS:
            assert len(answer[name]) == len(value)
            for told, row in zip(answer[name], value, strict=True):
                assert {key: told[key] for key in row} == row, name
        elif name in ("basis", "read_at"):
            assert answer[name] == (value or getattr(study, name)), name
        else:
            assert answer[name] == value, name


def assert_round_trip(study: StudyRecord, names: Names, words: VocabularyRecord) -> None:
    store_vocabulary(words, names)
    contributor, reviewer = somebody("contributor"), somebody("reviewer")
    # Typed, sent and saved.
    shown = payload_of(study, study.cases[0].slug, stored_vocabulary())
    sent = {name: value.replace("\n", "\r\n") for name, value in sent_from(shown).items()}
    draft = start_draft(by=contributor)
    draft = save_draft(draft=draft, payload=payload_from(sent, {}), version=1, by=contributor)
    _, doubts = read_draft(draft)
    confirmed = {doubt.key: "As printed" for doubt in doubts}
    draft = save_draft(
        draft=draft, payload={**draft.payload, "confirmed": confirmed}, version=draft.version, by=contributor
    )
    # Entered: the database.
    entered = enter_draft(draft=draft, by=contributor)
    assert stored(entered) == study
    assert not CaseDraft.objects.exists()
    assert entered.cases.get().confirmed_doubts.count() == len(
        {(doubt.code, doubt.field) for doubt in doubts}
    )
    # Published: the API.
    submit_study(study=entered, by=contributor)
    publish_study(study=Study.objects.get(pk=entered.pk), by=reviewer, declaration=NO_CONFLICT)
    assert_same(api_of(study.cases[0].slug), study)
    # Dumped: YAML.
    with tempfile.TemporaryDirectory() as folder:
        # What dump_evidence and load_evidence do, within the transaction of this example.
        write_files(snapshot(), Path(folder))
        data_set = read_data_set(Path(folder))
        assert data_set.studies == [study]
        # Loaded into a database that never saw it.
        with pgtrigger.ignore("evidence.PublishedVersion:published_version_stays"):
            models.PublishedVersion.objects.all().delete()
        Study.objects.all().delete()
        models.Organ.objects.all().delete()
        Therapy.objects.all().delete()
        write_data_set(data_set=data_set, reason="test")
    assert stored(Study.objects.get()) == study


@pytest.mark.django_db
@given(reports().filter(lambda drawn: not broken_rules(drawn[0])))
@settings(
    deadline=None,
    max_examples=EXAMPLES,
    # Each example fills a database: to shrink one would take longer than to read it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
def test_a_case_comes_out_of_form_database_api_and_yaml_as_it_was_typed(
    drawn: tuple[StudyRecord, Names, VocabularyRecord],
) -> None:
    with transaction.atomic():
        assert_round_trip(*drawn)
        transaction.set_rollback(True)
