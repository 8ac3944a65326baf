"""What a study of each design must, should and must not hold: one table for loader, form, API and review.

A rule that *must* hold is a fault where it is broken: the study is not written. One that *should* hold is a caution:
the study may be right, and whoever enters it looks again. Rules are about one study's own rows; names that must exist
and pairs that must be single are checked beside them, in evidence/dataset/rules.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence import reporting_demands as demands
from evidence.choices import DESIGN_CLASSES, Design, RuleSeverity
from evidence.dataset.schema import StudyRecord
from evidence.reporting_demands import Demand, absent, at_least, of_each_case, present

MUST, SHOULD = RuleSeverity.MUST, RuleSeverity.SHOULD

ANY = frozenset(Design)
RANDOMISED = frozenset({Design.RANDOMISED_TRIAL})
CONTROLLED = RANDOMISED | {Design.NON_RANDOMISED_TRIAL}
SINGLE_ARM = frozenset({Design.SINGLE_ARM_TRIAL})
TRIALS = CONTROLLED | SINGLE_ARM
COHORTS = frozenset({Design.PROSPECTIVE_COHORT, Design.RETROSPECTIVE_COHORT})
CASE_REPORT = frozenset({Design.CASE_REPORT})
CASE_SERIES = frozenset({Design.CASE_SERIES})
META_ANALYSIS = frozenset({Design.META_ANALYSIS})
SYSTEMATIC_REVIEW = frozenset({Design.SYSTEMATIC_REVIEW})
REVIEWS = META_ANALYSIS | SYSTEMATIC_REVIEW
OPINION = frozenset({Design.EXPERT_OPINION})
# Those that treated or watched patients of their own.
OF_PATIENTS = frozenset(Design(design) for design in DESIGN_CLASSES)

CARE = "CARE 2013, doi:10.1136/bcr-2013-201554"
CONSORT = "CONSORT 2010, doi:10.1136/bmj.c332"
REGISTRATION = "ICMJE 2004, doi:10.1056/NEJMe048225"
PRISMA = "PRISMA 2020, doi:10.1136/bmj.n71"
ACR_EULAR = "Wallace 2020, doi:10.1136/annrheumdis-2019-216561"
DICTIONARY = "docs/data-dictionary.md"
METHODS = "docs/methods.md"


@dataclass(frozen=True)
class Rule:
    """A demand on studies of some designs: what breaks it is told by the message, why it is there by the reason."""

    id: str
    designs: frozenset[Design]
    severity: RuleSeverity
    demand: Demand
    # Says what is wrong and what would be right; {names} are values that the demand tells of the place.
    message: str
    reason: str
    source: str


@dataclass(frozen=True, order=True)
class Broken:
    """A rule that a study breaks: at which place, in words, and by which rule."""

    path: str
    message: str
    rule: str
    severity: RuleSeverity = MUST


_COUNTING: tuple[Rule, ...] = (
    Rule("slug_is_no_address", ANY, MUST, demands.slug_is_no_address,
         "{slug!r} is an address of the API: choose another name, such as the first author and the year.",
         "A study is known by its slug in addresses.", DICTIONARY),
    Rule("arms_within_enrolled", ANY, MUST, demands.arms_within_enrolled,
         "Arm {arm!r} has {found} patients and the study {enrolled}: correct n or enrolled.",
         "An arm is a part of the study's patients.", DICTIONARY),
    Rule("results_within_arm", ANY, MUST, demands.results_within_arm,
         "{found} patients are counted in arm {arm!r}, which has {n}: correct the count or the arm's n.",
         "A result counts patients of its arm, each once; lesions, eyes and courses are not patients.", DICTIONARY),
    Rule("cases_within_enrolled", ANY - CASE_REPORT, MUST, demands.cases_within_enrolled,
         "{found} patients are told one by one and {enrolled} were enrolled: correct enrolled, or leave cases out.",
         "A case is one of the study's patients.", DICTIONARY),
    Rule("findings_within_enrolled", OF_PATIENTS, SHOULD, demands.findings_within_enrolled,
         "The finding speaks of {found} patients and the study has {enrolled}: "
         "say in the statement who they are, or correct the number.",
         "A number larger than the study's is another study's, which is then counted there.", DICTIONARY),
    Rule("results_within_follow_up", OF_PATIENTS, SHOULD, demands.results_within_follow_up,
         "The result is of week {week} and follow-up ended at week {follow_up}: correct one, "
         "or leave it where follow-up is a median.",
         "The time of a result decides which figure of an arm is compared.", METHODS),
    Rule("glucocorticoid_has_agent", ANY, SHOULD, demands.glucocorticoid_has_agent,
         "The glucocorticoid is not named: enter the agent, such as prednisolone, where the paper names it.",
         "Doses are kept in prednisolone equivalents, which depend on the agent.", DICTIONARY),
)  # fmt: skip

_ARMS: tuple[Rule, ...] = (
    Rule("contrasts_have_two_arms", ANY, MUST, demands.contrasts_have_two_arms,
         "A contrast needs two arms and the study has {found}: enter the other arm, "
         "or tell the difference as a finding.",
         "A contrast is a difference between two arms of the study.", DICTIONARY),
    Rule("comparator_has_counterpart", ANY, MUST, demands.comparator_has_its_counterpart,
         "Arm {arm!r} is a comparator of nothing: enter the arm compared with it, or make it experimental.",
         "A comparator is what another arm is compared with.", DICTIONARY),
    Rule("trial_has_two_arms", CONTROLLED, MUST, at_least("arms", 2),
         "A controlled trial has two arms or more, this one {found}: enter each arm, "
         "or choose the design single_arm_trial.",
         "What makes a trial controlled is the arm that the other is compared with.", CONSORT),
    Rule("trial_has_comparator", CONTROLLED, MUST, demands.has_comparator,
         "No arm of the controlled trial is its comparator: give the control arm the role comparator.",
         "The guard compares therapies over their common comparator.", METHODS),
    Rule("single_arm_has_an_arm", SINGLE_ARM, MUST, at_least("arms", 1),
         "A single-arm trial has one arm, or one a dose, and this has none: enter it with its regimen.",
         "The results of a trial belong to an arm.", CONSORT),
    Rule("single_arm_has_no_comparator", SINGLE_ARM, MUST, demands.has_no_comparator,
         "Arm {arm!r} is a comparator in a single-arm trial: make it experimental where arms differ in dose alone, "
         "or choose a controlled design.",
         "A trial with a comparator is a controlled one and is pooled with those.", METHODS),
    Rule("single_arm_has_no_contrast", SINGLE_ARM, SHOULD, absent("contrasts"),
         "A single-arm trial compares nothing: leave contrasts out, unless they are between doses.",
         "A difference needs a comparator.", METHODS),
    Rule("trial_arms_within_enrolled", TRIALS, SHOULD, demands.arms_together_within_enrolled,
         "The arms have {found} patients together and {enrolled} were enrolled: correct n or enrolled, "
         "unless patients crossed over.",
         "In a trial of parallel arms each patient is in one.", CONSORT),
    Rule("trial_is_registered", TRIALS, SHOULD, present("registration"),
         "No registration is entered: look for a number such as NCT01584388 in the abstract or methods.",
         "A registered trial can be checked for outcomes that were left out.", REGISTRATION),
    Rule("trial_says_how_many", TRIALS | COHORTS, SHOULD, present("enrolled"),
         "How many patients there were is not entered: enter enrolled.",
         "The overview tells studies by their patients.", DICTIONARY),
    Rule("trial_arms_have_results", TRIALS, SHOULD, demands.arms_have_results,
         "Arm {arm!r} reports no result: enter what it came to, or say in notes why there is nothing.",
         "What is told of one arm alone misleads.", CONSORT),
    Rule("only_trials_have_a_phase", ANY - TRIALS, MUST, absent("phase"),
         "Phase {found} is entered for a study that is no trial: leave phase out, or choose the trial's design.",
         "Phases are those of trials.", DICTIONARY),
)  # fmt: skip

_CASE_STUDIES: tuple[Rule, ...] = (
    Rule("case_report_has_cases", CASE_REPORT, MUST, present("cases"),
         "A case report tells its patient: enter the case.",
         "Without the case there is nothing to count.", CARE),
    Rule("case_report_counts_its_cases", CASE_REPORT, MUST, demands.enrolled_is_the_cases,
         "enrolled is {found} and the cases entered are {cases}: in a case report they are the same.",
         "A case report has no patients beside those that it tells of.", DICTIONARY),
    Rule("case_report_results_within_cases", CASE_REPORT, MUST, demands.results_within_cases,
         "{found} patients are counted and {cases} told: a case report counts no more than it tells, "
         "else it is a case_series.",
         "Patients of a literature review are counted in their own reports.", METHODS),
    Rule("case_report_has_no_contrast", CASE_REPORT, MUST, absent("contrasts"),
         "A case report compares no groups: leave contrasts out, or choose the design that does.",
         "A difference between groups needs groups.", CARE),
    Rule("case_report_tells_one", CASE_REPORT, SHOULD, demands.at_most_one_case,
         "{found} patients make a case series: choose case_series, unless the paper calls itself a case report.",
         "The design decides which tool appraises the study.", METHODS),
    Rule("case_series_has_several", CASE_SERIES, MUST, at_least("enrolled", 2),
         "A case series has two patients or more and {found} is entered: correct enrolled, or choose case_report.",
         "One patient is a case report.", METHODS),
    Rule("case_series_has_no_comparator", CASE_SERIES, SHOULD, demands.has_no_comparator,
         "Arm {arm!r} is a comparator in a case series: groups that are compared make a cohort.",
         "Case series are pooled with case reports, cohorts apart.", METHODS),
    Rule("case_series_has_no_contrast", CASE_SERIES, SHOULD, absent("contrasts"),
         "A case series compares no groups: with contrasts it is a cohort.",
         "Case series are pooled with case reports, cohorts apart.", METHODS),
)  # fmt: skip

_REVIEWS: tuple[Rule, ...] = (
    *(
        Rule(f"review_has_no_{name}", REVIEWS, MUST, absent(name),
             f"A review has no {name} of its own: enter them with the study that they come from, "
             f"and here what the review says of them.",
             "Patients that a review counts again would count twice.", PRISMA)
        for name in ("arms", "cases")
    ),
    Rule("only_meta_analyses_pool", ANY - META_ANALYSIS, MUST, absent("syntheses"),
         "Pooled figures are a meta-analysis's: choose the design meta_analysis, "
         "or tell the figure as a result or finding.",
         "A pooled figure is shown beside ours and never pooled again.", METHODS),
    Rule("meta_analysis_pools", META_ANALYSIS, SHOULD, present("syntheses"),
         "The meta-analysis has no pooled figure: enter its syntheses, or choose systematic_review.",
         "A review without pooled figures is a systematic review without pooling.", PRISMA),
    Rule("review_says_how_many", REVIEWS, SHOULD, present("enrolled"),
         "How many patients the review covers is not entered: enter enrolled where it is told.",
         "A review is weighed by what it covers.", PRISMA),
    Rule("systematic_review_finds", SYSTEMATIC_REVIEW, MUST, present("findings"),
         "A review without pooled figures tells in words: enter a finding.",
         "Nothing else of it can be shown.", PRISMA),
    Rule("opinion_finds", OPINION, MUST, present("findings"),
         "An opinion or letter tells in words: enter a finding with its direction and place.",
         "Nothing else of it can be shown.", DICTIONARY),
    *(
        Rule(f"opinion_has_no_{name}", OPINION, MUST, absent(name),
             f"An opinion or letter without patient data has no {name}: leave them out, "
             f"or choose the design of the patients that it tells of.",
             "A letter that reports patients is a case report, a case series or a cohort.", METHODS)
        for name in ("arms", "cases")
    ),
    Rule("opinion_enrols_nobody", OPINION, MUST, absent("enrolled"),
         "{found} patients are entered for an opinion without patient data: leave enrolled empty, "
         "or choose the design of those patients.",
         "Patients that it quotes are counted in their own studies.", METHODS),
)  # fmt: skip

_PATIENTS: tuple[Rule, ...] = tuple(
    Rule(name, ANY, severity, of_each_case(demand), message, reason, source)
    for name, severity, demand, message, reason, source in (
        ("relapse_within_follow_up", MUST, demands.relapse_within_follow_up,
         "The relapse is in week {week} and follow-up ended in week {follow_up}: correct one of them.",
         "Time to relapse is censored at the end of follow-up.", METHODS),
        ("relapse_after_start", MUST, demands.relapse_after_start,
         "The relapse is in week {week}, before the index therapy began: leave it out, or count from the start.",
         "A relapse is counted against the therapy that it came under or after.", METHODS),
        ("organ_responses_are_of_its_organs", MUST, demands.organ_responses_are_of_its_organs,
         "{organ!r} responds and is not among the patient's organs: add it to organs, or correct the response.",
         "An organ that is not named is not found by those who look for it.", DICTIONARY),
        ("case_has_organs", SHOULD, demands.has_organs,
         "No organ is entered: enter those with disease.",
         "Cases are looked for by organ.", CARE),
        ("case_tells_response", SHOULD, demands.tells_response,
         "The response is not reported, so that the case counts in no outcome: enter what the report says of it.",
         "Outcomes of case reports are counted from the response.", METHODS),
        ("index_therapy_has_course", SHOULD, demands.index_therapy_has_course,
         "{therapy!r} is the index therapy and no course of it is entered: enter it from week 0.",
         "Weeks count from the start of the index therapy.", DICTIONARY),
        ("index_course_starts_week_0", SHOULD, demands.index_course_starts_week_0,
         "The index therapy {therapy!r} starts in week {week}: weeks count from its start, which is week 0.",
         "Weeks count from the start of the index therapy.", DICTIONARY),
        ("figures_within_follow_up", SHOULD, demands.figures_within_follow_up,
         "Week {week} is after the end of follow-up in week {follow_up}: correct the week, or lengthen follow-up.",
         "A patient was followed for as long as anything is told.", CARE),
        ("steroid_effect_fits_courses", SHOULD, demands.steroid_effect_fits_courses,
         "The glucocorticoid is {effect!r} and {told} among courses and prior therapies: "
         "correct the effect, or the courses.",
         "Glucocorticoid-free patients are counted among those who used it.", METHODS),
        ("response_fits_organs", SHOULD, demands.response_fits_organs,
         "The response is {response} although {organs}: look at both again.",
         "The response as a whole and organ by organ are counted apart.", METHODS),
        ("classification_fits_score", SHOULD, demands.classification_fits_score,
         "The criteria are {status} with {score} points: 20 points or more classify a patient "
         "who meets the entry criterion and no exclusion, which the report may explain.",
         "Status and score are printed side by side.", ACR_EULAR),
        ("scores_are_of_its_organs", SHOULD, demands.scores_are_of_its_organs,
         "{organ!r} scores in the Responder Index and is not among the patient's organs: add it, or correct the row.",
         "An organ that scores is active.", DICTIONARY),
        ("total_covers_organs", SHOULD, demands.total_covers_organs,
         "The total is {total} and its organs give {organs}, urgent ones twice: correct the total or the organs.",
         "The total of the Responder Index is no less than its parts.", DICTIONARY),
        ("total_is_the_measurement", SHOULD, demands.total_is_the_measurement,
         "The Responder Index of week {week} is measured as {value} and scored as {totals}: they are one figure.",
         "A total may be told as a measurement, and then both agree.", DICTIONARY),
        ("measured_once", SHOULD, demands.measured_once,
         "{analyte!r} of week {week} was {other} already: keep one value a week, the latest or that of the visit.",
         "Trajectories draw one value a week.", DICTIONARY),
    )
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_COUNTING, *_ARMS, *_CASE_STUDIES, *_REVIEWS, *_PATIENTS)


def rules_for(
    designs: Iterable[str] | None = None, severities: Iterable[str] | None = None
) -> Sequence[Rule]:
    """The rules of any of these designs and severities, in the order of the table; without them all."""
    wanted, weights = set(designs or Design), set(severities or RuleSeverity)
    return [rule for rule in RULES if wanted & rule.designs and rule.severity in weights]


def broken_rules(study: StudyRecord) -> list[Broken]:
    """The rules that the study must obey and does not; while there are any it is not written."""
    return _broken(study, MUST)


def cautions_of(study: StudyRecord) -> list[Broken]:
    """What whoever enters the study should look at again; it may be right as it is."""
    return _broken(study, SHOULD)


def _broken(study: StudyRecord, severity: RuleSeverity) -> list[Broken]:
    return sorted(
        Broken(place.path, rule.message.format(**place.values), rule.id, severity)
        for rule in rules_for([study.design], [severity])
        for place in rule.demand(study)
    )
