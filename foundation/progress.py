"""Work that takes a while, and a page that tells how far it is while it runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.db import connection

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Progress for nobody."""


@dataclass(frozen=True)
class Step:
    """How far the work is."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class Finished:
    """What the work came to, or the error that ended it."""

    value: Any = None
    error: Exception | None = None


def steps_of(work: Callable[[Progress], Any]) -> Iterator[Step | Finished]:
    """Run work in a thread of its own; answers its steps as they come, and last what it came to.

    The thread has its own database connection. It runs to its end even where nobody waits for it any more: what it
    does is one transaction, which is then whole.
    """
    told: SimpleQueue[Step | Finished] = SimpleQueue()

    def run() -> None:
        try:
            told.put(Finished(work(lambda name, done, total: told.put(Step(name, done, total)))))
        except Exception as error:  # handed to whoever waits
            told.put(Finished(error=error))
        finally:
            connection.close()

    Thread(target=run, name="work with progress").start()
    while True:
        step = told.get()
        yield step
        if isinstance(step, Finished):
            return
