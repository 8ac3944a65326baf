"""The timeline of a draft: for its owner and superusers, for nobody else, and never kept."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.models import CaseDraft
from tests import factories as make
from tests.comparison.pages import assert_sound, words

pytestmark = pytest.mark.django_db


def address(draft: uuid.UUID) -> str:
    return reverse("case-draft-preview", args=[draft])


def draft_of(owner: Any, **payload: Any) -> CaseDraft:
    return CaseDraft.objects.create(owner=owner, payload=payload)


def test_a_draft_that_is_not_there_is_told_apart_from_nothing(client: Client) -> None:
    for user in (None, make.UserFactory(), make.UserFactory(is_superuser=True)):
        if user is not None:
            client.force_login(user)
        response = client.get(address(uuid.uuid4()))
        assert response.status_code == 404
        assert "no-store" in response["Cache-Control"]


def test_only_the_owner_and_a_superuser_see_a_draft(client: Client) -> None:
    owner = make.UserFactory()
    draft = draft_of(owner)
    assert client.get(address(draft.uuid)).status_code == 404
    for user, status in (
        (make.UserFactory(), 404),
        (make.UserFactory(is_staff=True), 404),
        (make.UserFactory(is_superuser=True), 200),
        (owner, 200),
    ):
        client.force_login(user)
        assert client.get(address(draft.uuid)).status_code == status
    owner.is_active = False
    owner.save()
    assert client.get(address(draft.uuid)).status_code == 404


def test_a_preview_is_never_kept_and_never_indexed(client: Client) -> None:
    owner = make.UserFactory()
    client.force_login(owner)
    response = client.get(address(draft_of(owner).uuid))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response


def test_a_draft_half_filled_is_drawn_as_far_as_it_goes_alone_for_the_form(client: Client) -> None:
    owner = make.UserFactory()
    therapy = make.TherapyFactory(slug="dupilumab", name="Dupilumab")
    client.force_login(owner)
    draft = draft_of(
        owner,
        case={"index_therapy": therapy.name, "follow_up_weeks": "52"},
        courses=[{"row": "1", "therapy": therapy.name, "start_week": "0", "stop_week": "30"}, {"row": "2"}],
    )
    whole = client.get(address(draft.uuid)).content.decode()
    assert_sound(whole)
    assert "Dupilumab started" in words(whole)
    assert "week 30" in words(whole)
    part = client.get(address(draft.uuid), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert "Dupilumab started" in words(part)
