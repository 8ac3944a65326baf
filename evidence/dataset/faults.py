"""What is wrong with a data set, told one line a fault."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the place in it, and what is wrong there."""

    file: str
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.what}" if self.path else f"{self.file}: {self.what}"


@dataclass
class Faults:
    """The faults found so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, file: str, path: str, what: str) -> None:
        """Note a fault and go on: a curator wants all of them at once."""
        self.found.append(Fault(file, path, " ".join(what.split())))

    def __bool__(self) -> bool:
        return bool(self.found)


class InvalidDataSet(Exception):
    """The set has faults; nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
