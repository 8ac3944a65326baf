"""Lists and pages of studies and cases."""

from __future__ import annotations

import pytest
from django.test import Client

from evidence.choices import ArmRole, Basis, ClassificationStatus, Design, Response, Sex
from evidence.models import Case, Study
from tests import factories as make
from tests.comparison.pages import assert_constant_queries, assert_sound, read, words

pytestmark = pytest.mark.django_db


def full_study(**fields: object) -> Study:
    """A study with something in every part of its page."""
    study = make.StudyFactory(**fields)
    arm = make.ArmFactory(study=study)
    other = make.ArmFactory(study=study, role=ArmRole.COMPARATOR, label="Placebo")
    make.ArmBaselineFactory(arm=arm)
    result = make.ResultFactory(arm=arm, derived="97% of 30")
    make.ResultFactory(arm=arm, quantity=True, as_reported="1.5 g/L")
    make.ResultFactory(arm=other, outcome=result.outcome, events=0, total=10)
    make.ContrastFactory(study=study, arm=arm, versus=other, outcome=result.outcome)
    make.FindingFactory(study=study, outcome=result.outcome)
    make.PublishedSynthesisFactory(study=study, outcome=result.outcome)
    make.StudyOrganFactory(study=study)
    make.StudyCitationFactory(study=study)
    full_case(study=study)
    make.OverlapFactory(study_a=study)
    make.AppraisalFactory(study=study)
    return study


def full_case(**fields: object) -> Case:
    """A case with something in every part of its page."""
    case = make.CaseFactory(**fields)
    make.CaseOrganFactory(case=case)
    make.CaseComorbidityFactory(case=case)
    make.CasePriorTherapyFactory(case=case)
    make.CourseFactory(case=case)
    make.CourseFactory(case=case, start_week=-4, stop_week=None)
    make.MeasurementFactory(case=case)
    make.OrganResponseFactory(case=case)
    make.ResponderIndexScoreFactory(case=case)
    make.CaseAdverseEventFactory(case=case)
    return case


def test_a_study_tells_every_figure_with_its_place(client: Client) -> None:
    study = full_study(slug="carruthers-2015", label="Carruthers 2015")
    html = read(client, "/studies/carruthers-2015/")
    assert_sound(html)
    text = words(html)
    assert "14 of 30 (47%, 95% CI 28 to 66)" in text
    assert "0 of 10 (0%, 95% CI 0 to 31)" in text
    assert "median 150 mg/dL (IQR 60 to 320; 30 patients)" in text
    assert "printed as 1.5 g/L" in text
    assert "Computed: 97% of 30" in text
    for result in study.arms.first().results.all():
        assert f'id="result-{result.pk}"' in html


def test_a_figures_source_leads_to_its_row(client: Client) -> None:
    therapy = make.TherapyFactory(slug="rituximab")
    result = make.ResultFactory(arm=make.ArmFactory(therapy=therapy))
    html = read(client, "/therapies/rituximab/")
    address = f"/studies/{result.arm.study.slug}/#result-{result.pk}"
    assert f'href="{address}"' in html
    assert f'id="result-{result.pk}"' in read(client, address)


def test_a_single_arm_study_has_no_comparison_and_says_so(client: Client) -> None:
    study = make.StudyFactory()
    make.ResultFactory(arm=make.ArmFactory(study=study))
    text = words(read(client, study.get_absolute_url()))
    assert "Comparison none" in text
    assert "Not yet rated. JBI case series or Murad 2018 would apply." in text
    assert "None known." in text


@pytest.mark.parametrize(
    ("basis", "warning"),
    [
        (Basis.PRESS, "Read from a press report"),
        (Basis.CONFERENCE_ABSTRACT, "Read from a conference abstract"),
        (Basis.ABSTRACT, "Read from the abstract"),
    ],
)
def test_a_study_that_was_not_read_whole_says_so(client: Client, basis: str, warning: str) -> None:
    study = make.StudyFactory(basis=basis)
    assert warning in read(client, study.get_absolute_url())


