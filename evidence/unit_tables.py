"""Units, glucocorticoid equivalents and limits of what is usual, as data with their reasons.

docs/units.md shows these tables; a test holds the two together.
"""

from dataclasses import dataclass
from fractions import Fraction

# Grams in a mole of creatinine, C4H7N3O; 88.4 µmol/L to the mg/dL, as the laboratory tables have it.
CREATININE_GRAMS_PER_MOLE = Fraction("113.12")
# Nanograms in an international unit of IgE. The standard itself is defined in units, not by mass (Thorpe 2014).
IGE_NANOGRAMS_PER_IU = Fraction("2.4")


@dataclass(frozen=True)
class Scale:
    """The unit of an analyte and the units that can be turned into it."""

    own: str
    # Unit -> how many of its own unit one of it is. The first is its own.
    units: dict[str, Fraction]
    # Unit -> why it is not converted and what to do instead.
    refused: dict[str, str]


_MASS_IN_BLOOD = {
    "mg/dL": Fraction(1),
    "g/L": Fraction(100),
    "mg/L": Fraction(1, 10),
    "mg/mL": Fraction(100),
    "µg/mL": Fraction(1, 10),
    "g/dL": Fraction(1000),
    "µg/dL": Fraction(1, 1000),
    "µg/L": Fraction(1, 10_000),
    "ng/mL": Fraction(1, 10_000),
}
_PERCENT_OF_NORMAL = {
    "%": "a share of something is no concentration; enter the figure and its unit as printed"
}
_ASSAY = "units of this assay have no agreed mass; enter the figure in U/mL, or leave it to the summary"
_VOLUME = "enter the volume as a percentage of the volume at baseline (100 at the start)"

SCALES: dict[str, Scale] = {
    "serum_igg4": Scale("mg/dL", _MASS_IN_BLOOD, _PERCENT_OF_NORMAL),
    "serum_igg": Scale("mg/dL", _MASS_IN_BLOOD, _PERCENT_OF_NORMAL),
    "serum_ige": Scale(
        "IU/mL",
        {
            "IU/mL": Fraction(1),
            "U/mL": Fraction(1),
            "kU/L": Fraction(1),
            "kIU/L": Fraction(1),
            "IU/L": Fraction(1, 1000),
            "U/L": Fraction(1, 1000),
            "ng/mL": 1 / IGE_NANOGRAMS_PER_IU,
            "µg/L": 1 / IGE_NANOGRAMS_PER_IU,
            "µg/mL": 1000 / IGE_NANOGRAMS_PER_IU,
            "mg/L": 1000 / IGE_NANOGRAMS_PER_IU,
        },
        {"kUA/L": "kUA/L is IgE against one allergen; the Atlas keeps total IgE"},
    ),
    "eosinophils": Scale(
        "cells/µL",
        {
            "cells/µL": Fraction(1),
            "cells/mm³": Fraction(1),
            "×10^9/L": Fraction(1000),
            "×10^3/µL": Fraction(1000),
            "×10^3/mm³": Fraction(1000),
            "×10^6/L": Fraction(1),
            "×10^6/mL": Fraction(1000),
            "cells/mL": Fraction(1, 1000),
        },
        {
            "%": "a share of the white cells is no count; multiply it by the white cell count and enter cells/µL "
            "(12% of 8000/µL are 960), or leave it out where that count is not reported"
        },
    ),
    "glucocorticoid_dose": Scale(
        "mg/day",
        {"mg/day": Fraction(1), "mg": Fraction(1), "g/day": Fraction(1000)},
        {
            "mg/kg/day": "a dose by weight needs the patient's weight; enter the dose in mg a day where it is reported",
            "mg/week": "a weekly dose is not a daily one; divide it by 7 if it was spread over the week",
            "mg/month": "a monthly dose is not a daily one; enter the dose in mg a day where it is reported",
            "mg every other day": "enter half of it in mg a day, and say so in the course's schedule",
        },
    ),
    "responder_index": Scale("points", {"points": Fraction(1)}, {"%": "enter the points, not their change"}),
    "gland_volume": Scale("%", {"%": Fraction(1)}, {"mL": _VOLUME, "cm³": _VOLUME, "mm³": _VOLUME}),
    "crp": Scale("mg/dL", _MASS_IN_BLOOD, {"nmol/L": "enter C-reactive protein as a mass, mg/L or mg/dL"}),
    "creatinine": Scale(
        "mg/dL",
        {
            "mg/dL": Fraction(1),
            # µmol/L × g/mol are µg/L; ten thousand of them are a mg/dL.
            "µmol/L": CREATININE_GRAMS_PER_MOLE / 10_000,
            "mmol/L": CREATININE_GRAMS_PER_MOLE / 10,
            "mg/L": Fraction(1, 10),
        },
        {"mL/min": "that is a clearance or filtration rate, not serum creatinine"},
    ),
    "complement_c3": Scale(
        "mg/dL", _MASS_IN_BLOOD, {"U/mL": "that is haemolytic activity, not the amount of C3"}
    ),
    "soluble_il2r": Scale(
        "U/mL",
        {"U/mL": Fraction(1), "IU/mL": Fraction(1), "kU/L": Fraction(1), "U/L": Fraction(1, 1000)},
        {"pg/mL": _ASSAY, "ng/mL": _ASSAY, "ng/L": _ASSAY, "µg/L": _ASSAY},
    ),
}

