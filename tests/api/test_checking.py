"""The rules of reporting over the API, and a study checked by them without anything being kept."""

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.models import Case, Study, StudyCitation
from evidence.reporting_rules import MUST, RULES
from foundation.api.posting import LARGEST_BODY_BYTES, MOST_OBJECTS
from foundation.models import Revision
from tests import factories
from tests.api.conftest import Get
from tests.api.problems import assert_problem
from tests.api.test_csv import rows_of
from tests.evidence.dataset.plain_set import DATA, read
from tests.evidence.reporting_examples import EXAMPLES, case, report

pytestmark = pytest.mark.django_db
CHECK = "/api/v1/studies/check/"


def send(client: Client, content: Any, **headers: str) -> HttpResponse:
    """A body as it is, or anything else as JSON."""
    body = content if isinstance(content, str | bytes) else json.dumps(content)
    return client.post(CHECK, body, content_type="application/json", headers=headers)


def told(client: Client, content: Any) -> dict[str, Any]:
    """The answer to a study."""
    response = send(client, content)
    assert response.status_code == 200, response.content
    return response.json()


def a_report(**changes: Any) -> dict[str, Any]:
    """A report of one patient whose names are known, as it is sent."""
    for factory, slugs in (
        (factories.TherapyFactory, ("dupilumab",)),
        (factories.OrganFactory, ("pancreas", "kidney")),
    ):
        for slug in slugs:
            if not factory._meta.model.objects.filter(slug=slug).exists():
                factory(slug=slug)
    return report().model_dump(exclude_none=True) | changes


class TestTheTable:
    def test_it_is_told_row_by_row(self, get: Get) -> None:
        answer = get("rules/")
        assert answer["count"] == len(RULES)
        assert [row["id"] for row in answer["results"]] == [rule.id for rule in RULES]
        assert [row["message"] for row in answer["results"]] == [rule.message for rule in RULES]
        assert answer["meta"]["licence"] == "CC-BY-4.0"

    def test_it_is_filtered_by_design_and_severity(self, get: Get) -> None:
        rows = get("rules/", design="case_report", severity="must")["results"]
        assert {row["severity"] for row in rows} == {MUST}
        assert all("case_report" in row["designs"] for row in rows)
        assert "case_report_has_cases" in {row["id"] for row in rows}
        several = {row["id"] for row in get("rules/", design=["case_report", "case_series"])["results"]}
        assert {"case_report_has_cases", "case_series_has_several"} <= several
        assert "trial_is_registered" not in several

    def test_what_it_does_not_know_is_refused_by_name(self, client: Client) -> None:
        refused = assert_problem(
            client.get("/api/v1/rules/?design=case_reprot&severity=x"), 400, "design", "severity"
        )
        assert refused["errors"][0]["suggestion"] == "case_report"
        assert refused["errors"][1]["allowed"] == ["must", "should"]
        assert_problem(client.get("/api/v1/rules/?desing=case_report"), 400, "desing")

    def test_it_is_a_csv_too(self, client: Client) -> None:
        rows = rows_of(client.get("/api/v1/rules/?format=csv&severity=should"))
        assert [row["id"] for row in rows] == [rule.id for rule in RULES if rule.severity != MUST]

    def test_it_is_kept_for_the_revision(self, client: Client) -> None:
        tag = client.get("/api/v1/rules/")["ETag"]
        assert client.get("/api/v1/rules/", headers={"If-None-Match": tag}).status_code == 304


class TestTheCheck:
    def test_a_study_without_fault_is_told_so(self, client: Client) -> None:
        answer = told(client, a_report())
        assert (answer["faults"], answer["cautions"]) == ([], [])
        assert set(answer) == {"faults", "cautions", "meta"}

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
    def test_a_broken_rule_is_told_with_its_place(self, client: Client, example: Any) -> None:
        answer = told(client, example.bad.model_dump())
        severity = next(rule.severity for rule in RULES if rule.id == example.rule)
        rows = answer["faults" if severity == MUST else "cautions"]
        expected = {"path": example.path, "message": example.message, "rule": example.rule}
        assert [row for row in rows if row["rule"] == example.rule] == [expected]

    def test_names_that_nothing_bears_are_faults_without_a_rule(self, client: Client) -> None:
        patient = case(index_therapy="nonesuch")
        assert {
            "path": "cases[0].index_therapy",
            "message": "'nonesuch' is not in therapies/",
            "rule": None,
        } in told(client, a_report(cases=[patient]))["faults"]

    def test_faults_of_shape_are_told_with_their_place(self, client: Client) -> None:
        answer = told(client, {**a_report(), "desing": "x", "enrolled": "one"})
        assert [(row["path"], row["message"]) for row in answer["faults"]] == [
            ("desing", "unknown key"),
            ("enrolled", "should be a whole number (got 'one')"),
        ]
        assert answer["cautions"] == []

    @pytest.mark.usefixtures("curated")
    @pytest.mark.parametrize("path", sorted(DATA.glob("studies/*.yaml"))[::25], ids=lambda path: path.stem)
    def test_a_curated_study_has_no_fault(self, client: Client, path: Any) -> None:
        assert told(client, read(path))["faults"] == []

    def test_nothing_is_written(self, client: Client) -> None:
        content = a_report()
        before = (Study.objects.count(), Case.objects.count(), Revision.current().number)
        with CaptureQueriesContext(connection) as captured:
            told(client, content)
        assert len(captured) > 5
        assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in captured)
        assert (Study.objects.count(), Case.objects.count(), Revision.current().number) == before

    def test_it_takes_as_many_queries_for_a_large_study_as_for_a_small_one(self, client: Client) -> None:
        one = a_report()
        many = a_report(enrolled=200, cases=[case(number) for number in range(200)])
        with CaptureQueriesContext(connection) as for_one:
            told(client, one)
        with CaptureQueriesContext(connection) as for_many:
            told(client, many)
        assert len(for_one) == len(for_many)

    def test_no_citation_costs_a_query_of_its_own_but_the_primary_one(self, client: Client) -> None:
        """A body of a thousand citations would be a thousand looks at the database."""
        cited = {"role": "primary", "title": "A paper", "authors": [], "year": 2020}
        many = a_report(citations=[{**cited, "pmid": str(number)} for number in range(1, 1000)])
        with CaptureQueriesContext(connection) as captured:
            assert told(client, many)["faults"]
        assert len(captured) < 15


