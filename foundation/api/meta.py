"""What every answer says of itself: the state of the evidence, the licence, the disclaimer."""

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request

from foundation.models import Revision
from foundation.notices import DISCLAIMER, LICENCE


def revision_of(request: Request | HttpRequest) -> Revision:
    """The revision that an answer is computed at: the snapshot's own, read once for each request."""
    http_request = request._request if isinstance(request, Request) else request
    revision = getattr(http_request, "evidence_revision", None)
    if revision is None:
        revision = http_request.evidence_revision = Revision.current()
    return revision


def meta_of(request: Request | HttpRequest) -> dict[str, Any]:
    """The ``meta`` of an answer."""
    revision = revision_of(request)
    return {
        "revision": revision.number,
        # Before the first change there is no date to tell.
        "as_of": revision.changed_at.date().isoformat() if revision.number else None,
        "licence": LICENCE,
        "disclaimer": DISCLAIMER,
    }


class MetaSerializer(serializers.Serializer):
    """State of the evidence, licence and disclaimer."""

    revision = serializers.IntegerField(help_text="Rises with every change of published evidence.")
    as_of = serializers.DateField(allow_null=True, help_text="When it last changed (UTC); null before that.")
    licence = serializers.CharField(help_text="SPDX identifier.")
    disclaimer = serializers.CharField()
