"""Who may see and do what with a study and all that lives with it; docs/roles.md says it in words.

The predicates decide on one study, the querysets on many; a test holds them together.
"""

from functools import singledispatch
from typing import Any, TypeVar, cast

from django.db.models import Model, Q, QuerySet

from evidence.choices import State
from evidence.models import Study
from evidence.querysets import StudyQuerySet

CONTRIBUTOR = "contributor"
REVIEWER = "reviewer"
EDITOR = "editor"
ROLES = (CONTRIBUTOR, REVIEWER, EDITOR)

# In a contributor's hands.
OPEN_STATES = (State.DRAFT, State.RETURNED)
# What every reviewer sees beside the published.
REVIEWED_STATES = (State.IN_REVIEW, State.WITHDRAWN)

Row = TypeVar("Row", bound=Model)


def roles_of(user: Any) -> frozenset[str]:
    """The roles of an account, asked for once; none for a visitor or a closed account."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if not hasattr(user, "_atlas_roles"):
        names = user.groups.filter(name__in=ROLES).values_list("name", flat=True)
        user._atlas_roles = frozenset(names)
    roles: frozenset[str] = user._atlas_roles
    return roles


def _is_superuser(user: Any) -> bool:
    return bool(getattr(user, "is_superuser", False) and user.is_active)


def is_own(user: Any, study: Study) -> bool:
    """Whether the user contributed the study."""
    return study.contributor_id is not None and study.contributor_id == getattr(user, "pk", None)


def may_view(user: Any, study: Study) -> bool:
    """The public reads the published; contributors their own; reviewers what is in review or was returned by them."""
    if study.is_public or _is_superuser(user):
        return True
    if not getattr(user, "is_active", False):
        return False
    if is_own(user, study):
        return True
    if REVIEWER not in roles_of(user):
        return False
    return study.state in REVIEWED_STATES or (
        study.state == State.RETURNED and study.reviewer_id is not None and study.reviewer_id == user.pk
    )


def may_contribute(user: Any) -> bool:
    """A contributor enters studies of their own; a superuser too."""
    return _is_superuser(user) or CONTRIBUTOR in roles_of(user)


def may_edit(user: Any, study: Study) -> bool:
    """A contributor their own draft or returned study; a superuser any that is not public.

    What is public is changed by a revision, which is reviewed again, whoever writes it.
    """
    if _is_superuser(user):
        return not study.is_public
    return study.state in OPEN_STATES and is_own(user, study) and CONTRIBUTOR in roles_of(user)


def may_revise(user: Any, study: Study) -> bool:
    """A contributor begins a revision of what is public, whoever entered it."""
    return study.is_public and may_contribute(user)


def may_comment(user: Any, study: Study) -> bool:
    """Its contributor and those who review it talk about a study while it is not public."""
    return not study.is_public and may_read_comments(user, study)


def may_read_comments(user: Any, study: Study) -> bool:
    """Its contributor, and those who review."""
    return may_view(user, study) and (
        is_own(user, study) or _is_superuser(user) or REVIEWER in roles_of(user)
    )


def may_see_declarations(user: Any, study: Study) -> bool:
    """What reviewers declared of their interests is for reviewers, editors and superusers."""
    trusted = bool(roles_of(user) & {REVIEWER, EDITOR}) or _is_superuser(user)
    return trusted and may_view(user, study)


def may_delete(user: Any, study: Study) -> bool:
    """What was ever public stays: it is withdrawn, not deleted."""
    return study.published_at is None and may_edit(user, study)


def may_delete_parts(user: Any, study: Study) -> bool:
    """Rows of a study may go while it is not public; their history stays."""
    return not study.is_public and may_edit(user, study)


def may_submit(user: Any, study: Study) -> bool:
    """Whoever may edit a draft or returned study may hand it in."""
    return study.state in OPEN_STATES and may_edit(user, study)


def may_review(user: Any, study: Study) -> bool:
    """A reviewer publishes or returns what is in review, never their own."""
    return study.state == State.IN_REVIEW and _judges(user, study)


def may_withdraw(user: Any, study: Study) -> bool:
    """A reviewer takes back what is public, never their own."""
    return study.state == State.PUBLISHED and _judges(user, study)


def may_return(user: Any, study: Study) -> bool:
    """A reviewer gives back what is in review or was withdrawn, never their own."""
    return study.state in REVIEWED_STATES and _judges(user, study)


def _judges(user: Any, study: Study) -> bool:
    if study.revises is not None and is_own(user, study.revises):
        return False
    return not is_own(user, study) and (_is_superuser(user) or REVIEWER in roles_of(user))


def _visible_q(user: Any, path: str = "") -> Q:
    """may_view() as a condition on rows whose study is at `path`."""
    at = f"{path}__" if path else ""
    seen = Q(**{f"{at}state": State.PUBLISHED})
    if getattr(user, "is_active", False):
        seen |= Q(**{f"{at}contributor": user.pk})
        if REVIEWER in roles_of(user):
            seen |= Q(**{f"{at}state__in": REVIEWED_STATES})
            seen |= Q(**{f"{at}state": State.RETURNED, f"{at}reviewer": user.pk})
    return seen


def visible(user: Any, rows: QuerySet[Row], path: str) -> QuerySet[Row]:
    """The rows whose study at `path` (such as `arm__study`) the user may view."""
    return rows if _is_superuser(user) else rows.filter(_visible_q(user, path))


def editable(user: Any, rows: QuerySet[Row], path: str) -> QuerySet[Row]:
    """The rows whose study at `path` the user may edit."""
    at = f"{path}__" if path else ""
    if _is_superuser(user):
        return rows.exclude(**{f"{at}state": State.PUBLISHED})
    if CONTRIBUTOR not in roles_of(user):
        return rows.none()
    return rows.filter(**{f"{at}contributor": user.pk, f"{at}state__in": OPEN_STATES})


def visible_studies(user: Any) -> StudyQuerySet:
    """The studies that the user may view."""
    return cast(StudyQuerySet, visible(user, Study.objects.all(), ""))


def editable_studies(user: Any) -> StudyQuerySet:
    """The studies that the user may edit."""
    return cast(StudyQuerySet, editable(user, Study.objects.all(), ""))


@singledispatch
def study_of(row: Any) -> Study:
    """The study that a row lives with."""
    for parent in ("study", "arm", "case", "appraisal"):
        if hasattr(type(row), parent):
            return study_of(getattr(row, parent))
    raise TypeError(f"{type(row).__name__} does not live with a study.")


@study_of.register
def _(row: Study) -> Study:
    return row
