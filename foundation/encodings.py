"""Which content encodings a client accepts (RFC 9110, section 12.5.3)."""

IDENTITY = "identity"
# Ours to offer, smallest first.
OFFERED = ("br", "gzip", IDENTITY)


def accepted_encodings(header: str) -> tuple[str, ...]:
    """Of the encodings on offer those that an Accept-Encoding header accepts, best first; never empty.

    Identity is acceptable unless refused; a client that refuses everything gets it all the same, since an answer is
    of more use than a 406.
    """
    weights: dict[str, float] = {}
    for token in header.lower().split(","):
        name, _, parameters = token.strip().partition(";")
        if name.strip():
            weights[name.strip()] = _weight(parameters)
    anything_else = weights.get("*", 0.0)
    accepted = [
        (weights.get(name, anything_else), -rank, name)
        for rank, name in enumerate(OFFERED)
        if name != IDENTITY
    ]
    best = [name for weight, _, name in sorted(accepted, reverse=True) if weight > 0]
    identity_refused = weights.get(IDENTITY, weights.get("*", 1.0)) == 0
    preferred_plain = weights.get(IDENTITY, 0.0) > max((weight for weight, _, _ in accepted), default=0.0)
    if preferred_plain:
        return (IDENTITY, *best)
    return tuple(best) if best and identity_refused else (*best, IDENTITY)


def _weight(parameters: str) -> float:
    """The q of one encoding: 1 where it is absent or cannot be read."""
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0
