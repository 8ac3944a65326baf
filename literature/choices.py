"""Closed lists of the literature."""

from django.db import models


class CitationType(models.TextChoices):
    """Types of CSL that the evidence set uses."""

    ARTICLE_JOURNAL = "article-journal", "Journal article"
    PAPER_CONFERENCE = "paper-conference", "Conference abstract"
    WEBPAGE = "webpage", "Web page"
    ARTICLE = "article", "Preprint"
    ARTICLE_NEWSPAPER = "article-newspaper", "News report"
    REPORT = "report", "Report or label"
    CHAPTER = "chapter", "Book chapter"
    BOOK = "book", "Book"
    THESIS = "thesis", "Thesis"
    DATASET = "dataset", "Data set"


class RetractionStatus(models.TextChoices):
    """What is known of a publication's standing."""

    NOT_CHECKED = "not_checked", "Not checked"
    NONE_FOUND = "none_found", "No notice found"
    CORRECTED = "corrected", "Corrected"
    EXPRESSION_OF_CONCERN = "expression_of_concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


# The graver outweighs the lighter.
GRAVITY = (
    RetractionStatus.NOT_CHECKED,
    RetractionStatus.NONE_FOUND,
    RetractionStatus.CORRECTED,
    RetractionStatus.EXPRESSION_OF_CONCERN,
    RetractionStatus.RETRACTED,
)
