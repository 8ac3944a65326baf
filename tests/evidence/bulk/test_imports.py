"""A table is planned row by row and carried out as a whole, or not at all."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from evidence.bulk.columns import TABLES
from evidence.bulk.plans import Plan
from evidence.bulk.services import ImportRefused, carry_out, plan_import
from evidence.bulk.sheets import write_csv
from evidence.choices import State
from evidence.models import Case, Measurement, Result, Study
from literature.models import Citation
from tests import factories as make

pytestmark = pytest.mark.django_db

CASE = {
    "study": "register-2026",
    "slug": "register-2026-p1",
    "index_therapy": "Rituximab",
    "age_years": "95",
    "sex": "Male",
    "organs": "pancreas",
    "comorbidities": "none",
    "courses": "rituximab | | 1000 | mg | intravenous | days 1 and 15 | 0 | 2",
    "measurements": "0 | Serum IgG4 | 17.7 g/L\n12 | serum_igg4 | 410",
    "response": "Partial remission",
    "relapse": "no",
    "summary": "One of the register.",
    "locator": "Row 1",
}


@pytest.fixture(autouse=True)
def vocabulary() -> None:
    make.TherapyFactory(slug="rituximab", name="Rituximab")
    make.OrganFactory(slug="pancreas", name="Pancreas")
    make.AnalyteFactory(slug="serum_igg4", name="Serum IgG4", unit="mg/dL")
    make.OutcomeFactory(slug="relapse", name="Relapse", kind="proportion", unit="")


def somebody(*roles: str) -> Any:
    user = make.UserFactory()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def contributor() -> Any:
    return somebody("contributor")


@pytest.fixture
def register(contributor: Any) -> Study:
    return make.StudyFactory(
        slug="register-2026", draft=True, contributor=contributor, design="case_series", enrolled=None
    )


def table(kind: str, *rows: dict[str, str]) -> dict[str, Any]:
    columns = TABLES[kind]
    content = write_csv(columns, [[row.get(column.name, "") for column in columns] for row in rows])
    return {"kind": kind, "content": content, "name": "table.csv"}


def faults(plan: Plan) -> list[str]:
    return [*plan.table_faults, *map(str, plan.faults)]


class TestCases:
    def test_words_units_and_ages_are_understood_and_the_patient_is_written(
        self, register: Study, contributor: Any
    ) -> None:
        plan = carry_out(**table("cases", CASE), by=contributor, reason="The register's first row")
        assert [(row.line, row.action) for row in plan.rows] == [(2, "new")]
        case = register.cases.get()
        assert (case.slug, case.age_years, case.sex, case.response) == (
            "register-2026-p1",
            90,
            "male",
            "partial_remission",
        )
        assert case.comorbidities_stated and not case.prior_therapies_stated and case.relapse is False
        measured = list(Measurement.objects.values_list("week", "value", "as_reported"))
        assert measured == [(0, 1770, "17.7 g/L"), (12, 410, "")]
        event = case.history.get()
        assert event.pgh_context.metadata["reason"] == "The register's first row"
        assert event.pgh_context.metadata["username"] == contributor.username

    def test_a_plan_writes_nothing(self, register: Study, contributor: Any) -> None:
        assert plan_import(**table("cases", CASE), by=contributor).is_clean
        assert not Case.objects.exists()

    def test_a_second_time_a_row_is_the_same_and_a_changed_one_tells_its_cells(
        self, register: Study, contributor: Any
    ) -> None:
        carry_out(**table("cases", CASE), by=contributor, reason="First")
        again = plan_import(**table("cases", CASE), by=contributor)
        assert [row.action for row in again.rows] == ["same"]
        changed = plan_import(
            **table("cases", {**CASE, "relapse": "yes", "relapse_week": "30"}), by=contributor
        )
        (row,) = changed.rows
        assert row.action == "changed"
        assert [(change.column, change.before, change.after) for change in row.changes] == [
            ("relapse", "no", "yes"),
            ("relapse_week", "", "30"),
        ]

    def test_one_bad_row_in_the_middle_names_itself_and_nothing_is_written(
        self, register: Study, contributor: Any
    ) -> None:
        rows = [{**CASE, "slug": f"register-2026-p{number}"} for number in range(1, 100)]
        rows[49] |= {"organs": "pancras", "measurements": "0 | serum_igg4 | 17.7 parsec"}
        rows[50] |= {"sex": "mael"}
        rows[51] |= {"slug": "register-2026-p1"}
        rows[52] |= {"relapse_week": "12"}
        given = table("cases", *rows)
        told = faults(plan_import(**given, by=contributor))
        assert told[0].startswith(
            "Row 51, measurements: entry 1, value: 'parsec' is not a unit of this analyte"
        )
        assert told[1:] == [
            "Row 52, sex: 'mael' is not one of male, female, not_reported",
            "Row 53, slug: 'register-2026-p1' stands in row 2 already",
            "Row 54: relapse_week needs relapse: true",
        ]
        with pytest.raises(ImportRefused, match="The table has faults"):
            carry_out(**given, by=contributor, reason="Try")
        assert not Case.objects.exists()

    def test_an_unknown_word_is_told_with_what_may_have_been_meant(
        self, register: Study, contributor: Any
    ) -> None:
        plan = plan_import(**table("cases", {**CASE, "organs": "pancras"}), by=contributor)
        assert faults(plan) == ["Row 2, organs: 'pancras' is not in the organs; did you mean pancreas?"]

    def test_doubts_are_written_only_once_somebody_has_looked(
        self, register: Study, contributor: Any
    ) -> None:
        row = {**CASE, "summary": "Seen on 12 March 2021.", "measurements": "0 | serum_igg4 | 17"}
        given = table("cases", row)
        plan = plan_import(**given, by=contributor)
        assert plan.is_clean
        assert [(doubt.line, doubt.column) for doubt in plan.doubts] == [(2, "summary"), (2, "measurements")]
        with pytest.raises(ImportRefused, match="2 doubts wait for a person"):
            carry_out(**given, by=contributor, reason="Try")
        carry_out(**given, by=contributor, reason="As printed", doubts_confirmed=True)
        assert register.cases.count() == 1

    @pytest.mark.parametrize("state", [State.IN_REVIEW, State.PUBLISHED, State.WITHDRAWN])
    def test_only_a_draft_or_returned_study_takes_rows(self, contributor: Any, state: State) -> None:
        make.StudyFactory(slug="register-2026", state=state, contributor=contributor)
        plan = plan_import(**table("cases", CASE), by=contributor)
        assert faults(plan) == ["Row 2, study: 'register-2026' is no draft or returned study of yours"]

    def test_anothers_draft_and_no_study_are_refused_in_the_same_words(self, register: Study) -> None:
        other = somebody("contributor")
        theirs = faults(plan_import(**table("cases", CASE), by=other))
        nobodys = faults(plan_import(**table("cases", {**CASE, "study": "nonesuch"}), by=other))
        assert theirs[0].replace("register-2026", "nonesuch") == nobodys[0]

    @pytest.mark.parametrize("roles", [(), ("reviewer",), ("editor",)])
    def test_nobody_but_a_contributor_imports_cases(self, register: Study, roles: tuple[str, ...]) -> None:
        with pytest.raises(ImportRefused, match="You may not import cases"):
            plan_import(**table("cases", CASE), by=somebody(*roles))

    def test_many_rows_take_as_many_queries_to_plan_as_one(
        self, register: Study, contributor: Any, django_assert_max_num_queries: Any
    ) -> None:
        rows = [{**CASE, "slug": f"register-2026-p{number}"} for number in range(60)]
        # Vocabulary 6, roles 2, the study with its parts, names taken 4, the vocabulary again for the rules 5.
        with django_assert_max_num_queries(60):
            plan_import(**table("cases", *rows), by=contributor)


class TestResults:
    ROW = {
        "study": "trial-2026",
        "arm": "rituximab",
        "outcome": "Relapse",
        "week": "52",
        "events": "3",
        "total": "30",
        "definition": "New or worse disease",
        "locator": "Table 2",
    }

    @pytest.fixture(autouse=True)
    def trial(self, contributor: Any) -> None:
        study = make.StudyFactory(
            slug="trial-2026", draft=True, contributor=contributor, design="single_arm_trial", enrolled=None
        )
        arm = make.ArmFactory(study=study, slug="rituximab", n=30, role="experimental")
        make.RegimenPartFactory(arm=arm, therapy__slug="other")

    def test_a_figure_is_written_and_then_corrected(self, contributor: Any) -> None:
        carry_out(**table("results", self.ROW), by=contributor, reason="Table 2")
        assert Result.objects.values_list("events", "total", "week").get() == (3, 30, 52)
        changed = {**self.ROW, "events": "4"}
        plan = plan_import(**table("results", changed), by=contributor)
        assert [(c.column, c.before, c.after) for c in plan.rows[0].changes] == [("events", "3", "4")]
        carry_out(**table("results", changed), by=contributor, reason="A slip")
        assert Result.objects.values_list("events", flat=True).get() == 4

    def test_faults_name_row_and_cell(self, contributor: Any) -> None:
        rows = [
            {**self.ROW, "events": "31"},
            {**self.ROW, "arm": "placebo"},
            {**self.ROW, "week": "2"},
            {**self.ROW, "week": "2"},
        ]
        told = faults(plan_import(**table("results", *rows), by=contributor))
        assert told == [
            "Row 2: events (31) exceed total (30)",
            "Row 3, arm: 'placebo' is not in this study's arms",
            "Row 5: rituximab, relapse, 2, New or worse disease stands in row 4 already",
        ]


class TestCitations:
    ROW = {"title": "A paper", "authors": "Tanaka A; Sato B", "year": "2024", "doi": "10.1234/ABC"}

    def test_a_new_paper_is_kept_with_its_reference(self, contributor: Any) -> None:
        carry_out(**table("citations", self.ROW), by=contributor, reason="A search")
        citation = Citation.objects.get(doi="10.1234/abc")
        assert citation.authors == ["Tanaka A", "Sato B"] and citation.vancouver

    def test_a_known_paper_is_corrected_by_an_editor_alone(self, contributor: Any) -> None:
        make.CitationFactory(doi="10.1234/abc", pmid="", title="A papre", authors=["Tanaka A", "Sato B"])
        given = table("citations", self.ROW)
        told = faults(plan_import(**given, by=contributor))
        assert (
            len(told) == 1 and "is known already and differs (title, " in told[0] and "an editor" in told[0]
        )
        carry_out(**given, by=somebody("editor"), reason="A slip")
        assert Citation.objects.get().title == "A paper"

    def test_two_rows_of_one_paper_and_identifiers_of_two_are_faults(self, contributor: Any) -> None:
        make.CitationFactory(doi="10.1234/abc", pmid="")
        make.CitationFactory(doi="", pmid="123")
        rows = [{**self.ROW, "pmid": "123"}, {**self.ROW, "doi": "10.1/x"}, {**self.ROW, "doi": "10.9999/y"}]
        rows.append({**self.ROW, "doi": "10.9999/Y"})
        told = faults(plan_import(**table("citations", *rows), by=contributor))
        assert told[0] == "Row 2: its identifiers are those of two citations that the Atlas holds"
        assert told[1].startswith("Row 3, doi: ")
        assert told[2] == "Row 5: is the paper of row 4 already"
