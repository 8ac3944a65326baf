"""What the form keeps beside a case and no record holds: it goes with a revision from the original and back."""

from evidence.models import CaseDraft, ConfirmedDoubt, Study
from evidence.slugs import public_slug


def copy_doubts(original: Study, revision: Study) -> None:
    """Doubts that were confirmed stay confirmed in the copy."""
    copies = {public_slug(slug): key for key, slug in revision.cases.values_list("pk", "slug")}
    doubts = ConfirmedDoubt.objects.filter(case__study=original).select_related("case")
    ConfirmedDoubt.objects.bulk_create(_copy(doubt, copies[doubt.case.slug]) for doubt in doubts)


def return_doubts(revision: Study, original: Study) -> None:
    """What is confirmed of the copy's patients is from now on what is confirmed of the original's."""
    cases = dict(original.cases.values_list("slug", "pk"))
    doubts = list(ConfirmedDoubt.objects.filter(case__study=revision).select_related("case"))
    wanted = [_copy(doubt, cases[public_slug(doubt.case.slug)]) for doubt in doubts]
    stored = {_name(doubt): doubt for doubt in ConfirmedDoubt.objects.filter(case__study=original)}
    for name, doubt in stored.items():
        if name not in {_name(one) for one in wanted}:
            doubt.delete()
    ConfirmedDoubt.objects.bulk_create(one for one in wanted if _name(one) not in stored)
    _return_drafts(revision, original, cases)


def _name(doubt: ConfirmedDoubt) -> tuple[int, str, str, str, str]:
    return doubt.case_id, doubt.code, doubt.place, doubt.doubt, doubt.reason


def _copy(doubt: ConfirmedDoubt, case_id: int) -> ConfirmedDoubt:
    return ConfirmedDoubt(
        case_id=case_id,
        code=doubt.code,
        place=doubt.place,
        doubt=doubt.doubt,
        reason=doubt.reason,
        confirmed_by_id=doubt.confirmed_by_id,
        confirmed_at=doubt.confirmed_at,
    )


def _return_drafts(revision: Study, original: Study, cases: dict[str, int]) -> None:
    """A case that somebody was typing into the copy is not taken for one of a new study."""
    for draft in CaseDraft.objects.filter(study=revision).select_related("case"):
        case_id = cases.get(public_slug(draft.case.slug)) if draft.case is not None else None
        taken = CaseDraft.objects.filter(owner=draft.owner_id, case=case_id).exists()
        draft.study, draft.case_id = original, None if taken else case_id
        draft.save(update_fields=["study", "case"])
