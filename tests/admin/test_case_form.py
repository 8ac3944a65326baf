"""The case form at the desk: saved as it is typed, told what is wrong, seen by nobody else."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from evidence.choices import State
from evidence.desk.drafts import enter_draft, read_draft, save_draft, start_draft
from evidence.desk.posting import sent_from
from evidence.models import CaseDraft, Study
from evidence.workflow import NO_CONFLICT, return_study
from tests.admin.conftest import PEOPLE, log_in, make_person, make_study, messages_of
from tests.evidence.desk.words import whole_payload
from tests.factories import AnalyteFactory, CaseFactory, OrganFactory, TherapyFactory

pytestmark = pytest.mark.django_db
CONTRIBUTORS = {"contributor", "contributor and reviewer", "superuser"}


@pytest.fixture
def owner() -> Any:
    TherapyFactory(slug="dupilumab", name="Dupilumab")
    OrganFactory(slug="pancreas", name="Pancreas")
    return make_person("contributor")


@pytest.fixture
def draft(owner: Any) -> CaseDraft:
    return start_draft(by=owner)


def at(draft: CaseDraft, page: str = "") -> str:
    return reverse(f"admin:evidence_case_draft{page and '_' + page}", args=[draft.uuid])


def autosave(client: Client, draft: CaseDraft, version: int = 1, **sent: str) -> Any:
    return client.post(at(draft, "save"), {"version": version, **sent}, headers={"HX-Request": "true"})


def about(response: Any, field: str) -> list[str]:
    """What a page or a piece of one tells of a field."""
    found = html.fromstring(f"<div>{response.content.decode()}</div>").xpath(f'//li[@data-about="{field}"]')
    return [" ".join(one.text_content().split()) for one in found]


def shown(response: Any) -> dict[str, str]:
    """The fields of the page as a browser would send them."""
    (form,) = [one for one in html.fromstring(response.content).forms if one.get("id") == "case-form"]
    # lxml keeps the line end after <textarea>, and takes the value "" of a radio button for "on".
    return {
        name: "" if value == "on" else value.removeprefix("\n")
        for name, value in form.form_values()
        if value is not None
    }


# ── Who ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", PEOPLE)
def test_only_contributors_enter_cases(kind: str) -> None:
    client = log_in(make_person(kind))
    address = reverse("admin:evidence_case_enter")
    assert (client.get(address).status_code == 200) == (kind in CONTRIBUTORS)
    assert client.post(address).status_code in (302, 403)
    assert CaseDraft.objects.exists() == (kind in CONTRIBUTORS)


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("page", ["", "save", "discard"])
def test_a_draft_of_another_is_not_there_by_any_address(draft: CaseDraft, kind: str, page: str) -> None:
    client = log_in(make_person(kind))
    if kind == "superuser":
        # Sees it, and cannot write into another's work.
        if page == "":
            assert client.get(at(draft)).status_code == 200
            client.post(at(draft), {"version": 1, "case-age_years": "67"})
        if page == "save":
            assert autosave(client, draft, **{"case-age_years": "67"}).status_code == 403
    else:
        without_desk = kind in {"visitor", "account without the desk"}
        for response in (client.get(at(draft, page)), client.post(at(draft, page), {"version": 1})):
            assert response.status_code == ((401 if page == "save" else 302) if without_desk else 404)
            assert "/enter/" not in response.headers.get("Location", "").partition("?")[0]
    fresh = CaseDraft.objects.get()
    assert (fresh.version, fresh.payload) == (1, draft.payload)


def test_a_study_or_case_of_another_is_not_opened(owner: Any) -> None:
    other = make_study(State.DRAFT, make_person("contributor"))
    case = CaseFactory(study=other)
    client = log_in(owner)
    assert client.post(reverse("admin:evidence_case_enter"), {"study": other.pk}).status_code == 404
    assert client.post(reverse("admin:evidence_case_guided", args=[case.pk])).status_code == 404
    assert other.label not in client.get(reverse("admin:evidence_case_enter")).content.decode()
    assert not CaseDraft.objects.exists()


# ── Ways in ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_form_is_one_step_from_the_front_page_the_list_and_a_study(owner: Any) -> None:
    study = make_study(State.DRAFT, owner)
    client, address = log_in(owner), reverse("admin:evidence_case_enter")
    for page in ("admin:index", "admin:evidence_case_changelist"):
        assert f'href="{address}"' in client.get(reverse(page)).content.decode()
    page = client.get(reverse("admin:evidence_study_change", args=[study.pk])).content.decode()
    assert f'href="{address}?study={study.pk}"' in page
    start = client.get(address, {"study": study.pk}).content.decode()
    assert f'<option value="{study.pk}" selected>' in start


def test_a_case_of_ones_own_opens_in_the_form(owner: Any) -> None:
    draft = save_draft(draft=start_draft(by=owner), payload=whole_payload(), version=1, by=owner)
    case = enter_draft(draft=draft, by=owner).cases.get()
    client = log_in(owner)
    guided = reverse("admin:evidence_case_guided", args=[case.pk])
    assert guided in client.get(reverse("admin:evidence_case_change", args=[case.pk])).content.decode()
    opened = client.post(guided, follow=True)
    assert shown(opened)["case-index_therapy"] == "Dupilumab"
    # The paper and the short names are the study's.
    assert not {"citation-title", "study-slug", "case-slug"} & shown(opened).keys()


# ── Saving ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_typed_is_kept_whatever_it_is_and_answered_in_pieces(owner: Any, draft: CaseDraft) -> None:
    response = autosave(
        log_in(owner),
        draft,
        **{"case-age_years": "about sixty", "courses-7-therapy": "Dup", "courses-7-dose": "x"},
    )
    assert response.status_code == 200
    assert b"<html" not in response.content
    assert about(response, "case-age_years") == [
        "Age in years: 'about sixty' is not a number: enter digits with a decimal point, such as 17.7."
    ]
    assert about(response, "courses-7-dose") == [
        "Dose, course 1: 'x' is not a number: enter digits with a decimal point, such as 17.7."
    ]
    assert response["X-Draft-Version"] == "2"
    draft.refresh_from_db()
    assert draft.payload["case"]["age_years"] == "about sixty"
    assert draft.payload["courses"][0]["dose"] == "x"


def test_what_was_typed_is_there_when_the_page_is_opened_again(owner: Any, draft: CaseDraft) -> None:
    sent = sent_from(
        {**whole_payload(organs="Pancreas"), "courses": [{"row": "4", "therapy": "Dup", "dose": "3,5"}]}
    )
    autosave(log_in(owner), draft, **sent)
    page = shown(log_in(owner).get(at(draft)))
    assert {name: value for name, value in page.items() if value and name in sent} == {
        name: value for name, value in sent.items() if value
    }


def test_a_second_tab_is_told_and_nothing_overwritten(owner: Any, draft: CaseDraft) -> None:
    client = log_in(owner)
    assert autosave(client, draft, **{"case-age_years": "67"}).status_code == 200
    response = autosave(client, draft, **{"case-age_years": "76"})
    assert response.status_code == 409
    assert b"Nothing was overwritten, here or there." in response.content
    assert b'data-keep-mine="2"' in response.content
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "67"
    assert autosave(client, draft, version=2, **{"case-age_years": "76"}).status_code == 200
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "76"


def test_without_scripts_a_conflict_keeps_the_page_and_the_next_save_decides(
    owner: Any, draft: CaseDraft
) -> None:
    client = log_in(owner)
    autosave(client, draft, **{"case-age_years": "67"})
    page = client.post(at(draft), {"version": "1", "case-age_years": "76", "action": "save"})
    assert page.status_code == 200
    assert b"Save again to keep what is on this page" in page.content
    assert (shown(page)["case-age_years"], shown(page)["version"]) == ("76", "2")
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "67"
    client.post(at(draft), {**shown(page), "action": "save"})
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "76"


def test_an_expired_session_is_told_in_words_and_not_by_a_redirect(owner: Any, draft: CaseDraft) -> None:
    client = log_in(owner)
    client.logout()
    response = autosave(client, draft, **{"case-age_years": "67"})
    assert response.status_code == 401
    assert b"You are signed out." in response.content
    assert b"nothing you typed is lost" in response.content
    assert CaseDraft.objects.get().version == 1


def test_saving_takes_as_many_queries_for_many_rows_as_for_one(owner: Any, draft: CaseDraft) -> None:
    client = log_in(owner)

    def queries(rows: int, version: int) -> int:
        sent = sent_from(whole_payload(organs="Pancreas")) | {
            f"courses-{row}-{name}": value
            for row in range(1, rows + 1)
            for name, value in (("therapy", "Dupilumab"), ("start_week", str(row)), ("stop_week", str(row)))
        }
        with CaptureQueriesContext(connection) as captured:
            assert autosave(client, draft, version, **sent).status_code == 200
        return len(captured)

    assert queries(1, 1) == queries(60, 2)


def test_a_patient_with_a_thousand_measurements_is_kept(owner: Any, draft: CaseDraft) -> None:
    names = ("week", "analyte", "value", "unit", "as_reported")
    sent = {f"measurements-{row}-{name}": "1" for row in range(1, 1001) for name in names}
    assert autosave(log_in(owner), draft, **sent).status_code == 200
    assert len(CaseDraft.objects.get().payload["measurements"]) == 1000


# ── Without scripts ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_row_is_added_by_a_button(owner: Any, draft: CaseDraft) -> None:
    client = log_in(owner)
    page = client.post(at(draft), {"version": "1", "courses-1-therapy": "Dupilumab", "action": "add-courses"})
    assert {"courses-1-therapy", "courses-2-therapy", "courses-3-therapy"} <= shown(page).keys()
    assert shown(page)["version"] == "2"


def test_saving_by_the_button_says_so(owner: Any, draft: CaseDraft) -> None:
    response = log_in(owner).post(at(draft), {"version": "1", "case-age_years": "67", "action": "save"})
    assert response.status_code == 302
    assert messages_of(response) == ["Saved."]


# ── Entering ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("action", "state", "words"),
    [
        ("enter", State.DRAFT, "is kept as a draft study. Read it through, then press Submit for review."),
        ("submit", State.IN_REVIEW, "is handed in for review."),
    ],
)
def test_a_whole_case_is_entered(owner: Any, draft: CaseDraft, action: str, state: str, words: str) -> None:
    sent = {"version": "1", "action": action, **sent_from(whole_payload())}
    response = log_in(owner).post(at(draft), sent)
    study = Study.objects.get()
    assert response["Location"] == reverse("admin:evidence_study_change", args=[study.pk])
    assert (study.state, study.contributor) == (state, owner)
    assert words in messages_of(response)[0]
    assert not CaseDraft.objects.exists()


def test_an_unfinished_case_is_not_entered_and_says_all_that_it_needs(owner: Any, draft: CaseDraft) -> None:
    page = log_in(owner).post(at(draft), {"version": "1", "action": "submit", "case-age_years": "-3"})
    assert page.status_code == 200
    assert about(page, "case-age_years") == ["Age in years: “-3” is too low: 0 is the lowest."]
    assert about(page, "case-sex") == ["Sex This is needed."]
    assert not Study.objects.exists()
    assert CaseDraft.objects.get().payload["case"]["age_years"] == "-3"


def test_a_study_handed_in_meanwhile_keeps_the_draft_and_says_why(owner: Any) -> None:
    draft = save_draft(draft=start_draft(by=owner), payload=whole_payload(), version=1, by=owner)
    study = enter_draft(draft=draft, by=owner)
    draft = start_draft(by=owner, study=study)
    Study.objects.update(state=State.IN_REVIEW)
    page = log_in(owner).get(at(draft)).content.decode()
    assert "is in review and cannot be changed now" in page
    response = log_in(owner).post(
        at(draft), {"version": "1", "action": "enter", **sent_from(whole_payload())}
    )
    assert "Only its contributor changes a draft or returned study." in response.content.decode()
    assert CaseDraft.objects.exists()


def test_a_draft_is_thrown_away_after_a_question(owner: Any, draft: CaseDraft) -> None:
    client = log_in(owner)
    assert b"would be gone for good" in client.get(at(draft, "discard")).content
    assert CaseDraft.objects.exists()
    client.post(at(draft, "discard"))
    assert not CaseDraft.objects.exists()


def test_an_account_with_drafts_is_not_deleted(owner: Any, draft: CaseDraft) -> None:
    superuser = log_in(make_person("superuser"))
    superuser.post(reverse("admin:auth_user_delete", args=[owner.pk]), {"post": "yes"})
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_returned_study_tells_why_beside_the_form(owner: Any) -> None:
    draft = save_draft(draft=start_draft(by=owner), payload=whole_payload(), version=1, by=owner)
    study = enter_draft(draft=draft, by=owner, submit=True)
    return_study(
        study=study, by=make_person("reviewer"), reason="Which week was that?", declaration=NO_CONFLICT
    )
    opened = log_in(owner).post(
        reverse("admin:evidence_case_guided", args=[study.cases.get().pk]), follow=True
    )
    assert "Why it came back:</strong> Which week was that?" in opened.content.decode()


def test_a_confirmed_doubt_is_shown_to_the_reviewer_and_changed_by_nobody(owner: Any) -> None:
    payload = whole_payload(summary="Seen in March 2019.")
    draft = save_draft(draft=start_draft(by=owner), payload=payload, version=1, by=owner)
    (key,) = [doubt.key for doubt in read_draft(draft)[1] if doubt.must_be_answered]
    payload["confirmed"] = {key: "The month of the paper"}
    draft = save_draft(draft=draft, payload=payload, version=draft.version, by=owner)
    case = enter_draft(draft=draft, by=owner, submit=True).cases.get()
    page = reverse("admin:evidence_case_change", args=[case.pk])
    shown = log_in(make_person("reviewer")).get(page).content.decode()
    assert "The month of the paper" in shown
    assert "a month with its year narrows down who it was" in shown
    mine = log_in(owner).get(page).content.decode()
    assert "The month of the paper" in mine
    assert "confirmed_doubts-0-reason" not in mine


def test_the_guide_is_one_link_from_the_form(owner: Any, draft: CaseDraft) -> None:
    client, address = log_in(owner), reverse("admin:evidence_case_guide")
    assert f'href="{address}"' in client.get(at(draft)).content.decode()
    page = client.get(address).content.decode()
    assert "<h1>Entering a case over a coffee</h1>" in page
    assert "Week 0 is the start of the therapy" in page


def test_a_paste_answers_with_its_section_and_the_rest_of_the_page(owner: Any, draft: CaseDraft) -> None:
    AnalyteFactory(slug="serum_igg4", name="Serum IgG4", unit="mg/dL")
    sent = {"version": "1", "action": "paste-measurements", "paste-measurements": "0\tIgG4\t17.7\tg/L"}
    response = log_in(owner).post(at(draft), sent, headers={"HX-Request": "true"})
    assert "Taken: 1 measurement." in response.content.decode()
    assert 'name="measurements-1-value"' in response.content.decode()
    assert about(response, "measurements-1-value") == ["Value, measurement 1: 17.7 g/L = 1770 mg/dL"]
    assert response["X-Draft-Version"] == "3"


def test_nobody_else_pastes_into_a_draft(owner: Any, draft: CaseDraft) -> None:
    sent = {"version": "1", "action": "paste-measurements", "paste-measurements": "0\tIgG4\t17.7\tg/L"}
    assert log_in(make_person("contributor")).post(at(draft), sent).status_code == 404
    log_in(make_person("superuser")).post(at(draft), sent)
    assert CaseDraft.objects.get().version == 1
