"""What review leaves behind: versions, revisions, declarations, comments."""

import factory
from factory.django import DjangoModelFactory

from evidence import models as evidence
from evidence.choices import CitationRole, ReviewStep, State
from tests.factories.people import UserFactory
from tests.factories.studies import StudyCitationFactory, StudyFactory


class PublishedVersionFactory(DjangoModelFactory):
    """The first version of a published study, in short."""

    class Meta:
        model = evidence.PublishedVersion

    study = factory.SubFactory(StudyFactory)
    number = 1
    record = factory.LazyAttribute(lambda version: {"slug": version.study.slug, "label": version.study.label})


class RevisionFactory(StudyFactory):
    """An open revision of a published study, bare but for the primary citation that both have."""

    class Meta:
        model = evidence.Study
        skip_postgeneration_save = True

    revises = factory.SubFactory(StudyFactory)
    slug = factory.LazyAttribute(lambda revision: f"{revision.revises.slug}~")
    label = factory.LazyAttribute(lambda revision: revision.revises.label)
    based_on = 1
    why_revised = "A figure was misread."
    contributor = factory.SubFactory(UserFactory)
    state = State.DRAFT
    published_at = None

    @factory.post_generation
    def cited(self, create: bool, extracted: bool | None, **fields: object) -> None:
        """The primary citation of what it revises."""
        if create and extracted is not False:
            citation = self.revises.primary_citation
            StudyCitationFactory(study=self, citation=citation, role=CitationRole.PRIMARY)


class ConflictStatementFactory(DjangoModelFactory):
    """A reviewer without a conflict of interest."""

    class Meta:
        model = evidence.ConflictStatement

    study = factory.SubFactory(StudyFactory)
    step = ReviewStep.PUBLISH
    reviewer = factory.SubFactory(UserFactory)
    has_conflict = False


class ReviewCommentFactory(DjangoModelFactory):
    """An open comment on one row."""

    class Meta:
        model = evidence.ReviewComment

    study = factory.SubFactory(StudyFactory, draft=True)
    place = "cases › p1 › serum IgG4, week 12"
    text = "Is this g/L?"
    author = factory.SubFactory(UserFactory)


class MailOptOutFactory(DjangoModelFactory):
    """Somebody who wants no e-mail."""

    class Meta:
        model = evidence.MailOptOut

    user = factory.SubFactory(UserFactory)
