"""What waits for the person at the desk."""

from typing import Any

from django import template

from evidence.tasks import TaskList, tasks_of

register = template.Library()


@register.simple_tag
def desk_tasks(user: Any) -> list[TaskList]:
    """The person's lists of tasks."""
    return tasks_of(user)


@register.filter
def in_words(words: dict[str, str], key: str) -> str:
    """The words for a key."""
    return words[key]
