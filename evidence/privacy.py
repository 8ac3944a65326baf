"""What in a free text could identify a patient: hints for the person who typed it, who confirms or mends them.

A hint is no proof. The texts of data/ are run through it in a test, which keeps false alarms few.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Ages above 89 are kept as 90 and shown as "90+", so that nobody is known by great age.
OLDEST_AGE_SHOWN = 89
AGE_OVER_89 = 90
# Characters shown on either side of what was found.
AROUND = 24
# Seven digits on are a number of a record, a telephone or a registry; platelet counts have six.
LONG_DIGITS = 7


@dataclass(frozen=True)
class Hint:
    """A stretch of text that could identify somebody; ``start`` and ``end`` place it in the text."""

    kind: str
    excerpt: str
    why: str
    start: int
    end: int


def age_for_storage(age: float | None) -> float | None:
    """The age as it is kept: over 89 becomes 90, which is shown as 90+. None: not reported."""
    if age is None:
        return None
    if not age >= 0:
        raise ValueError("an age is a number of years from 0 on")
    return age if age <= OLDEST_AGE_SHOWN else AGE_OVER_89


# ── what to look for ─────────────────────────────────────────────────────────────────────────────────────────────

# "may", "march" and the short forms are words too: they count as months only with a capital.
_MONTH = (
    r"(?:(?i:january|february|april|june|july|august|september|october|november|december)"
    r"|March|May|MARCH|MAY|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_ORDINAL = r"(?:st|nd|rd|th)"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_CAPITAL}[\w'’-]+"

_DATE = "a date can identify a patient: give the week from the start of the index therapy, or the year alone"
_MONTH_WHY = "a month with its year narrows down who it was: give weeks from the start of the index therapy"
_RECORD = "a number of a record or of a sample points to one person: leave it out"
_EMAIL = "an e-mail address names a person: leave it out"
_PHONE = "a telephone number points to a person or ward: leave it out"
_DIGITS = "a long number may be that of a record: leave it out, or confirm that it identifies nobody"
_INITIALS = "initials can identify a patient: write “the patient”"
_PERSON = "a person's name does not belong here: write “the patient”, “the authors”, “the treating doctor”"
_ADDRESS = "an address says where somebody lives: the country is enough"
_AGE = "ages above 89 identify: write “90 or older”"
_PLACE = "the hospital or town says where the patient is known: the country is enough"

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Madam|Herr|Frau|Señora?|Monsieur|Madame|Signora?)\b\.?"
_SITE = (
    r"(?:Hospital|Hospitals|Infirmary|Clinic|Clinics|Klinik|Klinikum|Polyclinic|Sanatorium|Hospice"
    r"|Medical (?:Cent(?:er|re)|School|College|University)|Health (?:System|Cent(?:er|re))"
    r"|Cancer Cent(?:er|re)|NHS (?:Foundation )?Trust|University)"
)
# Words that begin a sentence or tell what kind of hospital, not which.
_NOT_A_NAME = (
    r"(?!(?:The|A|An|In|At|From|Of|Our|This|That|Each|Every|Another|Other|Two|Three|Local|Outpatient|Inpatient|Day|Eye"
    r"|Referring|Regional|District|Same|Her|His|Their|Any|No|Patients|After|Before|One|All|Some|Most|Not|Whether)\b)"
)
_STREET = r"(?:Street|Road|Avenue|Lane|Drive|Boulevard|Blvd|Square|Terrace|Crescent|Close|Rue|Via|Calle)"

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("email", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}", _EMAIL),
    ("date", rf"(?<![\d./-]){_YEAR}([-./]){_MONTH_NUMBER}\1{_DAY}(?![\d])", _DATE),
    ("date", r"(?<!\d)(?:1[89]|20)\d\d\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?", _DATE),
    ("date", rf"(?<![\d./-]){_DAY}([./-]){_MONTH_NUMBER}\1{_YEAR}(?!\d)", _DATE),
    ("date", rf"(?<![\d./-]){_MONTH_NUMBER}([./-]){_DAY}\1{_YEAR}(?!\d)", _DATE),
    ("date", rf"(?<![\d./-])(?:{_DAY}/{_MONTH_NUMBER}|{_MONTH_NUMBER}/{_DAY})/\d\d(?![\d/])", _DATE),
    (
        "date",
        rf"(?<![\d.,/-]){_DAY}{_ORDINAL}?\s*(?:of\s+)?[-–]?{_MONTH}(?!\w)(?:,?[-\s]+(?:of\s+)?{_YEAR}\b)?",
        _DATE,
    ),
    ("date", rf"(?<![\d.,/-]){_DAY}{_ORDINAL}\s+(?:of\s+)?(?i:may|march)\b", _DATE),
    (
        "date",
        rf"\b{_MONTH}\s*(?:the\s+)?{_DAY}{_ORDINAL}?\b(?![\d.%/]|\s*(?:mg|weeks?|months?|patients?)\b)"
        rf"(?:,?\s+{_YEAR}\b)?",
        _DATE,
    ),
    ("date", r"\b(?i:born|date of birth|dob)\b\W{1,3}(?:(?:on|in)\s+)?[^.;]{0,12}?\d[\d./-]*", _DATE),
    ("month", rf"\b{_MONTH}(?:\s*[-–/]\s*{_MONTH})?,?\s+(?:of\s+)?(?:the year\s+)?{_YEAR}\b", _MONTH_WHY),
    ("month", rf"(?<![\d./-]){_MONTH_NUMBER}/{_YEAR}(?![\d/])", _MONTH_WHY),
    (
        "record_number",
        r"\b(?:MRN|UHID|(?i:medical record|hospital|patient|chart|record|accession|admission|NHS|insurance"
        r"|social security|passport|specimen|pathology|biopsy|case|file)\s+(?i:numbers?|nos?\b\.?|id\b|identifier))"
        r"\s*(?:is\b|was\b)?[\s:#.=]*(?=[\w/-]*\d)[\w/-]{3,}",
        _RECORD,
    ),
    ("record_number", r"\b(?:ID|Id|SSN)\s*(?:number|no\.?)?\s*[:#=]\s*(?=[\w/-]*\d)[\w/-]{2,}", _RECORD),
    ("phone", r"(?<![\w+])\+\d{1,3}[\s().-]*\d(?:[\s().-]*\d){6,12}\b", _PHONE),
    (
        "phone",
        r"\b(?i:tel|telephone|phone|fax|mobile)\b\.?\s*(?:no\.?)?[\s:]*[+(]?\d[\d\s().-]{5,}\d",
        _PHONE,
    ),
    ("phone", r"(?<![\d.,-])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?![\d-])", _PHONE),
    ("phone", r"(?<![\d.,-])0\d{1,4}[- ]\d{2,4}[- ]\d{3,4}(?![\d-])", _PHONE),
    ("digits", rf"(?<![\d.,])[A-Z]{{0,3}}\d{{{LONG_DIGITS},40}}(?!\d|[.,]\d)", _DIGITS),
    (
        "initials",
        rf"\b(?:{_TITLE}|[Pp]atients?|[Cc]ase|[Ii]nitials)\s+(?:{_CAPITAL}\.[\s-]?){{1,3}}(?!\w)",
        _INITIALS,
    ),
    ("initials", rf"\b{_TITLE}\s+{_CAPITAL}{{1,3}}\b(?!\w)", _INITIALS),
    (
        "name",
        rf"\b{_TITLE}\s+(?:{_CAPITAL}\.\s?){{0,3}}(?:(?:van|von|der|den|de|du|di|la|le|el|al)\s+){{0,3}}{_NAME}(?:\s+{_NAME})?",
        _PERSON,
    ),
    (
        "name",
        rf"\b(?:named|by the name of|whose name (?:is|was))\s+{_CAPITAL}[a-zß-ÿ'’-]{{2,}}(?!\w)",
        _PERSON,
    ),
    ("address", rf"\b\d{{1,5}}[A-Za-z]?,?\s+(?:{_NAME}\s+){{1,3}}{_STREET}\b", _ADDRESS),
    ("address", r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|gasse|platz|allee)\s+\d+", _ADDRESS),
    ("address", r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b", _ADDRESS),
    (
        "address",
        rf"\b(?:lives|living|lived|resident|resides|residing)\s+(?:in|at|of)\s+(?:the\s+)?{_NAME}",
        _ADDRESS,
    ),
    ("age", r"(?<![\d.])(?:9\d|1[0-2]\d)[\s-]*(?:years?|yrs?|y)?[\s-]*(?:old\b|of age\b|y/o\b|yo\b)", _AGE),
    ("age", r"\b[Aa]ged?\s*(?:of|was|is|:)?\s*(?:9\d|1[0-2]\d)\b(?!\s*(?:%|days?|weeks?|months?))", _AGE),
    (
        "age",
        r"\b(?i:man|woman|male|female|patient|lady|gentleman)\s+of\s+(?:9\d|1[0-2]\d)\b(?!\s*(?:mg|%|kg))",
        _AGE,
    ),
    ("age", r"\b(?i:nonagenarian|centenarian|supercentenarian)s?\b|\bin (?:his|her|their) nineties\b", _AGE),
    (
        "place",
        rf"\b{_NOT_A_NAME}{_NAME}(?:[\s-]+(?:of|the|and|de|di|&|{_NAME})){{0,5}}?\s+{_SITE}(?!\w)(?:\s+Hospital\b)?",
        _PLACE,
    ),
    ("place", rf"\b{_SITE}\s+(?:Hospital\s+)?(?:of|in|at)\s+(?:the\s+)?{_NAME}(?:\s+{_NAME})?", _PLACE),
    (
        "place",
        r"\b(?:Hôpital|Ospedale|Policlinico|Hospital(?= [Uu]niversitari)|Charité|Universitätsklinikum)\b(?:\s+\w+)?",
        _PLACE,
    ),
)
_COMPILED = tuple((kind, re.compile(pattern), why) for kind, pattern, why in _PATTERNS)

# Numbers that point to a publication, a registry or a molecule, never to a patient.
_HARMLESS = re.compile(
    r"https?://[^\s)\]>”\"]+"
    r"|\b10\.\d{4,9}/[^\s)\]>”\"]+"
    r"|\b(?i:PMID|PMCID|PMC|PubMed)\W{0,2}\d+"
    r"|\b(?i:NCT|ISRCTN|UMIN|jRCT[a-z]?|JapicCTI-?|ChiCTR[-A-Z]*|DRKS|ACTRN|CTRI/|IRCT|KCT|NTR|TCTR|EUCTR|CRD|RBR-)[\s-]?\d[\d-]*"
    r"|\b(?:EudraCT|EU CT)\W{0,3}\d{4}-\d+(?:-\d+){0,2}"
    r"|\brs-?\d+(?:/v\d+)?"
    r"|\b(?i:figshare|zenodo|dryad)\W{0,2}\d+"
    r"|\b(?:HGNC|CHEMBL|CID|UNII|ORCID)\W?[\w-]+"
)


def _masked(text: str) -> str:
    """The text with every harmless number blotted out, at its length."""
    return _HARMLESS.sub(lambda found: "\N{BLACK SQUARE}" * len(found[0]), text)


def identifying(text: str) -> tuple[Hint, ...]:
    """What in a text could identify a patient, in the order of the text; what lies inside another find is left out."""
    finds = sorted(_finds(_masked(text)), key=lambda find: (find[0], -find[1]))
    hints: list[Hint] = []
    reached = 0
    for start, end, kind, why in finds:
        if end > reached:
            hints.append(Hint(kind, _excerpt(text, start, end), why, start, end))
            reached = end
    return tuple(hints)


def _finds(text: str) -> Iterator[tuple[int, int, str, str]]:
    for kind, pattern, why in _COMPILED:
        for found in pattern.finditer(text):
            if _CONFIRMS.get(kind, _always)(found[0]):
                yield found.start(), found.start() + len(found[0].rstrip()), kind, why


def _always(found: str) -> bool:
    return True


# One digit over and over is a filler, not a number.
_CONFIRMS: dict[str, Callable[[str], bool]] = {"digits": lambda found: len(set(found)) > 1}


def _excerpt(text: str, start: int, end: int) -> str:
    """What was found with some words around it, on one line."""
    before, after = max(0, start - AROUND), min(len(text), end + AROUND)
    words = " ".join(text[before:after].split())
    return f"{'…' if before else ''}{words}{'…' if after < len(text) else ''}"
