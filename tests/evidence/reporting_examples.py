"""For each rule of reporting a study that obeys it, one that breaks it, and what is told of that one."""

from dataclasses import dataclass
from typing import Any

from evidence.dataset.schema import StudyRecord

CITATION = {"role": "primary", "title": "A paper", "authors": ["Author A"], "year": 2024, "pmid": "1"}
SOURCE = {"locator": "Abstract"}
FINDING = {
    "therapy": "rituximab", "outcome": "relapse", "direction": "improved", "statement": "Fewer relapses.", **SOURCE,
}  # fmt: skip
SYNTHESIS = {
    "therapy": "rituximab", "outcome": "relapse", "measure": "proportion", "estimate": 0.2, **SOURCE,
}  # fmt: skip


def arm(slug: str = "rituximab", **changes: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "label": slug,
        "role": "experimental",
        "n": 15,
        "regimen": [{"therapy": "rituximab"}],
        **changes,
    }


def result(slug: str = "rituximab", **changes: Any) -> dict[str, Any]:
    return {"arm": slug, "outcome": "relapse", "week": 26, "events": 1, "total": 15, **SOURCE, **changes}


def contrast(arm: str = "rituximab", versus: str = "placebo") -> dict[str, Any]:
    return {
        "outcome": "relapse",
        "arm": arm,
        "versus": versus,
        "measure": "hazard_ratio",
        "estimate": 0.5,
        **SOURCE,
    }


def case(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "slug": f"author-2024-p{number}",
        "index_therapy": "dupilumab",
        "sex": "male",
        "organs": ["pancreas", "kidney"],
        "courses": [{"therapy": "dupilumab", "start_week": 0}],
        "response": "partial_remission",
        "follow_up_weeks": 52,
        "summary": "He got better.",
        **SOURCE,
        **changes,
    }


def score(**changes: Any) -> dict[str, Any]:
    return {"week": 0, "version": "ri_2018", "score": 3, **changes}


TWO_ARMS = [arm(), arm("placebo", role="comparator", regimen=[{"therapy": "placebo"}])]
_TRIAL = {
    "enrolled": 30,
    "registration": "NCT00000001",
    "follow_up_weeks": 52,
    "arms": TWO_ARMS,
    "results": [result(), result("placebo")],
}
# A study of each design that breaks no rule.
BASES: dict[str, dict[str, Any]] = {
    "meta_analysis": {"enrolled": 300, "syntheses": [SYNTHESIS]},
    "systematic_review": {"enrolled": 300, "findings": [FINDING]},
    "randomised_trial": _TRIAL,
    "non_randomised_trial": _TRIAL,
    "single_arm_trial": {**_TRIAL, "arms": [arm()], "results": [result()]},
    "prospective_cohort": {**_TRIAL, "registration": None},
    "retrospective_cohort": {**_TRIAL, "registration": None},
    "case_series": {"enrolled": 15, "follow_up_weeks": 52, "arms": [arm()], "results": [result()]},
    "case_report": {"enrolled": 1, "cases": [case()]},
    "expert_opinion": {"enrolled": None, "findings": [FINDING]},
}


def study(design: str, **changes: Any) -> StudyRecord:
    """A study of a design, right but for the changes."""
    return StudyRecord.model_validate(
        {
            "slug": "author-2024",
            "label": "Author 2024",
            "design": design,
            "summary": "What was done.",
            "basis": "abstract",
            "read_at": "https://example.org/paper",
            "citations": [CITATION],
            **BASES[design],
            **changes,
        }
    )


def report(**changes: Any) -> StudyRecord:
    """A report of one patient, right but for the changes."""
    return study("case_report", cases=[case(**changes)])


@dataclass(frozen=True)
class Example:
    """A rule, two studies, and the place and message of the one that breaks it."""

    rule: str
    good: StudyRecord
    bad: StudyRecord
    path: str
    message: str


PREDNISOLONE = {"therapy": "glucocorticoid", "agent": "prednisolone", "start_week": -4, "stop_week": 8}
PANCREAS = {"organ": "pancreas", "response": "improved"}
KIDNEY = {"organ": "kidney", "response": "no_change"}

