"""How gunicorn serves the Atlas; read by `gunicorn --config config/gunicorn_conf.py config.wsgi`."""

import gc
import os
from pathlib import Path

from config import environment
from config.logs import JSON_FORMATTER, PLAIN_FORMATTER

bind = f"{environment.text('HOST', '127.0.0.1')}:{environment.integer('PORT', 8000, minimum=1)}"
workers = environment.integer("WEB_CONCURRENCY", 2, minimum=1)
worker_class = "gthread"
threads = environment.integer("WEB_THREADS", 4, minimum=1)
timeout = 30  # seconds
graceful_timeout = 20  # seconds
keepalive = 5  # seconds; longer than a browser's burst, shorter than a load balancer's patience
# Workers are renewed now and then, not all at once, so that a slow leak never grows up.
max_requests = 10_000
max_requests_jitter = 1_000
# Nothing here is steered at run time, and the socket would want a writable home.
control_socket_disable = True
# Workers prove they live by touching a file; in memory, a busy disk cannot make one look dead.
_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_memory) if _memory.is_dir() else None

# New objects before a young, and young before an old collection; by default 700, 10 and 10.
GARBAGE_THRESHOLDS = (50_000, 20, 20)

_in_production = os.environ.get("ATLAS_ENV") == "production"
# Query strings may tell what a clinician looks for; the access log keeps the path alone.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(D)sus'
accesslog = "-" if _in_production else None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": JSON_FORMATTER if _in_production else PLAIN_FORMATTER},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}


def post_fork(server: object, worker: object) -> None:
    """Spare the garbage collector what lives as long as the worker: a page makes thousands of small rows, and each
    thousand would have it walk through every module loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
