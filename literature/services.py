"""The one way in for citations."""

import re
import unicodedata
from collections.abc import Collection
from typing import cast

from django.db import transaction

from literature.formats import vancouver
from literature.models import Citation

SLUG_LENGTH = cast(int, Citation._meta.get_field("slug").max_length)
# Room for a suffix such as "-123".
_STEM_LENGTH = SLUG_LENGTH - 4


@transaction.atomic
def save_citation(*, citation: Citation, checked: bool = False) -> Citation:
    """Validate and save a citation: DOI in lower case, its Vancouver reference, and a slug where it has none.

    ``checked``: the caller has validated it, and the database's own constraints are enough.
    Raises ValidationError for what a form would refuse too.
    """
    citation.doi = citation.doi.strip().lower()
    if not citation.slug:
        citation.slug = citation_slug(citation)
    citation.vancouver = vancouver(citation)
    if not checked:
        citation.full_clean()
    citation.save()
    return citation


def citation_slug(citation: Citation, *, taken: Collection[str] | None = None) -> str:
    """The slug of a new citation: from its DOI, else "pmid-N", else first author, year and title.

    A number is added where another citation has the slug; `taken` replaces the look into the database.
    """
    stem = _slug_stem(citation)
    if taken is None:
        others = Citation.objects.filter(slug__startswith=stem).exclude(pk=citation.pk)
        taken = set(others.values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _slug_stem(citation: Citation) -> str:
    if citation.doi:
        stem = _hyphenated(citation.doi)
    elif citation.pmid:
        stem = f"pmid-{citation.pmid}"
    else:
        words = [*citation.authors[:1], citation.year if citation.year is not None else "", citation.title]
        stem = _hyphenated(" ".join(str(word) for word in words))
    # A title in another script leaves nothing.
    return stem[:_STEM_LENGTH].strip("-") or "citation"


def _hyphenated(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
