"""Tells which papers and patients look alike."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.duplicate_search import LikePair, possible_duplicates
from evidence.duplicates import THRESHOLD
from evidence.models import Study


class Command(BaseCommand):
    """Weighs every pair of published studies and patients that nobody has decided on."""

    help = "List pairs of studies and patients that may be the same or share patients, the likeliest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="Drafts and withdrawn studies too.")
        parser.add_argument(
            "--from",
            type=float,
            default=THRESHOLD,
            dest="threshold",
            metavar="SCORE",
            help="0 to 1; default 0.5.",
        )

    def handle(self, *args: Any, threshold: float, **options: Any) -> None:
        if not 0 < threshold <= 1:
            raise CommandError("--from takes a score above 0 and up to 1.")
        studies = Study.objects.originals() if options["all"] else Study.objects.published()
        pairs = possible_duplicates(studies, threshold)
        for pair in pairs:
            self.stdout.write(_line(pair))
        self.stdout.write(f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'} from {threshold:g} on.")


def _line(pair: LikePair) -> str:
    a = pair.case_a.slug if pair.case_a is not None else pair.study_a.slug
    b = pair.case_b.slug if pair.case_b is not None else pair.study_b.slug
    return f"{pair.match.score:.2f}  {pair.match.kind:7}  {a}  {b}  {'; '.join(pair.match.reasons)}"
