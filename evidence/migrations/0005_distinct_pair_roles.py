"""Reviewers and editors decide on look-alikes, and may take back what they decided."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("reviewer", "editor")
PERMISSIONS = ("view_distinctpair", "add_distinctpair", "delete_distinctpair")


def grant(apps, schema_editor):
    """Give both roles the permissions, which are made first."""
    app = apps.get_app_config("evidence")
    was, app.models_module = getattr(app, "models_module", None), True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = was
    Permission = apps.get_model("auth", "Permission")
    found = list(Permission.objects.filter(content_type__app_label="evidence", codename__in=PERMISSIONS))
    if len(found) != len(PERMISSIONS):
        raise RuntimeError(f"The permissions {PERMISSIONS} are not all there.")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_distinct_pairs")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
