"""Comments on a study before it is public: who says, reads and resolves them, each refusal by its words."""

from typing import Any

import pytest
from django.urls import reverse

from evidence import workflow
from evidence.choices import State
from evidence.comments import CommentRefused, add_comment, comments_on, reopen_comment, resolve_comment
from evidence.models import ReviewComment, Study
from evidence.workflow import NO_CONFLICT
from tests import factories as make
from tests.admin.conftest import change_of, log_in, make_person, make_study, messages_of
from tests.admin.test_permissions import COLUMNS, place

pytestmark = pytest.mark.django_db

# c comments, resolves and opens again; r reads what was said.
#                              draft           in review        returned        published     withdrawn
#                              own     other   own     other    own     other   own    other  own    other
TABLE = {
    "contributor": "            cr      -      cr      -        cr      -       r      -      cr     -",
    "reviewer": "               cr      -      cr      cr       cr      -       r      r      cr     cr",
    "contributor and reviewer": "cr     -      cr      cr       cr      -       r      r      cr     cr",
    "editor": "                 cr      -      cr      -        cr      -       r      -      cr     -",
    "superuser": "              cr      cr     cr      cr       cr      cr      r      r      cr     cr",
    "staff without a role": "   cr      -      cr      -        cr      -       r      -      cr     -",
    "visitor": "                -       -      -       -        -       -       -      -      -      -",
}
ROWS = [
    (kind, column, cell.replace("-", ""))
    for kind, line in TABLE.items()
    for column, cell in zip(COLUMNS, line.split(), strict=True)
]


@pytest.mark.parametrize(("kind", "column", "allowed"), ROWS, ids=lambda value: value or "nothing")
def test_who_comments_and_reads(kind: str, column: str, allowed: str) -> None:
    person, study = place(kind, column)
    said = make.ReviewCommentFactory(study=study)
    assert (comments_on(study, person) == [said]) == ("r" in allowed)
    if "c" in allowed:
        comment = add_comment(study=study, by=person, text=" Is it mg/dL? ", place=" cases ›  p1 ")
        assert (comment.text, comment.place, comment.is_open) == ("Is it mg/dL?", "cases › p1", True)
        assert resolve_comment(comment=said, by=person).resolved_by == person
        assert reopen_comment(comment=said, by=person).is_open
        return
    words = (
        "The study is public: begin a revision" if "r" in allowed else "Only its contributor and reviewers"
    )
    for refused in (
        lambda: add_comment(study=study, by=person, text="No"),
        lambda: resolve_comment(comment=said, by=person),
        lambda: reopen_comment(comment=said, by=person),
    ):
        with pytest.raises(CommentRefused, match=words):
            refused()
    assert ReviewComment.objects.get().is_open


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"text": " \n"}, "Write the comment first"),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"text": "x", "place": "y" * 301}, "at most 300 characters"),
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused_in_words(words: dict[str, str], refusal: str) -> None:
    author = make_person("contributor")
    with pytest.raises(CommentRefused, match=refusal):
        add_comment(study=make_study(State.DRAFT, author), by=author, **words)


def test_what_is_resolved_is_not_resolved_again() -> None:
    author = make_person("contributor")
    comment = make.ReviewCommentFactory(study=make_study(State.DRAFT, author))
    with pytest.raises(CommentRefused, match="is open already"):
        reopen_comment(comment=comment, by=author)
    resolve_comment(comment=comment, by=author)
    with pytest.raises(CommentRefused, match="is resolved already"):
        resolve_comment(comment=comment, by=author)


def test_the_history_tells_who_said_what() -> None:
    author = make_person("contributor")
    comment = add_comment(study=make_study(State.DRAFT, author), by=author, text="Is it mg/dL?")
    resolve_comment(comment=comment, by=author)
    told = [event.pgh_context.metadata["username"] for event in comment.history.select_related("pgh_context")]
    assert told == [author.username] * 2


def test_open_comments_come_first() -> None:
    author = make_person("contributor")
    study = make_study(State.DRAFT, author)
    first, second = (add_comment(study=study, by=author, text=text) for text in ("First", "Second"))
    resolve_comment(comment=first, by=author)
    assert [one.pk for one in comments_on(study, author)] == [second.pk, first.pk]


class TestOnThePage:
    def test_a_returned_study_shows_its_contributor_the_reason_and_the_comments(self) -> None:
        author, reviewer = make_person("contributor"), make_person("reviewer")
        study = make_study(State.IN_REVIEW, author)
        add_comment(study=study, by=reviewer, text="Is it mg/dL?", place="cases › p1 › serum IgG4, week 12")
        workflow.return_study(study=study, by=reviewer, reason="See the comment.", declaration=NO_CONFLICT)
        page = log_in(author).get(change_of(study)).content.decode()
        for words in ("See the comment.", "Is it mg/dL?", "cases › p1 › serum IgG4, week 12", "1 open"):
            assert words in page
        assert "1 open comment" in log_in(author).get(reverse("admin:index")).content.decode()

    def test_a_comment_is_written_resolved_and_opened_again(self) -> None:
        author = make_person("contributor")
        client, study = log_in(author), make_study(State.DRAFT, author)
        address = reverse("admin:evidence_study_comment", args=[study.pk])
        answer = client.post(address, {"text": "Mind the unit", "place": "", "next": "/admin/#comments"})
        assert answer["Location"] == "/admin/#comments"
        comment = study.review_comments.get()
        for step, is_open in (("resolve", False), ("reopen", True)):
            client.post(reverse("admin:evidence_study_comment_step", args=[study.pk, comment.pk, step]))
            comment.refresh_from_db()
            assert comment.is_open == is_open
        told = messages_of(client.post(address, {"text": ""}))
        assert told[-1] == "Write the comment first."

    def test_no_address_leads_away_from_the_site(self) -> None:
        author = make_person("contributor")
        study = make_study(State.DRAFT, author)
        address = reverse("admin:evidence_study_comment", args=[study.pk])
        answer = log_in(author).post(address, {"text": "x", "next": "https://example.org/"})
        assert answer["Location"] == change_of(study)

    @pytest.mark.parametrize("kind", ["contributor", "reviewer", "editor"])
    def test_a_draft_of_another_does_not_exist_for_the_rest(self, kind: str) -> None:
        study = make_study(State.DRAFT, make_person("contributor"))
        comment = make.ReviewCommentFactory(study=study)
        client = log_in(make_person(kind))
        addresses = (
            reverse("admin:evidence_study_comment", args=[study.pk]),
            reverse("admin:evidence_study_comment_step", args=[study.pk, comment.pk, "resolve"]),
        )
        for address in addresses:
            # The admin leads to its front page where an object does not exist.
            assert client.post(address, {"text": "x"}).status_code in (302, 404)
        comment.refresh_from_db()
        assert comment.is_open and study.review_comments.count() == 1

    def test_comments_are_never_public(self) -> None:
        study: Any = make_study(State.PUBLISHED)
        make.ReviewCommentFactory(study=study, text="zzsaid")
        make.ConflictStatementFactory(study=study, has_conflict=True, conflict="zzdeclared")
        for address in (study.get_absolute_url(), f"/api/v1/studies/{study.slug}/"):
            text = log_in(None).get(address).content.decode()
            assert "zzsaid" not in text and "zzdeclared" not in text
        assert Study.objects.published().count() == 1
