"""Time the pages behind gunicorn, as production runs it: `make benchmark`.

Loads the curated set into the development database, starts gunicorn twice with production's settings (answers kept,
then computed each time), asks for each page and prints medians beside /healthz, which does nothing: absolute times
differ between machines, their ratios less. The full comparison of five therapies, for which there is a target, is told
apart: in this process, as the API's answer and as the page. Processor time stands beside wall time, since it does not
count what others do on the same machine (nor what the database does). Also prints what travels: the compressed page and
its static files.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import django
import psutil

ROOT = Path(__file__).resolve().parents[2]
HOST, PORT = "127.0.0.1", int(os.environ.get("BENCHMARK_PORT", "8765"))
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
# Computed anew on the curated set, whether asked by a program or by a reader; a missed one is marked.
TARGET = 150  # milliseconds
IN_PROCESS = "compare(), evidence read anew"
FULL_COMPARISON = (IN_PROCESS, "/api/v1/comparisons/", "/compare/")
# A first page without a chart, counted with all that it loads.
FIRST_PAGE, CHART_PAGE = "/", "/compare/"
MANAGE = (sys.executable, "manage.py")
HEADERS = {"Accept-Encoding": "br", "X-Forwarded-Proto": "https", "Accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one address."""

    median: float
    worst_of_twenty: float
    # Mean processor time of Python, kernel included.
    processor: float
    bytes_on_the_wire: int


def main() -> int:
    """Measure, print a table, answer 0."""
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    subprocess.run(
        [sys.executable, "manage.py", "load_evidence"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with gunicorn(keep_seconds=86_400) as worker:
        kept = {page: timing_of(page, worker) for page in (BARE, *PAGES)}
        weights = {page: weight(page) for page in (FIRST_PAGE, CHART_PAGE)}
    with gunicorn(keep_seconds=0) as worker:
        computed = {page: timing_of(page, worker) for page in (BARE, *PAGES)}
    computed[IN_PROCESS] = in_process()
    report(kept, computed, weights)
    report_full_comparison(computed)
    return 0


def in_process() -> Timing:
    """The full comparison without HTTP, as gunicorn's worker would compute it."""
    from comparison.compare import compare
    from comparison.evidence import load_vocabulary
    from comparison.question import Question
    from config.gunicorn_conf import post_fork

    post_fork(None, None)
    return timing(lambda: compare(Question(), load_vocabulary()), psutil.Process(), 0)


@contextmanager
def gunicorn(keep_seconds: int) -> Iterator[psutil.Process]:
    """Gunicorn as in the image, on the embedded server's database; its one worker."""
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
            (worker,) = psutil.Process(server.pid).children()
            yield worker
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


def timing_of(path: str, worker: psutil.Process) -> Timing:
    """The timing of a page, once it is there."""
    status, body, _ = get(path)
    if status != 200:
        raise SystemExit(f"{path} answers {status}: {body[:300]!r}")
    return timing(lambda: get(path), worker, len(body))


def timing(task: Callable[[], object], process: psutil.Process, size: int) -> Timing:
    """Median and 95th percentile of REQUESTS runs after WARM_UP, and the processor time that they took of a process."""
    for _ in range(WARM_UP):
        task()
    times, before = [], processor_seconds(process)
    for _ in range(REQUESTS):
        start = time.perf_counter()
        task()
        times.append(1000 * (time.perf_counter() - start))
    processor = 1000 * (processor_seconds(process) - before) / REQUESTS
    return Timing(statistics.median(times), sorted(times)[int(0.95 * REQUESTS)], processor, size)


def processor_seconds(process: psutil.Process) -> float:
    """What a process has used of the processor, in the program and in the kernel."""
    used = process.cpu_times()
    return float(used.user + used.system)


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
    print(f"| page | computed | of it processor | kept | computed / {BARE} | on the wire |")
    print("|---|---|---|---|---|---|")
    for page in (BARE, *PAGES):
        slow, fast = computed[page], kept[page]
        ratio = slow.median / computed[BARE].median
        wire = f"{fast.bytes_on_the_wire / 1000:.1f} kB"
        print(
            f"| {page} | {slow.median:.1f} ({slow.worst_of_twenty:.1f}) | {slow.processor:.1f} "
            f"| {fast.median:.1f} ({fast.worst_of_twenty:.1f}) | {ratio:.0f} | {wire} |"
        )
    for page, files in weights.items():
        print(f"\nA first visit of {page}: {sum(size for _, size in files) / 1000:.1f} kB")
        for name, size in files:
            print(f"  {size / 1000:7.1f} kB  {name}")


def report_full_comparison(computed: dict[str, Timing]) -> None:
    """A line for each way to ask for the letter's five therapies, against the target."""
    print("\nFull comparison of five therapies, uncached, curated set")
    print(f"{'asked as':32}{'median ms':>12}{'processor ms':>14}{'target ms':>12}{f'/ {BARE}':>12}")
    for way in FULL_COMPARISON:
        took = computed[way]
        ratio = took.median / computed[BARE].median
        late = "  missed" if took.median > TARGET else ""
        print(f"{way:32}{took.median:12.1f}{took.processor:14.1f}{TARGET:>12}{ratio:12.0f}{late}")


if __name__ == "__main__":
    raise SystemExit(main())
