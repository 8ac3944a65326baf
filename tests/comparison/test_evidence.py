"""Question to evidence: what each filter lets in, and how rows are counted from single patients."""

from __future__ import annotations

import dataclasses

import pytest

from comparison.compare import compare
from comparison.evidence import load_vocabulary
from comparison.question import Question
from comparison.result import Comparison, Row
from evidence.choices import BackgroundGlucocorticoid, Basis, Design, Response, SteroidEffect
from evidence.models import Outcome, Study
from literature.choices import RetractionStatus
from tests import factories as make
from therapies.models import Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture
def therapy() -> Therapy:
    return make.TherapyFactory(slug="rituximab", name="Rituximab")


@pytest.fixture
def response() -> Outcome:
    return make.OutcomeFactory(slug="overall_response", name="Overall response")


def answer(**asked: object) -> Comparison:
    question = Question(therapies=("rituximab",), **asked)  # type: ignore[arg-type]
    return compare(question, load_vocabulary())


def rows(**asked: object) -> dict[str, tuple[int | None, int | None]]:
    """Study to x of n."""
    return {row.study: (row.events, row.total) for row in answer(**asked).rows}


def row(**asked: object) -> Row:
    (only,) = answer(**asked).rows
    return only


def add(
    slug: str, therapy: Therapy, response: Outcome, design: str = Design.SINGLE_ARM_TRIAL, **fields: object
) -> Study:
    """A study with one arm and one figure; fields of study, citation (cited__) and arm (arm__) by their names."""
    of_arm = {name[5:]: fields.pop(name) for name in list(fields) if name.startswith("arm__")}
    of_study = {
        name: fields.pop(name) for name in list(fields) if name.startswith(("cited", "study__", "draft"))
    }
    study = make.StudyFactory(
        slug=slug, design=design, **{name.removeprefix("study__"): value for name, value in of_study.items()}
    )
    arm = make.ArmFactory(study=study, therapy=therapy, **of_arm)
    make.ResultFactory(arm=arm, outcome=response, **fields)
    return study


def patient(slug: str, therapy: Therapy, study: Study | None = None, **fields: object) -> Study:
    """A patient of a report of its own, or of that study."""
    study = study or make.StudyFactory(slug=slug, design=Design.CASE_REPORT, enrolled=1)
    make.CaseFactory(study=study, index_therapy=therapy, **fields)
    return study


def test_an_organ_lets_in_studies_confined_to_it_and_patients_with_disease_there(
    therapy: Therapy, response: Outcome
) -> None:
    pancreas, orbit = make.OrganFactory(slug="pancreas"), make.OrganFactory(slug="orbit")
    for slug, organs in {
        "confined": [pancreas],
        "wider": [pancreas, orbit],
        "elsewhere": [orbit],
        "everywhere": [],
    }.items():
        study = add(slug, therapy, response)
        for organ in organs:
            make.StudyOrganFactory(study=study, organ=organ)
    add("of-the-organ", therapy, response, organ=pancreas, events=3, total=9)
    for slug, organ in (("patient", pancreas), ("other-patient", orbit)):
        study = patient(slug, therapy)
        make.CaseOrganFactory(case=study.cases.get(), organ=organ)
    assert rows(organs=("pancreas",)) == {"confined": (14, 30), "of-the-organ": (3, 9), "patient": (1, 1)}
    assert len(rows(organs=("pancreas", "orbit"))) == 6
    assert len(rows()) == 7


def test_a_comorbidity_lets_in_single_patients_alone(therapy: Therapy, response: Outcome) -> None:
    asthma = make.ComorbidityFactory(slug="asthma")
    add("trial", therapy, response)
    study = patient("with", therapy)
    make.CaseComorbidityFactory(case=study.cases.get(), comorbidity=asthma)
    patient("without", therapy)
    assert rows(comorbidities=("asthma",)) == {"with": (1, 1)}


def test_patients_answer_a_filter_that_keeps_their_arm_out(therapy: Therapy, response: Outcome) -> None:
    asthma = make.ComorbidityFactory(slug="asthma")
    study = add("series", therapy, response, design=Design.CASE_SERIES, events=2, total=3)
    for answered in (Response.RESPONDED, Response.NO_RESPONSE):
        patient("", therapy, study, response=answered)
        make.CaseComorbidityFactory(case=study.cases.last(), comorbidity=asthma)
    assert rows() == {"series": (2, 3)}
    assert rows(comorbidities=("asthma",)) == {"series": (1, 2)}


def test_the_background_glucocorticoid_is_that_of_arms(therapy: Therapy, response: Outcome) -> None:
    for value in BackgroundGlucocorticoid.values:
        slug = value.replace("_", "-")
        add(slug, therapy, response, arm__background_glucocorticoid=value)
    patient("patient", therapy)
    assert rows(glucocorticoid="tapered_off") == {"tapered-off": (14, 30)}
    codes = [caution.code for caution in answer(glucocorticoid="tapered_off").cautions]
    assert "glucocorticoid_filter" in codes


