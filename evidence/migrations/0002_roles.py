"""The roles as groups: contributor, reviewer, editor, with the permissions of Django that each needs.

What they may do with one study is decided in evidence/permissions.py; these permissions only open the doors.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

STUDY_AND_PARTS = [
    f"evidence.{model}"
    for model in (
        "study", "studyorgan", "studycitation", "arm", "regimenpart", "armbaseline", "result", "contrast", "finding",
        "publishedsynthesis", "case", "caseorgan", "casecomorbidity", "casepriortherapy", "course", "measurement",
        "organresponse", "caseadverseevent",
    )
]
VOCABULARY = [f"evidence.{model}" for model in ("outcome", "organ", "comorbidity", "analyte")]
THERAPIES = [
    f"therapies.{model}"
    for model in (
        "therapy", "therapycode", "target", "mechanism", "mechanismcitation", "regulatorystatus", "safetynote",
        "pathwayedge",
    )
]
CITATIONS = ["literature.citation"]
JUDGEMENTS = ["evidence.appraisal", "evidence.appraisalanswer", "evidence.certainty"]
OVERLAPS = ["evidence.overlap"]
RENAMED = ["foundation.retiredslug"]

ALL = ("view", "add", "change", "delete")
READ = ("view",)

ROLES = {
    "contributor": [
        (ALL, STUDY_AND_PARTS),
        (("view", "add"), CITATIONS),
        (READ, VOCABULARY + THERAPIES + JUDGEMENTS + OVERLAPS),
    ],
    "reviewer": [
        (READ, STUDY_AND_PARTS + CITATIONS + VOCABULARY + THERAPIES),
        (ALL, JUDGEMENTS + OVERLAPS),
    ],
    "editor": [
        (ALL, CITATIONS + VOCABULARY + THERAPIES + OVERLAPS),
        (READ, STUDY_AND_PARTS + JUDGEMENTS + RENAMED),
    ],
}


def make_roles(apps, schema_editor):
    """Make the groups; on a new database the permissions are made first, which Django does after all migrations."""
    for label in ("foundation", "literature", "therapies", "evidence"):
        app = apps.get_app_config(label)
        # create_permissions passes over an app without models, which is what a historical app looks like.
        was, app.models_module = getattr(app, "models_module", None), True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = was
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role, grants in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for actions, models in grants:
            for model in models:
                label, name = model.split(".")
                wanted = [f"{action}_{name}" for action in actions]
                found = list(Permission.objects.filter(content_type__app_label=label, codename__in=wanted))
                if len(found) != len(wanted):
                    raise RuntimeError(f"The permissions {wanted} of {label} are not all there.")
                group.permissions.add(*found)


def remove_roles(apps, schema_editor):
    """Remove the groups; accounts stay, without a role."""
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("foundation", "0001_initial"),
        ("literature", "0001_initial"),
        ("therapies", "0001_initial"),
        ("evidence", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
