"""Random text, numbers and vocabularies: those that break writers of YAML first of all."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from evidence import choices
from evidence.choices import OCEBM_LEVELS, Design, Domain, OutcomeKind
from evidence.dataset import schema, schema_therapies
from evidence.dataset.schema_therapies import VocabularyRecord
from evidence.dataset.terms import is_printable
from therapies import choices as of_therapies

# What YAML 1.1 takes for something else than text, or writes in its own way.
NASTY = (
    "NO", "no", "yes", "on", "y", "null", "Null", "~", "true", "False", "1e5", "1e-5", "1.5", "-0.0", ".5", ".inf",
    ".nan", "007", "010", "1_000", "0x1F", "0b1", "0o7", "1:30", "12:30:45", "2025-04-03", "2001-12-14t21:59:43Z",
    "=", "<<", "---", "...", "- a", "-", "?", "? a", ":", "a: b", "a :b", "a:", "#", "# a", "a # b", "a#b", "'", '"',
    "''", '""', "it's", "\\", "trailing \\", "\\n", "{a}", "{", "[x]", "]", ", a", "*x", "&x", "!x", "!!str", "%x",
    "@x", "`x", "|", ">", ">-", "|+", "a\nb", "a\n\nb", "a\n  indented\nb", "a \nb", "a\n\tb", "# a\n# b", "- a\n- b",
    "tab\tinside", "a\u00a0b", "zero\u200bwidth", "\u202eright to left", "é ≥ ± 𝔘 👩\u200d⚕️", "İi̇ß", "\ud7ff\ue000",
    "word " * 60 + "end", "x" * 300, "a  double  space " * 12 + "b", "colon: " * 30 + "end", "100% {of} 'n' # \"all\"",
)  # fmt: skip

SLUG_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
slugs = st.builds(
    str.__add__,
    st.sampled_from(SLUG_LETTERS),
    st.text(alphabet=SLUG_LETTERS + "-_", max_size=8),
) | st.sampled_from(["no", "yes", "null", "1e5", "007", "1-2", "a-b", "a", "a_b", "a-", "true", "0x1f"])  # fmt: skip

_characters = st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t")


def texts(longest: int = 400) -> SearchStrategy[str]:
    """Text as a record takes it: not empty, no control character, no white space around."""
    nasty = st.sampled_from([text for text in NASTY if len(text) <= longest])
    found = st.text(_characters, min_size=1, max_size=min(longest, 30)).map(str.strip)
    return st.one_of(nasty, found.filter(lambda text: bool(text) and is_printable(text)))


text, label, word = texts(), texts(120), texts(40)
addresses = st.sampled_from(
    [
        "https://example.org/a",
        "http://x.y/?q=%22a%22#b",
        "https://a/é",
        "https://[::1]/",
        "https://a.b/c:d,e{f}'g\"|>",
    ]
)
extreme = st.sampled_from(
    [5e-324, -5e-324, 0.1 + 0.2, -0.0, 1e-7, 1 / 3, 123456789.125, 999999999999.0, 1e11, 1e5, 2.0]
)
figures = st.floats(-1e11, 1e11) | extreme | st.integers(-1000, 1000).map(float)
positive = st.integers(1, 2_000_000_000)
weeks = st.integers(0, 2600)
relative_weeks = st.integers(-5200, 5200)


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


def of(words: Any) -> SearchStrategy[str]:
    return st.sampled_from(words.values)


def some(values: list[str], least: int = 0) -> SearchStrategy[list[str]]:
    """Some of the values, each once, in any order."""
    return (
        st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True) if values else st.just([])
    )


def rows(strategy: SearchStrategy[Any], most: int = 3) -> SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=most)


@composite
def interval(draw: DrawFn, of_figure: SearchStrategy[float] = figures) -> dict[str, float | None]:
    """low, figure and high in order; the bounds may both be absent."""
    low, value, high = sorted(draw(st.tuples(of_figure, of_figure, of_figure)))
    bounded = draw(st.booleans())
    return {"low": low if bounded else None, "value": value, "high": high if bounded else None}


def sourced() -> dict[str, SearchStrategy[Any]]:
    return {
        "definition": maybe(text),
        "locator": text,
        "derived": maybe(text),
        "basis": maybe(of(choices.Basis)),
        "read_at": maybe(addresses),
        "note": maybe(text),
    }


@composite
def record(draw: DrawFn, kind: Any, /, **fields: SearchStrategy[Any]) -> Any:
    """A record of a kind from strategies for its fields."""
    return kind(**{name: draw(strategy) for name, strategy in fields.items()})


@composite
def terms(draw: DrawFn, kind: Any, /, **fields: SearchStrategy[Any]) -> list[Any]:
    """Rows of a vocabulary, each slug and name once."""
    found = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    names = draw(st.lists(label, min_size=len(found), max_size=len(found), unique=True))
    return [
        kind(slug=slug, name=name, **{key: draw(strategy) for key, strategy in fields.items()})
        for slug, name in zip(found, names, strict=True)
    ]


@composite
def vocabularies(draw: DrawFn) -> VocabularyRecord:
    """The closed lists of the code, and open ones with a proportion and a quantity at least."""
    outcomes = draw(
        terms(
            schema_therapies.OutcomeRecord,
            domain=of(Domain),
            kind=st.just("proportion"),
            better=of(choices.Better),
        )
    )
    quantity = schema_therapies.OutcomeRecord(
        slug="quantity_of",
        name="The quantity",
        domain="biomarker",
        kind="quantity",
        unit=draw(texts(30)),
        better="lower",
    )
    closed = [("domains", Domain), ("drug_classes", of_therapies.DrugClass), ("places", of_therapies.Place)]
    return VocabularyRecord(
        designs=[
            schema_therapies.DesignTermRecord(slug=slug, level=OCEBM_LEVELS[slug]) for slug in Design.values
        ],
        outcomes=[*outcomes, quantity],
        organs=draw(terms(schema_therapies.TermRecord)),
        comorbidities=draw(terms(schema_therapies.TermRecord)),
        analytes=draw(
            terms(schema_therapies.AnalyteRecord, unit=texts(30), upper_normal=maybe(st.floats(5e-324, 1e11)))
        ),
        actions=list(of_therapies.Action.values),
        agencies=list(of_therapies.Agency.values),
        **{
            name: [schema_therapies.ClosedTermRecord(slug=slug) for slug in words.values]
            for name, words in closed
        },
    )


class Names:
    """What the parts of a set may name."""

    def __init__(
        self, vocabulary: VocabularyRecord, therapies: list[str], papers: list[tuple[str | None, str | None]]
    ) -> None:
        self.proportions = [row.slug for row in vocabulary.outcomes if row.kind == OutcomeKind.PROPORTION]
        self.quantities = [row.slug for row in vocabulary.outcomes if row.kind == OutcomeKind.QUANTITY]
        self.outcomes = [row.slug for row in vocabulary.outcomes]
        self.organs = [row.slug for row in vocabulary.organs]
        self.comorbidities = [row.slug for row in vocabulary.comorbidities]
        self.analytes = [row.slug for row in vocabulary.analytes]
        self.therapies = therapies
        # DOI and PMID of each publication, either or both.
        self.papers = papers
        self.identifiers = [doi or pmid for doi, pmid in papers if doi or pmid]


def regimens(
    names: Names, kind: Any = schema.RegimenRecord, **fields: SearchStrategy[Any]
) -> SearchStrategy[Any]:
    dose = st.floats(5e-324, 9e8) | st.integers(1, 5000).map(float)
    doses = st.tuples(dose, texts(30)) | st.tuples(st.none(), maybe(texts(30)))
    return doses.flatmap(
        lambda pair: record(
            kind,
            therapy=st.sampled_from(names.therapies),
            agent=maybe(texts(80)),
            dose=st.just(pair[0]),
            unit=st.just(pair[1]),
            route=maybe(texts(60)),
            schedule=maybe(text),
            **fields,
        )
    )


@composite
def arms(draw: DrawFn, names: Names) -> list[Any]:
    """Arms of which the first is no comparator: each comparator has something to be compared with."""
    found = draw(st.lists(slugs, max_size=3, unique=True))
    roles = [choices.ArmRole.EXPERIMENTAL.value, *(draw(of(choices.ArmRole)) for _ in found[1:])]
    return [
        draw(
            record(
                schema.ArmRecord,
                slug=st.just(slug),
                label=texts(160),
                role=st.just(role),
                n=maybe(positive),
                regimen=st.lists(regimens(names), min_size=1, max_size=2),
                background_glucocorticoid=of(choices.BackgroundGlucocorticoid),
                baseline=st.dictionaries(slugs, figures, max_size=3),
            )
        )
        for slug, role in zip(found, roles, strict=False)
    ]
