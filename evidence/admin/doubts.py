"""What was doubted about a case and let stand, on the case's page."""

from typing import Any

from django.http import HttpRequest

from evidence import permissions
from evidence.admin.base import TabularParts
from evidence.models import ConfirmedDoubt
from evidence.permissions import study_of


class ConfirmedDoubtInline(TabularParts):
    """What the form doubted and its contributor let stand, for the reviewer to read."""

    model = ConfirmedDoubt
    verbose_name_plural = "doubts that were confirmed"
    fields = readonly_fields = ("place", "doubt", "reason", "confirmed_by", "confirmed_at")
    related = ("confirmed_by",)
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may view the case: there is no right to doubts apart from it."""
        return obj is None or permissions.may_view(request.user, study_of(obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: the form keeps them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: the form keeps them."""
        return False