def test_years_are_those_of_the_primary_report_and_an_unknown_year_is_in_no_span(
    therapy: Therapy, response: Outcome
) -> None:
    for year in (2015, 2018, 2022):
        add(f"of-{year}", therapy, response, cited__year=year)
    add("undated", therapy, response, cited__year=None)
    add("uncited", therapy, response, cited=False)
    assert set(rows(first_year=2018)) == {"of-2018", "of-2022"}
    assert set(rows(last_year=2018)) == {"of-2015", "of-2018"}
    assert set(rows(first_year=2016, last_year=2018)) == {"of-2018"}
    assert len(rows()) == 5


@pytest.mark.parametrize(
    ("basis", "kept"),
    [
        ("any", {"full-text", "abstract", "registry", "conference-abstract", "secondary", "press"}),
        ("abstract", {"full-text", "abstract", "registry", "conference-abstract"}),
        ("full_text", {"full-text"}),
    ],
)
def test_a_minimum_basis_keeps_weaker_sources_out(
    therapy: Therapy, response: Outcome, basis: str, kept: set[str]
) -> None:
    for value in Basis.values:
        add(value.replace("_", "-"), therapy, response, study__basis=value)
    assert set(rows(basis=basis)) == kept


def test_a_figure_read_elsewhere_than_its_study_has_its_own_basis(
    therapy: Therapy, response: Outcome
) -> None:
    study = add("study", therapy, response, study__basis=Basis.FULL_TEXT, basis=Basis.PRESS, week=26)
    arm = study.arms.get()
    make.ResultFactory(arm=arm, outcome=response, week=52, events=5, total=20)
    assert row().basis == "press"
    assert rows(basis="full_text") == {"study": (5, 20)}


def test_designs_are_filtered_by_class(therapy: Therapy, response: Outcome) -> None:
    for design in Design.values:
        add(design.replace("_", "-"), therapy, response, design=design)
    assert set(rows(designs=("cohort",))) == {"prospective-cohort", "retrospective-cohort"}
    assert set(rows(designs=("randomised", "case"))) == {"randomised-trial", "case-series", "case-report"}
    assert len(rows()) == len(Design.values)


def test_an_excluded_study_is_shown_and_not_pooled(therapy: Therapy, response: Outcome) -> None:
    add("kept", therapy, response)
    add("left", therapy, response, events=1, total=10)
    (stratum,) = answer(exclude=("left",)).strata
    assert {one.study: one.pooled for one in stratum.rows} == {"kept": True, "left": False}
    assert stratum.estimate is not None and stratum.estimate.patients == 30


def test_the_time_asked_for_decides_which_figure_stands(therapy: Therapy, response: Outcome) -> None:
    study = add("study", therapy, response, week=26)
    arm = study.arms.get()
    make.ResultFactory(arm=arm, outcome=response, week=52, events=9, total=30)
    make.ResultFactory(arm=arm, outcome=response, week=None, events=8, total=30)
    assert [row(at=at).events for at in (None, 52, "earliest", "latest")] == [14, 9, 14, 9]
    assert {other.why for other in row().passed_over} == {
        "another time is closer to the one asked for",
        "its time is not reported",
    }


def test_a_missing_week_counts_as_the_follow_up_and_says_so(therapy: Therapy, response: Outcome) -> None:
    add("study", therapy, response, week=None, study__follow_up_weeks=78)
    add("unknown", therapy, response, week=None)
    told = {one.study: (one.week, one.week_is_follow_up) for one in answer().rows}
    assert told == {"study": (78, True), "unknown": (None, False)}


def test_drafts_never_appear(therapy: Therapy, response: Outcome) -> None:
    add("draft", therapy, response, draft=True)
    draft = Study.objects.get(slug="draft")
    patient("", therapy, draft)
    make.FindingFactory(study=draft, therapy=therapy, outcome=response)
    make.PublishedSynthesisFactory(study=draft, therapy=therapy, outcome=response)
    other = make.ArmFactory(study=draft)
    make.ContrastFactory(study=draft, arm=draft.arms.first(), versus=other, outcome=response)
    told = answer()
    assert (told.rows, told.findings, told.syntheses, told.reported_contrasts) == ([], (), (), ())
    assert "draft" not in load_vocabulary().studies


def test_a_retracted_report_is_shown_and_never_pooled(therapy: Therapy, response: Outcome) -> None:
    add("study", therapy, response, cited__retraction_status=RetractionStatus.RETRACTED)
    told = answer()
    assert [(one.pooled, one.why_not_pooled) for one in told.rows] == [(False, "the report was retracted")]
    assert "retracted" in [caution.code for caution in told.cautions]


def test_glucocorticoid_beside_another_therapy_is_its_background(response: Outcome) -> None:
    steroid = make.TherapyFactory(slug="glucocorticoid", name="Glucocorticoid")
    therapy = make.TherapyFactory(slug="rituximab", name="Rituximab")
    arm = make.ArmFactory(therapy=therapy)
    make.RegimenPartFactory(arm=arm, therapy=steroid)
    make.ResultFactory(arm=arm, outcome=response)
    question = Question(therapies=("glucocorticoid", "rituximab"))
    (only,) = compare(question, load_vocabulary()).rows
    assert (only.therapy, set(only.regimen)) == ("rituximab", {"glucocorticoid", "rituximab"})


