"""The roles are groups that a migration makes and unmakes; the desk needs no inline script."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.urls import reverse
from lxml import html

from evidence.choices import State
from evidence.permissions import ROLES
from tests.admin.conftest import log_in, make_person, make_study
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db

migration = import_module("evidence.migrations.0002_roles")
# Each grants what came later.
later = [
    import_module(f"evidence.migrations.{name}")
    for name in ("0005_distinct_pair_roles", "0007_instrument_roles")
]


def granted() -> dict[str, set[str]]:
    return {
        group.name: {f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions__content_type")
    }


def test_the_migration_makes_the_roles() -> None:
    roles = granted()
    assert set(roles) == set(ROLES) == set(migration.ROLES)
    assert "evidence.change_study" in roles["contributor"]
    assert "evidence.change_study" not in roles["reviewer"] | roles["editor"]
    assert "therapies.change_therapy" in roles["editor"]
    assert not {name for names in roles.values() for name in names if name.startswith(("auth.", "admin."))}


def test_the_migration_goes_back_and_forth_on_a_database_without_permissions() -> None:
    before = granted()
    migration.remove_roles(apps, connection.schema_editor())
    assert granted() == {}
    Permission.objects.all().delete()
    migration.make_roles(apps, connection.schema_editor())
    for one in later:
        one.grant(apps, connection.schema_editor())
    assert granted() == before


def test_a_group_that_is_there_keeps_its_people() -> None:
    person = make_person("editor")
    migration.make_roles(apps, connection.schema_editor())
    assert person.groups.get().name == "editor"


def test_no_page_of_the_desk_has_an_inline_script() -> None:
    study = make_study(State.IN_REVIEW, make_person("contributor"))
    case = CaseFactory(study=study)
    client = log_in(make_person("superuser"))
    addresses = [
        reverse("admin:index"),
        reverse("admin:evidence_study_changelist"),
        reverse("admin:evidence_study_add"),
        reverse("admin:evidence_study_change", args=[study.pk]),
        reverse("admin:evidence_study_history", args=[study.pk]),
        reverse("admin:evidence_study_delete", args=[study.pk]),
        reverse("admin:evidence_study_transition", args=[study.pk, "publish"]),
        reverse("admin:evidence_study_export"),
        reverse("admin:evidence_case_change", args=[case.pk]),
        reverse("admin:literature_citation_add"),
        reverse("admin:literature_citation_paste"),
    ]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        page = html.fromstring(response.content)
        # Data that a script reads is no script.
        scripts = [one for one in page.iter("script") if one.get("type") not in ("application/json",)]
        assert [one for one in scripts if not one.get("src")] == [], address
        handlers = [name for one in page.iter() for name in one.attrib if name.startswith("on")]
        assert handlers == [], address
