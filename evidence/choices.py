"""Closed lists of the evidence; data/vocabulary.yaml names the same slugs."""

from django.db import models


class State(models.TextChoices):
    """Where a study stands on its way to the public."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    # Sent back to its contributor with a comment.
    RETURNED = "returned", "Returned"
    # Was public and is no longer; its history stays.
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReviewStep(models.TextChoices):
    """The steps on which a reviewer declares their conflicts of interest."""

    PUBLISH = "publish", "Publication"
    RETURN = "return", "Return"


class Design(models.TextChoices):
    """Study designs, strongest first."""

    META_ANALYSIS = "meta_analysis", "Systematic review with meta-analysis"
    SYSTEMATIC_REVIEW = "systematic_review", "Systematic review without pooling"
    RANDOMISED_TRIAL = "randomised_trial", "Randomised controlled trial"
    NON_RANDOMISED_TRIAL = "non_randomised_trial", "Non-randomised controlled trial"
    SINGLE_ARM_TRIAL = "single_arm_trial", "Single-arm trial"
    PROSPECTIVE_COHORT = "prospective_cohort", "Prospective cohort"
    RETROSPECTIVE_COHORT = "retrospective_cohort", "Retrospective cohort"
    CASE_SERIES = "case_series", "Case series"
    CASE_REPORT = "case_report", "Case report"
    EXPERT_OPINION = "expert_opinion", "Expert opinion or letter without patient data"


class DesignClass(models.TextChoices):
    """The strata in which results are pooled, strongest first."""

    RANDOMISED = "randomised", "Randomised trials"
    CONTROLLED = "controlled", "Non-randomised controlled trials"
    SINGLE_ARM = "single_arm", "Single-arm trials"
    COHORT = "cohort", "Cohorts"
    CASE = "case", "Case series and reports"


# Reviews and opinions belong to no class: they are shown, never pooled.
DESIGN_CLASSES: dict[str, DesignClass] = {
    Design.RANDOMISED_TRIAL: DesignClass.RANDOMISED,
    Design.NON_RANDOMISED_TRIAL: DesignClass.CONTROLLED,
    Design.SINGLE_ARM_TRIAL: DesignClass.SINGLE_ARM,
    Design.PROSPECTIVE_COHORT: DesignClass.COHORT,
    Design.RETROSPECTIVE_COHORT: DesignClass.COHORT,
    Design.CASE_SERIES: DesignClass.CASE,
    Design.CASE_REPORT: DesignClass.CASE,
}

# Oxford CEBM 2011, treatment question, by design alone. None: as strong as the studies reviewed.
OCEBM_LEVELS: dict[str, int | None] = {
    Design.META_ANALYSIS: None,
    Design.SYSTEMATIC_REVIEW: None,
    Design.RANDOMISED_TRIAL: 2,
    Design.NON_RANDOMISED_TRIAL: 3,
    Design.SINGLE_ARM_TRIAL: 4,
    Design.PROSPECTIVE_COHORT: 3,
    Design.RETROSPECTIVE_COHORT: 3,
    Design.CASE_SERIES: 4,
    Design.CASE_REPORT: 4,
    Design.EXPERT_OPINION: 5,
}


class Basis(models.TextChoices):
    """What was read."""

    FULL_TEXT = "full_text", "Full text"
    ABSTRACT = "abstract", "Abstract"
    REGISTRY = "registry", "Registry record"
    CONFERENCE_ABSTRACT = "conference_abstract", "Conference abstract"
    # Another paper that tabulates it.
    SECONDARY = "secondary", "Secondary source"
    PRESS = "press", "Press report"


class CitationRole(models.TextChoices):
    """What a citation is to its study."""

    PRIMARY = "primary", "Primary report"
    SECONDARY = "secondary", "Further report"
    REGISTRY = "registry", "Registry record"
    COMMENT = "comment", "Comment"


class ArmRole(models.TextChoices):
    """What an arm is to its study."""

    EXPERIMENTAL = "experimental", "Experimental"
    COMPARATOR = "comparator", "Comparator"


class BackgroundGlucocorticoid(models.TextChoices):
    """Glucocorticoid given beside an arm's therapy."""

    NONE = "none", "None"
    PERMITTED = "permitted", "Permitted"
    TAPERED_OFF = "tapered_off", "Tapered off"
    FIXED = "fixed", "Fixed dose"
    REQUIRED = "required", "Required"
    NOT_REPORTED = "not_reported", "Not reported"


class Domain(models.TextChoices):
    """What an outcome tells about."""

    EFFICACY = "efficacy", "Efficacy"
    STEROID_SPARING = "steroid_sparing", "Steroid sparing"
    BIOMARKER = "biomarker", "Biomarkers"
    SAFETY = "safety", "Safety"


class OutcomeKind(models.TextChoices):
    """How an outcome is counted."""

    # x of n patients.
    PROPORTION = "proportion", "Proportion"
    # A mean or median with its unit.
    QUANTITY = "quantity", "Quantity"


