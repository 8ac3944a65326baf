"""Accept-Encoding as RFC 9110 reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.encodings import OFFERED, accepted_encodings


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", ("identity",)),
        ("identity", ("identity",)),
        ("gzip", ("gzip", "identity")),
        ("gzip, deflate, br", ("br", "gzip", "identity")),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
        ("br;q=0, gzip", ("gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("gzip, *;q=0", ("gzip",)),
        ("*;q=0", ("identity",)),
        ("identity;q=1, gzip;q=0.5", ("identity", "gzip")),
        ("GZIP", ("gzip", "identity")),
        ("zstd", ("identity",)),
        ("gzip;q=nonsense", ("gzip", "identity")),
        ("gzip;q=7", ("gzip", "identity")),
        (" , ;q=1, gzip", ("gzip", "identity")),
    ],
)
def test_the_best_encoding_comes_first(header: str, accepted: tuple[str, ...]) -> None:
    assert accepted_encodings(header) == accepted


@given(st.text(max_size=80))
def test_any_header_leads_to_something_on_offer(header: str) -> None:
    accepted = accepted_encodings(header)
    assert accepted
    assert set(accepted) <= set(OFFERED)
    assert len(set(accepted)) == len(accepted)
