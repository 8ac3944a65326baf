"""For each named constraint a row that breaks it and nothing else."""

from django.db import models

from foundation.models import RetiredSlug, Revision
from tests import factories as made
from tests.evidence.models.breach import Breach, a_user, of, twice
from tests.evidence.models.breaches_of_review import REVIEW


def reviewed_by_its_author() -> None:
    author = a_user()
    made.StudyFactory(contributor=author, reviewer=author)


def an_overlap_both_ways() -> None:
    pair = made.OverlapFactory()
    made.OverlapFactory(study_a=pair.study_b, study_b=pair.study_a)


def a_distinct_pair_with_itself() -> None:
    study = made.StudyFactory()
    made.DistinctPairFactory(study_a=study, study_b=study)


def distinct_studies_both_ways() -> None:
    pair = made.DistinctPairFactory()
    made.DistinctPairFactory(study_a=pair.study_b, study_b=pair.study_a)


def distinct_cases_both_ways() -> None:
    a, b = made.CaseFactory(), made.CaseFactory()
    made.DistinctPairFactory(study_a=a.study, study_b=b.study, case_a=a, case_b=b)
    made.DistinctPairFactory(study_a=b.study, study_b=a.study, case_a=b, case_b=a)


def an_overlap_with_itself() -> None:
    study = made.StudyFactory()
    made.OverlapFactory(study_a=study, study_b=study)


def two_drafts_of_a_case() -> None:
    case = made.CaseFactory()
    first = made.CaseDraftFactory(study=case.study, case=case)
    made.CaseDraftFactory(study=case.study, case=case, owner=first.owner)


def a_contrast_with_itself() -> None:
    arm = made.ArmFactory()
    made.ContrastFactory(study=arm.study, arm=arm, versus=arm)


def an_edge_to_itself() -> None:
    target = made.TargetFactory()
    made.PathwayEdgeFactory(source=target, target=target)


def a_second_primary_citation() -> None:
    made.StudyCitationFactory(study=made.StudyFactory(), role="primary")


def a_paper_of_two_studies() -> None:
    paper = made.StudyFactory().primary_citation
    made.StudyCitationFactory(study=made.StudyFactory(cited=False), citation=paper, role="primary")


def a_doi_in_another_case() -> None:
    made.CitationFactory(doi="10.1000/abc")
    made.CitationFactory(doi="10.1000/ABC")


def a_result_twice_without_week_or_organ() -> None:
    """NULL equals NULL here: a result whose time is not stated is one result."""
    first = made.ResultFactory(week=None, organ=None)
    made.ResultFactory(
        arm=first.arm, outcome=first.outcome, week=None, organ=None, definition=first.definition
    )


def a_second_revision() -> None:
    Revision.objects.create(id=2, number=1)


INDEX = made.ResponderIndexScoreFactory
TRIAL, QUANTITY, CASE = made.StudyFactory, made.ResultFactory, made.CaseFactory

LITERATURE = [
    Breach("citation_slug_form", of(made.CitationFactory, slug="Not a slug")),
    Breach("citation_slug_form", of(made.CitationFactory, slug="-starts-with-a-hyphen")),
    Breach("citation_slug_form", of(made.CitationFactory, slug="ends-with-a-line\n")),
    Breach("citation_type_known", of(made.CitationFactory, csl_type="blog")),
    Breach("citation_retraction_status_known", of(made.CitationFactory, retraction_status="maybe")),
    Breach("citation_doi_form", of(made.CitationFactory, doi="https://doi.org/10.1000/x")),
    Breach("citation_doi_form", of(made.CitationFactory, doi="10.1000/with space")),
    Breach("citation_pmid_form", of(made.CitationFactory, pmid="PMID 1")),
    Breach("citation_pmid_form", of(made.CitationFactory, pmid="0123")),
    Breach("citation_pmcid_form", of(made.CitationFactory, pmcid="123")),
    Breach("citation_doi_once", a_doi_in_another_case),
    Breach("citation_pmid_once", twice(made.CitationFactory, "pmid")),
    Breach("citation_can_be_found", of(made.CitationFactory, title="", doi="", pmid="")),
    Breach("citation_year_range", of(made.CitationFactory, year=1799)),
    Breach("citation_year_range", of(made.CitationFactory, year=2101)),
    Breach("citation_inferred_year_is_given", of(made.CitationFactory, year=None, year_inferred=True)),
]

