"""Asks Crossref and PubMed whether what the Atlas cites still stands."""

from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from literature.choices import RetractionStatus
from literature.models import Citation
from literature.retractions import Standing, standing_of
from literature.services import record_standing

DAYS = 30
# Then it is the network, and not one bad answer.
FAILURES_IN_A_ROW = 10


class Command(BaseCommand):
    """One citation after the other; what cannot be asked is told at the end and does not stop the rest."""

    help = (
        "Ask Crossref and PubMed for notices of retraction, concern or correction about citations not checked lately,"
        " and write what they say. Exits with 1 where some could not be asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Ask and tell, but write nothing.")
        parser.add_argument(
            "--all", action="store_true", help="Ask about every citation, however lately checked."
        )
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"Ask again after so many days (default: {DAYS})."
        )

    def handle(self, *args: Any, dry_run: bool, all: bool, days: int, **options: Any) -> None:
        if not settings.LITERATURE_LOOKUP:
            self._fail("Looking up is switched off here (LITERATURE_LOOKUP): nobody was asked.")
        if days < 0:
            self._fail("--days must be 0 or more.")
        today = timezone.localdate()
        asked = Citation.objects.with_identifier().order_by("slug")
        if not all:
            asked = asked.not_checked_since(today - timedelta(days=days))
        self.counts: Counter[str] = Counter()
        failed = in_a_row = 0
        # The keys first: no cursor stays open over minutes of asking, and what is deleted meanwhile is passed over.
        keys = list(asked.values_list("pk", flat=True))
        for number, pk in enumerate(keys, start=1):
            citation = Citation.objects.filter(pk=pk).first()
            if citation is None:
                continue
            has_failed = self._check(citation, dry_run, today)
            failed += has_failed
            in_a_row = in_a_row + 1 if has_failed else 0
            if in_a_row == FAILURES_IN_A_ROW and number < len(keys):
                self.stderr.write(
                    f"{in_a_row} failed one after the other: {len(keys) - number} were not asked about."
                )
                failed += len(keys) - number
                break
        self._sum_up(failed, dry_run)
        if failed:
            raise SystemExit(1)

    def _check(self, citation: Citation, dry_run: bool, today: Any) -> bool:
        """Ask about one citation and write what was said; True if somebody could not be asked."""
        standing = standing_of(citation)
        for failure in standing.failures:
            self.stderr.write(f"{citation.slug}: {failure.reason}")
        if standing.status is not None:
            self._tell(citation, standing)
            self.counts[standing.status] += 1
            if not dry_run:
                record_standing(
                    citation=citation,
                    status=standing.status,
                    # Half an answer finds a notice, but clears nobody until the other half is there.
                    checked_on=citation.retraction_checked_on if standing.failures else today,
                    reason=f"check_retractions: {standing.reason}",
                )
        elif not standing.failures:
            self.counts["unknown"] += 1
            self.stdout.write(f"{citation.slug}: {' and '.join(standing.unknown_to)} do not know it.")
        return bool(standing.failures)

    def _tell(self, citation: Citation, standing: Standing) -> None:
        """A line where there is something to know: a notice, or a stored status that nobody confirms."""
        before = RetractionStatus(citation.retraction_status)
        if standing.notices:
            assert standing.status is not None
            news = "" if before == standing.status else f" (was: {before.label.lower()})"
            self.stdout.write(f"{citation.slug}: {standing.status.label}{news}. {standing.reason}")
        elif before not in (RetractionStatus.NOT_CHECKED, RetractionStatus.NONE_FOUND):
            self.stdout.write(
                f"{citation.slug}: {standing.reason}, but the Atlas has “{before.label}”, which stays. Please look."
            )

    def _sum_up(self, failed: int, dry_run: bool) -> None:
        told = [
            f"{self.counts[status]} {status.label.lower()}"
            for status in RetractionStatus
            if status != RetractionStatus.NOT_CHECKED
        ]
        if self.counts["unknown"]:
            told.append(f"{self.counts['unknown']} not known there")
        without = Citation.objects.filter(doi="", pmid="").count()
        total = sum(self.counts.values())
        self.stdout.write(
            f"{total} citations checked: {', '.join(told)}. {without} have no DOI or PMID to ask for."
        )
        if failed:
            self.stderr.write(f"{failed} could not be asked about in full; they come again at the next run.")
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")

    def _fail(self, line: str) -> None:
        self.stderr.write(line)
        raise SystemExit(1)