def test_overlaps_are_told_on_both_pages(client: Client) -> None:
    overlap = make.OverlapFactory(why="The same clinic in the same years.")
    for study, other in ((overlap.study_a, overlap.study_b), (overlap.study_b, overlap.study_a)):
        text = words(read(client, study.get_absolute_url()))
        assert other.label in text
        assert "The same clinic in the same years." in text


@pytest.mark.parametrize("address", ["/studies/{}/", "/cases/{}/"])
def test_a_draft_has_no_page(client: Client, address: str) -> None:
    case = make.CaseFactory(study=make.StudyFactory(draft=True))
    slug = case.study.slug if "studies" in address else case.slug
    read(client, address.format(slug), 404)


def test_the_list_of_studies_shows_fifty_a_page(client: Client) -> None:
    make.StudyFactory.create_batch(51)
    html = read(client, "/studies/")
    assert_sound(html)
    assert html.count('class="study-item"') == 50
    assert "1 to 50 of 51" in html
    assert read(client, "/studies/?page=2").count('class="study-item"') == 1
    assert read(client, "/studies/?page=99").count('class="study-item"') == 1


def test_studies_are_filtered_as_in_the_api_and_the_pages_keep_the_filter(client: Client) -> None:
    make.StudyFactory.create_batch(51, design=Design.CASE_REPORT)
    make.StudyFactory(label="The trial", design=Design.RANDOMISED_TRIAL)
    html = read(client, "/studies/?design=randomised_trial")
    assert "1 study match" in words(html)
    assert "The trial" in html
    assert "?design=case_report&amp;page=2" in read(client, "/studies/?design=case_report")


@pytest.mark.parametrize("address", ["/studies/?desing=case_report", "/cases/?orgam=eye"])
def test_an_unknown_filter_is_refused_and_named(client: Client, address: str) -> None:
    html = read(client, address, 400)
    assert address.partition("?")[2].partition("=")[0] in words(html)


@pytest.mark.parametrize(
    "address", ["/studies/?design=nonsense", "/cases/?organ=nonsense", "/studies/?from=x"]
)
def test_an_unknown_value_is_refused_beside_its_field(client: Client, address: str) -> None:
    html = read(client, address, 400)
    assert "errorlist" in html


def test_a_list_without_a_match_says_what_to_do(client: Client) -> None:
    make.StudyFactory()
    assert "No study matches" in read(client, "/studies/?q=zzz")
    assert "No case matches" in read(client, "/cases/")


def test_an_empty_field_of_the_form_filters_nothing(client: Client) -> None:
    make.StudyFactory()
    assert "1 study" in words(read(client, "/studies/?q=&from=&to="))


def test_a_filter_that_the_form_does_not_offer_is_kept_by_it(client: Client) -> None:
    case = make.CaseFactory()
    html = read(client, f"/cases/?study={case.study.slug}")
    assert f'<input type="hidden" name="study" value="{case.study.slug}">' in html


def test_cases_are_counted_by_response_each_patient_once(client: Client) -> None:
    one = make.CaseFactory(response=Response.COMPLETE_REMISSION)
    two = make.CaseFactory(response=Response.COMPLETE_REMISSION)
    make.CaseFactory(response=Response.NO_RESPONSE)
    make.CaseFactory(response=Response.NOT_REPORTED)
    make.OverlapFactory(study_a=one.study, study_b=two.study, certain=True)
    html = read(client, "/cases/")
    assert_sound(html)
    text = words(html)
    assert "4 cases" in text
    assert "Responded: 1 of 2 (50%" in text
    assert "Complete remission: 2" in text


def test_a_case_tells_its_course(client: Client) -> None:
    case = full_case(slug="simpson-2020-p1", sex=Sex.MALE, age_years=67)
    html = read(client, "/cases/simpson-2020-p1/")
    assert_sound(html)
    text = words(html)
    assert f"{case.index_therapy.name} in a man of 67" in text
    assert "4 weeks before" in text
    assert "not reported, or continued" in text
    assert "1770 mg/dL" in text
    assert "17.7 g/L" in text
    assert "Conjunctivitis" in text