THERAPIES = [
    Breach("therapy_slug_form", of(made.TherapyFactory, slug="Rituximab")),
    Breach("therapy_drug_class_known", of(made.TherapyFactory, drug_class="magic")),
    Breach("therapy_place_known", of(made.TherapyFactory, place="somewhere")),
    Breach("therapy_code_system_known", of(made.TherapyCodeFactory, system="icd")),
    Breach("therapy_code_once_a_system", twice(made.TherapyCodeFactory, "therapy", "system")),
    Breach("therapy_code_names_one_therapy", twice(made.TherapyCodeFactory, "system", "code")),
    Breach("target_slug_form", of(made.TargetFactory, slug="IL 4")),
    Breach("target_kind_known", of(made.TargetFactory, kind="planet")),
    Breach("target_layer_known", of(made.TargetFactory, layer="sky")),
    Breach("target_hgnc_form", of(made.TargetFactory, hgnc="6014")),
    Breach("target_uniprot_form", of(made.TargetFactory, uniprot="p05112")),
    Breach("mechanism_action_known", of(made.MechanismFactory, action="waves")),
    Breach("mechanism_once_a_target", twice(made.MechanismFactory, "therapy", "target", "action")),
    Breach("mechanism_citation_once", twice(made.MechanismCitationFactory, "mechanism", "citation")),
    Breach("regulatory_agency_known", of(made.RegulatoryStatusFactory, agency="WHO IS IT")),
    Breach("regulatory_date_form", of(made.RegulatoryStatusFactory, date="April 2025")),
    Breach("safety_note_says_something", of(made.SafetyNoteFactory, statement="")),
    Breach("pathway_edge_relation_known", of(made.PathwayEdgeFactory, relation="loves")),
    Breach("pathway_edge_evidence_known", of(made.PathwayEdgeFactory, evidence="hearsay")),
    Breach("pathway_edge_joins_two_nodes", an_edge_to_itself),
    Breach(
        "pathway_edge_once_a_citation",
        twice(made.PathwayEdgeFactory, "source", "relation", "target", "citation", "evidence"),
    ),
]

VOCABULARY = [
    Breach("outcome_slug_form", of(made.OutcomeFactory, slug="Overall response")),
    Breach("outcome_domain_known", of(made.OutcomeFactory, domain="luck")),
    Breach("outcome_kind_known", of(made.OutcomeFactory, kind="ratio")),
    Breach("outcome_better_known", of(made.OutcomeFactory, better="bigger")),
    Breach("outcome_quantity_has_unit", of(made.OutcomeFactory, quantity=True, unit="")),
    Breach("outcome_quantity_has_unit", of(made.OutcomeFactory, unit="%")),
    Breach("organ_slug_form", of(made.OrganFactory, slug="")),
    Breach("comorbidity_slug_form", of(made.ComorbidityFactory, slug="_a")),
    Breach("analyte_slug_form", of(made.AnalyteFactory, slug="a.b")),
    Breach("analyte_upper_normal_positive", of(made.AnalyteFactory, upper_normal=0)),
]

