"""Random reports of one patient, such as the form can hold."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from evidence import choices
from evidence.dataset import schema
from evidence.dataset.schema import StudyRecord
from evidence.dataset.schema_therapies import VocabularyRecord
from evidence.desk.terms import Terms, Vocabulary
from literature.choices import CitationType
from tests.evidence.dataset.random_sets import cases
from tests.evidence.dataset.strategies import (
    Names,
    addresses,
    label,
    maybe,
    of,
    positive,
    record,
    slugs,
    text,
    texts,
    vocabularies,
    weeks,
    word,
)

# The form parts authors by semicolons and lines.
authors = text.filter(lambda name: ";" not in name and "\n" not in name)


@composite
def reports(draw: DrawFn) -> tuple[StudyRecord, Names, VocabularyRecord]:
    """A study of one patient with its paper, and the vocabulary that it speaks."""
    words = draw(vocabularies())
    therapies = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    names = Names(words, therapies, [])
    year = draw(maybe(st.integers(1800, 2100)))
    citation = draw(
        record(
            schema.CitationRecord,
            role=st.just("primary"),
            type=of(CitationType),
            title=text,
            authors=st.lists(authors, max_size=3),
            authors_complete=st.booleans(),
            journal=maybe(text),
            year=st.just(year),
            year_inferred=st.just(False) if year is None else st.booleans(),
            volume=maybe(texts(30)),
            issue=maybe(texts(30)),
            pages=maybe(word),
            doi=maybe(st.just("10.1000/desk")),
            pmid=maybe(st.just("123")),
            pmcid=maybe(st.just("PMC123")),
            url=maybe(addresses),
        )
    )
    study = draw(
        record(
            StudyRecord,
            slug=slugs,
            label=label,
            design=of(choices.Design),
            countries=st.lists(st.sampled_from(["JP", "US", "IT"]), max_size=2, unique=True),
            centres=maybe(positive),
            enrolled=maybe(positive),
            follow_up_weeks=maybe(weeks),
            criteria=maybe(text),
            population=maybe(text),
            summary=text,
            basis=of(choices.Basis),
            read_at=addresses,
            funding=maybe(text),
            notes=maybe(text),
            citations=st.just([citation]),
            cases=cases(names, "patient-1").map(lambda case: [case]),
        )
    )
    return study, names, words


def vocabulary_of(words: VocabularyRecord, therapies: Any = ()) -> Vocabulary:
    """The vocabulary as the form has it; therapies go by their slugs where they have no names."""
    return Vocabulary(
        therapies=_AnyTerms("therapies", dict(therapies)),
        organs=Terms("organs", {row.slug: row.name for row in words.organs}),
        comorbidities=Terms("diseases listed", {row.slug: row.name for row in words.comorbidities}),
        analytes=Terms("measurements listed", {row.slug: row.name for row in words.analytes}),
        units={row.slug: row.unit for row in words.analytes},
    )


class _AnyTerms(Terms):
    """Terms that are all known by their slug."""

    def find(self, text: str) -> str | None:
        """Any slug."""
        return super().find(text) or text.strip()
