"""A citation in one paste at the desk: who may, what comes of it, and that it works as a plain form."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from literature.models import Citation
from tests.admin.conftest import PEOPLE, change_of, errors_of, log_in, make_person, messages_of
from tests.factories import CitationFactory

pytestmark = pytest.mark.django_db

ADD, PASTE = "admin:literature_citation_add", "admin:literature_citation_paste"
RIS = (
    "TY  - JOUR\nTI  - Rituximab, for two\nAU  - Carruthers, Mollie N.\nAU  - Division of Rheumatology, MGH, Boston\n"
    "JO  - Ann Rheum Dis\nPY  - 2015\nSP  - 1171\nEP  - 7\nDO  - 10.1136/ARD-2014\nER  - "
)
SECOND = "TY  - JOUR\nTI  - Second\nDO  - 10.1000/second\nER  - "
MAY_ADD = {"contributor", "contributor and reviewer", "editor", "superuser"}


@pytest.fixture
def contributor() -> Client:
    return log_in(make_person("contributor"))


def paste(client: Client, text: str, **more: Any) -> Any:
    return client.post(reverse(PASTE), {"text": text, **more})


@pytest.mark.parametrize("kind", PEOPLE)
def test_who_may_add_a_citation_may_paste_one(kind: str) -> None:
    client = log_in(make_person(kind))
    shown = client.get(reverse(PASTE))
    sent = paste(client, RIS)
    if kind in MAY_ADD:
        assert (shown.status_code, sent.status_code) == (200, 302)
        assert sent["Location"].startswith(reverse(ADD))
    else:
        for response in (shown, sent):
            assert response.status_code in (302, 403)
            assert "pasted" not in response.get("Location", "")
    assert Citation.objects.count() == 0


def test_the_box_is_the_first_thing_on_the_page_of_a_new_citation(contributor: Client) -> None:
    page = html.fromstring(contributor.get(reverse(ADD)).content)
    forms = [form.get("id") for form in page.forms if form.get("id") in ("paste", "citation_form")]
    assert forms == ["paste", "citation_form"]
    (box,) = (form for form in page.forms if form.get("id") == "paste")
    assert (box.method, box.get("action")) == ("POST", reverse(PASTE))
    assert set(box.fields) == {"csrfmiddlewaretoken", "text"}


def test_a_pasted_record_fills_the_form_and_saves_as_any_other(
    contributor: Client, open_form: Callable
) -> None:
    sent = paste(contributor, RIS)
    assert messages_of(sent) == ["Read from the RIS record. Check each field against the paper, then save."]
    page = open_form(contributor, sent["Location"])
    assert page.data["title"] == ["\nRituximab, for two"]
    assert page.data["authors"] == ["\nCarruthers MN,Division of Rheumatology; MGH; Boston"]
    assert (page.data["pages"], page.data["year"], page.data["doi"]) == (
        ["1171-1177"],
        ["2015"],
        ["10.1136/ard-2014"],
    )
    assert Citation.objects.count() == 0
    assert page.send().status_code == 302
    saved = Citation.objects.get()
    assert saved.slug == "10-1136-ard-2014"
    assert saved.authors == ["Carruthers MN", "Division of Rheumatology; MGH; Boston"]
    assert saved.authors_complete is True


def test_a_list_of_two_hundred_authors_fits(contributor: Client, open_form: Callable) -> None:
    authors = [{"family": f"Family{chr(97 + n % 26)}{chr(97 + n // 26)}", "given": "A B"} for n in range(200)]
    sent = paste(contributor, json.dumps({"title": "A consortium", "author": authors}))
    assert len(sent["Location"]) < 200
    page = open_form(contributor, sent["Location"])
    assert page.data["authors"][0].count(",") == 199


def test_a_known_citation_opens(contributor: Client) -> None:
    stored = CitationFactory(doi="10.1136/ard-2014", title="Rituximab, for two")
    sent = paste(contributor, "https://doi.org/10.1136/ARD-2014")
    assert sent["Location"] == change_of(stored)
    assert messages_of(sent) == [f"The Atlas has this citation already: {stored}. Nothing was added."]
    assert contributor.get(sent["Location"]).status_code == 200


def test_a_known_citation_goes_to_the_window_that_asked(contributor: Client) -> None:
    stored = CitationFactory(pmid="777")
    sent = paste(contributor, "PMID 777", _popup="1")
    assert sent.status_code == 200
    data = html.fromstring(sent.content).get_element_by_id("django-admin-popup-response-constants")
    assert json.loads(data.get("data-popup-response")) == {"value": str(stored.pk), "obj": str(stored)}


def test_a_window_stays_a_window(contributor: Client) -> None:
    page = html.fromstring(contributor.get(reverse(ADD), {"_popup": "1", "_to_field": "id"}).content)
    (box,) = (form for form in page.forms if form.get("id") == "paste")
    assert (box.fields["_popup"], box.fields["_to_field"]) == ("1", "id")
    sent = paste(contributor, RIS, _popup="1", _to_field="id")
    assert sent["Location"].endswith("&_popup=1&_to_field=id")


def test_a_fault_is_told_and_the_text_is_kept(contributor: Client) -> None:
    sent = paste(contributor, "no <b>identifier</b>")
    assert sent.status_code == 200
    assert "No identifier and no record was found in this. Paste a DOI" in errors_of(sent)
    box = html.fromstring(sent.content).get_element_by_id("paste")
    assert box.fields["text"].strip() == "no <b>identifier</b>"


def test_an_empty_box_says_what_to_paste(contributor: Client) -> None:
    assert "The box is empty. Paste a DOI" in errors_of(paste(contributor, ""))


def test_too_long_a_text_is_refused(contributor: Client) -> None:
    assert "This is too long: paste fewer records." in errors_of(paste(contributor, "x" * 1_000_001))


def test_a_failed_look_up_leads_to_the_form_with_what_was_typed(
    contributor: Client, open_form: Callable
) -> None:
    sent = paste(contributor, "PMID: 25667206")
    (told,) = messages_of(sent)
    assert told.startswith(
        "Looking up is switched off here (LITERATURE_LOOKUP). Fill in the fields from the paper"
    )
    assert told.endswith("What you pasted is in its field.")
    assert open_form(contributor, sent["Location"]).data["pmid"] == ["25667206"]


def test_what_cannot_be_saved_yet_is_told(contributor: Client) -> None:
    sent = paste(contributor, '{"title": "A", "DOI": "11.5/x"}')
    assert any(
        told.startswith("To mend before it can be saved: doi is not of the form")
        for told in messages_of(sent)
    )


def test_several_records_are_listed_each_with_its_way_on(contributor: Client, open_form: Callable) -> None:
    stored = CitationFactory(doi="10.1000/second", title="Second")
    sent = paste(contributor, f"{RIS}\n{SECOND}\n{SECOND.replace('second', 'third')}")
    assert sent.status_code == 200
    page = html.fromstring(sent.content)
    assert "3 papers were read; the Atlas has 1 of them already" in page.text_content()
    links = [link.get("href") for link in page.find_class("atlas-pasted")[0].iter("a")]
    assert links[1] == change_of(stored)
    assert open_form(contributor, links[0]).data["title"] == ["\nRituximab, for two"]
    assert open_form(contributor, links[2]).data["doi"] == ["10.1000/third"]


def test_what_one_person_pasted_is_not_shown_to_another(contributor: Client) -> None:
    address = paste(contributor, RIS)["Location"]
    other = log_in(make_person("contributor"))
    response = other.get(address)
    assert b"Rituximab, for two" not in response.content
    assert messages_of(response) == [] or "kept no longer" in messages_of(response)[0]
    assert b"What was pasted is kept no longer. Paste it again." in response.content


def test_the_session_keeps_the_newest_pastes_alone(contributor: Client) -> None:
    first = paste(contributor, RIS)["Location"]
    paste(contributor, "[" + ", ".join(f'{{"title": "Number {number}"}}' for number in range(50)) + "]")
    assert len(contributor.session["pasted_citations"]) == 50
    assert b"kept no longer" in contributor.get(first).content


def test_the_box_needs_no_script_and_asks_for_a_token(contributor: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person("editor"), backend="django.contrib.auth.backends.ModelBackend")
    assert paste(strict, RIS).status_code == 403
    page = html.fromstring(contributor.get(reverse(PASTE)).content)
    assert [one for one in page.iter("script") if not one.get("src")] == []
