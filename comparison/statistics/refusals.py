"""Answers that statistics must not give, as typed exceptions with a reason fit to be shown."""


class Refusal(ValueError):
    """The numbers are valid but do not support the answer asked for.

    A wrong input is a plain ValueError; a Refusal is shown to the reader in place of the estimate.
    `reason` is a clause in British English, without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotConverged(Refusal):
    """A likelihood has no finite maximum, or the search for it did not settle."""


class NoInformation(Refusal):
    """The arms of a study carry no information on the effect asked for, as when neither arm had an event."""


class TooFewPatients(Refusal):
    """There are too few patients or events for a curve that would not mislead."""
