"""A load changes what differs and nothing else: idempotent, counted, with the same ids, and kept in the history."""

import re
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.db import models

from evidence.dataset.snapshot import snapshot
from evidence.models import Case, Measurement, Overlap, PublishedVersion, Result, Study, StudyCitation
from foundation.models import Revision
from literature.models import Citation
from tests.evidence.dataset.bad import CASES, STUDY, THERAPY, edited, updated
from tests.evidence.dataset.loading import Database, load
from tests.evidence.dataset.plain_set import change, counts, read
from therapies.models import Mechanism, MechanismCitation, PathwayEdge, RegulatoryStatus, Therapy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]


def counted(outcome: Any) -> tuple[int, int, int]:
    """Rows created, changed and deleted, as the command says."""
    assert outcome.status == 0, outcome.complained
    found = re.search(r"(\d+) rows created, (\d+) changed, (\d+) deleted", outcome.said)
    assert found is not None
    return int(found[1]), int(found[2]), int(found[3])


def results(study: str = "carruthers-2015") -> dict[int, dict[str, Any]]:
    """The results of a study by id, places in the file apart."""
    rows = Result.objects.filter(arm__study__slug=study).values()
    return {row["id"]: {name: value for name, value in row.items() if name != "position"} for row in rows}


def versions(kind: type[models.Model], pk: int) -> list[tuple[str, str | None]]:
    """The events of a row, each with the reason in its context."""
    events = kind.history.rel.related_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    return [
        (event.pgh_label, event.pgh_context.metadata.get("reason") if event.pgh_context else None)
        for event in events.select_related("pgh_context")
    ]


class TestASecondLoad:
    @pytest.mark.usefixtures("untouched")
    def test_it_changes_no_row_and_bumps_no_revision(self, data: Path) -> None:
        revision = Revision.current().number
        outcome = load(data)
        assert counted(outcome) == (0, 0, 0)
        assert outcome.said.splitlines()[-1].endswith(f"Evidence revision {revision}.")

    def test_it_says_how_far_it_is(self, data: Path) -> None:
        lines = load(data).said.splitlines()
        studies, therapies = counts()["Study"], counts()["Therapy"]
        assert lines[0] == f"Read {studies} studies and {therapies} therapies: no fault."
        assert f"studies: 100 of {studies}" in lines
        assert f"studies: {studies} of {studies}" in lines
        assert lines.index("vocabulary: 1 of 1") < lines.index(f"studies: 50 of {studies}")

    @pytest.mark.usefixtures("untouched")
    def test_files_in_another_spelling_are_no_change(self, small: Path) -> None:
        """Rewritten by PyYAML: other quotes, other line breaks, no comments, DOIs in capitals."""
        for path in small.rglob("*.yaml"):
            change(path, lambda content: None)
        change(
            small / STUDY, lambda study: study["citations"][0].update(doi="10.1136/ANNRHEUMDIS-2014-206605")
        )
        assert counted(load(small)) == (0, 0, 0)


@pytest.mark.usefixtures("untouched")
def test_a_dry_run_counts_and_writes_nothing(small: Path) -> None:
    updated(STUDY, "results", 2, events=15)(small)
    edited(STUDY, lambda study: study["results"].pop())(small)
    outcome = load(small, "--dry-run")
    assert counted(outcome) == (0, 1, 1)
    assert (
        outcome.said.splitlines()[-1]
        == "Dry run: 0 rows created, 1 changed, 1 deleted if written; nothing was."
    )


class TestOneChangedFigure:
    def test_it_changes_exactly_that_row(self, small: Path) -> None:
        before, rows = results(), Database.now().rows
        revision = Revision.current().number
        updated(STUDY, "results", 2, events=15)(small)
        assert counted(load(small)) == (0, 1, 0)
        after = results()
        assert before.keys() == after.keys()
        (changed,) = [pk for pk in after if after[pk] != before[pk]]
        assert before[changed] == {**after[changed], "events": 14}
        assert after[changed]["events"] == 15
        written = {(table, pk) for table, pk, _ in Database.now().rows - rows}
        version = PublishedVersion.objects.latest("pk")
        assert written == {("evidence_result", changed), ("evidence_publishedversion", version.pk)}
        assert (version.number, len(version.changes)) == (2, 1)
        assert Revision.current().number == revision + 1

    def test_the_history_tells_before_and_after_and_why(self, small: Path) -> None:
        updated(STUDY, "results", 2, events=15)(small)
        load(small)
        row = Result.objects.get(arm__study__slug="carruthers-2015", events=15)
        assert versions(Result, row.pk) == [("insert", "load_evidence"), ("update", "load_evidence")]
        assert list(row.history.order_by("pgh_id").values_list("events", flat=True)) == [14, 15]

    def test_loading_the_old_figure_again_brings_it_back(self, small: Path) -> None:
        before = results()
        updated(STUDY, "results", 2, events=15)(small)
        load(small)
        updated(STUDY, "results", 2, events=14)(small)
        assert counted(load(small)) == (0, 1, 0)
        assert results() == before


