"""Any page as data: by extension (/compare.csv) or Accept header, the reader is led to the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Page -> list of the API with the same query string.
API_LISTS = {
    "compare": "comparisons",
    "studies": "studies",
    "cases": "cases",
    "cases/like-mine": "cases/like-mine",
    "therapies": "therapies",
}
FORMATS = {"application/json": "json", "text/csv": "csv"}
HTML = "text/html"

View = Callable[..., HttpResponseBase]


def as_data(request: HttpRequest, page: str, extension: str, slug: str | None = None) -> HttpResponse:
    """Lead from a page with an extension to the same question in the API."""
    return _to_api(request, page, extension, slug)


def or_as_data(page: str) -> Callable[[View], View]:
    """Decorator: a request that would rather have JSON or CSV than HTML is led to the API."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            chosen = _preferred(request)
            if chosen is None or (chosen == "csv" and "slug" in kwargs):
                response = view(request, *args, **kwargs)
            else:
                response = _to_api(request, page, chosen, kwargs.get("slug"))
            patch_vary_headers(response, ["Accept"])
            return response

        return answer

    return decorate


def _preferred(request: HttpRequest) -> str | None:
    """The data format that the Accept header puts before HTML; None for a page."""
    if not request.headers.get("Accept", "").strip():
        return None
    return FORMATS.get(request.get_preferred_type([HTML, *FORMATS]) or "")


def _to_api(request: HttpRequest, page: str, extension: str, slug: str | None) -> HttpResponse:
    pairs = [
        (name, value) for name, values in request.GET.lists() for value in values if value and name != "page"
    ]
    address = f"/api/v1/{API_LISTS[page]}/"
    if slug is not None:
        address += f"{slug}/"
    return HttpResponseRedirect(f"{address}?{urlencode([*pairs, ('format', extension)])}")
