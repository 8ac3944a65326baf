"""A small vocabulary and a whole case, as people type it."""

from typing import Any

from evidence.desk.terms import Terms, Vocabulary
from evidence.desk.written import empty_payload

VOCABULARY = Vocabulary(
    therapies=Terms(
        "therapies",
        {"dupilumab": "Dupilumab", "glucocorticoid": "Glucocorticoid", "rituximab": "Rituximab"},
        {"Dupixent": "dupilumab"},
    ),
    organs=Terms("organs", {"pancreas": "Pancreas", "bile_duct": "Bile ducts", "kidney": "Kidney"}),
    comorbidities=Terms("diseases listed", {"asthma": "Asthma", "diabetes": "Diabetes"}),
    analytes=Terms(
        "measurements listed",
        {"serum_igg4": "Serum IgG4", "serum_igg": "Serum IgG", "glucocorticoid_dose": "Glucocorticoid dose"},
    ),
    units={"serum_igg4": "mg/dL", "serum_igg": "mg/dL", "glucocorticoid_dose": "mg/day"},
)


def whole_payload(**case: str) -> dict[str, Any]:
    """A case against which nothing stands; ``case`` changes its single fields."""
    payload = empty_payload()
    payload["citation"] = {
        "title": "A case of dupilumab",
        "authors": "Della-Torre E; Smith J",
        "year": "2020",
        "doi": "10.1136/desk-2020",
    }
    payload["study"] |= {"basis": "full_text"}
    payload["case"] = {
        "locator": "Case report",
        "sex": "male",
        "index_therapy": "Dupilumab",
        "response": "responded",
        "steroid_effect": "stopped",
        "summary": "A man with pancreatitis got better.",
        **case,
    }
    return payload