class TestALongerOrShorterList:
    def test_a_result_put_in_the_middle_leaves_the_others_their_ids(self, small: Path) -> None:
        before = results()
        row = {**read(small / STUDY)["results"][2], "week": 13, "events": 9}
        edited(STUDY, lambda study: study["results"].insert(1, row))(small)
        created, _, deleted = counted(load(small))
        assert (created, deleted) == (1, 0)
        after = results()
        assert {pk: after[pk] for pk in before} == before
        (new,) = after.keys() - before.keys()
        assert (after[new]["week"], after[new]["events"]) == (13, 9)
        # The order is the file's again.
        study = next(study for study in snapshot().studies if study.slug == "carruthers-2015")
        assert [(r.week, r.events) for r in study.results[:3]] == [(26, 29), (13, 9), (26, 23)]

    def test_a_result_taken_out_is_deleted_and_its_history_stays(self, small: Path) -> None:
        before = results()
        edited(STUDY, lambda study: study["results"].pop(2))(small)
        assert counted(load(small))[::2] == (0, 1)
        (gone,) = before.keys() - results().keys()
        assert before[gone]["events"] == 14
        assert versions(Result, gone) == [("insert", "load_evidence"), ("delete", "load_evidence")]

    def test_everything_of_a_case_can_change_at_once(self, small: Path) -> None:
        """Each of its lists, some told for the first time, some no longer."""
        case = Case.objects.get(slug="simpson-2020-p1")
        new = {
            "organs": ["pancreas"],
            "comorbidities": [],
            "prior_therapies": ["rituximab", "glucocorticoid"],
            "courses": [{"therapy": "dupilumab", "start_week": 0}],
            "measurements": [
                {"analyte": "serum_igg4", "week": -4, "value": 1770.5, "as_reported": "17.705 g/L"}
            ],
            "organ_responses": [{"organ": "pancreas", "response": "worsened"}],
            "adverse_events": ["Conjunctivitis", "Conjunctivitis"],
            "relapse": True,
            "relapse_week": 30,
        }
        updated(CASES, "cases", 0, **new)(small)
        counted(load(small))
        case.refresh_from_db()
        assert [row.organ.slug for row in case.case_organs.all()] == ["pancreas"]
        assert (case.comorbidities.count(), case.comorbidities_stated) == (0, True)
        assert [row.therapy.slug for row in case.case_prior_therapies.all()] == [
            "rituximab",
            "glucocorticoid",
        ]
        assert case.courses.count() == 1
        assert Measurement.objects.get(case=case).value == 1770.5
        assert case.adverse_events.count() == 2
        assert (case.relapse, case.relapse_week) == (True, 30)
        assert counted(load(small)) == (0, 0, 0)
        edited(CASES, lambda study: study["cases"][0].pop("comorbidities"))(small)
        counted(load(small))
        case.refresh_from_db()
        assert not case.comorbidities_stated

    def test_a_case_can_move_to_another_study(self, small: Path) -> None:
        """Into a study before its own in the alphabet, where the new row comes before the old one goes."""
        moved = read(small / "studies/yamamoto-2016.yaml")["cases"][0]
        edited("studies/yamamoto-2016.yaml", lambda study: study["cases"].pop(0))(small)
        updated("studies/yamamoto-2016.yaml", design="retrospective_cohort")(small)
        edited(CASES, lambda study: study["cases"].append(moved))(small)
        updated(CASES, design="case_series", enrolled=2)(small)
        counted(load(small))
        assert Case.objects.get(slug=moved["slug"]).study.slug == "simpson-2020"
        assert counted(load(small)) == (0, 0, 0)

    def test_an_overlap_can_be_taken_back(self, small: Path) -> None:
        """The last pair of a study too."""
        pairs = read(small / "overlaps.yaml")
        assert pairs
        (small / "overlaps.yaml").write_text("[]")
        assert counted(load(small)) == (0, 0, len(pairs))
        assert not Overlap.objects.filter(study_a__slug=pairs[0]["a"], study_b__slug=pairs[0]["b"]).exists()

    def test_an_overlap_entered_the_other_way_round_is_the_same_pair(self, small: Path) -> None:
        pair = read(small / "overlaps.yaml")[0]
        stored = Overlap.objects.get(study_a__slug=pair["a"], study_b__slug=pair["b"])
        a, b = stored.study_a, stored.study_b
        stored.delete()
        Overlap.objects.create(study_a=b, study_b=a, certain=True, why="Entered by hand.")
        counted(load(small))
        assert Overlap.objects.touching([a.pk]).filter(study_b=b, certain=pair["certain"]).count() == 1
        assert counted(load(small)) == (0, 0, 0)


