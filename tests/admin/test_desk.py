"""The desk in use: adding, correcting, refusing in words, reading the history."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from evidence.choices import State
from evidence.models import Arm, Study
from foundation.admin import QuickAutocompleteSelect
from literature.models import Citation
from tests.admin.conftest import (
    WORKING_STATE,
    change_of,
    errors_of,
    log_in,
    make_person,
    make_study,
    messages_of,
)
from tests.factories import (
    CaseFactory,
    CertaintyFactory,
    OrganFactory,
    OutcomeFactory,
    OverlapFactory,
    ResponderIndexScoreFactory,
    ResultFactory,
    TherapyFactory,
)

pytestmark = pytest.mark.django_db


NEW_STUDY = {
    "slug": "author-2026",
    "label": "Author 2026",
    "design": "case_report",
    "summary": "One patient.",
    "basis": "abstract",
    "read_at": "https://example.org/paper",
}


def test_whoever_adds_a_study_is_its_contributor_and_it_is_a_draft(open_form: Callable) -> None:
    contributor = make_person("contributor")
    page = open_form(log_in(contributor), reverse("admin:evidence_study_add"))
    page.fill(**NEW_STUDY, state="published", contributor="1", published_at="2026-01-01")
    assert page.send().status_code == 302
    study = Study.objects.get(slug="author-2026")
    assert (study.contributor, study.state, study.published_at) == (contributor, State.DRAFT, None)


def test_state_and_reviewer_cannot_be_set_by_a_form(open_form: Callable) -> None:
    superuser = make_person("superuser")
    study = make_study(State.DRAFT, make_person("contributor"))
    page = open_form(log_in(superuser), change_of(study))
    page.fill(state="published", reviewer=superuser.pk, contributor=superuser.pk, slug="another-slug")
    assert page.send().status_code == 302
    fresh = Study.objects.get(pk=study.pk)
    assert (fresh.state, fresh.reviewer, fresh.slug) == (State.DRAFT, None, study.slug)
    assert fresh.contributor == study.contributor


def test_published_evidence_cannot_be_changed_at_the_desk_but_by_a_revision() -> None:
    client, study = log_in(make_person("superuser")), make_study(State.PUBLISHED)
    page = client.get(change_of(study)).content.decode()
    assert 'name="_save"' not in page and "It is changed by a revision" in page
    assert client.post(change_of(study), {"label": "Corrected", "reason": "A slip"}).status_code == 403


def test_a_change_of_what_the_public_reads_needs_a_reason_which_the_history_keeps(
    open_form: Callable,
) -> None:
    superuser, certainty = make_person("superuser"), CertaintyFactory(reasons="As rated")
    client = log_in(superuser)
    refused = open_form(client, change_of(certainty)).fill(reasons="One series, no controls").send()
    assert "Say why published evidence changes." in errors_of(refused)
    page = open_form(client, change_of(certainty))
    page.fill(reasons="One series, no controls", reason="A slip of the pen", level="very_low")
    page.fill(**dict.fromkeys(("risk_of_bias", "imprecision"), "serious"))
    assert page.send().status_code == 302
    told = client.get(reverse("admin:evidence_certainty_history", args=[certainty.pk])).content.decode()
    for words in (
        superuser.username,
        "A slip of the pen",
        "<del>As rated</del>",
        "<ins>One series, no controls</ins>",
    ):
        assert words in told


def test_a_draft_changes_without_a_reason(open_form: Callable) -> None:
    contributor = make_person("contributor")
    study = make_study(State.DRAFT, contributor)
    assert open_form(log_in(contributor), change_of(study)).fill(label="Better").send().status_code == 302
    assert Study.objects.get(pk=study.pk).label == "Better"


def test_the_history_of_a_study_holds_its_parts_and_what_was_deleted() -> None:
    study = make_study(State.DRAFT, make_person("contributor"))
    ResultFactory(arm=study.arms.get(), definition="A definition that was a mistake").delete()
    CaseFactory(study=study, slug="patient-one")
    page = log_in(make_person("superuser")).get(reverse("admin:evidence_study_history", args=[study.pk]))
    text = page.content.decode()
    for told in ("A definition that was a mistake", "Deleted", "patient-one", "Regimen part", "14"):
        assert told in text


def test_new_rows_stand_behind_the_old(open_form: Callable) -> None:
    contributor = make_person("contributor")
    study = make_study(State.DRAFT, contributor)
    Arm.objects.filter(study=study).update(position=4)
    page = open_form(log_in(contributor), change_of(study)).fill(
        **{
            "arms-TOTAL_FORMS": 3,
            "arms-1-slug": "second",
            "arms-1-label": "Second",
            "arms-1-role": "comparator",
            "arms-1-background_glucocorticoid": "not_reported",
            "arms-2-slug": "third",
            "arms-2-label": "Third",
            "arms-2-role": "comparator",
            "arms-2-background_glucocorticoid": "not_reported",
        }
    )
    assert page.send().status_code == 302
    assert list(study.arms.values_list("slug", "position"))[1:] == [("second", 5), ("third", 6)]


def test_a_citation_is_saved_by_its_service(open_form: Callable) -> None:
    page = open_form(log_in(make_person("contributor")), reverse("admin:literature_citation_add"))
    page.fill(csl_type="article-journal", title="A trial", authors="Stone JH,Zhang W", doi="10.1000/ABC")
    assert page.send().status_code == 302
    citation = Citation.objects.get()
    assert citation.slug == "10-1000-abc"
    assert citation.vancouver == "Stone JH, Zhang W. A trial. doi:10.1000/abc"


def test_actions_of_the_list_ask_first_and_tell_each_study_apart() -> None:
    reviewer = make_person("contributor and reviewer")
    own = make_study(State.IN_REVIEW, reviewer, label="Own 2026")
    other = make_study(State.IN_REVIEW, make_person("contributor"), label="Other 2026")
    client = log_in(reviewer)
    chosen = {"action": "publish_studies", "_selected_action": [own.pk, other.pk]}
    address = reverse("admin:evidence_study_changelist")
    asked = client.post(address, chosen)
    assert asked.status_code == 200
    assert b"Anyone may read it" in asked.content
    assert set(Study.objects.values_list("state", flat=True)) == {State.IN_REVIEW}
    told = messages_of(client.post(address, {**chosen, "confirmed": "yes", "conflict": "none"}))
    assert set(told) == {"Other 2026 is published.", "Own 2026: Nobody reviews their own study."}


def test_the_desk_starts_with_the_persons_tasks() -> None:
    person, contributor = make_person("contributor and reviewer"), make_person("contributor")
    make_study(State.DRAFT, person, label="My draft")
    make_study(State.DRAFT, contributor, label="A draft of another")
    waiting = make_study(State.IN_REVIEW, contributor, label="Waiting for review")
    make_study(State.IN_REVIEW, person, label="Mine in review")
    log_in(person).post(
        reverse("admin:evidence_study_transition", args=[waiting.pk, "return"]),
        {"reason": "Add the week.", "conflict": "none"},
    )
    make_study(State.IN_REVIEW, contributor, label="Still waiting")

    desk = log_in(person).get(reverse("admin:index")).content.decode()
    assert desk.index("My draft") < desk.index("Comorbidities")
    assert "Still waiting" in desk
    assert "A draft of another" not in desk
    to_review = desk[desk.index("To review") :]
    assert "Mine in review" in desk and "Mine in review" not in to_review
    returned = log_in(contributor).get(reverse("admin:index")).content.decode()
    assert "Waiting for review" in returned
    assert "“Add the week.”" in returned


def test_a_deletion_in_the_way_tells_no_draft_by_name() -> None:
    organ = OrganFactory()
    study = make_study(State.DRAFT, make_person("contributor"))
    case = CaseFactory(study=study, slug="a-secret-case")
    case.case_organs.create(organ=organ)
    page = log_in(make_person("editor")).get(reverse("admin:evidence_organ_delete", args=[organ.pk]))
    assert b"a-secret-case" not in page.content
    assert b"1 records that use it" in page.content


def test_an_overlap_with_a_draft_of_another_is_hidden() -> None:
    draft = make_study(State.DRAFT, make_person("contributor"))
    hidden = OverlapFactory(study_a=draft, study_b=make_study(State.PUBLISHED))
    shown = OverlapFactory(study_a=make_study(State.PUBLISHED), study_b=make_study(State.PUBLISHED))
    client = log_in(make_person("editor"))
    assert client.get(change_of(hidden)).status_code == 302
    assert client.get(change_of(shown)).status_code == 200


def test_a_judgement_is_signed_and_only_its_author_changes_it(open_form: Callable) -> None:
    author, another = make_person("reviewer"), make_person("reviewer")
    page = open_form(log_in(author), reverse("admin:evidence_certainty_add"))
    page.fill(
        therapy=TherapyFactory().pk,
        outcome=OutcomeFactory().pk,
        level="very_low",
        reasons="One series without controls",
        rated_on="2026-01-31",
        rater=another.pk,
        **dict.fromkeys(
            ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias"), "serious"
        ),
    )
    assert page.send().status_code == 302
    (certainty,) = author.certainties.all()
    assert log_in(another).post(change_of(certainty), {"level": "low"}).status_code == 403


def test_a_public_study_links_to_its_page_and_a_draft_does_not() -> None:
    client = log_in(make_person("superuser"))
    public, draft = make_study(State.PUBLISHED), make_study(State.DRAFT, make_person("contributor"))
    assert f'href="{public.get_absolute_url()}"' in client.get(change_of(public)).content.decode()
    assert draft.get_absolute_url() not in client.get(change_of(draft)).content.decode()


def records() -> list[type[models.Model]]:
    """The models of the evidence, without the history tables."""
    found = []
    for label in ("foundation", "literature", "therapies", "evidence"):
        for model in apps.get_app_config(label).get_models():
            own = model._meta.label_lower
            if not hasattr(model, "pgh_tracked_model") and own not in {"foundation.revision", *WORKING_STATE}:
                found.append(model)
    return found


# Shown and changed on pages of the study that they are about.
ON_PAGES_OF_THEIR_STUDY = {
    "CaseDraft",
    "ConflictStatement",
    "MailOptOut",
    "PublishedVersion",
    "ReviewComment",
}


def test_every_record_is_in_the_admin() -> None:
    inlines = {
        inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines
    }
    missing = {model.__name__ for model in records() if model not in admin.site._registry} - {
        model.__name__ for model in inlines
    }
    assert missing == ON_PAGES_OF_THEIR_STUDY


def test_no_foreign_key_is_a_list_of_everything(rf: object) -> None:
    """Each foreign key of each form is an autocomplete, a read-only value, or a choice among a study's arms."""
    request = rf.get("/")  # type: ignore[attr-defined]
    request.user = make_person("superuser")
    request.resolver_match = None
    arms = {"arm", "versus"}
    for model in records():
        model_admin = admin.site._registry.get(model)
        if model_admin is None or model._meta.label_lower == "foundation.retiredslug":
            continue
        forms = [model_admin.get_form(request)]
        forms += [inline.get_formset(request).form for inline in model_admin.get_inline_instances(request)]
        for form in forms:
            for name, field in form.base_fields.items():
                if getattr(field, "queryset", None) is not None and name not in arms:
                    assert isinstance(field.widget.widget, QuickAutocompleteSelect), f"{form} {name}"


def test_an_export_holds_no_formula() -> None:
    make_study(State.PUBLISHED, label='=HYPERLINK("https://example.org")')
    response = log_in(make_person("editor")).post(
        reverse("admin:evidence_study_export"), {"format": "0", "resource": "0", "studyresource_label": "on"}
    )
    assert b"HYPERLINK" in response.content
    assert b"=HYPERLINK" not in response.content


def test_what_is_missing_is_said_to_be_not_reported() -> None:
    study = make_study(State.WITHDRAWN, enrolled=None)
    case = CaseFactory(study=study, age_years=None, relapse=None)
    CaseFactory(study=study, age_years=90, relapse=True, relapse_week=30)
    client = log_in(make_person("superuser"))
    listed = client.get(reverse("admin:evidence_case_changelist")).content.decode()
    assert listed.count("not reported</span>") == 2
    assert "90+" in listed
    assert "Yes, week 30" in listed
    assert "not reported</span>" in client.get(reverse("admin:evidence_study_changelist")).content.decode()
    ResponderIndexScoreFactory(case=case)
    page = client.get(change_of(case)).content.decode()
    assert '<option value="unknown" selected>Not reported</option>' in page
    assert ">Unknown</option>" not in page
