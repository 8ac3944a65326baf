"""Scores of the Responder Index are parts of a case: contributors write them, everyone with a role reads them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GRANTS = {
    "contributor": ("view", "add", "change", "delete"),
    "reviewer": ("view",),
    "editor": ("view",),
}
MODEL = "responderindexscore"


def grant(apps, schema_editor):
    """Give each role its permissions, which are made first."""
    app = apps.get_app_config("evidence")
    was, app.models_module = getattr(app, "models_module", None), True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = was
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GRANTS):
        wanted = [f"{action}_{MODEL}" for action in GRANTS[group.name]]
        found = list(Permission.objects.filter(content_type__app_label="evidence", codename__in=wanted))
        if len(found) != len(wanted):
            raise RuntimeError(f"The permissions {wanted} are not all there.")
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_care_answers")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
