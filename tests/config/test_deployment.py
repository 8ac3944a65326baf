"""What runs in production runs here: the image's own command, the compose file, the ways the README names."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
import pytest
import yaml
from django.db import connection

from tests.config.processes import PRODUCTION, ROOT, environment, manage

HOST = "atlas.example.org"
START_SECONDS = 120


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, with lines joined and comments gone."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [
        (word, rest.strip())
        for line in lines
        if line.strip()
        for word, _, rest in [line.strip().partition(" ")]
    ]


def image_command() -> list[str]:
    (command,) = [rest for word, rest in dockerfile() if word == "CMD"]
    parsed: list[str] = json.loads(command)
    return parsed


def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return parsed


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Server:
    """A gunicorn started with the image's own command."""

    port: int
    log: Path

    def get(self, path: str, **headers: str) -> Answer:
        sent = {"Host": HOST, "X-Forwarded-Proto": "https"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=sent)
        opener = urllib.request.build_opener(StayHere)
        try:
            with opener.open(request, timeout=20) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


class StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to look at, not to follow."""

    def redirect_request(self, *args: Any) -> None:
        """Follow nothing."""


def database_address() -> str:
    """The migrated test database, as DATABASE_URL names it."""
    info = connection.connection.info
    secret = f":{quote(info.password, safe='')}" if info.password else ""
    return f"postgres://{info.user}{secret}@/{info.dbname}?host={quote(info.host, safe='')}&port={info.port}"


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Server]:
    """Production as the image runs it, with its static files collected and the migrated test database."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        address = database_address()
    folder = tmp_path_factory.mktemp("production")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = PRODUCTION | {
        "DATABASE_URL": address,
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "1",
        "STATIC_ROOT": str(folder / "static"),
        "PORT": str(port),
        "API_RATE_ANONYMOUS": "1000/min",
    }
    # Only what the first page links: compressing the rest at the highest quality takes minutes.
    left_out = (
        "plotly*",
        "drf_spectacular_sidecar",
        "admin",
        "rest_framework",
        "import_export",
        "htm[ax]*4*",
        "ext",
    )
    ignored = [argument for pattern in left_out for argument in ("--ignore", pattern)]
    collected = manage("collectstatic", "--noinput", *ignored, env=env)
    assert collected.returncode == 0, collected.stderr
    program, *arguments = image_command()
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=ROOT, env=environment(env), stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    started = Server(port, log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                started.get("/healthz")
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
        yield started
    finally:
        process.terminate()
        process.wait(30)


def test_the_image_answers_its_probes(server: Server) -> None:
    alive = server.get("/healthz", Host="10.0.0.7", X_Forwarded_Proto="http")
    assert (alive.status, json.loads(alive.body)) == (200, {"status": "alive"})
    ready = server.get("/readyz", Host="10.0.0.7", X_Forwarded_Proto="http")
    assert (ready.status, json.loads(ready.body)) == (200, {"status": "ready"}), server.log.read_text()


def test_the_first_page_is_served_over_https_and_only_for_our_name(server: Server) -> None:
    page = server.get("/")
    assert page.status == 200, server.log.read_text()
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Set-Cookie"] is None
    plain = server.get("/", X_Forwarded_Proto="http")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/")
    assert server.get("/", Host="elsewhere.example.org").status == 400


def test_a_style_sheet_has_a_hashed_name_brotli_and_lives_for_ever(server: Server) -> None:
    page = server.get("/").body.decode()
    found = re.search(r'href="(/static/css/base\.[0-9a-f]{12}\.css)"', page)
    assert found is not None, page[:2000]
    style = server.get(found.group(1), Accept_Encoding="gzip, br")
    assert style.status == 200
    assert style.headers["Content-Encoding"] == "br"
    assert "immutable" in style.headers["Cache-Control"]
    assert b"{" in brotli.decompress(style.body)


def test_an_error_page_tells_nothing_of_the_inside(server: Server) -> None:
    page = server.get("/nothing-here/")
    assert page.status == 404
    assert b"urlpatterns" not in page.body
    assert b"Traceback" not in page.body


def test_the_log_is_json_lines_without_query_strings(server: Server) -> None:
    server.get("/studies/?organ=pancreas")
    time.sleep(0.2)
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    asked = [line["message"] for line in lines if line["logger"] == "gunicorn.access"]
    assert any('"GET /studies/"' in message for message in asked)
    assert not any("pancreas" in message for message in asked)


def test_the_image_runs_as_nobody_in_particular_from_hashed_packages() -> None:
    steps = dockerfile()
    user = [rest for word, rest in steps if word == "USER"][-1]
    assert user not in ("root", "0")
    assert any("--require-hashes -r requirements.txt" in rest for _, rest in steps)
    assert all(rest.split()[0].startswith("python:3.") for word, rest in steps if word == "FROM")
    assert not any(
        re.search(r"SECRET_KEY=|PASSWORD=", rest) for word, rest in steps if word in ("ENV", "ARG")
    )
    # The last thing that writes happens before the user changes.
    words = [word for word, _ in steps]
    assert words.index("USER") > max(index for index, word in enumerate(words) if word in ("RUN", "COPY"))


def test_everything_the_image_needs_is_sent_to_its_build() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {"manage.py", "requirements.txt", "config", "templates", "static", "data"} <= allowed
    assert not allowed & {".env", "var", ".venv", ".git", "tests"}


def test_the_compose_file_prepares_a_healthy_database_before_it_serves() -> None:
    services = compose()["services"]
    assert services["database"]["image"] == "postgres:18"
    assert services["prepare"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["atlas"]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    prepared = " ".join(services["prepare"]["command"])
    assert "manage.py migrate" in prepared
    assert "manage.py load_evidence data" in prepared
    assert services["prepare"]["restart"] == "no"
    assert all("healthcheck" in services[name] for name in ("database", "cache"))
    assert any(word == "HEALTHCHECK" for word, _ in dockerfile())


def test_the_database_outlives_its_container_where_version_18_keeps_it() -> None:
    file = compose()
    (volume,) = file["services"]["database"]["volumes"]
    name, _, path = volume.partition(":")
    assert name in file["volumes"]
    assert path == "/var/lib/postgresql"


def test_the_compose_file_holds_no_secret() -> None:
    for service in compose()["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD", name):
                assert str(value).startswith("${"), name
        address = service.get("environment", {}).get("DATABASE_URL", "${")
        assert "${POSTGRES_PASSWORD:?" in address or address == "${"


def test_compose_names_only_variables_that_the_settings_read() -> None:
    code = "".join(path.read_text() for path in (ROOT / "config").glob("*.py"))
    known = set(re.findall(r'environment\.\w+\("([A-Z_]+)"', code)) | set(
        re.findall(r"environment\.\w+\('([A-Z_]+)'", code)
    )
    assert set(compose()["services"]["atlas"]["environment"]) <= known


def test_operations_lists_every_variable_that_the_settings_read() -> None:
    code = "".join(path.read_text() for path in (ROOT / "config").glob("*.py"))
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', code))
    text = (ROOT / "docs" / "operations.md").read_text()
    assert len(read) > 10
    assert {name for name in read if f"`{name}`" not in text} == set()
