"""The slugs of revisions: a mark that no public slug can hold, so that a copy never clashes with what it revises.

Records (evidence/dataset/schema.py) always speak in public slugs; only the rows of a revision carry the mark.
"""

REVISION_MARK = "~"

PUBLIC_FORM = r"^[a-z0-9][a-z0-9_-]*$"
REVISION_FORM = rf"^[a-z0-9][a-z0-9_-]*{REVISION_MARK}$"


def public_slug(slug: str) -> str:
    """The slug under which the public knows, or will know, the row."""
    return slug.removesuffix(REVISION_MARK)


def stored_slug(slug: str, *, of_revision: bool) -> str:
    """The slug that a row of a study, or of a revision of one, is stored under."""
    return public_slug(slug) + (REVISION_MARK if of_revision else "")