# Spellings beyond case, µ, superscripts, spaces and "per", in the form in which units are looked up.
SPELLINGS: dict[str, str] = {
    "mg%": "mg/dl",
    "gm/l": "g/l",
    "gm/dl": "g/dl",
    "mgs/dl": "mg/dl",
    "mg/100ml": "mg/dl",
    "ui/ml": "iu/ml",
    "ui/l": "iu/l",
    "units/ml": "u/ml",
    "unit/ml": "u/ml",
    "kui/l": "kiu/l",
    "/µl": "cells/µl",
    "cell/µl": "cells/µl",
    "/mm3": "cells/mm3",
    "cell/mm3": "cells/mm3",
    "/cmm": "cells/mm3",
    "cells/cmm": "cells/mm3",
    "/cumm": "cells/mm3",
    "cells/cumm": "cells/mm3",
    "/ml": "cells/ml",
    "gpt/l": "10^9/l",
    "giga/l": "10^9/l",
    "k/µl": "10^3/µl",
    "k/mm3": "10^3/mm3",
    "thousand/µl": "10^3/µl",
    "thousands/µl": "10^3/µl",
    "mg/d": "mg/day",
    "mg/24h": "mg/day",
    "mg/24hr": "mg/day",
    "mg/24hours": "mg/day",
    "mg/die": "mg/day",
    "mgdaily": "mg/day",
    "mgaday": "mg/day",
    "mgonceaday": "mg/day",
    "mgoncedaily": "mg/day",
    "mgod": "mg/day",
    "mgqd": "mg/day",
    "g/d": "g/day",
    "gdaily": "g/day",
    "mg/kg": "mg/kg/day",
    "mg/kg/d": "mg/kg/day",
    "mg/kgdaily": "mg/kg/day",
    "mg/wk": "mg/week",
    "mgweekly": "mg/week",
    "mg/mo": "mg/month",
    "mgmonthly": "mg/month",
    "mgqod": "mgeveryotherday",
    "mgalternatedays": "mgeveryotherday",
    "mgonalternatedays": "mgeveryotherday",
    "mg/2days": "mgeveryotherday",
    "mgevery2days": "mgeveryotherday",
    "point": "points",
    "pts": "points",
    "pt": "points",
    "score": "points",
    "percent": "%",
    "pct": "%",
    "ml/min/1.73m2": "ml/min",
    "cc": "cm3",
    "µm": "µmol/l",
}


@dataclass(frozen=True)
class Agent:
    """A systemic glucocorticoid, and the dose that is worth 5 mg of prednisolone."""

    name: str
    milligrams: Fraction
    synonyms: tuple[str, ...]
    source: str
    # Where another source has it otherwise.
    differs: str = ""

    @property
    def factor(self) -> Fraction:
        """How many milligrams of prednisolone one milligram is worth."""
        return 5 / self.milligrams


_CURATION = "Rule 4 of the curated set"
_BNF = "British National Formulary's table, as in the East Lancashire formulary, 6.3 (read 2026-11-25)"
BNF_ADDRESS = "https://www.elmmb.nhs.uk/elmmb-formulary/joint-medicines-formulary/6/6-3/"
_SMPC = "Calcort 6 mg tablets, summary of product characteristics, 4.2; and the British National Formulary's table"

AGENTS: tuple[Agent, ...] = (
    Agent("prednisolone", Fraction(5), ("psl", "pdsl", "prednisolon", "prednisolone equivalent"), _CURATION),
    Agent(
        "prednisone",
        Fraction(5),
        ("pdn", "prednison", "prednisone equivalent", "prednisone or equivalent"),
        _CURATION,
    ),
    Agent(
        "methylprednisolone",
        Fraction(4),
        (
            "mpsl",
            "mp",
            "methylpred",
            "methyl prednisolone",
            "medrol",
            "solu medrol",
            "solu medrone",
            "urbason",
        ),
        f"{_CURATION}; {_BNF}",
    ),
    Agent("hydrocortisone", Fraction(20), ("cortisol", "hc", "solu cortef"), _BNF),
    Agent("cortisone", Fraction(25), ("cortisone acetate",), _BNF),
    Agent("triamcinolone", Fraction(4), (), _BNF),
    Agent(
        "dexamethasone",
        Fraction("0.75"),
        ("dex", "dexa", "dxm", "decadron"),
        _BNF,
        "10.1093/nop/npu029, table 1, gives potencies of 30 and 4 against hydrocortisone: a factor of 7.5",
    ),
    Agent(
        "betamethasone",
        Fraction("0.75"),
        ("bethamethasone", "celestone"),
        _BNF,
        "Other tables (GlobalRPh, after Dixon 1991) give 0.6 to 0.75 mg: a factor of 6.7 to 8.3",
    ),
    Agent("deflazacort", Fraction(6), ("calcort",), _SMPC),
)