def test_a_case_tells_its_instruments(client: Client) -> None:
    case = make.CaseFactory(acr_eular_2019=ClassificationStatus.MET, acr_eular_2019_score=29)
    pancreas = make.OrganFactory(name="Pancreas")
    make.ResponderIndexScoreFactory(case=case, organ=pancreas, score=3, urgent=True, damage=False)
    make.ResponderIndexScoreFactory(case=case, organ=None, score=8, as_reported="8 (urgent)")
    make.ResponderIndexScoreFactory(case=case, organ=None, week=26, score=0, version="not_reported")
    make.ResponderIndexScoreFactory(case=case, organ=pancreas, week=26, score=0)
    html = read(client, case.get_absolute_url())
    assert_sound(html)
    text = words(html)
    assert "Pancreas week 26 0 not reported 2018 validated version the same" in text
    assert "2019 ACR/EULAR criteria met, 29 points" in text
    assert "Total week 0 8 2018 validated version 8 (urgent)" in text
    assert "Pancreas week 0 3 urgent (counts double), no damage 2018 validated version the same" in text
    assert "Total week 26 0 Version not reported the same" in text


@pytest.mark.parametrize(
    ("status", "score", "told"),
    [
        ("", None, "not reported"),
        ("", 0, "0 points"),
        ("", 1, "1 point"),
        (ClassificationStatus.NOT_ASSESSABLE, None, "not assessable"),
        (ClassificationStatus.NOT_MET, 19, "not met, 19 points"),
    ],
)
def test_classification_tells_what_is_known_and_no_more(
    client: Client, status: str, score: int | None, told: str
) -> None:
    case = make.CaseFactory(acr_eular_2019=status, acr_eular_2019_score=score)
    assert f"2019 ACR/EULAR criteria {told} Response" in words(read(client, case.get_absolute_url()))


def test_a_case_without_responder_index_has_no_table_of_it(client: Client) -> None:
    assert "Responder Index" not in read(client, make.CaseFactory().get_absolute_url())


def test_nothing_stated_is_not_none(client: Client) -> None:
    silent = make.CaseFactory(comorbidities_stated=False)
    denied = make.CaseFactory(comorbidities_stated=True)
    assert "Comorbidities not reported" in words(read(client, silent.get_absolute_url()))
    assert "Comorbidities none, as the report says" in words(read(client, denied.get_absolute_url()))


@pytest.mark.parametrize(
    ("sex", "age", "expected"),
    [
        (Sex.FEMALE, 90, "a woman of 90+"),
        (Sex.MALE, 1, "a boy of 1"),
        (Sex.NOT_REPORTED, 4, "a child of 4"),
        (Sex.NOT_REPORTED, None, "a patient of unreported age"),
    ],
)
def test_a_patient_is_told_by_sex_and_age_and_never_past_89(
    client: Client, sex: str, age: float | None, expected: str
) -> None:
    case = make.CaseFactory(sex=sex, age_years=age)
    assert expected in words(read(client, case.get_absolute_url()))


def test_a_studys_page_takes_a_constant_number_of_queries(client: Client) -> None:
    study = full_study()

    def add() -> None:
        arm = make.ArmFactory(study=study)
        make.ResultFactory.create_batch(2, arm=arm)
        make.FindingFactory(study=study)
        full_case(study=study)

    assert_constant_queries(client, study.get_absolute_url(), add, most=47)


@pytest.mark.parametrize(("address", "add"), [("/studies/", full_study), ("/cases/", full_case)])
def test_a_list_takes_a_constant_number_of_queries(client: Client, address: str, add: object) -> None:
    assert_constant_queries(client, address, add)  # type: ignore[arg-type]


def test_a_cases_page_takes_a_constant_number_of_queries(client: Client) -> None:
    case = full_case()

    def add() -> None:
        make.CourseFactory(case=case)
        make.MeasurementFactory(case=case)
        make.OrganResponseFactory(case=case)
        make.ResponderIndexScoreFactory(case=case)

    assert_constant_queries(client, case.get_absolute_url(), add)
