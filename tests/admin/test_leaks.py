"""A revision leaks nowhere: every public answer stays byte for byte what it was before the revision was begun."""

import re
from typing import Any

import pytest
from django.test import Client

from evidence import workflow
from evidence.dataset.snapshot import snapshot
from evidence.dataset.writer import write_data_set
from evidence.models import Study
from evidence.published_versions import record_of
from evidence.revisions import start_revision
from tests.admin.conftest import make_person
from tests.admin.publishing import SLUG, change, patient, published
from tests.api.endpoints import ENDPOINTS

pytestmark = pytest.mark.django_db

# A word that stands in every text of the revision and nowhere else.
SECRET = "zzunpublishedword"
PAGES = [
    "/",
    "/studies/",
    f"/studies/{SLUG}/",
    f"/studies/?q={SECRET}",
    "/cases/",
    f"/cases/{SLUG}-p1/",
    "/cases/?therapy=dupilumab",
    "/therapies/",
    "/therapies/dupilumab/",
    "/compare/?therapy=dupilumab&therapy=glucocorticoid&outcome=complete_remission",
    "/compare.csv?therapy=dupilumab&therapy=glucocorticoid&outcome=complete_remission",
    "/methods/",
    "/data/",
    "/sitemap.xml",
    "/search/?q=author",
    "/api/v1/comparisons/?therapy=dupilumab&therapy=glucocorticoid&outcome=complete_remission",
    "/api/v1/comparisons/sensitivity/?therapy=dupilumab&therapy=glucocorticoid&outcome=complete_remission",
    "/api/v1/matrix/",
    *(endpoint.url for endpoint in ENDPOINTS),
    *(f"{endpoint.url}?format=csv" for endpoint in ENDPOINTS),
    f"/api/v1/studies/{SLUG}/",
    f"/api/v1/cases/{SLUG}-p1/",
]
# Read all the same: pages of the plan that other hands build, and refusals.
NOT_YET_THERE = {"/sitemap.xml", "/search/?q=author"}
HIDDEN = [
    f"/studies/{SLUG}~/",
    f"/studies/{SLUG}%7E/",
    f"/cases/{SLUG}-p1~/",
    f"/cases/{SLUG}-p2/",
    f"/cases/{SLUG}-p2~/",
    f"/api/v1/studies/{SLUG}~/",
    f"/api/v1/cases/{SLUG}-p2~/",
    f"/api/v1/cases/{SLUG}-p2/",
]


def bodies() -> dict[str, Any]:
    """What a visitor reads at every public address."""
    client = Client()
    found = {}
    for address in PAGES:
        response = client.get(address, follow=True)
        text = response.content.decode()
        # A new one for each answer, by design.
        found[address] = (response.status_code, re.sub(r'nonce="[^"]*"', "", text))
    return found


def secret_revision() -> Study:
    """A revision in which everything that can change has changed."""
    author = make_person("contributor")
    revision = start_revision(study=Study.objects.get(slug=SLUG), by=author, reason=f"Reason {SECRET}")
    finding = {
        "therapy": "dupilumab",
        "outcome": "complete_remission",
        "direction": "worsened",
        "statement": SECRET,
        "locator": SECRET,
    }
    return change(
        revision,
        author,
        label=f"Author {SECRET}",
        summary=SECRET,
        population=SECRET,
        notes=SECRET,
        enrolled=77,
        findings=[finding],
        cases=[patient(summary=SECRET), patient(f"{SLUG}-p2", summary=SECRET, adverse_events=[SECRET])],
    )


@pytest.mark.parametrize("state", ["draft", "in review", "returned"])
def test_every_public_answer_stays_as_it_was(state: str) -> None:
    published()
    before = bodies()
    assert {address for address, (status, _) in before.items() if status != 200} <= NOT_YET_THERE
    revision = secret_revision()
    if state != "draft":
        workflow.submit_study(study=revision, by=revision.contributor)
    if state == "returned":
        workflow.return_study(
            study=revision, by=make_person("reviewer"), reason=SECRET, declaration=workflow.NO_CONFLICT
        )
    after = bodies()
    assert {address for address in before if before[address] != after[address]} == set()
    assert not [
        address
        for address, (_, text) in after.items()
        if SECRET in text.replace(f"q={SECRET}", "") and SECRET not in address
    ]
    for address in HIDDEN:
        assert Client().get(address).status_code == 404, address


def test_the_data_set_holds_the_published_version_alone() -> None:
    study = published()
    secret_revision()
    told = snapshot()
    assert told.studies == [record_of(study)]
    assert SECRET not in told.model_dump_json()


def test_a_load_passes_over_an_open_revision() -> None:
    published()
    revision = secret_revision()
    assert write_data_set(data_set=snapshot(), reason="Loaded").total == 0
    revision.refresh_from_db()
    assert revision.enrolled == 77


@pytest.mark.parametrize("kind", ["contributor", "editor", "staff without a role"])
def test_at_the_desk_a_revision_is_its_contributors_and_its_reviewers(kind: str) -> None:
    published()
    revision = secret_revision()
    client = Client()
    client.force_login(make_person(kind), backend="django.contrib.auth.backends.ModelBackend")
    assert SECRET not in client.get("/admin/evidence/study/").content.decode()
    assert SECRET not in client.get("/admin/").content.decode()
    for page in ("change", "history", "history/export.csv", "changes", "delete"):
        response = client.get(f"/admin/evidence/study/{revision.pk}/{page}/".replace(".csv/", ".csv"))
        assert response.status_code in (302, 403, 404), page
        assert SECRET not in response.content.decode()