class TestPublications:
    def test_two_reports_can_change_places(self, small: Path) -> None:
        def swap(study: Any) -> None:
            first, second = study["citations"][0], study["citations"][1]
            first["role"], second["role"] = second["role"], first["role"]

        edited(CASES, swap)(small)
        assert counted(load(small)) == (0, 2, 0)
        study = Study.objects.get(slug="simpson-2020")
        assert study.primary_citation is not None
        assert study.primary_citation.authors[0] == "Della-Torre E"

    def test_a_paper_that_gains_its_doi_stays_the_same_citation(self, small: Path) -> None:
        citation = Study.objects.get(slug="simpson-2020").primary_citation
        assert citation is not None
        assert citation.doi == ""
        updated(CASES, "citations", 0, doi="10.1136/annrheumdis-2019-216000", pmid="31999999")(small)
        assert counted(load(small)) == (0, 1, 0)
        citation.refresh_from_db()
        assert (citation.doi, citation.pmid) == ("10.1136/annrheumdis-2019-216000", "31999999")
        assert "216000" in citation.vancouver

    def test_a_paper_cited_by_doi_and_by_pmid_is_one_row(self, small: Path) -> None:
        """A mechanism names the PMID, an edge the DOI; a study then tells that they are one paper."""
        updated(THERAPY, "mechanisms", 0, citations=["39999999"])(small)
        updated("pathway/edges.yaml", 0, citation="10.1000/one-paper")(small)
        counted(load(small))
        assert Citation.objects.filter(doi="10.1000/one-paper").get() != Citation.objects.get(pmid="39999999")
        updated(CASES, "citations", 0, doi="10.1000/one-paper", pmid="39999999")(small)
        counted(load(small))
        (paper,) = Citation.objects.filter(models.Q(doi="10.1000/one-paper") | models.Q(pmid="39999999"))
        assert paper.title.startswith("Dupilumab as a novel")
        assert PathwayEdge.objects.filter(citation=paper).count() == 1
        assert MechanismCitation.objects.filter(citation=paper).count() == 1
        assert StudyCitation.objects.filter(citation=paper).count() == 1
        assert counted(load(small)) == (0, 0, 0)


class TestTherapies:
    def test_a_changed_status_is_one_changed_row(self, small: Path) -> None:
        before = set(RegulatoryStatus.objects.values_list("id", flat=True))
        updated(THERAPY, "regulatory", 0, status="withdrawn", date="2026-02")(small)
        assert counted(load(small)) == (0, 1, 0)
        assert set(RegulatoryStatus.objects.values_list("id", flat=True)) == before
        assert RegulatoryStatus.objects.get(status="withdrawn").date == "2026-02"

    def test_a_mechanism_taken_out_is_deleted_with_its_citations(self, small: Path) -> None:
        updated(THERAPY, mechanisms=[])(small)
        links = MechanismCitation.objects.filter(mechanism__therapy__slug="dupilumab").count()
        assert links > 0
        load(small)
        assert not Mechanism.objects.filter(therapy__slug="dupilumab").exists()
        assert Therapy.objects.filter(slug="dupilumab").exists()


class TestWhatTheAdminStored:
    def test_lines_that_a_browser_ends_are_no_change(self, small: Path) -> None:
        """A textarea sends CR LF; nothing of the text has changed."""
        updated(STUDY, notes="One line.\nAnother line.")(small)
        counted(load(small))
        Study.objects.filter(slug="carruthers-2015").update(notes="One line.\r\nAnother line. ")
        assert counted(load(small)) == (0, 0, 0)
        study = next(study for study in snapshot().studies if study.slug == "carruthers-2015")
        assert study.notes == "One line.\nAnother line."

    def test_a_text_that_no_file_could_hold_is_replaced_by_the_file(self, small: Path) -> None:
        Study.objects.filter(slug="carruthers-2015").update(summary="a\x07b")
        assert counted(load(small)) == (0, 1, 0)
        assert "\x07" not in Study.objects.get(slug="carruthers-2015").summary


def test_the_reason_given_by_somebody_else_is_not_ours(small: Path) -> None:
    """A load inside another context keeps its own reason for its own rows."""
    with pghistory.context(reason="nightly", operator="cron"):
        updated(STUDY, "results", 2, events=15)(small)
        load(small)
    event = Result.history.rel.related_model.objects.order_by("-pgh_id").select_related("pgh_context").first()
    assert event.pgh_context.metadata["reason"] == "load_evidence"
    assert event.pgh_context.metadata["operator"] == "cron"
