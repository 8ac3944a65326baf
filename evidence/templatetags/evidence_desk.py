"""What waits for the person at the desk, and what was said about a study."""

from typing import Any

from django import template
from django.template import RequestContext

from evidence import permissions
from evidence.choices import State
from evidence.comments import comments_on
from evidence.models import MailOptOut, Study
from evidence.tasks import TaskList, reason_of_return, tasks_of

register = template.Library()


@register.simple_tag
def desk_tasks(user: Any) -> list[TaskList]:
    """The person's lists of tasks."""
    return tasks_of(user)


@register.simple_tag
def wants_mail(user: Any) -> bool:
    """Whether the person gets e-mail from the desk."""
    return not MailOptOut.objects.filter(user=user.pk).exists()


@register.inclusion_tag("admin/includes/comments.html", takes_context=True)
def review_comments(context: RequestContext, study: Study) -> dict[str, Any]:
    """The comments on a study with their forms, which lead back to the page they stand on.

    For any page of the desk, outside its own form: the comments have forms of theirs. Shows nothing to those who may
    not read them. A returned study comes with its reviewer's reason.
    """
    request = context["request"]
    comments = comments_on(study, request.user)
    may_comment = permissions.may_comment(request.user, study)
    return {
        "study": study,
        "shown": bool(comments) or may_comment,
        "comments": comments,
        "open_count": sum(comment.is_open for comment in comments),
        "may_comment": may_comment,
        "reason": reason_of_return(study) if study.state == State.RETURNED and may_comment else "",
        "next": f"{request.path}#comments",
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def in_words(words: dict[str, str], key: str) -> str:
    """The words for a key."""
    return words[key]
