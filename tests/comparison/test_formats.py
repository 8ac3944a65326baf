"""Any page is data too: by extension or by Accept."""

import pytest

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/compare.csv?therapy=rituximab", "/api/v1/comparisons/?therapy=rituximab&format=csv"),
        ("/compare.json?therapy=a&therapy=b&at=", "/api/v1/comparisons/?therapy=a&therapy=b&format=json"),
        ("/studies.csv?page=2&design=case_report", "/api/v1/studies/?design=case_report&format=csv"),
        ("/cases.json", "/api/v1/cases/?format=json"),
        ("/therapies/rituximab.json", "/api/v1/therapies/rituximab/?format=json"),
    ],
)
def test_an_extension_leads_to_the_same_question_in_the_api(client, address: str, target: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, target)


@pytest.mark.parametrize(
    "address", ["/methods.csv", "/compare.xml", "/therapies/rituximab.csv", "/studies/../x.json"]
)
@pytest.mark.django_db
def test_an_extension_that_is_not_offered_is_not_found(client, address: str) -> None:
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", "/api/v1/comparisons/?outcome=relapse&format=json"),
        ("text/csv", "/api/v1/comparisons/?outcome=relapse&format=csv"),
        ("text/html;q=0.5, application/json", "/api/v1/comparisons/?outcome=relapse&format=json"),
    ],
)
def test_a_program_that_asks_for_data_is_led_to_the_api(client, accept: str, expected: str) -> None:
    response = client.get("/compare/?outcome=relapse", headers={"accept": accept})
    assert (response.status_code, response["Location"]) == (302, expected)
    assert "Accept" in response["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("accept", [HTML, "*/*", "", "image/png"])
def test_a_browser_gets_the_page(client, accept: str) -> None:
    response = client.get("/therapies/", headers={"accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
