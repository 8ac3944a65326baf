"""What stands on every answer: whose data it is and what it is not."""

LICENCE = "CC-BY-4.0"
DISCLAIMER = (
    "An evidence summary for professionals, not advice for a patient. Figures are as the cited papers report them; "
    "read the source before acting on one."
)