STUDIES = [
    Breach("study_slug_form", of(TRIAL, slug="Carruthers 2015")),
    Breach("study_design_known", of(TRIAL, design="trial")),
    Breach("study_basis_known", of(TRIAL, basis="memory")),
    Breach("study_basis_known", of(TRIAL, basis="")),
    Breach("study_state_known", of(TRIAL, state="public")),
    Breach("study_enrolled_positive", of(TRIAL, enrolled=0)),
    Breach("study_centres_positive", of(TRIAL, centres=0)),
    Breach("study_phase_range", of(TRIAL, phase=0)),
    Breach("study_phase_range", of(TRIAL, phase=5)),
    Breach("study_reviewed_by_another", reviewed_by_its_author),
    Breach("study_published_has_date", of(TRIAL, published_at=None)),
    Breach("study_organ_once", twice(made.StudyOrganFactory, "study", "organ")),
    Breach("study_citation_role_known", of(made.StudyCitationFactory, role="cover")),
    Breach("study_citation_once", twice(made.StudyCitationFactory, "study", "citation")),
    Breach("study_has_one_primary_citation", a_second_primary_citation),
    Breach("citation_is_primary_of_one_study", a_paper_of_two_studies),
    Breach("arm_slug_form", of(made.ArmFactory, slug="Arm A")),
    Breach("arm_role_known", of(made.ArmFactory, role="spare")),
    Breach("arm_background_known", of(made.ArmFactory, background_glucocorticoid="some")),
    Breach("arm_slug_once_a_study", twice(made.ArmFactory, "study", "slug")),
    Breach("arm_n_positive", of(made.ArmFactory, n=0)),
    Breach("regimen_part_dose_positive_with_unit", of(made.RegimenPartFactory, dose=0)),
    Breach("regimen_part_dose_positive_with_unit", of(made.RegimenPartFactory, dose=-1)),
    Breach("regimen_part_dose_positive_with_unit", of(made.RegimenPartFactory, unit="")),
    Breach("regimen_part_dose_positive_with_unit", of(made.RegimenPartFactory, dose=float("nan"))),
    Breach("regimen_part_dose_positive_with_unit", of(made.RegimenPartFactory, dose=float("inf"))),
    Breach("arm_baseline_once_a_name", twice(made.ArmBaselineFactory, "arm", "name")),
    Breach("arm_baseline_finite", of(made.ArmBaselineFactory, value=float("nan"))),
    Breach("arm_baseline_finite", of(made.ArmBaselineFactory, value=float("inf"))),
    Breach("overlap_between_two_studies", an_overlap_with_itself),
    Breach("overlap_once_a_pair", an_overlap_both_ways),
    Breach("distinct_pair_of_two_studies", a_distinct_pair_with_itself),
    Breach("distinct_studies_once_a_pair", distinct_studies_both_ways),
    Breach("distinct_cases_once_a_pair", distinct_cases_both_ways),
    Breach("distinct_pair_of_two_cases_or_none", of(made.DistinctPairFactory, case_a=made.CaseFactory)),
    Breach("distinct_pair_says_why", of(made.DistinctPairFactory, why="")),
    Breach("overlap_once_a_pair", twice(made.OverlapFactory, "study_a", "study_b")),
    Breach("overlap_says_why", of(made.OverlapFactory, why="")),
]

