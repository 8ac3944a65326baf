"""Who changed what, kept and read back."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from foundation.history import HistoryMiddleware, author, versions
from literature.models import Citation
from tests.admin.conftest import log_in, make_person
from tests.factories import ArmFactory, CitationFactory, MechanismFactory, ResultFactory, StudyFactory

pytestmark = pytest.mark.django_db


def answer(method: str, view: Callable, user: Any) -> None:
    """Send one request through the middleware."""
    request = RequestFactory().generic(method, "/somewhere/")
    request.user = user
    HistoryMiddleware(lambda request: view(request) or HttpResponse())(request)


def context_of(row: Any) -> dict[str, Any] | None:
    """What the history keeps beside the newest version."""
    context = row.history.select_related("pgh_context").latest("pgh_id").pgh_context
    return context.metadata if context is not None else None


def test_a_writing_request_leaves_name_key_and_address() -> None:
    person, citation = make_person("editor"), CitationFactory()
    answer("POST", lambda request: Citation.objects.update(title="New"), person)
    assert context_of(citation) == {"user": person.pk, "username": person.username, "url": "/somewhere/"}


def test_a_visitor_leaves_no_name() -> None:
    citation = CitationFactory()
    answer("POST", lambda request: Citation.objects.update(title="New"), AnonymousUser())
    assert context_of(citation) == {"user": None, "username": "", "url": "/somewhere/"}
    assert author(None) == {"user": None, "username": ""}


def test_a_user_whom_the_view_finds_is_the_author() -> None:
    person, citation = make_person("editor"), CitationFactory()

    def view(request: Any) -> None:
        request.user = person
        Citation.objects.update(title="New")

    answer("PUT", view, AnonymousUser())
    assert context_of(citation)["username"] == person.username


def test_a_reading_request_does_not_ask_who_reads() -> None:
    class Asked(Exception):
        pass

    class Unaskable:
        def __getattr__(self, name: str) -> Any:
            raise Asked(name)

    answer("GET", lambda request: None, Unaskable())
    with pytest.raises(Asked):
        answer("POST", lambda request: None, Unaskable())


def test_a_public_page_does_not_vary_by_visitor() -> None:
    assert "Cookie" not in Client().get("/healthz").get("Vary", "")


def test_versions_tell_from_and_to_by_name_newest_first() -> None:
    arm = ArmFactory(label="First label", n=None)
    with pghistory.context(username="ann", reason="Table 1"):
        type(arm).objects.filter(pk=arm.pk).update(label="Second label", n=12)
    added, changed = reversed(versions([arm.history.all()]))
    assert (changed.action, changed.who, changed.reason) == ("Changed", "ann", "Table 1")
    assert [(one.field, one.before, one.after) for one in changed.changes] == [
        ("Label", "First label", "Second label"),
        ("N", "(empty)", "12"),
    ]
    assert added.who == ""
    assert ("Study", None, str(arm.study)) in [(one.field, one.before, one.after) for one in added.changes]


def test_a_figure_is_told_with_all_its_digits() -> None:
    result = ResultFactory(quantity=True)
    type(result).objects.filter(pk=result.pk).update(value=0.1234567890123, low=0.01, high=1234567.5)
    (newest, _) = versions([result.history.all()])
    told = {one.field: one.after for one in newest.changes}
    assert told == {"Value": "0.1234567890123", "Low": "0.01", "High": "1234567.5"}


def test_a_row_that_is_gone_is_told_as_deleted_and_keeps_its_history() -> None:
    study = StudyFactory(draft=True)
    key, events = study.pk, type(study).pgh_event_model
    study.delete()
    told = versions([events.objects.filter(pgh_obj_id=key)])
    assert [version.action for version in told] == ["Deleted", "Added"]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        MechanismFactory()
    table = MechanismFactory._meta.model.pgh_event_model.objects.all()
    # The versions; the therapies and targets that they point to.
    with django_assert_num_queries(3):
        versions([table])


def test_the_desk_keeps_the_name_of_who_saved(open_form: Callable) -> None:
    editor, citation = make_person("editor"), CitationFactory()
    address = reverse("admin:literature_citation_change", args=[citation.pk])
    page = open_form(log_in(editor), address).fill(title="Better", reason="As printed")
    assert page.send().status_code == 302
    kept = context_of(citation)
    assert (kept["username"], kept["reason"], kept["url"]) == (editor.username, "As printed", address)
