"""A study that a person enters is checked like a file and written like a file, as a draft."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from evidence.choices import State
from evidence.dataset.entry import (
    EntryRefused,
    enter_study,
    faults_of,
    faults_of_stored,
    public_faults_of,
)
from evidence.dataset.faults import InvalidDataSet
from evidence.dataset.schema import StudyRecord
from evidence.dataset.shelf import CitationShelf
from evidence.dataset.snapshot import study_record
from evidence.dataset.sync import Changes
from evidence.dataset.write_study import StudyWriter
from evidence.models import Study
from foundation.models import Revision
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor() -> Any:
    return somebody("contributor")


def somebody(*roles: str) -> Any:
    user = make.UserFactory()
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def report(slug: str = "author-2024", **changes: Any) -> StudyRecord:
    """A report of one patient on a therapy that the database knows."""
    for model, name in ((make.TherapyFactory, "dupilumab"), (make.OrganFactory, "pancreas")):
        if not model._meta.model.objects.filter(slug=name).exists():
            model(slug=name, name=name.capitalize())
    patient = {
        "slug": f"{slug}-p1",
        "index_therapy": "dupilumab",
        "sex": "male",
        "organs": ["pancreas"],
        "response": "partial_remission",
        "summary": "One patient.",
        "locator": "Case report",
    }
    content: dict[str, Any] = {
        "slug": slug,
        "label": "Author 2024",
        "design": "case_report",
        "enrolled": 1,
        "summary": "One patient on dupilumab.",
        "basis": "full_text",
        "read_at": "https://example.org/paper",
        "citations": [
            {
                "role": "primary",
                "title": "A case",
                "authors": ["Author A"],
                "year": 2024,
                "doi": f"10.1234/{slug}",
            }
        ],
        "cases": [patient],
    }
    return StudyRecord.model_validate({**content, **changes})


def stored(slug: str = "author-2024") -> Study:
    return Study.objects.with_everything().get(slug=slug)


def test_a_contributor_enters_a_draft_that_reads_back_as_it_was(contributor: Any) -> None:
    record = report()
    study = enter_study(record=record, by=contributor)
    assert (study.state, study.contributor, study.published_at) == (State.DRAFT, contributor, None)
    assert study_record(stored()) == record


def test_a_draft_is_not_public_and_raises_no_revision(contributor: Any) -> None:
    record = report()
    before = Revision.current().number
    enter_study(record=record, by=contributor)
    assert not Study.objects.published().exists()
    assert Revision.current().number == before


def test_a_draft_is_brought_to_a_changed_record_with_its_author_and_reason_in_the_history(
    contributor: Any,
) -> None:
    study = enter_study(record=report(), by=contributor)
    changed = report(summary="Mended.")
    enter_study(record=changed, by=contributor, stored=study, reason="A slip")
    assert study_record(stored()) == changed
    event = study.history.order_by("-pgh_id").first()
    assert event.summary == "Mended."
    assert event.pgh_context.metadata["username"] == contributor.username
    assert event.pgh_context.metadata["reason"] == "A slip"


def test_a_citation_that_is_known_stays_as_it_is(contributor: Any) -> None:
    known = make.CitationFactory(doi="10.1234/author-2024", pmid="", title="As printed")
    enter_study(record=report(), by=contributor)
    known.refresh_from_db()
    assert known.title == "As printed"
    assert stored().primary_citation == known


@pytest.mark.parametrize("roles", [(), ("reviewer",), ("editor",)])
def test_nobody_but_a_contributor_enters_a_study(roles: tuple[str, ...]) -> None:
    record = report()
    with pytest.raises(EntryRefused, match="Only a contributor enters studies"):
        enter_study(record=record, by=somebody(*roles))
    assert not Study.objects.exists()


def test_a_contributor_cannot_write_over_a_study_of_another_or_one_in_review(contributor: Any) -> None:
    study = enter_study(record=report(), by=contributor)
    with pytest.raises(EntryRefused, match="Only its contributor"):
        enter_study(record=report(summary="Mine now."), by=somebody("contributor"), stored=study)
    Study.objects.update(state=State.IN_REVIEW)
    with pytest.raises(EntryRefused, match="Only its contributor"):
        enter_study(record=report(summary="Late."), by=contributor, stored=study)
    assert stored().summary == "One patient on dupilumab."


def test_every_fault_is_told_and_nothing_written(contributor: Any) -> None:
    enter_study(record=report(), by=somebody("contributor"))
    again = report(
        cases=[
            {
                **report().cases[0].model_dump(),
                "index_therapy": "nonesuch",
                "organs": ["pancreas", "pancreas"],
            }
        ]
    )
    told = [f"{fault.path}: {fault.what}" for fault in faults_of(again)]
    assert told == [
        "cases[0].index_therapy: 'nonesuch' is not in therapies/",
        "cases[0].organs[1]: 'pancreas' stands at [0] already",
        "cases[0].slug: 'author-2024-p1' is a patient of another study",
        "citations[0].doi: 10.1234/author-2024 is the primary report of another study already",
        "slug: 'author-2024' is another study's",
    ]
    with pytest.raises(InvalidDataSet):
        enter_study(record=again, by=contributor)
    assert Study.objects.count() == 1


def test_a_rule_of_the_design_keeps_a_study_out(contributor: Any) -> None:
    record = report(enrolled=2)
    told = [(fault.path, fault.what, fault.rule) for fault in faults_of(record)]
    assert told == [
        (
            "enrolled",
            "enrolled is 2 and the cases entered are 1: in a case report they are the same.",
            "case_report_counts_its_cases",
        )
    ]
    with pytest.raises(InvalidDataSet):
        enter_study(record=record, by=contributor)


def test_what_stands_against_a_stored_study_is_told(contributor: Any) -> None:
    """The admin's forms save row by row, so that a draft may hold what a record may not."""
    study = enter_study(record=report(), by=contributor)
    assert faults_of_stored(study) == []
    Study.objects.update(enrolled=7)
    assert [fault.rule for fault in faults_of_stored(study)] == ["case_report_counts_its_cases"]
    study.study_citations.all().delete()
    assert [fault.path for fault in faults_of_stored(study)] == ["citations"]


