"""What the tests of the comparison share: a small vocabulary, and rows without a database."""

from __future__ import annotations

from typing import Any

from comparison.result import CitationLabel, ReportedContrast, Row
from comparison.statistics.intervals import exact_interval
from comparison.vocabulary import OutcomeTerm, TherapyTerm, Vocabulary

THERAPIES = {
    "glucocorticoid": "Glucocorticoid",
    "rituximab": "Rituximab",
    "mepolizumab": "Mepolizumab",
    "dupilumab": "Dupilumab",
    "abatacept": "Abatacept",
    "inebilizumab": "Inebilizumab",
    "obexelimab": "Obexelimab",
    "cd19_car_t": "CD19 CAR T cells",
    "placebo": "Placebo",
}
OUTCOMES = (
    OutcomeTerm("overall_response", "Overall response", "efficacy", True, better="higher"),
    OutcomeTerm("complete_remission", "Complete remission", "efficacy", True, better="higher"),
    OutcomeTerm("relapse", "Relapse or flare", "efficacy", True, better="lower"),
    OutcomeTerm("infection", "Infection", "safety", True, better="lower"),
    OutcomeTerm("serum_igg4", "Serum IgG4", "biomarker", False, "mg/dL", "lower"),
)
VOCABULARY = Vocabulary(
    therapies={slug: TherapyTerm(slug, name, slug == "placebo") for slug, name in THERAPIES.items()},
    outcomes={term.slug: term for term in OUTCOMES},
    organs={"pancreas": "Pancreas", "orbit": "Orbit", "aorta": "Aorta and large arteries"},
    comorbidities={"asthma": "Asthma", "diabetes": "Diabetes"},
    studies={"carruthers-2015": "Carruthers 2015", "matza-2022": "Matza 2022", "stone-2025": "MITIGATE"},
)
NAMES = {slug: name.lower() for slug, name in THERAPIES.items()}


def row(therapy: str, study: str, events: int | None = None, total: int | None = None, **fields: Any) -> Row:
    """A row of an arm named after its therapy; x of n where events and total are given."""
    counted = events is not None and total is not None
    bounds = exact_interval(events, total) if counted else None
    values: dict[str, Any] = {
        "study_label": study.title(),
        "arm": therapy,
        "arm_label": f"{therapy.title()} arm",
        "regimen": (therapy,),
        "background_glucocorticoid": "none",
        "design": "single_arm_trial",
        "design_class": "single_arm",
        "year": 2020,
        "week": 26,
        "week_is_follow_up": False,
        "definition": "As defined",
        "organ": None,
        "basis": "abstract",
        "locator": "Abstract, results",
        "read_at": "https://example.org/paper",
        "derived": None,
        "note": None,
        "citation": CitationLabel(study.title(), "10.1000/x", "1"),
        "result": 1,
        "events": events,
        "total": total,
        "proportion": events / total if counted else None,
        "low": bounds.low if bounds else None,
        "high": bounds.high if bounds else None,
        **fields,
    }
    return Row(therapy=therapy, study=study, **values)


def randomised(therapy: str, study: str, events: int, total: int, **fields: Any) -> Row:
    """A row of an arm of a randomised trial."""
    return row(
        therapy,
        study,
        events,
        total,
        **{"design": "randomised_trial", "design_class": "randomised", **fields},
    )


def reported(
    study: str, arm: str, versus: str, estimate: float, low: float | None, high: float | None, **fields: Any
) -> ReportedContrast:
    """A hazard ratio of a randomised trial between arms named after their therapies."""
    values: dict[str, Any] = {
        "id": 1,
        "study_label": study.title(),
        "arm_label": f"{arm.title()} arm",
        "versus_label": f"{versus.title()} arm",
        "therapies": (arm,),
        "versus_therapies": (versus,),
        "regimen": (arm,),
        "versus_regimen": (versus,),
        "design_class": "randomised",
        "week": 52,
        "measure": "hazard_ratio",
        "p": None,
        "definition": None,
        "derived": None,
        "basis": "abstract",
        "locator": "Abstract, results",
        "citation": CitationLabel(study.title()),
        **fields,
    }
    return ReportedContrast(
        study=study, arm=arm, versus=versus, estimate=estimate, low=low, high=high, **values
    )
