"""Slugs are public ids and never die: where a renamed record is found now."""

from django.db import models

from foundation.models import RetiredSlug

# A record renamed more often than this is a loop in the table.
MOST_RENAMINGS = 10


def successor(model: type[models.Model], slug: str) -> str | None:
    """The slug that a retired one leads to, over any number of renamings; None where it was never given."""
    seen = {slug}
    current = slug
    for _ in range(MOST_RENAMINGS):
        row = RetiredSlug.objects.filter(kind=model._meta.label_lower, old=current).first()
        if row is None:
            return None if current == slug else current
        if row.new in seen:
            return None
        current = row.new
        seen.add(current)
    return None
