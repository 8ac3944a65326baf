"""Of the packages' own folders, only what a page needs is published."""

from importlib.metadata import version

import pytest
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage
from django.test import Client

from config.staticfiles import PACKAGE_FILES, PackageFileFinder, package_file


def test_plotly_is_served_from_the_package_that_builds_the_figures() -> None:
    found = finders.find("vendor/plotly/plotly.min.js")
    assert isinstance(found, str)
    with open(found, encoding="utf-8") as script:
        assert "plotly.js v" in script.read(400)
    assert version("plotly")


@pytest.mark.parametrize(
    "path",
    [
        "vendor/plotly/widgetbundle.js",
        "vendor/plotly/datasets/gapminder.csv.gz",
        "vendor/plotly/../plotly/plotly.min.js",
        "vendor/plotly",
        "vendor/plotly/",
    ],
)
def test_nothing_else_of_the_package_is_published(path: str) -> None:
    assert PackageFileFinder().find(path) == []
    assert PackageFileFinder().find(path, find_all=True) == []


def test_every_published_file_is_listed_for_collectstatic_under_its_prefix() -> None:
    listed = {
        f"{storage.prefix}/{name}": storage.path(name) for name, storage in PackageFileFinder().list([])
    }  # type: ignore[attr-defined]
    assert listed == {path: str(package_file(*source)) for path, source in PACKAGE_FILES.items()}


def test_a_package_that_is_not_there_publishes_nothing() -> None:
    assert package_file("no_such_package", "file.js") is None
    assert package_file("plotly", "no/such/file.js") is None


def test_the_finder_has_nothing_to_complain_about() -> None:
    messages: list[CheckMessage] = PackageFileFinder().check()
    assert messages == []


@pytest.mark.django_db
def test_the_api_page_has_no_inline_script_or_style(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "<style" not in page
    assert all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])
    assert "https://" not in page
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in script.content