# Glucocorticoids for one place, and what is none: their dose says nothing about prednisolone.
LOCAL_AGENTS = (
    "budesonide",
    "fluticasone",
    "beclometasone",
    "beclomethasone",
    "mometasone",
    "ciclesonide",
    "fluorometholone",
    "loteprednol",
    "clobetasol",
)
LOCAL_ROUTES = (
    "topical",
    "inhaled",
    "inhalation",
    "intranasal",
    "nasal",
    "ophthalmic",
    "eye drops",
    "intravitreal",
    "periocular",
    "intralesional",
    "intra-articular",
    "intraarticular",
    "cutaneous",
    "rectal",
    "epidural",
    "intratympanic",
)


@dataclass(frozen=True)
class Limit:
    """From where on a figure is unusual, in the analyte's own unit, and what else it might be."""

    analyte: str
    below: Fraction | None
    above: Fraction | None
    reason: str
    # Units in which such a figure would be a usual one.
    perhaps: tuple[str, ...] = ()


# Set by laboratory ranges and by what the curated cases hold; wide on purpose, since a warning that is often wrong is
# not read. A test keeps every curated measurement clear of them.
LIMITS: tuple[Limit, ...] = (
    Limit(
        "serum_igg4",
        Fraction(20),
        None,
        "low even for a healthy adult; figures in g/L look like this",
        ("g/L",),
    ),
    Limit("serum_igg4", None, Fraction(5000), "twice the highest of the curated cases", ("mg/L", "µg/mL")),
    Limit(
        "serum_igg", Fraction(200), None, "a severe want of antibody; figures in g/L look like this", ("g/L",)
    ),
    Limit("serum_igg", None, Fraction(8000), "five times the upper limit of normal", ("mg/L",)),
    Limit(
        "serum_ige",
        None,
        Fraction(20_000),
        "seen in severe atopic dermatitis and rare immune deficiencies",
        ("ng/mL", "IU/L"),
    ),
    Limit(
        "eosinophils",
        Fraction(20),
        None,
        "next to none, which is usual only under drugs against IL-5; 0 is taken as it is",
        ("×10^9/L", "%"),
    ),
    Limit("eosinophils", None, Fraction(50_000), "seen in leukaemia", ("cells/mL",)),
    Limit("glucocorticoid_dose", Fraction(1), None, "less than any tablet", ("mg/kg/day", "g/day")),
    Limit(
        "glucocorticoid_dose",
        None,
        Fraction(100),
        "induction usually starts at 30 to 60 mg of prednisolone a day; is it a pulse, or a cumulative dose?",
    ),
    Limit("responder_index", None, Fraction(40), "the means of the curated studies at the start lie near 10"),
    Limit("gland_volume", Fraction(2), None, "the gland would be all but gone; is it a share of 1?"),
    Limit("gland_volume", None, Fraction(300), "three times the size at baseline", ("mL",)),
    Limit("crp", None, Fraction(30), "that is 300 mg/L, as in severe infection", ("mg/L",)),
    Limit("creatinine", Fraction(1, 5), None, "below what muscle makes", ("mmol/L",)),
    Limit("creatinine", None, Fraction(20), "beyond kidney failure", ("µmol/L", "mg/L")),
    Limit("complement_c3", Fraction(5), None, "next to none; figures in g/L look like this", ("g/L",)),
    Limit("complement_c3", None, Fraction(500), "three times the upper limit of normal", ("mg/L",)),
    Limit("soluble_il2r", Fraction(50), None, "below the normal range", ()),
    Limit("soluble_il2r", None, Fraction(50_000), "seen in lymphoma and haemophagocytic disease", ("U/L",)),
)

# A figure that is always a whole number.
WHOLE_NUMBERS = {"responder_index": "the Responder Index of one patient is a sum of whole points"}
# 0 is a statement of its own: no eosinophils, no glucocorticoid, no points.
ZERO_IS_USUAL = frozenset({"eosinophils", "glucocorticoid_dose", "responder_index", "gland_volume", "crp"})
# Ten years around the index therapy: longer than nearly every published follow-up of a single patient.
FAR_WEEKS = 520