# ── rows counted from single patients ────────────────────────────────────────────────────────────────────────────


def test_patients_of_a_series_make_one_row_and_the_unreported_are_in_no_total(
    therapy: Therapy, response: Outcome
) -> None:
    study = make.StudyFactory(slug="series", design=Design.CASE_SERIES)
    answers = (Response.COMPLETE_REMISSION, Response.RESPONDED, Response.NO_RESPONSE, Response.NOT_REPORTED)
    for told in answers:
        patient("", therapy, study, response=told, locator=f"Case {told}")
    told = row()
    assert (told.events, told.total, told.arm, told.result) == (2, 3, None, None)
    assert told.derived == "Counted from 3 patients told one by one"
    assert (told.week, told.week_is_follow_up, len(told.cases)) == (52, True, 3)
    assert "Case not_reported" not in told.locator
    assert told.pooled


def test_a_figure_of_the_arm_goes_before_its_patients(therapy: Therapy, response: Outcome) -> None:
    study = add("series", therapy, response, design=Design.CASE_SERIES, events=5, total=9)
    patient("", therapy, study)
    assert rows() == {"series": (5, 9)}


def test_patients_of_a_cohort_or_trial_make_no_row(therapy: Therapy, response: Outcome) -> None:
    patient("", therapy, make.StudyFactory(design=Design.RETROSPECTIVE_COHORT))
    patient("", therapy, make.StudyFactory(design=Design.RANDOMISED_TRIAL))
    assert rows() == {}


def test_a_report_on_two_therapies_makes_a_row_for_each(therapy: Therapy, response: Outcome) -> None:
    other = make.TherapyFactory(slug="abatacept", name="Abatacept")
    study = patient("both", therapy, response=Response.RESPONDED)
    patient("", other, study, response=Response.NO_RESPONSE)
    told = compare(Question(therapies=("rituximab", "abatacept")), load_vocabulary())
    assert [(one.therapy, one.events, one.total) for one in told.rows] == [
        ("rituximab", 1, 1),
        ("abatacept", 0, 1),
    ]


def test_an_outcome_that_patients_do_not_tell_makes_no_row(therapy: Therapy) -> None:
    make.OutcomeFactory(slug="infection")
    patient("one", therapy)
    assert rows(outcome="infection") == {}


def test_patients_who_never_used_glucocorticoid_are_in_no_total(therapy: Therapy) -> None:
    make.OutcomeFactory(slug="glucocorticoid_free")
    study = make.StudyFactory(slug="series", design=Design.CASE_SERIES)
    for effect in (SteroidEffect.STOPPED, SteroidEffect.REDUCED, SteroidEffect.NEVER_USED):
        patient("", therapy, study, steroid_effect=effect)
    assert rows(outcome="glucocorticoid_free") == {"series": (1, 2)}


def test_times_of_patients_that_differ_are_no_one_time(therapy: Therapy, response: Outcome) -> None:
    study = make.StudyFactory(slug="series", design=Design.CASE_SERIES)
    for weeks in (12, 52):
        patient("", therapy, study, follow_up_weeks=weeks)
    assert (row().week, row().week_is_follow_up) == (None, False)


# ── what stands beside ───────────────────────────────────────────────────────────────────────────────────────────


def test_findings_and_reviews_figures_are_those_of_therapy_and_outcome(
    therapy: Therapy, response: Outcome
) -> None:
    make.FindingFactory(therapy=therapy, outcome=response, statement="Told.")
    make.FindingFactory(therapy=therapy)
    make.FindingFactory(outcome=response)
    make.PublishedSynthesisFactory(therapy=therapy, outcome=response)
    make.PublishedSynthesisFactory(therapy=therapy)
    told = answer()
    assert [one.statement for one in told.findings] == ["Told."]
    assert len(told.syntheses) == 1
    assert told.rows == []
    assert [caution.code for caution in told.cautions] == ["words_only"]


def test_a_quantity_stands_as_reported(therapy: Therapy) -> None:
    outcome = make.OutcomeFactory(slug="serum_igg4", quantity=True)
    make.ResultFactory(arm=make.ArmFactory(therapy=therapy), quantity=True, outcome=outcome)
    told = row(outcome="serum_igg4")
    assert (told.value, told.statistic, told.spread) == (150, "median", "iqr")
    assert (told.value_low, told.value_high, told.n) == (60, 320, 30)
    assert (told.events, told.proportion, told.low, told.pooled) == (None, None, None, False)


def test_an_answer_is_frozen(therapy: Therapy, response: Outcome) -> None:
    add("study", therapy, response)
    with pytest.raises(dataclasses.FrozenInstanceError):
        row().events = 0  # type: ignore[misc]