RESULTS = [
    Breach("result_has_locator", of(made.ResultFactory, locator="")),
    Breach("result_basis_known", of(made.ResultFactory, basis="memory")),
    Breach("result_events_within_total", of(made.ResultFactory, events=31, total=30)),
    Breach("result_events_within_total", of(made.ResultFactory, events=0, total=0)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, total=None)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, events=None)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, events=None, total=None)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, value=1.5)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, n=30)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, sd=1.5)),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, statistic="mean")),
    Breach("result_is_proportion_or_quantity", of(made.ResultFactory, spread="iqr")),
    Breach("result_is_proportion_or_quantity", of(QUANTITY, quantity=True, statistic="")),
    Breach("result_is_proportion_or_quantity", of(QUANTITY, quantity=True, n=None)),
    Breach("result_is_proportion_or_quantity", of(QUANTITY, quantity=True, events=3)),
    Breach("result_is_proportion_or_quantity", of(QUANTITY, quantity=True, total=30)),
    Breach("result_statistic_known", of(QUANTITY, quantity=True, statistic="mode")),
    Breach("result_spread_known", of(QUANTITY, quantity=True, spread="wide")),
    Breach("result_bounds_say_what_they_are", of(QUANTITY, quantity=True, spread="")),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, low=None)),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, high=None)),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, low=330)),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, value=59)),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, value=321)),
    Breach("result_bounds_around_value", of(QUANTITY, quantity=True, low=float("nan"))),
    Breach("result_value_finite", of(QUANTITY, quantity=True, value=float("nan"), low=None, high=None)),
    Breach("result_value_finite", of(QUANTITY, quantity=True, value=float("inf"), low=None, high=None)),
    Breach("result_value_finite", of(QUANTITY, quantity=True, value=float("-inf"), low=None, high=None)),
    Breach("result_sd_range", of(QUANTITY, quantity=True, sd=-0.1)),
    Breach("result_sd_range", of(QUANTITY, quantity=True, sd=float("nan"))),
    Breach("result_n_positive", of(QUANTITY, quantity=True, n=0)),
    Breach("result_week_range", of(made.ResultFactory, week=-1)),
    Breach("result_week_range", of(made.ResultFactory, week=2601)),
    Breach("result_once", twice(made.ResultFactory, "arm", "outcome", "week", "organ", "definition")),
    Breach("result_once", a_result_twice_without_week_or_organ),
    Breach("contrast_has_locator", of(made.ContrastFactory, locator="")),
    Breach("contrast_basis_known", of(made.ContrastFactory, basis="memory")),
    Breach("contrast_measure_known", of(made.ContrastFactory, measure="ratio")),
    Breach("contrast_between_two_arms", a_contrast_with_itself),
    Breach("contrast_bounds_around_estimate", of(made.ContrastFactory, low=None)),
    Breach("contrast_bounds_around_estimate", of(made.ContrastFactory, low=0.3)),
    Breach("contrast_bounds_around_estimate", of(made.ContrastFactory, estimate=0.5)),
    Breach("contrast_bounds_around_estimate", of(made.ContrastFactory, estimate=None)),
    Breach("contrast_estimate_finite", of(made.ContrastFactory, estimate=float("nan"), low=None, high=None)),
    Breach("contrast_ratio_not_negative", of(made.ContrastFactory, estimate=-0.1, low=None, high=None)),
    Breach("contrast_ratio_not_negative", of(made.ContrastFactory, low=-0.1)),
    Breach("contrast_week_range", of(made.ContrastFactory, week=-1)),
    Breach("finding_has_locator", of(made.FindingFactory, locator="")),
    Breach("finding_basis_known", of(made.FindingFactory, basis="memory")),
    Breach("finding_direction_known", of(made.FindingFactory, direction="sideways")),
    Breach("finding_says_something", of(made.FindingFactory, statement="")),
    Breach("finding_patients_positive", of(made.FindingFactory, patients=0)),
    Breach("synthesis_has_locator", of(made.PublishedSynthesisFactory, locator="")),
    Breach("synthesis_basis_known", of(made.PublishedSynthesisFactory, basis="memory")),
    Breach("synthesis_measure_known", of(made.PublishedSynthesisFactory, measure="percent")),
    Breach("synthesis_bounds_around_estimate", of(made.PublishedSynthesisFactory, high=None)),
    Breach("synthesis_bounds_around_estimate", of(made.PublishedSynthesisFactory, estimate=0.8)),
    Breach(
        "synthesis_estimate_finite",
        of(made.PublishedSynthesisFactory, measure="risk_ratio", estimate=float("nan"), low=None, high=None),
    ),
    Breach(
        "synthesis_proportion_range", of(made.PublishedSynthesisFactory, estimate=55.8, low=None, high=None)
    ),
    Breach("synthesis_proportion_range", of(made.PublishedSynthesisFactory, low=-0.1)),
    Breach("synthesis_proportion_range", of(made.PublishedSynthesisFactory, high=1.1)),
]

