"""For each named constraint of review and revisions a row that breaks it and nothing else."""

from django.utils import timezone

from tests import factories as made
from tests.evidence.models.breach import Breach, a_user, of, twice

TRIAL = made.StudyFactory


def published_revision() -> None:
    made.RevisionFactory(state="published", published_at=timezone.now())


def a_second_revision_of_one_study() -> None:
    first = made.RevisionFactory()
    made.RevisionFactory(revises=first.revises, slug="another~", cited=False)


def version_published_by_its_author() -> None:
    author = a_user()
    made.PublishedVersionFactory(contributor=author, reviewer=author)


REVIEW = [
    Breach("study_slug_form", of(TRIAL, slug="carruthers-2015~")),
    Breach("study_slug_form", of(made.RevisionFactory, slug="carruthers-2015")),
    Breach("study_revision_is_never_public", published_revision),
    Breach("study_revision_is_never_public", of(made.RevisionFactory, state="withdrawn")),
    Breach("study_revision_is_never_public", of(made.RevisionFactory, published_at=timezone.now)),
    Breach("study_revision_has_base_and_reason", of(made.RevisionFactory, based_on=None)),
    Breach("study_revision_has_base_and_reason", of(made.RevisionFactory, why_revised=" ")),
    Breach("study_revision_has_base_and_reason", of(TRIAL, based_on=1)),
    Breach("study_revision_has_base_and_reason", of(TRIAL, why_revised="Misread.")),
    Breach("study_has_one_open_revision", a_second_revision_of_one_study),
    Breach("published_version_once_a_number", twice(made.PublishedVersionFactory, "study", "number")),
    Breach("published_version_counts_from_one", of(made.PublishedVersionFactory, number=0)),
    Breach("published_version_reviewed_by_another", version_published_by_its_author),
    Breach("conflict_statement_step_known", of(made.ConflictStatementFactory, step="read")),
    Breach("conflict_statement_says_which", of(made.ConflictStatementFactory, has_conflict=True)),
    Breach(
        "conflict_statement_says_which", of(made.ConflictStatementFactory, has_conflict=True, conflict=" ")
    ),
    Breach("conflict_statement_says_which", of(made.ConflictStatementFactory, conflict="An author.")),
    Breach("review_comment_says_something", of(made.ReviewCommentFactory, text=" \n ")),
    Breach("review_comment_resolved_by_somebody", of(made.ReviewCommentFactory, resolved_at=timezone.now)),
    Breach("review_comment_resolved_by_somebody", of(made.ReviewCommentFactory, resolved_by=a_user)),
]
