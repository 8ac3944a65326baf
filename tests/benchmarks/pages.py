"""Time the pages behind gunicorn, as production runs it: `make benchmark`.

Loads the curated set into the development database, starts gunicorn twice with production's settings (answers kept,
then computed each time), asks for each page and prints medians beside /healthz, which does nothing: absolute times
differ between machines, their ratios less. Also prints what travels: the compressed page and its static files.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
HOST, PORT = "127.0.0.1", 8765
REQUESTS, WARM_UP = 50, 5
BARE = "/healthz"
PAGES = (
    "/",
    "/therapies/",
    "/therapies/rituximab/",
    "/therapies/glucocorticoid/",
    "/compare/",
    "/compare/?therapy=rituximab&therapy=abatacept&outcome=complete_remission",
    "/compare/?therapy=inebilizumab&therapy=obexelimab&outcome=relapse",
    "/studies/",
    "/studies/carruthers-2015/",
    "/cases/",
    "/api/v1/comparisons/",
    "/api/v1/studies/",
    "/api/v1/results/?page_size=500",
)
# A first page without a chart, counted with all that it loads.
FIRST_PAGE, CHART_PAGE = "/", "/compare/"
MANAGE = (sys.executable, "manage.py")
HEADERS = {"Accept-Encoding": "br", "X-Forwarded-Proto": "https", "Accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one address."""

    median: float
    worst_of_twenty: float
    bytes_on_the_wire: int


def main() -> int:
    """Measure, print a table, answer 0."""
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    subprocess.run(
        [sys.executable, "manage.py", "load_evidence"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    with gunicorn(keep_seconds=86_400):
        kept = {page: timing(page) for page in (BARE, *PAGES)}
        weights = {page: weight(page) for page in (FIRST_PAGE, CHART_PAGE)}
    with gunicorn(keep_seconds=0):
        computed = {page: timing(page) for page in (BARE, *PAGES)}
    report(kept, computed, weights)
    return 0


@contextmanager
def gunicorn(keep_seconds: int) -> Iterator[None]:
    """Gunicorn as in the image, on the embedded server's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()
    info = connection.connection.info
    url = f"postgres://{info.user}@/{info.dbname}?host={quote(info.host, safe='')}&port={info.port}"
    environment = os.environ | {
        "ATLAS_ENV": "production",
        "SECRET_KEY": "benchmark-" + os.urandom(32).hex(),
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": url,
        "HOST": HOST,
        "PORT": str(PORT),
        "STATIC_ROOT": str(ROOT / "var" / "benchmark-static"),
        "RESPONSE_CACHE_SECONDS": str(keep_seconds),
        "API_RATE_ANONYMOUS": "1000000/min",
        "TRUSTED_PROXIES": "1",
        # One process: half the requests would else warm the other one's memory.
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": "1",
    }
    # Compressing at the highest quality takes a minute; the second start finds it done.
    if not (ROOT / "var" / "benchmark-static" / "staticfiles.json").exists() or keep_seconds:
        collect = [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "redoc"]
        subprocess.run(collect, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn_conf.py", "config.wsgi"]
    with (ROOT / "var" / "benchmark.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_up(server)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_until_up(server: subprocess.Popen) -> None:
    """Until /healthz answers; a server that ends before that is told by its log."""
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(f"gunicorn ended: see {ROOT / 'var' / 'benchmark.log'}")
        try:
            get(BARE)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("gunicorn did not answer within a minute")


def get(path: str) -> tuple[int, bytes, dict[str, str]]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=60)
    try:
        connection.request("GET", path, headers=HEADERS)
        response = connection.getresponse()
        return (
            response.status,
            response.read(),
            {name.lower(): value for name, value in response.getheaders()},
        )
    finally:
        connection.close()


def timing(path: str) -> Timing:
    """Median and 95th percentile of REQUESTS requests after WARM_UP."""
    for _ in range(WARM_UP):
        status, body, _ = get(path)
        if status != 200:
            raise SystemExit(f"{path} answers {status}: {body[:300]!r}")
    times = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        get(path)
        times.append(1000 * (time.perf_counter() - start))
    return Timing(statistics.median(times), sorted(times)[int(0.95 * REQUESTS)], len(body))


def weight(path: str) -> list[tuple[str, int]]:
    """What a first visit of a page loads: the page and each static file that it names, compressed."""
    import brotli

    _, body, headers = get(path)
    html = brotli.decompress(body) if headers.get("content-encoding") == "br" else body
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', html.decode())
    files = list(dict.fromkeys(found))
    return [(path, len(body)), *((name, len(get(name)[1])) for name in files)]


def report(
    kept: dict[str, Timing], computed: dict[str, Timing], weights: dict[str, list[tuple[str, int]]]
) -> None:
    """A table that docs/performance.md can hold."""
    print(f"Medians of {REQUESTS} requests in milliseconds (95th percentile), one gunicorn worker, loopback.")
    print(f"| page | computed | kept | computed / {BARE} | on the wire |")
    print("|---|---|---|---|---|")
    for page in (BARE, *PAGES):
        slow, fast = computed[page], kept[page]
        ratio = slow.median / computed[BARE].median
        wire = f"{fast.bytes_on_the_wire / 1000:.1f} kB"
        print(
            f"| {page} | {slow.median:.1f} ({slow.worst_of_twenty:.1f}) | {fast.median:.1f} ({fast.worst_of_twenty:.1f}) "
            f"| {ratio:.0f} | {wire} |"
        )
    for page, files in weights.items():
        print(f"\nA first visit of {page}: {sum(size for _, size in files) / 1000:.1f} kB")
        for name, size in files:
            print(f"  {size / 1000:7.1f} kB  {name}")


if __name__ == "__main__":
    raise SystemExit(main())
