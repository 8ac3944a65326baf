"""What can be wrong with a query, and the exception that refuses it."""

import http
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rest_framework import exceptions

# A client may branch on these; about:blank says no more than the status does.
GENERIC = "about:blank"
UNKNOWN_PARAMETER = "urn:igg4rd-atlas:problem:unknown-parameter"
INVALID_PARAMETER = "urn:igg4rd-atlas:problem:invalid-parameter"
UNUSABLE_BODY = "urn:igg4rd-atlas:problem:unusable-body"
# A longer value is cut in the answer that refuses it.
LONGEST_ECHO = 80


@dataclass(frozen=True)
class Fault:
    """What is wrong with one query parameter."""

    parameter: str
    detail: str
    value: str | None = None
    # The closed list that the value must come from; None where there is none.
    allowed: tuple[str, ...] | None = None
    # The nearest parameter or value that exists.
    suggestion: str | None = None
    unknown_parameter: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The fault as the answer's ``errors`` tell it, without what does not apply."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        told.pop("unknown_parameter")
        return told


class RefusedQuery(exceptions.APIException):
    """400: query parameters that are unknown, repeated or out of range; all of them at once."""

    status_code = http.HTTPStatus.BAD_REQUEST
    default_code = "invalid"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.detail for fault in self.faults))

    @property
    def type(self) -> str:
        """The problem's type: an unknown parameter, where all faults are that, else an invalid one."""
        return (
            UNKNOWN_PARAMETER if all(fault.unknown_parameter for fault in self.faults) else INVALID_PARAMETER
        )


class RefusedBody(exceptions.APIException):
    """A body that cannot be read at all: of another kind, too large, or not JSON."""

    default_code = "invalid"
    type = UNUSABLE_BODY

    def __init__(self, status: int, detail: str) -> None:
        self.status_code = status
        super().__init__(detail)


def echo(value: str) -> str:
    """A value as an answer may repeat it: short, and without what a terminal or log would act on."""
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value)
    return printable if len(printable) <= LONGEST_ECHO else f"{printable[:LONGEST_ECHO]}…"