EXAMPLES = [
    # Patients counted
    Example("slug_is_no_address", study("case_report"), study("case_report", slug="check"), "slug",
            "'check' is an address of the API: choose another name, such as the first author and the year."),
    Example("arms_within_enrolled", study("case_series"), study("case_series", enrolled=14), "arms[0].n",
            "Arm 'rituximab' has 15 patients and the study 14: correct n or enrolled."),
    Example("results_within_arm", study("case_series"), study("case_series", results=[result(total=16)]),
            "results[0].total",
            "16 patients are counted in arm 'rituximab', which has 15: correct the count or the arm's n."),
    Example("results_within_arm", study("case_series", arms=[arm(n=None)], results=[result(total=16)]),
            study("case_series", results=[
                {"arm": "rituximab", "outcome": "serum_igg4", "value": 1, "statistic": "mean", "n": 16, **SOURCE}]),
            "results[0].n",
            "16 patients are counted in arm 'rituximab', which has 15: correct the count or the arm's n."),
    Example("cases_within_enrolled", study("case_series", cases=[case()]),
            study("retrospective_cohort", enrolled=1, arms=[], results=[], cases=[case(), case(2)]), "cases",
            "2 patients are told one by one and 1 were enrolled: correct enrolled, or leave cases out."),
    Example("findings_within_enrolled", study("case_series", findings=[{**FINDING, "patients": 15}]),
            study("case_series", findings=[{**FINDING, "patients": 34}]), "findings[0].patients",
            "The finding speaks of 34 patients and the study has 15: say in the statement who they are, "
            "or correct the number."),
    Example("results_within_follow_up", study("case_series", follow_up_weeks=None),
            study("case_series", follow_up_weeks=25), "results[0].week",
            "The result is of week 26 and follow-up ended at week 25: correct one, "
            "or leave it where follow-up is a median."),
    Example("glucocorticoid_has_agent", report(courses=[{"therapy": "dupilumab", "start_week": 0}, PREDNISOLONE]),
            report(courses=[{"therapy": "dupilumab", "start_week": 0}, {"therapy": "glucocorticoid"}]),
            "cases[0].courses[1].agent",
            "The glucocorticoid is not named: enter the agent, such as prednisolone, where the paper names it."),
    Example("glucocorticoid_has_agent", study("case_series"),
            study("case_series", arms=[arm(regimen=[{"therapy": "rituximab"}, {"therapy": "glucocorticoid"}])]),
            "arms[0].regimen[1].agent",
            "The glucocorticoid is not named: enter the agent, such as prednisolone, where the paper names it."),
    # Arms
    Example("contrasts_have_two_arms", study("retrospective_cohort", contrasts=[contrast()]),
            study("retrospective_cohort", arms=[arm()], results=[], contrasts=[contrast()]), "contrasts",
            "A contrast needs two arms and the study has 1: enter the other arm, or tell the difference as a finding."),
    Example("comparator_has_counterpart", study("retrospective_cohort"),
            study("retrospective_cohort", arms=TWO_ARMS[1:], results=[]), "arms[0].role",
            "Arm 'placebo' is a comparator of nothing: enter the arm compared with it, or make it experimental."),
    Example("trial_has_two_arms", study("randomised_trial"),
            study("randomised_trial", arms=[arm()], results=[]), "arms",
            "A controlled trial has two arms or more, this one 1: enter each arm, "
            "or choose the design single_arm_trial."),
    Example("trial_has_comparator", study("non_randomised_trial"),
            study("non_randomised_trial", arms=[arm(), arm("placebo")]), "arms",
            "No arm of the controlled trial is its comparator: give the control arm the role comparator."),
    Example("single_arm_has_an_arm", study("single_arm_trial"),
            study("single_arm_trial", arms=[], results=[], findings=[FINDING]), "arms",
            "A single-arm trial has one arm, or one a dose, and this has none: enter it with its regimen."),
    Example("single_arm_has_no_comparator", study("single_arm_trial", arms=[arm(n=6), arm("high", n=8)], results=[]),
            study("single_arm_trial", arms=TWO_ARMS, results=[]), "arms[1].role",
            "Arm 'placebo' is a comparator in a single-arm trial: make it experimental where arms differ in dose "
            "alone, or choose a controlled design."),
    Example("single_arm_has_no_contrast", study("single_arm_trial"),
            study("single_arm_trial", arms=[arm(), arm("high")], contrasts=[contrast(versus="high")]), "contrasts",
            "A single-arm trial compares nothing: leave contrasts out, unless they are between doses."),
    Example("trial_arms_within_enrolled", study("randomised_trial", enrolled=None),
            study("randomised_trial", enrolled=29), "arms",
            "The arms have 30 patients together and 29 were enrolled: correct n or enrolled, "
            "unless patients crossed over."),
    Example("trial_is_registered", study("randomised_trial"), study("randomised_trial", registration=None),
            "registration",
            "No registration is entered: look for a number such as NCT01584388 in the abstract or methods."),
    Example("trial_says_how_many", study("prospective_cohort"), study("prospective_cohort", enrolled=None), "enrolled",
            "How many patients there were is not entered: enter enrolled."),
    Example("trial_arms_have_results", study("randomised_trial", results=[], contrasts=[contrast()]),
            study("randomised_trial", results=[result()]), "arms[1]",
            "Arm 'placebo' reports no result: enter what it came to, or say in notes why there is nothing."),
    Example("only_trials_have_a_phase", study("randomised_trial", phase=3), study("case_series", phase=2), "phase",
            "Phase 2 is entered for a study that is no trial: leave phase out, or choose the trial's design."),
    # Case reports and series
    Example("case_report_has_cases", study("case_report"), study("case_report", cases=[], findings=[FINDING]), "cases",
            "A case report tells its patient: enter the case."),
    Example("case_report_counts_its_cases", study("case_report"), study("case_report", enrolled=None), "enrolled",
            "enrolled is nobody and the cases entered are 1: in a case report they are the same."),
    Example("case_report_results_within_cases",
            study("case_report", arms=[arm(n=1)], results=[result(events=0, total=1)]),
            study("case_report", arms=[arm(n=None)], results=[result(events=1, total=3)]), "results[0].total",
            "3 patients are counted and 1 told: a case report counts no more than it tells, else it is a case_series."),
    Example("case_report_results_within_cases", study("case_report", arms=[arm(n=None)]),
            study("case_report", arms=[arm(n=3)]), "arms[0].n",
            "3 patients are counted and 1 told: a case report counts no more than it tells, else it is a case_series."),
    Example("case_report_has_no_contrast", study("case_report"),
            study("case_report", arms=[arm(n=1), arm("placebo", n=1)], contrasts=[contrast()]), "contrasts",
            "A case report compares no groups: leave contrasts out, or choose the design that does."),
    Example("case_report_tells_one", study("case_report"), study("case_report", enrolled=2, cases=[case(), case(2)]),
            "cases",
            "2 patients make a case series: choose case_series, unless the paper calls itself a case report."),
    Example("case_series_has_several", study("case_series", enrolled=None),
            study("case_series", enrolled=1, arms=[], results=[], cases=[case()]), "enrolled",
            "A case series has two patients or more and 1 is entered: correct enrolled, or choose case_report."),
    Example("case_series_has_no_comparator", study("case_series"),
            study("case_series", enrolled=30, arms=TWO_ARMS), "arms[1].role",
            "Arm 'placebo' is a comparator in a case series: groups that are compared make a cohort."),
    Example("case_series_has_no_contrast", study("case_series"),
            study("case_series", enrolled=30, arms=[arm(), arm("placebo")], contrasts=[contrast()]), "contrasts",
            "A case series compares no groups: with contrasts it is a cohort."),
    # Reviews and opinions
    Example("review_has_no_arms", study("systematic_review"), study("systematic_review", arms=[arm()]), "arms",
            "A review has no arms of its own: enter them with the study that they come from, "
            "and here what the review says of them."),
    Example("review_has_no_cases", study("meta_analysis"), study("meta_analysis", cases=[case()]), "cases",
            "A review has no cases of its own: enter them with the study that they come from, "
            "and here what the review says of them."),
    Example("only_meta_analyses_pool", study("meta_analysis"), study("expert_opinion", syntheses=[SYNTHESIS]),
            "syntheses",
            "Pooled figures are a meta-analysis's: choose the design meta_analysis, "
            "or tell the figure as a result or finding."),
    Example("meta_analysis_pools", study("meta_analysis"),
            study("meta_analysis", syntheses=[], findings=[FINDING]), "syntheses",
            "The meta-analysis has no pooled figure: enter its syntheses, or choose systematic_review."),
    Example("review_says_how_many", study("meta_analysis"), study("meta_analysis", enrolled=None), "enrolled",
            "How many patients the review covers is not entered: enter enrolled where it is told."),
    Example("systematic_review_finds", study("systematic_review"), study("systematic_review", findings=[]), "findings",
            "A review without pooled figures tells in words: enter a finding."),
    Example("opinion_finds", study("expert_opinion"), study("expert_opinion", findings=[]), "findings",
            "An opinion or letter tells in words: enter a finding with its direction and place."),
    Example("opinion_has_no_arms", study("expert_opinion"), study("expert_opinion", arms=[arm()]), "arms",
            "An opinion or letter without patient data has no arms: leave them out, "
            "or choose the design of the patients that it tells of."),
    Example("opinion_has_no_cases", study("expert_opinion"), study("expert_opinion", cases=[case()]), "cases",
            "An opinion or letter without patient data has no cases: leave them out, "
            "or choose the design of the patients that it tells of."),
    Example("opinion_enrols_nobody", study("expert_opinion"), study("expert_opinion", enrolled=12), "enrolled",
            "12 patients are entered for an opinion without patient data: leave enrolled empty, "
            "or choose the design of those patients."),
    # Patients one by one
    Example("relapse_within_follow_up", report(relapse=True, relapse_week=52), report(relapse=True, relapse_week=53),
            "cases[0].relapse_week",
            "The relapse is in week 53 and follow-up ended in week 52: correct one of them."),
    Example("relapse_after_start", report(relapse=True, relapse_week=0), report(relapse=True, relapse_week=-1),
            "cases[0].relapse_week",
            "The relapse is in week -1, before the index therapy began: leave it out, or count from the start."),
    Example("organ_responses_are_of_its_organs", report(organ_responses=[PANCREAS]),
            report(organ_responses=[PANCREAS, {"organ": "eye", "response": "improved"}]),
            "cases[0].organ_responses[1].organ",
            "'eye' responds and is not among the patient's organs: add it to organs, or correct the response."),
    Example("case_has_organs", report(), report(organs=[]), "cases[0].organs",
            "No organ is entered: enter those with disease."),
    Example("case_tells_response", report(), report(response="not_reported"), "cases[0].response",
            "The response is not reported, so that the case counts in no outcome: enter what the report says of it."),
    Example("index_therapy_has_course", report(index_therapy="no_treatment", courses=[]), report(courses=[]),
            "cases[0].courses",
            "'dupilumab' is the index therapy and no course of it is entered: enter it from week 0."),
    Example("index_course_starts_week_0", report(courses=[{"therapy": "dupilumab"}]),
            report(courses=[PREDNISOLONE, {"therapy": "dupilumab", "start_week": 8}]), "cases[0].courses[1].start_week",
            "The index therapy 'dupilumab' starts in week 8: weeks count from its start, which is week 0."),
    Example("figures_within_follow_up", report(responder_index=[score(week=52)]),
            report(responder_index=[score(week=53)]), "cases[0].responder_index[0].week",
            "Week 53 is after the end of follow-up in week 52: correct the week, or lengthen follow-up."),
    Example("figures_within_follow_up", report(measurements=[{"analyte": "serum_igg4", "week": 52, "value": 1}]),
            report(measurements=[{"analyte": "serum_igg4", "week": 60, "value": 1}]), "cases[0].measurements[0].week",
            "Week 60 is after the end of follow-up in week 52: correct the week, or lengthen follow-up."),
    Example("figures_within_follow_up", report(follow_up_weeks=None, organ_responses=[{**PANCREAS, "week": 60}]),
            report(organ_responses=[{**PANCREAS, "week": 60}]), "cases[0].organ_responses[0].week",
            "Week 60 is after the end of follow-up in week 52: correct the week, or lengthen follow-up."),
    Example("steroid_effect_fits_courses", report(steroid_effect="never_used"),
            report(steroid_effect="never_used", prior_therapies=["glucocorticoid"]), "cases[0].steroid_effect",
            "The glucocorticoid is 'never used' and one is told among courses and prior therapies: "
            "correct the effect, or the courses."),
    Example("steroid_effect_fits_courses",
            report(steroid_effect="stopped", courses=[{"therapy": "dupilumab", "start_week": 0}, PREDNISOLONE]),
            report(steroid_effect="stopped"), "cases[0].steroid_effect",
            "The glucocorticoid is 'stopped' and none is told among courses and prior therapies: "
            "correct the effect, or the courses."),
    Example("response_fits_organs", report(organ_responses=[PANCREAS, KIDNEY]), report(organ_responses=[KIDNEY]),
            "cases[0].response",
            "The response is partial remission although no organ is better: look at both again."),
    Example("response_fits_organs", report(response="complete_remission", organ_responses=[PANCREAS]),
            report(response="complete_remission", organ_responses=[PANCREAS, KIDNEY]), "cases[0].response",
            "The response is complete remission although an organ is no better: look at both again."),
    Example("response_fits_organs", report(response="no_response", organ_responses=[PANCREAS, KIDNEY]),
            report(response="no_response", organ_responses=[PANCREAS]), "cases[0].response",
            "The response is no response although every organ is better: look at both again."),
    Example("classification_fits_score", report(acr_eular_2019="met", acr_eular_2019_score=20),
            report(acr_eular_2019="met", acr_eular_2019_score=19), "cases[0].acr_eular_2019",
            "The criteria are met with 19 points: 20 points or more classify a patient who meets the entry criterion "
            "and no exclusion, which the report may explain."),
    Example("classification_fits_score", report(acr_eular_2019="not_met", acr_eular_2019_score=0),
            report(acr_eular_2019="not_met", acr_eular_2019_score=20), "cases[0].acr_eular_2019",
            "The criteria are not met with 20 points: 20 points or more classify a patient who meets the entry "
            "criterion and no exclusion, which the report may explain."),
    Example("classification_fits_score", report(acr_eular_2019="not_assessable"),
            report(acr_eular_2019="not_assessable", acr_eular_2019_score=0), "cases[0].acr_eular_2019",
            "The criteria are not assessable with 0 points: 20 points or more classify a patient who meets the entry "
            "criterion and no exclusion, which the report may explain."),
    Example("scores_are_of_its_organs", report(responder_index=[score(organ="eye", score=0), score(organ="kidney")]),
            report(responder_index=[score(organ="eye", score=1)]), "cases[0].responder_index[0].organ",
            "'eye' scores in the Responder Index and is not among the patient's organs: add it, or correct the row."),
    Example("total_covers_organs",
            report(responder_index=[score(organ="kidney", urgent=True), score(organ="pancreas", week=26),
                                    score(score=6)]),
            report(responder_index=[score(organ="kidney", urgent=True), score(organ="pancreas", score=1),
                                    score(score=6)]),
            "cases[0].responder_index[2].score",
            "The total is 6 and its organs give 7, urgent ones twice: correct the total or the organs."),
    Example("total_is_the_measurement",
            report(responder_index=[score(score=6)],
                   measurements=[{"analyte": "responder_index", "week": 0, "value": 6}]),
            report(responder_index=[score(score=6)],
                   measurements=[{"analyte": "responder_index", "week": 0, "value": 9}]),
            "cases[0].measurements[0].value",
            "The Responder Index of week 0 is measured as 9 and scored as 6: they are one figure."),
    Example("measured_once",
            report(measurements=[{"analyte": "serum_igg4", "week": week, "value": 135 + week} for week in (0, 4)]),
            report(measurements=[{"analyte": "serum_igg4", "week": 4, "value": 135 + more} for more in (0, 1)]),
            "cases[0].measurements[1]",
            "'serum_igg4' of week 4 was 135 already: keep one value a week, the latest or that of the visit."),
]  # fmt: skip
