"""E-mail of the desk: who waits for whom. Plain text, after the commit, a label and a link, never evidence."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from evidence import permissions
from evidence.models import ReviewComment, Study

logger = logging.getLogger(__name__)

FOOTER = "You get this because you work on the IgG4-RD Therapy Atlas. To get no more of it: {desk}"


def tell_submitted(study: Study, *, by: Any) -> None:
    """To the reviewers, the submitter and its contributor apart."""
    what = "A revision" if study.is_revision else "A study"
    _send(
        study,
        _reviewers().exclude(pk__in=[by.pk, study.contributor_id or by.pk]),
        f"To review: {study.label}",
        f"{what} waits for review: {study.label}.",
    )


def tell_moved(study: Study, *, by: Any, to: Any, done: str, page: Study | None = None) -> None:
    """To the contributor: their study was published, returned or withdrawn."""
    if to is None or to.pk == by.pk:
        return
    words = f"{study.label} is {done}."
    if done == "returned":
        words += " The reviewer's reason and comments are on its page."
    _send(page or study, _people(Q(pk=to.pk)), f"{done.capitalize()}: {study.label}", words)


def tell_comment(comment: ReviewComment) -> None:
    """To the other side: the contributor, or the reviewers who have to do with the study."""
    study = comment.study
    if study.contributor_id is not None and comment.author_id != study.contributor_id:
        to = _people(Q(pk=study.contributor_id))
    else:
        spoke = ReviewComment.objects.filter(study=study).values("author")
        to = _reviewers().filter(Q(pk__in=spoke) | Q(pk=study.reviewer_id)).exclude(pk=comment.author_id)
    # A name is of somebody who can open the page: a reviewer does not see another's draft.
    seeing = [person for person in to if permissions.may_view(person, study)]
    _send(study, seeing, f"Comment: {study.label}", f"There is a new comment on {study.label}.")


def _people(which: Q) -> Any:
    """Accounts that are open, have an address and want mail."""
    people = get_user_model().objects.filter(which, is_active=True, mail_opt_out__isnull=True)
    return people.exclude(email="").distinct()


def _reviewers() -> Any:
    return _people(Q(groups__name=permissions.REVIEWER))


def _send(study: Study, people: Iterable[Any], subject: str, words: str) -> None:
    """Once the step is committed: what is undone is not told, and a dead mail server undoes nothing."""
    addresses = [person.email for person in people]
    link = settings.SITE_URL + reverse("admin:evidence_study_change", args=[study.pk])
    footer = FOOTER.format(desk=settings.SITE_URL + reverse("admin:index"))
    # A label is one line by its form; a header must be.
    title = " ".join(f"[Atlas] {subject}".split())
    body = f"{words}\n\n{link}\n\n-- \n{footer}\n"

    def deliver() -> None:
        for address in addresses:
            try:
                EmailMessage(title, body, to=[address]).send()
            except Exception:
                # Whatever a mail server does, the step stands; the address is nobody's business in a log.
                logger.exception("An e-mail of the desk could not be sent: %s", subject.partition(":")[0])

    if addresses:
        transaction.on_commit(deliver, robust=True)
