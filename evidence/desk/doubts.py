"""What looks odd and may be right: told, and let stand for a reason."""

import zlib
from dataclasses import dataclass, replace

from evidence.desk.payload import Payload
from evidence.desk.reading import Reading
from evidence.desk.terms import Vocabulary


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


def doubts_of(reading: Reading, payload: Payload, vocabulary: Vocabulary) -> list[Doubt]:
    """Every doubt about what the form says, with the reasons given so far."""
    confirmed = payload.get("confirmed") or {}
    found: list[Doubt] = []
    return [replace(doubt, reason=str(confirmed.get(doubt.key, ""))) for doubt in found]
