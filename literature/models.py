"""A citation: the paper, registry record or page that a number was read in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from foundation.fields import SlugField, matches, one_of, slug_form
from foundation.records import record
from literature.choices import CitationType, RetractionStatus
from literature.querysets import CitationQuerySet


@record()
class Citation(models.Model):
    """One publication, in the terms of CSL-JSON, known by DOI, PMID, or title and year."""

    slug = SlugField(max_length=160)
    csl_type = models.CharField(max_length=30, choices=CitationType, default=CitationType.ARTICLE_JOURNAL)
    # Blank where only an identifier was read, as under a mechanism of action.
    title = models.TextField(blank=True, default="")
    # "Carruthers MN"; empty where the page read shows no authors.
    authors = ArrayField(models.TextField(), blank=True, default=list)
    authors_complete = models.BooleanField(default=True)
    journal = models.TextField(blank=True, default="")
    # NULL: the page read shows no year.
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    year_inferred = models.BooleanField(default=False)
    volume = models.CharField(max_length=30, blank=True, default="")
    issue = models.CharField(max_length=30, blank=True, default="")
    pages = models.CharField(max_length=40, blank=True, default="")
    doi = models.CharField("DOI", max_length=200, blank=True, default="")
    pmid = models.CharField("PMID", max_length=12, blank=True, default="")
    pmcid = models.CharField("PMCID", max_length=14, blank=True, default="")
    url = models.URLField("URL", max_length=500, blank=True, default="")
    # The Vancouver reference, written by literature.services whenever the record changes.
    vancouver = models.TextField(blank=True, default="", editable=False)
    retraction_status = models.CharField(
        max_length=30, choices=RetractionStatus, default=RetractionStatus.NOT_CHECKED
    )
    # NULL: nobody has looked yet.
    retraction_checked_on = models.DateField(null=True, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            slug_form("citation_slug_form"),
            one_of("csl_type", CitationType, "citation_type_known"),
            one_of("retraction_status", RetractionStatus, "citation_retraction_status_known"),
            matches("doi", r"^10\.[0-9]{4,9}/[^\s]+$", "citation_doi_form"),
            matches("pmid", r"^[1-9][0-9]*$", "citation_pmid_form"),
            matches("pmcid", r"^PMC[0-9]+$", "citation_pmcid_form"),
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="citation_doi_once",
                violation_error_message="Another citation has this DOI already.",
            ),
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~Q(pmid=""),
                name="citation_pmid_once",
                violation_error_message="Another citation has this PMID already.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(doi="") | ~Q(pmid=""),
                name="citation_can_be_found",
                violation_error_message="A citation needs a title, a DOI or a PMID.",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1800, year__lte=2100),
                name="citation_year_range",
            ),
            models.CheckConstraint(
                condition=Q(year_inferred=False) | Q(year__isnull=False),
                name="citation_inferred_year_is_given",
            ),
        ]
        indexes = [models.Index(F("year").desc(nulls_last=True), "slug", name="citation_newest_first")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How the citation is named in a line: first author and year, else its title or identifier."""
        number = f"PMID {self.pmid}" if self.pmid else self.pmcid
        name = self.authors[0].split(" ")[0] if self.authors else self.title or self.doi or number
        return f"{name} {self.year}" if self.authors and self.year is not None else name

    @property
    def link(self) -> str:
        """The address to read it at: DOI, else PubMed, else PubMed Central, else its page; empty where none."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmcid:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"
        return self.url

    @property
    def is_retracted(self) -> bool:
        """Whether a notice of retraction is known."""
        return self.retraction_status == RetractionStatus.RETRACTED

    @property
    def notice(self) -> str:
        """The known notice in words, "Retracted", "Expression of concern" or "Corrected"; empty where none is known."""
        silent = (RetractionStatus.NOT_CHECKED, RetractionStatus.NONE_FOUND)
        return "" if self.retraction_status in silent else RetractionStatus(self.retraction_status).label
