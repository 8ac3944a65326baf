"""The evidence matrix as JSON and CSV: the overview's cells, each with its figure, its source and the way on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from comparison import matrix
from comparison.assembly import assemble
from comparison.result import CitationLabel, as_json
from evidence.choices import Domain
from foundation.api.answers import answer_schema
from foundation.api.faults import Fault, RefusedQuery, echo
from foundation.api.meta import meta_of
from foundation.api.renderers import CSVRenderer, JSONRenderer
from foundation.api.views import PublicView
from foundation.filters import nearest
from foundation.pieces import Quantity, Share, Source
from therapies.models import Therapy


@dataclass(frozen=True)
class MatrixFigure:
    """One study's own figure, or single patients counted together: x of n, or a mean or median, never both."""

    outcome: str
    week: int | None
    definition: str | None
    events: int | None = None
    total: int | None = None
    proportion: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    statistic: str | None = None
    spread: str | None = None
    value_low: float | None = None
    value_high: float | None = None
    sd: float | None = None
    n: int | None = None
    unit: str | None = None
    as_reported: str | None = None


@dataclass(frozen=True)
class MatrixSource:
    """Where the figure was read."""

    study: str
    basis: str
    locator: str
    read_at: str
    derived: str | None
    citation: CitationLabel


@dataclass(frozen=True)
class MatrixFinding:
    """What a study tells in words: which outcome went which way."""

    outcome: str
    direction: str
    study: str
    basis: str
    locator: str


@dataclass(frozen=True)
class MatrixCell:
    """A therapy in one domain. No figure and no finding: no evidence, which is not zero."""

    therapy: str
    domain: str
    # That tell of the domain, in figures or in words.
    studies: int
    # Of the figure, else of the strongest study that tells in words.
    design: str | None
    ocebm_level: int | None
    figure: MatrixFigure | None
    # None: single patients counted together, or no figure.
    source: MatrixSource | None
    # Patients counted together, where nothing stronger exists.
    cases: int
    findings: tuple[MatrixFinding, ...]
    more_findings: int
    # The comparison that the cell opens.
    comparison: str | None


@dataclass(frozen=True)
class MatrixRow:
    """A therapy across the domains."""

    therapy: str
    name: str
    place: str
    studies: int
    cells: tuple[MatrixCell, ...]


_FIGURE = tuple(part.name for part in fields(MatrixFigure))
COLUMNS = (
    *("therapy", "domain", "studies", "design", "ocebm_level", *_FIGURE, "cases"),
    *("source.study", "source.basis", "source.locator", "source.citation.label", "source.citation.doi"),
    *("source.citation.pmid", "findings", "more_findings", "comparison"),
)


class MatrixView(PublicView):
    """The evidence matrix: for each therapy and domain the strongest figure, what is told in words, or no evidence."""

    renderer_classes = (JSONRenderer, CSVRenderer)
    parameters = ("therapy", "domain")
    repeatable = ("therapy", "domain")
    parameter_texts = {
        "therapy": "Slug of a therapy; without it, the letter's five and every other with evidence.",
        "domain": f"One of {', '.join(Domain.values)}; without it, all.",
    }
    answer_schema = answer_schema("", domains=list[str], rows=list[MatrixRow])
    file_name = "matrix"

    def csv_columns(self) -> list[str]:
        """One row a cell."""
        return list(COLUMNS)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The strongest figure of each therapy and domain: one study's own, never a pool."""
        therapies = list(Therapy.objects.all())
        allowed = {
            "therapy": [each.slug for each in therapies if not each.is_control],
            "domain": Domain.values,
        }
        asked = _asked(request, allowed)
        domains = asked["domain"] or Domain.values
        built = matrix.build(assemble(therapies, of=asked["therapy"]), asked["therapy"])
        rows = [_row(row, domains) for row in built]
        if self.wants_csv():
            return Response([_flat(cell) for row in rows for cell in row.cells])
        ordered = [domain for domain in Domain.values if domain in domains]
        return Response({"domains": ordered, "rows": as_json(rows), "meta": meta_of(request)})


def _asked(request: Request, allowed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The values of each parameter. Raises RefusedQuery that names every one not allowed."""
    values = {name: request.query_params.getlist(name) for name in allowed}
    faults = [
        _refused(name, value, allowed[name])
        for name, given in values.items()
        for value in given
        if value not in allowed[name]
    ]
    if faults:
        raise RefusedQuery(faults)
    return values


def _refused(name: str, value: str, allowed: Sequence[str]) -> Fault:
    detail = f"{name} does not take {echo(value)!r} here."
    return Fault(name, detail, echo(value), tuple(allowed), nearest(value, allowed))


def _row(row: matrix.Row, domains: Sequence[str]) -> MatrixRow:
    cells = tuple(_cell(row.slug, cell) for cell in row.cells if cell.domain in domains)
    return MatrixRow(row.slug, row.name, row.place, row.studies, cells)


def _cell(therapy: str, cell: matrix.Cell) -> MatrixCell:
    return MatrixCell(
        therapy=therapy,
        domain=cell.domain,
        studies=cell.studies,
        design=cell.design or None,
        ocebm_level=cell.level,
        figure=_figure(cell),
        source=_source(cell.study, cell.source) if cell.source is not None else None,
        cases=cell.cases,
        findings=tuple(
            MatrixFinding(
                word.outcome_slug, word.direction, word.study, word.source.basis, word.source.locator
            )
            for word in cell.words
        ),
        more_findings=cell.more_words,
        comparison=f"/api/v1/comparisons/{cell.url[len('/compare/') :]}" if cell.url else None,
    )


def _figure(cell: matrix.Cell) -> MatrixFigure | None:
    if cell.share is not None:
        return _of_share(cell.outcome_slug, cell.share)
    return _of_quantity(cell.outcome_slug, cell.quantity) if cell.quantity is not None else None


def _of_share(outcome: str, share: Share) -> MatrixFigure:
    return MatrixFigure(
        outcome,
        share.week,
        share.definition or None,
        share.events,
        share.total,
        share.share,
        share.low,
        share.high,
    )


def _of_quantity(outcome: str, quantity: Quantity) -> MatrixFigure:
    return MatrixFigure(
        outcome,
        quantity.week,
        quantity.definition or None,
        value=_float(quantity.value),
        statistic=quantity.statistic or None,
        spread=quantity.spread or None,
        value_low=_float(quantity.low),
        value_high=_float(quantity.high),
        sd=_float(quantity.sd),
        n=quantity.n,
        unit=quantity.unit or None,
        as_reported=quantity.as_reported or None,
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _source(study: str, source: Source) -> MatrixSource:
    citation = CitationLabel(source.label, source.doi or None, source.pmid or None, source.retracted)
    return MatrixSource(study, source.basis, source.locator, source.read_at, source.derived or None, citation)


def _flat(cell: MatrixCell) -> dict[str, Any]:
    """A cell as a row of the CSV; an empty cell there is not zero."""
    plain = as_json(cell)
    figure = plain["figure"] or dict.fromkeys(_FIGURE)
    told = [f"{finding.outcome}: {finding.direction} ({finding.study})" for finding in cell.findings]
    return {**plain, **figure, "findings": told}
