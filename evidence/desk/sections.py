"""The case form from top to bottom: which field and table stands where; pure."""

from dataclasses import dataclass

from evidence.desk.fields import CARE, CITATION, STUDY


@dataclass(frozen=True)
class Section:
    """A part of the page: single fields, as (group, field), and tables by name."""

    slug: str
    title: str
    hint: str
    fields: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()


SECTIONS = (
    Section(
        "source",
        "Source",
        "What was read, and where.",
        fields=(
            *(("citation", field.name) for field in CITATION.fields),
            ("study", "label"),
            ("study", "slug"),
            ("study", "basis"),
            ("study", "read_at"),
            ("case", "locator"),
            ("study", "design"),
            ("study", "enrolled"),
            ("study", "countries"),
            *(("study", field.name) for field in STUDY.fields if field.rare),
            *(("case", name) for name in ("slug", "basis", "read_at")),
        ),
    ),
    Section(
        "patient",
        "Patient",
        "One patient, whom nobody could recognise.",
        fields=tuple(
            ("case", name) for name in ("age_years", "sex", "comorbidities_stated", "comorbidities")
        ),
    ),
    Section(
        "diagnosis",
        "Diagnosis",
        "How the report knows that it is IgG4-RD.",
        fields=(("study", "criteria"), ("case", "acr_eular_2019"), ("case", "acr_eular_2019_score")),
    ),
    Section("organs", "Organs", "Where there was disease.", fields=(("case", "organs"),)),
    Section(
        "prior-therapy",
        "Prior therapy",
        "What was tried before the therapy of the report.",
        fields=(("case", "prior_therapies_stated"), ("case", "prior_therapies")),
    ),
    Section(
        "courses",
        "Courses",
        "What was given, from when to when. Week 0 is the start of the report's therapy; weeks before it are negative.",
        fields=(("case", "index_therapy"),),
        tables=("courses",),
    ),
    Section(
        "measurements",
        "Measurements",
        "Figures with the week they belong to.",
        tables=("measurements", "responder_index"),
    ),
    Section(
        "outcome",
        "Outcome",
        "How the patient fared on the therapy, and each organ.",
        fields=(("case", "response"), ("case", "steroid_effect")),
        tables=("organ_responses",),
    ),
    Section(
        "harms",
        "Harms",
        "That none were seen is worth as much as a list; silence of the report is neither.",
        fields=(("case", "adverse_events_stated"),),
        tables=("adverse_events",),
    ),
    Section(
        "follow-up",
        "Follow-up",
        "How long, whether it came back, and the story in a few sentences.",
        fields=tuple(
            ("case", name)
            for name in (
                "follow_up_weeks",
                "relapse",
                "relapse_week",
                "summary",
                *(field.name for field in CARE),
            )
        ),
    ),
)
