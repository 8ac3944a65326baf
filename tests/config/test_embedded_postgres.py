"""The embedded server is shared by processes, survives what befalls them, and stops with the last."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.config.processes import ROOT, environment, manage

START_SECONDS = 90
CONNECT = """
import sys
from pathlib import Path
import psycopg
from config.postgres.server import socket_folder

def connect():
    return psycopg.connect(host=str(socket_folder(Path(sys.argv[1]))), user="postgres", dbname="postgres")

def server():
    with connect() as connection:
        return connection.execute("SELECT pg_postmaster_start_time()::text, version()").fetchone()
"""
HOLD = (
    CONNECT + "print(*server(), sep='|', flush=True); sys.stdin.read(); print(*server(), sep='|', flush=True)"
)


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of its own, so that no test stops the server the suite stands on."""
    folder = tmp_path_factory.mktemp("embedded") / "data"
    yield folder
    stop(folder)


def stop(folder: Path) -> None:
    process = postmaster(folder)
    if process is not None:
        process.terminate()
        process.wait(20)


def postmaster(folder: Path) -> psutil.Process | None:
    """The running server of the folder, if any."""
    try:
        return psutil.Process(int((folder / "postmaster.pid").read_text().split("\n", 1)[0]))
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT, env=environment({}), capture_output=True, text=True, timeout=START_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def holder(data_folder: Path) -> Iterator[Callable[[], Any]]:
    """Start processes that use the server until their input is closed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_folder)],
            cwd=ROOT, env=environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait_until_stopped(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while postmaster(folder) is not None:
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.1)


def test_processes_that_start_together_share_one_server_that_stops_with_the_last(
    data_folder: Path, holder: Callable[[], Any]
) -> None:
    first, second, third = holder(), holder(), holder()
    told = {line(process) for process in (first, second, third)}
    assert len(told) == 1
    assert "PostgreSQL 18" in told.pop()

    first.communicate("", timeout=30)
    assert postmaster(data_folder) is not None
    # The second process still works after the first, which may have started the server, has gone.
    second_output, _ = second.communicate("", timeout=30)
    assert "PostgreSQL 18" in second_output
    third.communicate("", timeout=30)
    wait_until_stopped(data_folder)


def test_a_killed_process_neither_stops_the_server_nor_keeps_it_for_ever(
    data_folder: Path, holder: Callable[[], Any]
) -> None:
    victim, survivor = holder(), holder()
    line(victim), line(survivor)
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    # The next to come finds the dead one in the count and drops it.
    run(CONNECT + "server()", data_folder)
    assert postmaster(data_folder) is not None
    survivor.communicate("", timeout=30)
    wait_until_stopped(data_folder)


def test_a_fork_counts_for_itself(data_folder: Path) -> None:
    code = CONNECT + (
        "import os, time\n"
        "started, _ = server()\n"
        "reader, writer = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    server()\n"
        "    os.write(writer, b'joined')\n"
        "    time.sleep(2)\n"
        "    print('same' if server()[0] == started else 'another', flush=True)\n"
        "    sys.exit()\n"
        "os.read(reader, 6)\n"
    )
    # The parent exits at once, its child two seconds later; the pipe of the output stays open until both are gone.
    assert run(code, data_folder).strip() == "same"
    wait_until_stopped(data_folder)


def test_a_pid_file_that_names_a_stranger_is_not_believed(data_folder: Path) -> None:
    run(CONNECT + "server()", data_folder)
    wait_until_stopped(data_folder)
    now = int(time.time())
    lines = [os.getpid(), data_folder, now, 5432, data_folder, "", "  1 2", "ready   "]
    (data_folder / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
    assert "PostgreSQL 18" in run(CONNECT + "print(*server())", data_folder)
    wait_until_stopped(data_folder)


def test_the_shell_of_the_database_opens_with_the_psql_that_came_along(data_folder: Path) -> None:
    shell = manage("dbshell", "--", "-Atc", "SELECT 40 + 2", env={"EMBEDDED_POSTGRES_DIR": str(data_folder)})
    assert shell.stdout.strip() == "42", shell.stderr


def test_a_deep_folder_is_no_obstacle_to_the_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("a-long-name-" * 8) / "data"
    assert len(str(folder / ".s.PGSQL.5432")) > 107  # bytes a Unix socket's address may have
    try:
        assert "PostgreSQL 18" in run(CONNECT + "print(*server())", folder)
    finally:
        stop(folder)
