"""What is pasted into the form: a citation into its fields, a block of measurements into rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.desk.fields import CITATION
from evidence.desk.figures import written
from evidence.desk.payload import Payload
from evidence.desk.terms import Vocabulary
from evidence.measurement_block import NamedAnalyte, Row, read_block
from evidence.units import UnitRefused, convert
from literature.formats import vancouver
from literature.models import Citation
from literature.services import PasteOutcome, citation_from_paste


@dataclass(frozen=True)
class Pasted:
    """The form after a paste, with what to say about it."""

    payload: dict[str, Any]
    # What was taken, in a line.
    taken: str = ""
    # What was not, or needs a look, each with what to do.
    faults: tuple[str, ...] = field(default_factory=tuple)


def paste_citation(payload: Payload) -> Pasted:
    """Fill the paper's fields from what stands in the paste box: read, looked up, or known already.

    Where a look-up gives nothing the identifiers that were typed stand in their fields, and the advice says why.
    """
    outcome = citation_from_paste(text=_box(payload, "citation"))
    citation = outcome.citation
    if citation is None:
        return Pasted(dict(payload), faults=outcome.faults)
    fields = {**_blank(CITATION), **citation_fields(citation)}
    changed = {**payload, "citation": fields, "paste": {**_boxes(payload), "citation": ""}}
    named = vancouver(citation) if citation.title else citation.doi or citation.pmid or citation.pmcid
    return Pasted(changed, f"Taken: {named}", tuple(_words_on(outcome)))


def _words_on(outcome: PasteOutcome) -> list[str]:
    words = [outcome.advice] if outcome.advice else []
    if outcome.papers:
        words += outcome.papers[0].faults
    if outcome.known is not None:
        words.append("The Atlas knows this paper: its citation is taken as it is kept.")
    if outcome.others:
        words.append(f"{len(outcome.others)} more papers were in the box: the first is taken.")
    return words


def citation_fields(citation: Citation) -> dict[str, str]:
    """A citation as the form's fields show it."""
    texts = ("title", "journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "url")
    return {
        **{name: str(getattr(citation, name) or "") for name in texts},
        "type": str(citation.csl_type or ""),
        "authors": "; ".join(citation.authors or []),
        "year": "" if citation.year is None else str(citation.year),
        "authors_incomplete": "" if citation.authors_complete else "yes",
        "year_inferred": "yes" if citation.year_inferred else "",
    }


def paste_measurements(payload: Payload, vocabulary: Vocabulary) -> Pasted:
    """Add the rows of a pasted block behind those that are there; nothing is taken while a line cannot be read."""
    beside = [
        NamedAnalyte(slug, name, vocabulary.units.get(slug, ""))
        for slug, name in vocabulary.analytes.names.items()
    ]
    block = read_block(_box(payload, "measurements"), beside=beside)
    if block.faults:
        return Pasted(dict(payload), faults=tuple(f"{fault}" for fault in block.faults))
    if not block.rows:
        return Pasted(dict(payload), faults=("The box holds no measurement.", *block.left_out))
    rows = [row for row in payload.get("measurements") or [] if isinstance(row, Mapping)]
    last = max((int(row["row"]) for row in rows if str(row.get("row", "")).isdecimal()), default=0)
    added = [
        {
            "row": str(number),
            "week": str(row.week),
            "analyte": vocabulary.analytes.written(row.analyte),
            **_figure_cells(row, vocabulary.units.get(row.analyte, "")),
        }
        for number, row in enumerate(block.rows, start=last + 1)
    ]
    changed = {
        **payload,
        "measurements": [*rows, *added],
        "paste": {**_boxes(payload), "measurements": ""},
    }
    notes = [f"Line {row.line}: {note}." for row in block.rows for note in row.notes]
    count = f"{len(added)} measurement{'' if len(added) == 1 else 's'}"
    return Pasted(changed, f"Taken: {count}.", (*notes, *(f"{words}." for words in block.left_out)))


def _figure_cells(row: Row, own: str) -> dict[str, str]:
    """Value and unit as pasted where the form turns them to the same figure, else as they are kept.

    They differ where the block named an agent in place of the analyte: "methylprednisolone 40 mg".
    """
    try:
        again = convert(row.analyte, row.value, row.unit, own_unit=own)
    except UnitRefused:
        again = None
    if again == row.converted:
        return {"value": row.value, "unit": row.unit, "as_reported": row.converted.as_reported or ""}
    return {
        "value": written(row.converted.value),
        "unit": own,
        "as_reported": row.converted.as_reported or "",
    }


def _boxes(payload: Payload) -> dict[str, str]:
    boxes = payload.get("paste")
    return dict(boxes) if isinstance(boxes, Mapping) else {}


def _box(payload: Payload, name: str) -> str:
    return str(_boxes(payload).get(name, ""))


def _blank(group: Any) -> dict[str, str]:
    return {each.name: "" for each in group.fields}
