"""Who asks: the client's address as far as it can be trusted."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address the outermost of our own proxies saw; what stands to its left anyone can write.

    settings.TRUSTED_PROXIES says how many proxies of ours add to X-Forwarded-For; with none, the peer is the client.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES == 0:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if not hops:
        return peer
    return str(hops[-min(settings.TRUSTED_PROXIES, len(hops))])
