"""People in their roles, and studies in every state, own and another's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evidence.choices import State
from evidence.models import Study
from evidence.permissions import CONTRIBUTOR, EDITOR, REVIEWER
from tests.factories import ArmFactory, ResultFactory, StudyFactory, UserFactory

ROLES: dict[str, tuple[str, ...]] = {
    "contributor": (CONTRIBUTOR,),
    "reviewer": (REVIEWER,),
    "contributor and reviewer": (CONTRIBUTOR, REVIEWER),
    "editor": (EDITOR,),
    "staff without a role": (),
}
PEOPLE = ("visitor", "account without the desk", *ROLES, "superuser")

# "own" is the person's, "other" another's.
STATES = {
    "draft": State.DRAFT,
    "in review": State.IN_REVIEW,
    "returned": State.RETURNED,
    "published": State.PUBLISHED,
    "withdrawn": State.WITHDRAWN,
}
# A person's own working state at the desk, which is no evidence and has tests of its own.
WORKING_STATE = {"evidence.importrun"}
ONCE_PUBLIC = (State.PUBLISHED, State.WITHDRAWN)


def make_person(kind: str) -> User | None:
    """An account of this kind; None for a visitor."""
    if kind == "visitor":
        return None
    person = UserFactory(is_staff=kind != "account without the desk", is_superuser=kind == "superuser")
    person.groups.add(*Group.objects.filter(name__in=ROLES.get(kind, ())))
    return person


def make_study(state: State, contributor: Any = None, **fields: Any) -> Study:
    """A study that is complete enough for review, with one arm and one result."""
    study = StudyFactory(
        state=state,
        contributor=contributor,
        published_at=timezone.now() if state in ONCE_PUBLIC else None,
        **fields,
    )
    ResultFactory(arm=ArmFactory(study=study))
    return study


def log_in(person: User | None) -> Client:
    """A browser in which the person is logged in."""
    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@dataclass
class Page:
    """An admin page with its form, filled as the browser shows it."""

    client: Client
    address: str
    data: dict[str, list[str]]

    def fill(self, **values: Any) -> "Page":
        """Set fields; a double underscore in a name stands for the hyphen of an inline's row."""
        for name, value in values.items():
            self.data[name] = [str(value)]
        return self

    def send(self) -> Any:
        """Press save."""
        return self.client.post(self.address, {**self.data, "_continue": "Save"})


@pytest.fixture
def open_form() -> Callable[[Client, str], Page]:
    """Open a form of the admin."""

    def open_page(client: Client, address: str) -> Page:
        response = client.get(address)
        assert response.status_code == 200, response.status_code
        (form,) = [
            form
            for form in html.fromstring(response.content).forms
            if (form.get("id") or "").endswith("_form")
        ]
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            if "__prefix__" not in name:
                data.setdefault(name, []).append(value)
        return Page(client, address, data)

    return open_page


def errors_of(response: Any) -> str:
    """The text of all errors that the page shows."""
    lists = html.fromstring(response.content).find_class("errorlist")
    return " | ".join(one.text_content().strip() for one in lists)


def messages_of(response: Any) -> list[str]:
    """What the next page tells."""
    return [str(message) for message in response.wsgi_request._messages]


def change_of(row: models.Model) -> str:
    """The address of a record's form."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
