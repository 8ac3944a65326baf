"""The one way in for what a person decides on two look-alikes: they share patients, or they do not."""

from typing import Any

import pghistory
from django.db import transaction

from evidence import permissions
from evidence.models import Case, DistinctPair, Overlap, Study
from foundation.history import author


class PairRefused(Exception):
    """A decision on a pair that may not stand; the message says why."""


@transaction.atomic
def mark_overlap(*, a: Study, b: Study, certain: bool, why: str, by: Any) -> Overlap:
    """Record that two studies share patients, or may: from now on at most one of them enters a pool.

    Raises PairRefused. Studies are kept in the order of their slugs, as in data/overlaps.yaml.
    """
    a, b = sorted((a, b), key=lambda study: study.slug)
    _demand_right(by, "evidence.add_overlap", a, b, why)
    if Overlap.objects.filter(study_a__in=[a, b], study_b__in=[a, b]).exists():
        raise PairRefused(f"{a} and {b} are recorded as sharing patients already.")
    with pghistory.context(**author(by), reason=why.strip()):
        return Overlap.objects.create(study_a=a, study_b=b, certain=certain, why=why.strip())


@transaction.atomic
def mark_distinct(
    *, a: Study, b: Study, why: str, by: Any, case_a: Case | None = None, case_b: Case | None = None
) -> DistinctPair:
    """Record that two studies, or a patient of each, were looked at and are different: the pair is not shown again.

    Raises PairRefused.
    """
    if a.slug > b.slug:
        a, b, case_a, case_b = b, a, case_b, case_a
    _demand_right(by, "evidence.add_distinctpair", a, b, why)
    if (case_a is None) != (case_b is None):
        raise PairRefused("Name a patient of each study, or none.")
    for case, study in ((case_a, a), (case_b, b)):
        if case is not None and case.study_id != study.pk:
            raise PairRefused(f"{case} is no patient of {study}.")
    known = DistinctPair.objects.filter(study_a__in=[a, b], study_b__in=[a, b])
    if case_a is None:
        known = known.filter(case_a=None)
    else:
        known = known.filter(case_a__in=[case_a, case_b], case_b__in=[case_a, case_b])
    if known.exists():
        raise PairRefused("This pair was found to be different already.")
    with pghistory.context(**author(by), reason=why.strip()):
        return DistinctPair.objects.create(
            study_a=a, study_b=b, case_a=case_a, case_b=case_b, why=why.strip(), decided_by=by
        )


def _demand_right(by: Any, right: str, a: Study, b: Study, why: str) -> None:
    """Reviewers and editors decide, on what they may see, and say why."""
    if not by.has_perm(right):
        raise PairRefused("Only reviewers and editors decide on look-alikes.")
    if not (permissions.may_view(by, a) and permissions.may_view(by, b)):
        # Said as of a study that does not exist: whose draft it is stays unsaid.
        raise PairRefused("There is no such pair of studies.")
    if a.pk == b.pk:
        raise PairRefused("A study is no pair with itself.")
    if not why.strip():
        raise PairRefused("Say why: it is kept in the history.")
