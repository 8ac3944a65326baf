"""What looks odd and may be right: told, and let stand for a reason."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evidence.desk.fields import CASE, GROUPS, STUDY, Group, Kind, page_name
from evidence.desk.figures import sentence
from evidence.desk.payload import Payload, raws_of, rows_of
from evidence.desk.reading import Reading
from evidence.privacy import identifying
from evidence.reporting_rules import cautions_of
from evidence.units import doubts as unusual
from evidence.units import week_doubts

# What readers of the public pages will read, typed freely.
_FREE_TEXT = frozenset({Kind.TEXT, Kind.LONG_TEXT})
# Where numbers and names of places belong.
_NOT_OF_A_PATIENT = frozenset({"label", "funding"})


@dataclass(frozen=True)
class Doubt:
    """One doubt about one field, and why it stands, where somebody said so."""

    code: str
    field: str
    words: str
    # What was doubted: another value is another doubt.
    about: str
    # Whether the case cannot be entered before it is answered.
    must_be_answered: bool = False
    reason: str = ""
    # How the page calls the field.
    label: str = ""

    @property
    def key(self) -> str:
        """The name by which the page answers it."""
        return f"{self.code}-{self.field}-{zlib.crc32(self.about.encode()):08x}"


def doubts_of(reading: Reading, payload: Payload) -> list[Doubt]:
    """Every doubt about what the form says, with the reasons given so far; what identifies comes first."""
    given = payload.get("confirmed")
    confirmed = given if isinstance(given, dict) else {}
    found = [*_identifying(payload), *_unusual(reading), *_cautions(reading)]
    return [replace(doubt, reason=str(confirmed.get(doubt.key, ""))) for doubt in found]


def _identifying(payload: Payload) -> Iterator[Doubt]:
    """What in free text could identify a patient, one doubt a field and kind."""
    for name, text in _free_texts(payload):
        kinds: dict[str, list[str]] = {}
        whys: dict[str, str] = {}
        for hint in identifying(text):
            kinds.setdefault(hint.kind, []).append(hint.excerpt)
            whys[hint.kind] = hint.why
        for kind, excerpts in kinds.items():
            quoted = "; ".join(f"“{excerpt}”" for excerpt in excerpts)
            words = f"{quoted}: {whys[kind]}."
            yield Doubt(f"identifying_{kind}", name, words, quoted, must_be_answered=True)


def _free_texts(payload: Payload) -> Iterator[tuple[str, str]]:
    for group in (STUDY, CASE):
        raws = raws_of(payload, group)
        for name in _free_fields(group):
            yield page_name(group.name, name), raws[name]
    for table in GROUPS.values():
        if table.row:
            for row, raws in rows_of(payload, table):
                for name in _free_fields(table):
                    yield page_name(table.name, name, row), raws[name]


def _free_fields(group: Group) -> list[str]:
    return [
        field.name
        for field in group.fields
        if field.kind in _FREE_TEXT and field.name not in _NOT_OF_A_PATIENT
    ]


def _unusual(reading: Reading) -> Iterator[Doubt]:
    """Figures and weeks that are far from the usual."""
    if reading.case is None:
        return
    keys = reading.rows.get("measurements", [])
    for row, record in zip(keys, reading.case.measurements, strict=True):
        for words in unusual(record.analyte, record.value):
            about = f"{record.analyte} {record.value}"
            yield Doubt("unusual_value", page_name("measurements", "value", row), sentence(words), about)
        for words in week_doubts(record.week):
            yield Doubt("far_week", page_name("measurements", "week", row), sentence(words), str(record.week))


def _cautions(reading: Reading) -> Iterator[Doubt]:
    """What the rules of reporting would look at again, of this patient and of the study as a whole."""
    if reading.study is None:
        return
    own = f"cases[{reading.case_index}]"
    for broken in cautions_of(reading.study):
        if re.match(r"cases\[\d+\]", broken.path) and not re.match(re.escape(own) + r"(\.|$)", broken.path):
            continue
        yield Doubt(broken.rule, reading.page_of(broken.path), sentence(broken.message), broken.message)
