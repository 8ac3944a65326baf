"""Look-alikes in the database: found among what a person may see, never in another's draft, in constant queries."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import permissions
from evidence.choices import Design, State
from evidence.dataset.snapshot import study_record
from evidence.duplicate_search import duplicates_of, possible_duplicates
from evidence.duplicates import PATIENT
from evidence.models import Case, DistinctPair, Overlap, Study
from evidence.pairs import PairRefused, mark_distinct, mark_overlap
from tests import factories as make

pytestmark = pytest.mark.django_db


def somebody(*roles: str) -> Any:
    user = make.UserFactory()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def the(factory: Any, slug: str) -> Any:
    """The row of this slug, made where it is not there."""
    return factory._meta.model.objects.filter(slug=slug).first() or factory(slug=slug)


def report(slug: str, **fields: Any) -> Case:
    """A case report of a man of 67 with orbital disease."""
    study = make.StudyFactory(
        slug=slug,
        label=slug,
        design=Design.CASE_REPORT,
        countries=["CA"],
        cited__authors=[f"{slug} A"],
        cited__title=f"{slug} {slug} {slug} told alone",
        cited__year=2020,
        **{name: fields.pop(name) for name in list(fields) if name in ("state", "contributor", "draft")},
    )
    therapy = the(make.TherapyFactory, "dupilumab")
    case = make.CaseFactory(
        study=study, slug=f"{slug}-p1", age_years=67, sex="male", index_therapy=therapy, **fields
    )
    case.case_organs.all().delete()
    make.CaseOrganFactory(case=case, organ=the(make.OrganFactory, "orbit"))
    make.MeasurementFactory(case=case, analyte=the(make.AnalyteFactory, "serum_igg4"), week=0, value=1770)
    return case


FORM = {
    "slug": "new-2021",
    "design": "case_report",
    "countries": ["CA"],
    "citations": [
        {"role": "primary", "title": "Another title of one more patient", "year": 2021, "authors": ["New N"]}
    ],
    "cases": [
        {
            "age_years": 68,
            "sex": "male",
            "organs": ["orbit"],
            "index_therapy": "dupilumab",
            "measurements": [{"analyte": "serum_igg4", "week": 0, "value": 1700}],
        }
    ],
}


def keys(found: Any) -> list[str]:
    return [match.key for _, match in found.patients]


def test_a_patient_entered_again_is_found_while_the_form_is_half_filled() -> None:
    report("old-2020")
    found = duplicates_of(FORM, AnonymousUser())
    assert [(name, match.key, match.kind) for name, match in found.patients] == [
        ("case 1", "old-2020-p1", PATIENT)
    ]
    assert found.papers == () and bool(found)
    assert not duplicates_of({}, AnonymousUser())
    assert not duplicates_of({"cases": [{"sex": "male"}]}, AnonymousUser())


def test_a_paper_entered_again_is_found_by_doi_and_by_title() -> None:
    citation = report("old-2020").study.primary_citation
    for own in ({"doi": citation.doi.upper()}, {"title": citation.title.upper()}):
        found = duplicates_of({"citations": [{"role": "primary", **own}]}, AnonymousUser())
        assert [match.key for match in found.papers] == ["old-2020"]


def test_a_record_is_no_duplicate_of_itself() -> None:
    case = report("old-2020")
    study = Study.objects.with_everything().get(pk=case.study_id)
    assert not duplicates_of(study_record(study), AnonymousUser(), stored=study)


def test_nobody_learns_of_anothers_draft() -> None:
    owner, other, reviewer = somebody("contributor"), somebody("contributor"), somebody("reviewer")
    report("draft-2020", state=State.DRAFT, contributor=owner)
    assert keys(duplicates_of(FORM, owner)) == ["draft-2020-p1"]
    for user in (other, reviewer, somebody("editor"), AnonymousUser()):
        assert not duplicates_of(FORM, user)
    Study.objects.update(state=State.IN_REVIEW)
    assert keys(duplicates_of(FORM, reviewer)) == ["draft-2020-p1"]
    assert not duplicates_of(FORM, other)


def test_the_number_of_queries_does_not_grow() -> None:
    report("first-2020")
    user = somebody("reviewer")
    # Asked for once a person.
    permissions.roles_of(user)
    counts = []
    for more in range(3):
        with CaptureQueriesContext(connection) as few:
            duplicates_of(FORM, user)
        with CaptureQueriesContext(connection) as all_pairs:
            possible_duplicates(Study.objects.published())
        counts.append((len(few), len(all_pairs)))
        report(f"more-{more}")
    assert counts[0] == counts[1] == counts[2]


def test_a_pair_is_reported_once_until_somebody_decides() -> None:
    a, b = report("a-2020"), report("b-2020")
    (pair,) = possible_duplicates(Study.objects.published())
    assert (pair.case_a, pair.case_b, pair.match.kind) == (a, b, PATIENT)
    mark_distinct(
        a=b.study, b=a.study, case_a=b, case_b=a, why="Another year of birth.", by=somebody("editor")
    )
    kept = DistinctPair.objects.get()
    assert (kept.case_a, kept.case_b, kept.why) == (a, b, "Another year of birth.")
    assert possible_duplicates(Study.objects.published()) == []
    # A third patient like them is a new question.
    report("c-2020")
    assert len(possible_duplicates(Study.objects.published())) == 2


def test_two_studies_that_are_marked_as_sharing_patients_are_not_reported() -> None:
    a, b = report("a-2020"), report("b-2020")
    overlap = mark_overlap(
        a=b.study, b=a.study, certain=True, why="The text says so.", by=somebody("reviewer")
    )
    assert (overlap.study_a, overlap.study_b, overlap.certain) == (a.study, b.study, True)
    assert possible_duplicates(Study.objects.published()) == []
    (version,) = Overlap.pgh_event_model.objects.filter(pgh_obj_id=overlap.pk).select_related("pgh_context")
    assert version.pgh_context.metadata["reason"] == "The text says so."


@pytest.mark.parametrize(
    ("roles", "why", "message"),
    [
        (("contributor",), "Because.", "Only reviewers and editors decide"),
        (("reviewer",), "  ", "Say why"),
    ],
)
def test_a_decision_needs_the_role_and_a_reason(roles: tuple[str, ...], why: str, message: str) -> None:
    a, b = make.StudyFactory(), make.StudyFactory()
    by = somebody(*roles)
    with pytest.raises(PairRefused, match=message):
        mark_overlap(a=a, b=b, certain=False, why=why, by=by)
    with pytest.raises(PairRefused, match=message):
        mark_distinct(a=a, b=b, why=why, by=by)
    assert not Overlap.objects.exists() and not DistinctPair.objects.exists()


def test_a_decision_on_what_one_may_not_see_is_refused_as_if_it_were_not_there() -> None:
    draft = make.StudyFactory(state=State.DRAFT, contributor=somebody("contributor"), published_at=None)
    with pytest.raises(PairRefused, match="There is no such pair"):
        mark_overlap(a=draft, b=make.StudyFactory(), certain=False, why="Because.", by=somebody("reviewer"))


def test_a_decision_is_made_once_and_on_two_studies() -> None:
    by = somebody("reviewer")
    a, b = make.CaseFactory(), make.CaseFactory()
    mark_overlap(a=a.study, b=b.study, certain=False, why="Because.", by=by)
    with pytest.raises(PairRefused, match="recorded as sharing patients already"):
        mark_overlap(a=b.study, b=a.study, certain=True, why="Because.", by=by)
    mark_distinct(a=a.study, b=b.study, why="Because.", by=by)
    with pytest.raises(PairRefused, match="different already"):
        mark_distinct(a=b.study, b=a.study, why="Because.", by=by)
    mark_distinct(a=a.study, b=b.study, case_a=a, case_b=b, why="Because.", by=by)
    with pytest.raises(PairRefused, match="different already"):
        mark_distinct(a=b.study, b=a.study, case_a=b, case_b=a, why="Because.", by=by)
    with pytest.raises(PairRefused, match="a patient of each study, or none"):
        mark_distinct(a=a.study, b=b.study, case_a=a, why="Because.", by=by)
    with pytest.raises(PairRefused, match="is no patient of"):
        mark_distinct(a=a.study, b=b.study, case_a=b, case_b=a, why="Because.", by=by)
    with pytest.raises(PairRefused, match="no pair with itself"):
        mark_distinct(a=a.study, b=a.study, why="Because.", by=by)


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("report_duplicates", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_lists_the_pairs_of_published_studies_and_of_all_when_asked() -> None:
    report("a-2020"), report("b-2020"), report("c-2020", state=State.DRAFT)
    assert "patient  a-2020-p1  b-2020-p1  the same organs (orbit)" in told()
    assert told().endswith("1 pair from 0.5 on.\n") and "c-2020" not in told()
    assert told("--all").endswith("3 pairs from 0.5 on.\n")
    with pytest.raises(CommandError, match="a score above 0"):
        told("--from", "2")
