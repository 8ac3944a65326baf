"""What the desk refuses, and in which words."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from evidence.choices import CitationRole, State
from evidence.models import Arm, Case, Contrast, StudyCitation
from tests.admin.conftest import change_of, errors_of, log_in, make_person, make_study, messages_of
from tests.factories import ArmFactory, CitationFactory, OutcomeFactory, StudyFactory, TherapyFactory

pytestmark = pytest.mark.django_db


REFUSALS = [
    ("events", "31", "Events lie between 0 and the total, which is at least 1."),
    ("value", "5", "Give events and total, or a value with its statistic and number of patients; not both."),
    ("locator", "", "This field is required."),
    ("week", "99999", "Constraint “result_week_range” is violated."),
]


@pytest.mark.parametrize(("field", "value", "words"), REFUSALS)
def test_a_figure_that_cannot_be_is_refused_in_words(
    field: str, value: str, words: str, open_form: Callable
) -> None:
    contributor = make_person("contributor")
    result = make_study(State.DRAFT, contributor).arms.get().results.get()
    response = open_form(log_in(contributor), change_of(result)).fill(**{field: value}).send()
    assert response.status_code == 200
    if field != "week":
        assert words in errors_of(response)
    else:
        assert errors_of(response)
    result.refresh_from_db()
    assert (result.events, result.total, result.value) == (14, 30, None)


def test_two_equal_rows_of_one_form_are_refused_in_words(open_form: Callable) -> None:
    contributor = make_person("contributor")
    arm = make_study(State.DRAFT, contributor).arms.get()
    outcome = OutcomeFactory()
    page = open_form(log_in(contributor), change_of(arm))
    page.fill(**{"results-TOTAL_FORMS": 3})
    for row in (1, 2):
        fields = {"outcome": outcome.pk, "events": 1, "total": 2, "locator": "Table 1", "arm": arm.pk}
        page.fill(**{f"results-{row}-{name}": value for name, value in fields.items()})
    response = page.send()
    assert "This arm has this outcome by this definition at this time already." in errors_of(response)
    assert arm.results.count() == 1


def test_a_second_primary_citation_is_refused_in_words(open_form: Callable) -> None:
    contributor = make_person("contributor")
    study = StudyFactory(draft=True, contributor=contributor, cited=False)
    page = open_form(log_in(contributor), change_of(study)).fill(**{"study_citations-TOTAL_FORMS": 2})
    for row in (0, 1):
        page.fill(
            **{
                f"study_citations-{row}-role": CitationRole.PRIMARY,
                f"study_citations-{row}-citation": CitationFactory().pk,
            }
        )
    assert "A study has one primary citation." in errors_of(page.send())
    assert StudyCitation.objects.filter(study=study).count() == 0


def test_a_primary_report_of_another_study_is_refused_in_words(open_form: Callable) -> None:
    contributor = make_person("contributor")
    taken = StudyFactory().primary_citation
    study = StudyFactory(draft=True, contributor=contributor, cited=False)
    page = open_form(log_in(contributor), change_of(study)).fill(
        **{
            "study_citations-TOTAL_FORMS": 1,
            "study_citations-0-role": CitationRole.PRIMARY,
            "study_citations-0-citation": taken.pk,
        }
    )
    assert "This paper is the primary report of another study already." in errors_of(page.send())


@pytest.mark.parametrize("model", ["arm", "case", "finding"])
def test_a_part_cannot_be_planted_in_anothers_study(model: str, open_form: Callable) -> None:
    contributor = make_person("contributor")
    for study in (make_study(State.DRAFT, make_person("contributor")), make_study(State.PUBLISHED)):
        page = open_form(log_in(contributor), reverse(f"admin:evidence_{model}_add"))
        page.fill(
            study=study.pk,
            slug="planted",
            label="Planted",
            role="experimental",
            background_glucocorticoid="not_reported",
            index_therapy=TherapyFactory().pk,
            therapy=TherapyFactory().pk,
            outcome=OutcomeFactory().pk,
            direction="improved",
            statement="Planted",
            summary="Planted",
            sex="male",
            response="no_response",
            steroid_effect="not_reported",
            locator="Table 1",
        )
        response = page.send()
        assert "Select a valid choice." in errors_of(response)
        assert not Arm.objects.filter(slug="planted").exists()
        assert not Case.objects.filter(slug="planted").exists()
        assert not study.findings.exists()


def test_a_part_cannot_be_moved_to_another_study(open_form: Callable) -> None:
    contributor = make_person("contributor")
    own, published = make_study(State.DRAFT, contributor), make_study(State.PUBLISHED)
    arm = own.arms.get()
    page = open_form(log_in(contributor), change_of(arm)).fill(study=published.pk, label="Moved")
    assert page.send().status_code == 302
    arm.refresh_from_db()
    assert (arm.study, arm.label) == (own, "Moved")


def test_a_contrast_stands_between_arms_of_its_own_study(open_form: Callable) -> None:
    contributor = make_person("contributor")
    study = make_study(State.DRAFT, contributor)
    second, foreign = ArmFactory(study=study), ArmFactory()
    client = log_in(contributor)
    row = {
        "contrasts-TOTAL_FORMS": 1,
        "contrasts-0-outcome": OutcomeFactory().pk,
        "contrasts-0-measure": "risk_ratio",
        "contrasts-0-estimate": "0.5",
        "contrasts-0-locator": "Table 2",
        "contrasts-0-arm": study.arms.first().pk,
    }
    refused = open_form(client, change_of(study)).fill(**row, **{"contrasts-0-versus": foreign.pk}).send()
    assert "Select a valid choice." in errors_of(refused)
    accepted = open_form(client, change_of(study)).fill(**row, **{"contrasts-0-versus": second.pk}).send()
    assert accepted.status_code == 302
    contrast = Contrast.objects.get()
    own_page = open_form(client, change_of(contrast))
    assert "Select a valid choice." in errors_of(own_page.fill(versus=foreign.pk).send())


def test_a_doubled_doi_is_refused_in_words(open_form: Callable) -> None:
    CitationFactory(doi="10.1000/taken")
    page = open_form(log_in(make_person("editor")), reverse("admin:literature_citation_add"))
    response = page.fill(csl_type="article-journal", title="A trial", doi="10.1000/TAKEN").send()
    assert "Another citation has this DOI already." in errors_of(response)


def test_a_refused_step_is_told_in_words() -> None:
    reviewer = make_person("reviewer")
    study = make_study(State.IN_REVIEW, make_person("contributor"), label="Author 2026")
    address = reverse("admin:evidence_study_transition", args=[study.pk, "return"])
    refused = log_in(reviewer).post(address, {"reason": " "})
    assert messages_of(refused) == ["Author 2026: Say what the contributor should change."]
    undeclared = log_in(reviewer).post(address, {"reason": "Add the week."})
    assert messages_of(undeclared) == [
        "Author 2026: Confirm that you have no conflict of interest with this work, or say which."
    ]
    done = log_in(reviewer).post(address, {"reason": "Add the week.", "conflict": "none"})
    assert messages_of(done) == ["Author 2026 is returned."]
