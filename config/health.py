"""Two questions of a load balancer: does the process live (/healthz), can it answer (/readyz)."""

import json
import logging
from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

LIVE_PATH = "/healthz"
READY_PATH = "/readyz"

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers both before anything else runs.

    A probe comes by an IP address and plain HTTP: it must be neither refused for its Host nor redirected, and it
    should cost no session and no log line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        if request.path_info == LIVE_PATH:
            return _never_stored(JsonResponse({"status": "alive"}))
        if request.path_info == READY_PATH:
            return _never_stored(readiness())
        return self.get_response(request)


def readiness() -> HttpResponse:
    """200 when the database answers and holds every migration of this code, 503 with the reason otherwise."""
    try:
        pending = pending_migrations()
    except DatabaseError:
        logger.exception("The database cannot be reached.")
        return _not_ready("The database cannot be reached.")
    if pending:
        return _not_ready(f"{len(pending)} migrations are not applied yet, the first is {pending[0]}.")
    return JsonResponse({"status": "ready"})


def pending_migrations() -> list[str]:
    """The migrations of this code that the database has not seen, as app.name, in order."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [f"{app}.{name}" for app, name in _migrations_of_the_code() if (app, name) not in applied]


@cache
def _migrations_of_the_code() -> list[tuple[str, str]]:
    """Every migration on disk in the order of its dependencies; read once, a process never changes its code."""
    graph = MigrationLoader(None).graph
    plan: dict[tuple[str, str], None] = {}
    for leaf in graph.leaf_nodes():
        plan.update(dict.fromkeys(graph.forwards_plan(leaf)))
    return list(plan)


def _not_ready(detail: str) -> HttpResponse:
    problem = {"type": "about:blank", "title": "Not ready", "status": 503, "detail": detail}
    return HttpResponse(
        json.dumps(problem), status=503, content_type="application/problem+json", headers={"Retry-After": "5"}
    )


def _never_stored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
