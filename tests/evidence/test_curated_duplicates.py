"""What the report on look-alikes finds in data/; docs/duplicates.md tells it."""

import pytest

from evidence.duplicate_search import paper_of, possible_duplicates, with_parts
from evidence.duplicates import GROUP, PATIENT_WEIGHTS, THRESHOLD, paper_pairs
from evidence.models import Case, Overlap, Study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]


def test_known_overlaps_rank_high_and_chance_stays_below() -> None:
    papers = [paper_of(study) for study in with_parts(Study.objects.all())]
    known = {frozenset(pair) for pair in Overlap.objects.values_list("study_a__slug", "study_b__slug")}
    shown = {frozenset((a, b)) for a, b, match in paper_pairs(papers) if match.kind == GROUP}
    assert len(known) > 120
    # Of the known pairs more than half are shown, of the twenty thousand others fewer than forty.
    assert len(shown & known) > len(known) / 2
    assert len(shown - known) < 40


def test_no_two_curated_patients_and_no_two_papers_are_taken_for_one() -> None:
    pairs = possible_duplicates(Study.objects.all())
    assert [pair for pair in pairs if pair.match.kind != GROUP] == []
    assert pairs and all(pair.match.score >= THRESHOLD for pair in pairs)


def test_the_shares_by_chance_are_those_of_the_curated_cases() -> None:
    cases = list(Case.objects.select_related("study"))
    pairs = [(a, b) for at, a in enumerate(cases) for b in cases[:at] if a.study_id != b.study_id]
    aged = [(a, b) for a, b in pairs if a.age_years is not None and b.age_years is not None]
    sexed = [(a, b) for a, b in pairs if "not_reported" not in (a.sex, b.sex)]
    shares = {
        "age": sum(abs(a.age_years - b.age_years) <= 1 for a, b in aged) / len(aged),
        "sex": sum(a.sex == b.sex for a, b in sexed) / len(sexed),
        "therapy": sum(a.index_therapy_id == b.index_therapy_id for a, b in pairs) / len(pairs),
    }
    for name, share in shares.items():
        assert share == pytest.approx(PATIENT_WEIGHTS[name].by_chance, rel=0.25), name