class TestWhatIsNotSaid:
    """Drafts are nobody's business: a check answers the same with and without them."""

    @pytest.mark.parametrize("state", ["draft", "in_review", "returned", "withdrawn"])
    def test_a_study_that_is_not_public_changes_no_answer(self, client: Client, state: str) -> None:
        content = a_report()
        before = told(client, content)
        hidden = self.same_as(content, state)
        after = told(client, content)
        assert (after["faults"], after["cautions"]) == (before["faults"], before["cautions"]) == ([], [])
        Study.objects.filter(pk=hidden.pk).update(state="published", published_at="2026-01-01T00:00Z")
        assert told(client, {**content, "slug": "another-2024"})["faults"]

    @staticmethod
    def same_as(content: dict[str, Any], state: str) -> Study:
        hidden = factories.StudyFactory(slug=content["slug"], draft=True)
        Study.objects.filter(pk=hidden.pk).update(state=state)
        factories.CaseFactory(study=hidden, slug=content["cases"][0]["slug"])
        StudyCitation.objects.filter(study=hidden, role="primary").delete()
        factories.StudyCitationFactory(
            study=hidden,
            role="primary",
            citation=factories.CitationFactory(pmid=content["citations"][0]["pmid"], doi=""),
        )
        return hidden


class TestABody:
    @pytest.mark.parametrize(
        ("body", "detail"),
        [
            (" ", "The body is not JSON: line 1, column 2: Expecting value."),
            ('{"slug": ', "The body is not JSON: line 1, column 10: Expecting value."),
            ("[]", "The body has to be one JSON object."),
            ("null", "The body has to be one JSON object."),
            ('{"a": NaN}', "The body is not JSON: NaN is no number of JSON."),
            ('{"a": 1, "a": 2}', "The body is not JSON: a key stands twice in one object."),
            (b"\xff\xfe{}", "The body is not UTF-8."),
            ('{"a": ' + "[" * 100_000, "The body is nested too deeply."),
        ],
    )
    def test_what_is_no_json_object_is_a_problem(self, client: Client, body: Any, detail: str) -> None:
        problem = assert_problem(send(client, body), 400)
        assert problem["type"] == "urn:igg4rd-atlas:problem:unusable-body"
        assert problem["detail"] == detail

    def test_a_number_of_ten_thousand_digits_is_no_answer_from_the_inside(self, client: Client) -> None:
        assert_problem(send(client, '{"enrolled": ' + "9" * 10_000 + "}"), 400)

    def test_a_large_body_is_refused_and_one_of_the_largest_size_is_read(self, client: Client) -> None:
        assert_problem(send(client, " " * (LARGEST_BODY_BYTES + 1)), 413)
        assert send(client, "{}" + " " * (LARGEST_BODY_BYTES - 2)).status_code == 200

    def test_a_body_of_more_objects_than_a_study_has_is_refused_before_each_is_looked_at(
        self, client: Client
    ) -> None:
        assert_problem(send(client, {"findings": [{}] * MOST_OBJECTS}), 413)
        assert send(client, {"findings": [{}] * (MOST_OBJECTS - 1)}).status_code == 200

    def test_another_kind_of_body_is_refused(self, client: Client) -> None:
        assert_problem(client.post(CHECK, {"slug": "x"}), 415)
        assert_problem(client.post(CHECK, "{}", content_type="text/plain"), 415)
        assert_problem(client.post(CHECK, "", content_type="application/json"), 415)

    @pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
    def test_it_is_asked_by_post_alone(self, client: Client, method: str) -> None:
        response = getattr(client, method)(CHECK)
        assert response.status_code == 405
        assert response["Allow"] == "POST, OPTIONS"

    def test_a_refused_method_says_which_is_right(self, client: Client) -> None:
        problem = assert_problem(client.get(CHECK), 405)
        assert problem["detail"] == "This address takes a body: use POST or OPTIONS."

    def test_no_parameter_is_ignored(self, client: Client) -> None:
        assert_problem(client.post(f"{CHECK}?desing=x", "{}", content_type="application/json"), 400, "desing")

    def test_an_answer_is_kept_by_nobody(self, client: Client) -> None:
        response = send(client, a_report())
        assert response["Cache-Control"] == "no-store"
        assert "ETag" not in response
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies

    def test_it_needs_no_token_against_forgery(self) -> None:
        assert send(Client(enforce_csrf_checks=True), a_report()).status_code == 200

    def test_a_browser_may_ask_first(self, client: Client) -> None:
        response = client.options(CHECK, headers={"Access-Control-Request-Method": "POST"})
        assert response["Access-Control-Allow-Methods"] == response["Allow"] == "POST, OPTIONS"
        assert "Content-Type" in response["Access-Control-Allow-Headers"]
