"""The patients of a study to the database."""

from collections import defaultdict
from typing import Any

from evidence.care import READER_ITEMS
from evidence.dataset.schema import CaseRecord, RegimenRecord, StudyRecord
from evidence.dataset.sync import Changes, synchronise_parts
from evidence.models import (
    Analyte,
    Case,
    CaseAdverseEvent,
    CaseComorbidity,
    CaseOrgan,
    CasePriorTherapy,
    Comorbidity,
    Course,
    Measurement,
    Organ,
    OrganResponse,
    Outcome,
    ResponderIndexScore,
    Study,
)
from evidence.slugs import stored_slug
from therapies.models import Therapy

# Rows that one INSERT carries.
ROWS_AN_INSERT = 1000


class StoredNames:
    """The vocabulary by slug, looked up once for a load."""

    def __init__(self) -> None:
        self.outcomes = _ids(Outcome)
        self.organs = _ids(Organ)
        self.comorbidities = _ids(Comorbidity)
        self.analytes = _ids(Analyte)
        self.therapies = _ids(Therapy)


def _ids(model: Any) -> dict[str, int]:
    return dict(model.objects.values_list("slug", "id"))


def regimen_columns(row: RegimenRecord) -> dict[str, Any]:
    """The columns of a therapy as it was given."""
    texts = {name: getattr(row, name) or "" for name in ("agent", "unit", "route", "schedule")}
    return {"dose": row.dose, **texts}


class CaseWriter:
    """Writes the patients of study after study; the rows of new ones a table at a time."""

    def __init__(self, names: StoredNames, changes: Changes) -> None:
        self.names = names
        self.changes = changes
        self.waiting: dict[type[Any], list[Any]] = defaultdict(list)

    def write(self, study: Study, record: StudyRecord) -> None:
        """Bring the patients of a study, and all that lives with each, to the record."""
        names = (
            *("age_years", "sex", "response", "steroid_effect", "relapse", "relapse_week"),
            *("follow_up_weeks", "acr_eular_2019_score", "summary", "locator"),
        )
        wanted = [
            Case(
                study=study,
                slug=stored_slug(row.slug, of_revision=study.is_revision),
                index_therapy_id=self.names.therapies[row.index_therapy],
                comorbidities_stated=row.comorbidities is not None,
                prior_therapies_stated=row.prior_therapies is not None,
                adverse_events_stated=row.adverse_events is not None,
                acr_eular_2019=row.acr_eular_2019 or "",
                care_reported=[item for item in READER_ITEMS if row.care.get(item) is True],
                care_absent=[item for item in READER_ITEMS if row.care.get(item) is False],
                basis=row.basis or "",
                read_at=row.read_at or "",
                position=position,
                **{name: getattr(row, name) for name in names},
            )
            for position, row in enumerate(record.cases)
        ]
        cases = synchronise_parts(study, "cases", wanted, ("slug",), self.changes)
        for case, row in zip(cases, record.cases, strict=True):
            self._case_parts(case, row)
        self._write_waiting()

    def _case_parts(self, case: Case, row: CaseRecord) -> None:
        lists: list[tuple[str, type[Any], str, list[str], dict[str, int]]] = [
            ("case_organs", CaseOrgan, "organ_id", row.organs, self.names.organs),
            (
                "case_comorbidities",
                CaseComorbidity,
                "comorbidity_id",
                row.comorbidities or [],
                self.names.comorbidities,
            ),
            (
                "case_prior_therapies",
                CasePriorTherapy,
                "therapy_id",
                row.prior_therapies or [],
                self.names.therapies,
            ),
        ]
        for relation, model, column, slugs, ids in lists:
            links = [
                model(case=case, **{column: ids[slug]}, position=place) for place, slug in enumerate(slugs)
            ]
            self._sync_patient(case, relation, links, column)
        courses = [
            Course(
                case=case,
                therapy_id=self.names.therapies[part.therapy],
                start_week=part.start_week,
                stop_week=part.stop_week,
                position=position,
                **regimen_columns(part),
            )
            for position, part in enumerate(row.courses)
        ]
        self._sync_patient(case, "courses", courses, "therapy_id", "start_week", "dose")
        measurements = [
            Measurement(
                case=case,
                analyte_id=self.names.analytes[part.analyte],
                week=part.week,
                value=part.value,
                as_reported=part.as_reported or "",
                position=position,
            )
            for position, part in enumerate(row.measurements)
        ]
        self._sync_patient(case, "measurements", measurements, "analyte_id", "week", "value")
        responses = [
            OrganResponse(
                case=case,
                organ_id=self.names.organs[part.organ],
                response=part.response,
                week=part.week,
                position=position,
            )
            for position, part in enumerate(row.organ_responses)
        ]
        self._sync_patient(case, "organ_responses", responses, "organ_id", "week")
        scores = [
            ResponderIndexScore(
                case=case,
                organ_id=self.names.organs[part.organ] if part.organ else None,
                as_reported=part.as_reported or "",
                position=position,
                **{
                    name: getattr(part, name)
                    for name in ("week", "version", "score", "symptomatic", "urgent", "damage")
                },
            )
            for position, part in enumerate(row.responder_index)
        ]
        self._sync_patient(case, "responder_index", scores, "week", "organ_id", "version")
        events = [
            CaseAdverseEvent(case=case, description=text, position=position)
            for position, text in enumerate(row.adverse_events or [])
        ]
        self._sync_patient(case, "adverse_events", events, "description")

    def _sync_patient(self, case: Case, relation: str, wanted: list[Any], *key: str) -> None:
        """Rows of one patient; those of new patients wait, to be written together."""
        if case in self.changes.new:
            for row in wanted:
                self.waiting[type(row)].append(row)
        else:
            synchronise_parts(case, relation, wanted, key, self.changes)

    def _write_waiting(self) -> None:
        """The rows of all new patients, a table at a time: ten thousand patients are a few hundred inserts."""
        for model, rows in self.waiting.items():
            model._default_manager.bulk_create(rows, batch_size=ROWS_AN_INSERT)
            self.changes.created += len(rows)
        self.waiting.clear()
