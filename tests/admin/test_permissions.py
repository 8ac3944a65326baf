"""Who may do what with a study: one table, each predicate held to it, and the querysets to the predicates."""

import pytest
from django.contrib.auth.models import AnonymousUser

from evidence import permissions
from evidence.models import Study
from tests.admin.conftest import PEOPLE, STATES, make_person, make_study

pytestmark = pytest.mark.django_db

# v view, e edit, d delete, s submit, p publish, r return, w withdraw.
ABILITIES = {
    "v": permissions.may_view,
    "e": permissions.may_edit,
    "d": permissions.may_delete,
    "s": permissions.may_submit,
    "p": permissions.may_review,
    "r": permissions.may_return,
    "w": permissions.may_withdraw,
}
COLUMNS = [f"{owner} {state}" for state in STATES for owner in ("own", "other")]
#                              draft           in review        returned        published     withdrawn
#                              own     other   own     other    own     other   own    other  own    other
TABLE = {
    "visitor": "                -       -      -       -        -       -       v      v      -      -",
    "account without the desk": "v       -      v       -        v       -       v      v      v      -",
    "staff without a role": "   v       -      v       -        v       -       v      v      v      -",
    "contributor": "            veds    -      v       -        veds    -       v      v      v      -",
    "reviewer": "               v       -      v       vpr      v       -       v      vw     v      vr",
    "contributor and reviewer": "veds    -      v       vpr      veds    -       v      vw     v      vr",
    "editor": "                 v       -      v       -        v       -       v      v      v      -",
    "superuser": "              veds    veds   ved     vedpr    veds    veds    v      vw     ve     ver",
}
ROWS = [
    (person, column, cell.replace("-", ""))
    for person, line in TABLE.items()
    for column, cell in zip(COLUMNS, line.split(), strict=True)
]


def place(person_kind: str, column: str) -> tuple:
    """The person, and a study in this state of theirs or another's."""
    person = make_person(person_kind)
    owner, _, state = column.partition(" ")
    contributor = person if owner == "own" else make_person("contributor")
    return person or AnonymousUser(), make_study(STATES[state], contributor)


def test_the_table_has_everybody() -> None:
    assert set(TABLE) == set(PEOPLE)


@pytest.mark.parametrize(("person_kind", "column", "allowed"), ROWS, ids=lambda value: value or "nothing")
def test_predicates_and_querysets_agree_with_the_table(person_kind: str, column: str, allowed: str) -> None:
    person, study = place(person_kind, column)
    granted = {letter for letter, predicate in ABILITIES.items() if predicate(person, study)}
    assert granted == set(allowed)
    assert permissions.visible_studies(person).filter(pk=study.pk).exists() == ("v" in allowed)
    assert permissions.editable_studies(person).filter(pk=study.pk).exists() == ("e" in allowed)


def test_a_reviewer_still_sees_what_they_returned() -> None:
    reviewer, other = make_person("reviewer"), make_person("reviewer")
    study = make_study(STATES["returned"], make_person("contributor"), reviewer=reviewer)
    assert permissions.may_view(reviewer, study)
    assert not permissions.may_view(other, study)
    assert study in permissions.visible_studies(reviewer)
    assert study not in permissions.visible_studies(other)


def test_a_closed_account_sees_what_a_visitor_sees() -> None:
    for kind in ("contributor and reviewer", "superuser"):
        person = make_person(kind)
        person.is_active = False
        own_draft = make_study(STATES["draft"], person)
        in_review = make_study(STATES["in review"])
        public = make_study(STATES["published"], slug=f"public-{person.pk}")
        for predicate in ABILITIES.values():
            assert not predicate(person, own_draft)
            assert not predicate(person, in_review)
        assert permissions.may_view(person, public)
        assert set(permissions.visible_studies(person)) == set(Study.objects.published())


def test_rows_of_a_study_may_go_only_while_it_is_not_public() -> None:
    superuser, contributor = make_person("superuser"), make_person("contributor")
    draft, public = make_study(STATES["draft"], contributor), make_study(STATES["published"])
    withdrawn = make_study(STATES["withdrawn"])
    assert permissions.may_delete_parts(contributor, draft)
    assert permissions.may_delete_parts(superuser, withdrawn)
    assert not permissions.may_delete_parts(superuser, public)
    assert not permissions.may_delete(superuser, withdrawn)


def test_the_study_of_every_part_is_found() -> None:
    study = make_study(STATES["draft"])
    arm = study.arms.get()
    for row in (study, arm, arm.results.get(), arm.regimen.get(), study.study_citations.get()):
        assert permissions.study_of(row) == study
    with pytest.raises(TypeError, match="User does not live with a study"):
        permissions.study_of(make_person("editor"))


def test_nobody_owns_a_study_of_the_data_set() -> None:
    curated = make_study(STATES["draft"])
    assert Study.objects.get(pk=curated.pk).contributor is None
    assert not permissions.is_own(AnonymousUser(), curated)
    assert not permissions.may_view(make_person("contributor"), curated)