CASES = [
    Breach("case_slug_form", of(CASE, slug="Case 1")),
    Breach("case_sex_known", of(CASE, sex="m")),
    Breach("case_response_known", of(CASE, response="better")),
    Breach("case_steroid_effect_known", of(CASE, steroid_effect="")),
    Breach("case_basis_known", of(CASE, basis="memory")),
    Breach("case_age_range", of(CASE, age_years=91)),
    Breach("case_age_range", of(CASE, age_years=-1)),
    Breach("case_age_range", of(CASE, age_years=float("nan"))),
    Breach("case_relapse_week_needs_relapse", of(CASE, relapse=False, relapse_week=30)),
    Breach("case_relapse_week_needs_relapse", of(CASE, relapse=None, relapse_week=30)),
    Breach("case_has_locator", of(CASE, locator="")),
    Breach("case_organ_once", twice(made.CaseOrganFactory, "case", "organ")),
    Breach("case_comorbidity_once", twice(made.CaseComorbidityFactory, "case", "comorbidity")),
    Breach("case_prior_therapy_once", twice(made.CasePriorTherapyFactory, "case", "therapy")),
    Breach("course_dose_positive_with_unit", of(made.CourseFactory, dose=0)),
    Breach("course_dose_positive_with_unit", of(made.CourseFactory, unit="")),
    Breach("course_starts_before_it_stops", of(made.CourseFactory, start_week=53)),
    Breach("measurement_not_negative", of(made.MeasurementFactory, value=-1)),
    Breach("measurement_not_negative", of(made.MeasurementFactory, value=float("nan"))),
    Breach("organ_response_known", of(made.OrganResponseFactory, response="fine")),
    Breach("case_care_reported_known", of(CASE, care_reported=["timeline"])),
    Breach("case_care_absent_known", of(CASE, care_absent=["timeline"])),
    Breach(
        "case_care_item_reported_or_absent", of(CASE, care_reported=["abstract"], care_absent=["abstract"])
    ),
    Breach("case_acr_eular_2019_known", of(CASE, acr_eular_2019="maybe")),
    Breach("case_acr_eular_2019_score_range", of(CASE, acr_eular_2019_score=102)),
    Breach("responder_index_version_known", of(INDEX, version="ri_2019")),
    Breach("responder_index_score_range", of(INDEX, organ=None, score=241)),
    Breach("responder_index_score_range", of(INDEX, score=4, version="ri_2018")),
    Breach("responder_index_score_range", of(INDEX, score=5, version="ri_2012")),
    Breach("responder_index_score_range", of(INDEX, score=5, version="not_reported")),
    Breach("responder_index_flags_are_of_an_organ", of(INDEX, organ=None, urgent=False)),
    Breach("responder_index_flags_are_of_an_organ", of(INDEX, organ=None, damage=True)),
    Breach("responder_index_flags_are_of_an_organ", of(INDEX, organ=None, symptomatic=True)),
    Breach("responder_index_once", twice(INDEX, "case", "organ")),
    Breach("responder_index_once", twice(INDEX, "case", organ=None)),
    Breach("case_adverse_event_says_something", of(made.CaseAdverseEventFactory, description="")),
]

DESK = [
    Breach("case_draft_once_a_case_and_owner", two_drafts_of_a_case),
    Breach("case_draft_version_from_one", of(made.CaseDraftFactory, version=0)),
    Breach("confirmed_doubt_once_a_place", twice(made.ConfirmedDoubtFactory, "case", "code", "place")),
    Breach("confirmed_doubt_has_reason", of(made.ConfirmedDoubtFactory, reason="")),
]

JUDGEMENTS = [
    Breach("appraisal_tool_known", of(made.AppraisalFactory, tool="gut")),
    Breach("appraisal_once_a_rater_and_tool", twice(made.AppraisalFactory, "study", "tool", "rater")),
    Breach("appraisal_answer_once_a_domain", twice(made.AppraisalAnswerFactory, "appraisal", "domain")),
    Breach("certainty_level_known", of(made.CertaintyFactory, level="absolute")),
    *[
        Breach(f"certainty_{reason}_known", of(made.CertaintyFactory, **{reason: "a bit"}))
        for reason in ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
    ],
    Breach("certainty_once_a_therapy_and_outcome", twice(made.CertaintyFactory, "therapy", "outcome")),
]

FOUNDATION = [
    Breach("revision_has_one_row", a_second_revision),
    Breach("retired_slug_leads_to_one_record", twice(made.RetiredSlugFactory, "kind", "old")),
    Breach(
        "retired_slug_is_not_its_successor", lambda: RetiredSlug.objects.create(kind="x", old="a", new="a")
    ),
]

BREACHES = [
    *LITERATURE,
    *THERAPIES,
    *VOCABULARY,
    *STUDIES,
    *RESULTS,
    *CASES,
    *DESK,
    *JUDGEMENTS,
    *REVIEW,
    *FOUNDATION,
]


def unique_columns(model: type[models.Model]) -> list[str]:
    """Columns that are unique by themselves, the primary key apart."""
    return [field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key]
