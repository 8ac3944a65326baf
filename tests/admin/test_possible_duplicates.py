"""The report on look-alikes at the desk: pairs with reasons, and a decision that the pools follow."""

import pytest
from django.urls import reverse

from comparison.compare import compare
from comparison.evidence import load_vocabulary
from comparison.question import Question
from evidence.choices import Design, State
from evidence.models import DistinctPair, Overlap, Study
from tests import factories as make
from tests.admin.conftest import PEOPLE, log_in, make_person, messages_of

pytestmark = pytest.mark.django_db

DECIDERS = {"reviewer", "contributor and reviewer", "editor", "superuser"}


def address() -> str:
    return reverse("admin:evidence_overlap_possible_duplicates")


@pytest.fixture
def twins() -> tuple[Study, Study]:
    """Two trials of one group, with a figure each."""
    therapy = make.TherapyFactory(slug="rituximab", name="Rituximab")
    outcome = make.OutcomeFactory(slug="overall_response", name="Overall response")
    studies = []
    for slug, total in (("early-2015", 20), ("late-2016", 30)):
        study = make.StudyFactory(
            slug=slug,
            label=slug,
            design=Design.SINGLE_ARM_TRIAL,
            countries=["US"],
            cited__authors=["Stone JH", "Wallace ZS", "Mattoo H"],
            cited__title=f"{slug} {slug} {slug} told alone",
            cited__year=2016,
        )
        arm = make.ArmFactory(study=study, therapy=therapy)
        make.ResultFactory(arm=arm, outcome=outcome, events=10, total=total)
        studies.append(study)
    return studies[0], studies[1]


def pooled() -> list[str]:
    """The studies that the pool of overall response under rituximab holds."""
    answer = compare(Question(therapies=("rituximab",)), load_vocabulary())
    return [row.study for row in answer.rows if row.pooled]


@pytest.mark.parametrize("kind", PEOPLE)
def test_who_may_decide_sees_the_report(kind: str, twins: tuple[Study, Study]) -> None:
    response = log_in(make_person(kind)).get(address())
    assert (response.status_code == 200) == (kind in DECIDERS)
    if kind in DECIDERS:
        page = response.content.decode()
        assert "May share patients" in page and "3 authors in common (Mattoo H, Stone JH, Wallace ZS)" in page
        assert reverse("admin:evidence_study_change", args=[twins[0].pk]) in page


def test_the_list_of_overlaps_leads_to_the_report() -> None:
    for kind, led in (("editor", True), ("contributor", False)):
        page = log_in(make_person(kind)).get(reverse("admin:evidence_overlap_changelist")).content.decode()
        assert (address() in page) == led


def test_marking_an_overlap_takes_one_study_out_of_the_pool(twins: tuple[Study, Study]) -> None:
    assert sorted(pooled()) == ["early-2015", "late-2016"]
    response = log_in(make_person("editor")).post(
        address(),
        {"decision": "overlap", "study_a": "early-2015", "study_b": "late-2016", "why": "The same clinic."},
    )
    assert response.status_code == 302
    overlap = Overlap.objects.get()
    assert (overlap.certain, overlap.why) == (False, "The same clinic.")
    # The larger stays.
    assert pooled() == ["late-2016"]
    assert "May share patients" not in log_in(make_person("editor")).get(address()).content.decode()


def test_a_pair_that_is_not_the_same_is_kept_with_who_and_why_and_not_shown_again(
    twins: tuple[Study, Study],
) -> None:
    editor = make_person("editor")
    client = log_in(editor)
    client.post(
        address(),
        {"decision": "distinct", "study_a": "early-2015", "study_b": "late-2016", "why": "Other years."},
    )
    kept = DistinctPair.objects.get()
    assert (kept.decided_by, kept.why) == (editor, "Other years.")
    assert sorted(pooled()) == ["early-2015", "late-2016"]
    assert "No two studies or patients" in client.get(address()).content.decode()
    listed = client.get(reverse("admin:evidence_distinctpair_changelist")).content.decode()
    assert "Other years." in listed
    # Taken back, it is a question again.
    client.post(reverse("admin:evidence_distinctpair_delete", args=[kept.pk]), {"post": "yes"})
    assert "May share patients" in client.get(address()).content.decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"why": ""}, 302),
        ({"study_a": "no-such-study"}, 404),
        ({"decision": "distinct", "case_a": "no-such-patient"}, 404),
        ({"study_b": "early-2015"}, 302),
    ],
)
def test_a_decision_that_may_not_stand_is_refused_and_told(
    sent: dict[str, str], status: int, twins: tuple[Study, Study]
) -> None:
    whole = {"decision": "overlap", "study_a": "early-2015", "study_b": "late-2016", "why": "Because."}
    response = log_in(make_person("editor")).post(address(), {**whole, **sent})
    assert response.status_code == status
    if status == 302:
        assert any("why" in told or "itself" in told for told in messages_of(response))
    assert not Overlap.objects.exists() and not DistinctPair.objects.exists()


def test_another_persons_draft_is_in_nobodys_report(twins: tuple[Study, Study]) -> None:
    owner = make_person("contributor and reviewer")
    Study.objects.filter(slug="late-2016").update(state=State.DRAFT, contributor=owner)
    assert "late-2016" in log_in(owner).get(address()).content.decode()
    other = log_in(make_person("reviewer"))
    assert "late-2016" not in other.get(address()).content.decode()
    sent = {"decision": "overlap", "study_a": "early-2015", "study_b": "late-2016", "why": "Because."}
    assert other.post(address(), sent).status_code == 404
    contributor = log_in(make_person("contributor"))
    assert contributor.post(address(), sent).status_code == 403
    assert not Overlap.objects.exists()
