"""Free text is searched for what could identify a patient; what only looks like it passes."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from evidence.privacy import AGE_OVER_89, OLDEST_AGE_SHOWN, age_for_storage, identifying

DATA = Path(settings.BASE_DIR) / "data"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("seen on 12/03/2021 with jaundice", "date", "12/03/2021"),
        ("seen on 3/25/2021 with jaundice", "date", "3/25/2021"),
        ("seen on 12.03.2021", "date", "12.03.2021"),
        ("seen on 12/03/21.", "date", "12/03/21"),
        ("biopsy 2021-03-12 showed", "date", "2021-03-12"),
        ("biopsy 2021/03/12 showed", "date", "2021/03/12"),
        ("2021年3月12日", "date", "2021年3月12日"),
        ("On 12 March 2021 he came", "date", "12 March 2021"),
        ("On 12-Mar-2021 he came", "date", "12-Mar-2021"),
        ("on March 12, 2021, he came", "date", "March 12, 2021"),
        ("on March 12 he came", "date", "March 12"),
        ("on the 3rd of May he came", "date", "3rd of May"),
        ("on the 3rd of may he came", "date", "3rd of may"),
        ("she was born in 1954", "date", "born in 1954"),
        ("DOB: 1954", "date", "DOB: 1954"),
        ("in March 2021 he came", "month", "March 2021"),
        ("in May, 2021 he came", "month", "May, 2021"),
        ("in Sept. 2021 he came", "month", "Sept. 2021"),
        ("in 03/2021 he came", "month", "03/2021"),
        ("MRN 4821-77", "record_number", "MRN 4821-77"),
        ("hospital no. 482177", "record_number", "hospital no. 482177"),
        ("Hospital number: H482", "record_number", "Hospital number: H482"),
        ("ID: 4821", "record_number", "ID: 4821"),
        ("specimen number S12-3456", "record_number", "specimen number S12-3456"),
        ("write to a.b@clinic.example.org", "email", "a.b@clinic.example.org"),
        ("call +44 20 7946 0958", "phone", "+44 20 7946 0958"),
        ("call (555) 123-4567", "phone", "(555) 123-4567"),
        ("tel. 7946 0958", "phone", "tel. 7946 0958"),
        ("call 03-1234-5678", "phone", "03-1234-5678"),
        ("number 48217765 in the register", "digits", "48217765"),
        ("number H4821776 in the register", "digits", "H4821776"),
        ("Mr A.B. presented", "initials", "Mr A.B."),
        ("patient J.S. presented", "initials", "patient J.S."),
        ("Mrs K presented", "initials", "Mrs K"),
        ("Mr Smith presented", "name", "Mr Smith"),
        ("seen by Dr. Müller", "name", "Dr. Müller"),
        ("seen by Dr van der Berg", "name", "Dr van der Berg"),
        ("a man named John presented", "name", "named John"),
        ("lives at 12 Baker Street", "address", "12 Baker Street"),
        ("postcode SW1A 1AA", "address", "SW1A 1AA"),
        ("a farmer living in Sapporo", "address", "living in Sapporo"),
        ("a 93-year-old man", "age", "93-year-old"),
        ("a man aged 91 with", "age", "aged 91"),
        ("a woman of 90 with", "age", "woman of 90"),
        ("a nonagenarian with", "age", "nonagenarian"),
        ("at Massachusetts General Hospital he", "place", "Massachusetts General Hospital"),
        ("at the University Hospital of Navarra he", "place", "University Hospital of Navarra"),
        ("at the Mayo Clinic he", "place", "Mayo Clinic"),
        ("at Peking Union Medical College Hospital he", "place", "Peking Union Medical College Hospital"),
    ],
)
def test_what_could_identify_a_patient_is_found_and_explained(text: str, kind: str, found: str) -> None:
    hints = identifying(text)
    assert [(hint.kind, text[hint.start : hint.end]) for hint in hints if hint.kind == kind] == [
        (kind, found)
    ]
    assert all(found in hint.excerpt and len(hint.why) > 30 for hint in hints if hint.kind == kind)


@pytest.mark.parametrize(
    "text",
    [
        "Improvement may be delayed; 12 may relapse, and the march of fibrosis goes on.",
        "At week 12 and month 3, in 2019, after 52 weeks (range 3-12).",
        "Prednisolone 0.6 mg/kg, 40 mg/day, tapered to 5–7.5 mg/day over 8 weeks.",
        "Serum IgG4 1770 mg/dL (17.7 g/L), IgE 4554 IU/mL, platelets 250000/µL, eosinophils 2592/µL.",
        "P = 0.0000012, hazard ratio 0.13 (0.06 to 0.28), 14/30, 3/12/6 patients.",
        "NCT01584388, UMIN000001818, ChiCTR-IPR-14005304, EudraCT 2016-000123-12, jRCT2031210043.",
        "doi 10.1136/annrheumdis-2014-206605, PMID 25667206, PMC12345678, https://example.org/2021-03-12/4821776.",
        "IL2RA, CD19, STAT6, rs12345678, XmAb5871, HLA-DRB1*04:05, CCL17.",
        "Patient A improved, patient B and case 3 did not; Patient 12 relapsed.",
        "Patients of the clinic; another hospital; The Hospital said so; university teaching.",
        "Riedel thyroiditis, Mikulicz disease, Castleman disease, Sjögren syndrome, Ormond disease.",
        "aged 18 to 85; a man of 89; 95% of 97; 92 patients; 90 mg; 95 years of follow-up in all.",
        "Storiform fibrosis, more than 10 IgG4-positive cells per high-power field, ratio over 40%.",
        "Carruthers MN and Stone JH describe the same group; Della-Torre and colleagues object.",
        "Doses of 300 mg every 2 weeks, days 1 and 15, then 1000 mg; 1-2-3 rule; pages 1171-1177.",
        "Relapsed in her second decade of treatment; second line; in the third month.",
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert [(hint.kind, text[hint.start : hint.end]) for hint in identifying(text)] == []


@pytest.mark.parametrize("piece", ["A", "1", "+1", "Aa ", "12/", "(1-", "a@", "a.", "University of the "])
def test_a_long_text_is_searched_in_time_that_grows_with_it(piece: str) -> None:
    started = time.perf_counter()
    identifying(piece * (40_000 // len(piece)))
    assert time.perf_counter() - started < 4


def test_one_stretch_gives_one_hint() -> None:
    text = "On 12 March 2021, Mr Smith (MRN 48217765) came; 12 March 2021 again."
    assert [hint.kind for hint in identifying(text)] == ["date", "name", "record_number", "date"]


def texts_of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from texts_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts_of(value)
    elif isinstance(node, str):
        yield node


def test_no_curated_patient_is_identifiable() -> None:
    read, found = 0, []
    for file in sorted((DATA / "studies").glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")).get("cases", []):
            for text in texts_of({name: part for name, part in case.items() if name != "read_at"}):
                read += 1
                found += [f"{file.name}: {hint.excerpt}" for hint in identifying(text)]
    assert read > 1000
    assert found == []


def test_texts_on_therapies_and_targets_raise_few_false_alarms() -> None:
    texts = [
        text
        for folder in ("therapies", "pathway")
        for file in sorted((DATA / folder).glob("*.yaml"))
        for text in texts_of(yaml.safe_load(file.read_text(encoding="utf-8")))
        if " " in text
    ]
    alarms = [hint for text in texts for hint in identifying(text)]
    assert len(texts) > 400
    # True ones all: hospitals that registered a trial, and months of approvals.
    assert {hint.kind for hint in alarms} <= {"place", "month"}
    assert len(alarms) < 10


@given(st.text(max_size=400))
def test_no_text_breaks_the_search_and_hints_stand_in_order(text: str) -> None:
    hints = identifying(text)
    assert all(0 <= hint.start < hint.end <= len(text) for hint in hints)
    assert all(first.end <= second.start for first, second in itertools.pairwise(hints))


@given(
    st.dates(),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y"]),
)
def test_any_date_of_the_last_centuries_is_found(day: Any, notation: str) -> None:
    written = (
        day.replace(year=1900 + day.year % 200).strftime(notation)
        if day.month != 2
        else day.replace(year=2000, day=1).strftime(notation)
    )
    assert [hint.kind for hint in identifying(f"seen {written} in the clinic")] == ["date"]


@pytest.mark.parametrize(
    ("age", "kept"), [(None, None), (0, 0), (0.5, 0.5), (67, 67), (89, 89), (90, 90), (104, 90)]
)
def test_an_age_over_89_is_kept_as_90(age: float | None, kept: float | None) -> None:
    assert age_for_storage(age) == kept
    assert (OLDEST_AGE_SHOWN, AGE_OVER_89) == (89, 90)


@pytest.mark.parametrize("age", [-1, float("nan")])
def test_what_is_no_age_is_refused(age: float) -> None:
    with pytest.raises(ValueError, match="number of years"):
        age_for_storage(age)