def test_a_check_for_the_public_does_not_know_of_drafts(contributor: Any) -> None:
    enter_study(record=report(), by=contributor)
    assert len(faults_of(report())) == 3
    assert public_faults_of(report()) == []
    Study.objects.update(state=State.IN_REVIEW)
    assert public_faults_of(report()) == []


def test_a_check_for_the_public_takes_a_published_slug_for_the_next_version_and_knows_what_is_taken() -> None:
    enter_study(record=report(), by=somebody("contributor"))
    Study.objects.update(state=State.PUBLISHED, published_at="2026-01-01T00:00Z")
    assert public_faults_of(report()) == []
    told = [fault.what for fault in public_faults_of(report().model_copy(update={"slug": "other-2024"}))]
    assert told == [
        "'author-2024-p1' is a patient of another study",
        "10.1234/author-2024 is the primary report of another study already",
    ]


def test_a_contrast_follows_when_the_arm_it_stood_on_makes_way_for_another(contributor: Any) -> None:
    def trial(control: str) -> StudyRecord:
        arm = {"n": 10, "regimen": [{"therapy": "dupilumab"}]}
        return report(
            design="randomised_trial",
            registration="NCT01234567",
            enrolled=20,
            cases=[],
            arms=[
                {**arm, "slug": "tested", "label": "Tested", "role": "experimental"},
                {**arm, "slug": control, "label": control, "role": "comparator"},
            ],
            contrasts=[
                {
                    "outcome": "relapse",
                    "arm": "tested",
                    "versus": control,
                    "measure": "risk_ratio",
                    "estimate": 0.5,
                    "locator": "Table 2",
                }
            ],
        )

    make.OutcomeFactory(slug="relapse", name="Relapse", kind="proportion", unit="")
    study = enter_study(record=trial("placebo"), by=contributor)
    changes = Changes()
    # Read whole, as a load reads it: the contrast is known before its arm goes.
    StudyWriter(CitationShelf(changes, {}), changes).write(stored(), trial("usual-care"))
    assert study_record(stored()) == trial("usual-care")
    assert study.contrasts.count() == 1
