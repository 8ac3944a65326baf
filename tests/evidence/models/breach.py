"""What a breach of a named constraint is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests import factories as made

Insert = Callable[[], object]


@dataclass(frozen=True)
class Breach:
    """An insert that the database must refuse, naming the constraint."""

    constraint: str
    insert: Insert


def of(factory: Any, **values: Any) -> Insert:
    """A row that is valid but for these values. Callables are asked when the row is made."""
    return lambda: factory(**{name: value() if callable(value) else value for name, value in values.items()})


def twice(factory: Any, *same: str, **values: Any) -> Insert:
    """Two rows that agree in these fields."""

    def insert() -> None:
        first = factory(**values)
        factory(**{**values, **{name: getattr(first, name) for name in same}})

    return insert


def a_user() -> Any:
    return made.UserFactory()
