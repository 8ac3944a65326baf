"""From upload to evidence: a file is brought, looked at as often as one likes, and carried out once."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.bulk.plans import Plan
from evidence.bulk.services import ImportRefused, carry_out, in_words, may_import, plan_import
from evidence.bulk.sheets import LARGEST_FILE_BYTES
from evidence.models import ImportRun
from foundation.progress import Progress, silent

# A file that nobody carried out is dropped after that.
KEPT = timedelta(days=30)


@transaction.atomic
def bring_file(*, kind: str, content: bytes, name: str, by: Any) -> ImportRun:
    """Keep an uploaded file for its owner; older ones that were never carried out are let go.

    Raises ImportRefused where the person may not import, or the file is too large.
    """
    if not may_import(by, kind):
        raise ImportRefused(f"You may not import {kind}.")
    if len(content) > LARGEST_FILE_BYTES:
        raise ImportRefused(f"The file has {len(content):,} bytes; {LARGEST_FILE_BYTES:,} is the most.")
    ImportRun.objects.filter(owner=by, done_at__isnull=True, brought_at__lt=timezone.now() - KEPT).delete()
    run = ImportRun(
        owner=by, kind=kind, name=name[-200:], content=content, sha256=hashlib.sha256(content).hexdigest()
    )
    run.full_clean(exclude=["content"])
    run.save()
    return run


def check_run(*, run: ImportRun, progress: Progress = silent) -> Plan:
    """What the file would change as everything stands now; nothing is written."""
    return plan_import(
        kind=run.kind, content=bytes(run.content), name=run.name, by=run.owner, progress=progress
    )


@transaction.atomic
def carry_out_run(
    *, run: ImportRun, reason: str, doubts_confirmed: bool = False, progress: Progress = silent
) -> Plan:
    """Write the file's rows, once, and note what came of it."""
    locked = ImportRun.objects.select_for_update().select_related("owner").get(pk=run.pk)
    if locked.done_at is not None:
        raise ImportRefused("This file was carried out already.")
    if not reason.strip():
        raise ImportRefused("Say what these rows are and where they come from: the history keeps it.")
    plan = carry_out(
        kind=locked.kind,
        content=bytes(locked.content),
        name=locked.name,
        by=locked.owner,
        reason=reason.strip(),
        doubts_confirmed=doubts_confirmed,
        progress=progress,
    )
    locked.done_at, locked.reason, locked.outcome = timezone.now(), reason.strip(), in_words(plan)
    locked.content = b""
    locked.save(update_fields=["done_at", "reason", "outcome", "content"])
    return plan