class Better(models.TextChoices):
    """Which way an outcome is good for the patient."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NONE = "none", "Neither"


class Statistic(models.TextChoices):
    """What a reported quantity is."""

    MEAN = "mean", "Mean"
    MEDIAN = "median", "Median"


class Spread(models.TextChoices):
    """What the figures beside a quantity are."""

    SD = "sd", "SD"
    SE = "se", "SE"
    IQR = "iqr", "IQR"
    RANGE = "range", "Range"
    CI95 = "ci95", "95% CI"


class Measure(models.TextChoices):
    """Measures of a contrast between two arms."""

    HAZARD_RATIO = "hazard_ratio", "Hazard ratio"
    RISK_RATIO = "risk_ratio", "Risk ratio"
    ODDS_RATIO = "odds_ratio", "Odds ratio"
    RISK_DIFFERENCE = "risk_difference", "Risk difference"
    MEAN_DIFFERENCE = "mean_difference", "Mean difference"


RATIOS = (Measure.HAZARD_RATIO, Measure.RISK_RATIO, Measure.ODDS_RATIO)


class SynthesisMeasure(models.TextChoices):
    """Measures of a review's own pooled figure."""

    PROPORTION = "proportion", "Proportion"
    HAZARD_RATIO = "hazard_ratio", "Hazard ratio"
    RISK_RATIO = "risk_ratio", "Risk ratio"
    ODDS_RATIO = "odds_ratio", "Odds ratio"
    RISK_DIFFERENCE = "risk_difference", "Risk difference"
    MEAN_DIFFERENCE = "mean_difference", "Mean difference"


class Direction(models.TextChoices):
    """Which way a finding in words points."""

    IMPROVED = "improved", "Improved"
    NO_CHANGE = "no_change", "No change"
    WORSENED = "worsened", "Worsened"
    MIXED = "mixed", "Mixed"
    NOT_ASSESSED = "not_assessed", "Not assessed"


class Sex(models.TextChoices):
    """A patient's sex as reported."""

    MALE = "male", "Male"
    FEMALE = "female", "Female"
    NOT_REPORTED = "not_reported", "Not reported"


class Response(models.TextChoices):
    """How a patient fared on the index therapy."""

    COMPLETE_REMISSION = "complete_remission", "Complete remission"
    PARTIAL_REMISSION = "partial_remission", "Partial remission"
    # Better, to a degree that the report does not state.
    RESPONDED = "responded", "Responded (degree not stated)"
    NO_RESPONSE = "no_response", "No response"
    WORSENING = "worsening", "Worsening"
    NOT_REPORTED = "not_reported", "Not reported"


class SteroidEffect(models.TextChoices):
    """What became of a patient's glucocorticoid."""

    STOPPED = "stopped", "Stopped"
    REDUCED = "reduced", "Reduced"
    UNCHANGED = "unchanged", "Unchanged"
    INCREASED = "increased", "Increased"
    NEVER_USED = "never_used", "Never used"
    NOT_REPORTED = "not_reported", "Not reported"


class OrganChange(models.TextChoices):
    """How one organ fared."""

    RESOLVED = "resolved", "Resolved"
    IMPROVED = "improved", "Improved"
    NO_CHANGE = "no_change", "No change"
    WORSENED = "worsened", "Worsened"


class ClassificationStatus(models.TextChoices):
    """Whether a patient met classification criteria, as the report says."""

    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    # The report says that they could not be applied, for want of a biopsy for instance.
    NOT_ASSESSABLE = "not_assessable", "Not assessable"


class ResponderIndexVersion(models.TextChoices):
    """Versions of the IgG4-RD Responder Index."""

    # Carruthers 2012, Int J Rheumatol 2012:259408: the prototype.
    RI_2012 = "ri_2012", "2012 prototype"
    # The revision that the rituximab trial used: Carruthers 2015, Ann Rheum Dis 74:1171.
    RI_2015 = "ri_2015", "2015 revision"
    # Wallace 2018, Arthritis Care Res 70:1671: the validated one.
    RI_2018 = "ri_2018", "2018 validated version"
    NOT_REPORTED = "not_reported", "Version not reported"


class RuleSeverity(models.TextChoices):
    """What follows where a rule of reporting is broken."""

    # A fault: the study is not written.
    MUST = "must", "Must"
    # A caution: look again, it may be right.
    SHOULD = "should", "Should"


class AppraisalTool(models.TextChoices):
    """Risk-of-bias tools, each for its designs."""

    ROB2 = "rob2", "RoB 2"
    ROBINS_I = "robins_i", "ROBINS-I"
    JBI_CASE_REPORT = "jbi_case_report", "JBI case reports"
    JBI_CASE_SERIES = "jbi_case_series", "JBI case series"
    MURAD = "murad", "Murad 2018"


class CertaintyLevel(models.TextChoices):
    """GRADE certainty of evidence."""

    HIGH = "high", "High"
    MODERATE = "moderate", "Moderate"
    LOW = "low", "Low"
    VERY_LOW = "very_low", "Very low"


class CertaintyConcern(models.TextChoices):
    """How serious a reason to rate down is."""

    NOT_SERIOUS = "not_serious", "Not serious"
    SERIOUS = "serious", "Serious"
    VERY_SERIOUS = "very_serious", "Very serious"


class ImportKind(models.TextChoices):
    """What a table for import holds."""

    CASES = "cases", "Cases"
    RESULTS = "results", "Results"
    CITATIONS = "citations", "Citations"
