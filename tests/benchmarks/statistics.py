"""Median times of the statistics against their targets: `python -m tests.benchmarks.statistics`.

Run as a module: as a script its own name would hide the standard library's. The targets are for a machine with
nothing else to do; a missed one is marked.
"""

import random
import statistics
import time
from collections.abc import Callable
from itertools import product

from comparison.statistics.effects import pool_effects
from comparison.statistics.proportions import pool_proportions
from comparison.statistics.sensitivity import Choice, StudyRow, keep_all, multiverse, with_any, without

PRITZ_EVENTS = [16, 10, 4, 43, 10, 25, 13, 12, 22, 4, 5, 18, 58, 6]
PRITZ_TOTALS = [17, 12, 8, 58, 10, 42, 14, 12, 41, 5, 6, 23, 68, 10]


def median_milliseconds(task: Callable[[], object], repeats: int) -> float:
    """Return the median wall time of a task after one run to warm up."""
    task()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def thousand_studies() -> tuple[list[int], list[int]]:
    """Return a thousand studies of 5 to 200 patients, every total drawn anew, so that few rows are equal."""
    draw = random.Random(1)
    totals = [draw.randint(5, 200) for _ in range(1000)]
    chances = [1 / (1 + 2.718281828 ** -(0.5 + draw.gauss(0, 1))) for _ in totals]
    events = [sum(draw.random() < p for _ in range(total)) for p, total in zip(chances, totals, strict=True)]
    return events, totals


def sixty_universes() -> Callable[[], object]:
    """Return the multiverse of eight studies: 3 x 2 x 2 choices by 5 methods."""
    classes = ["single_arm", "cohort", "cohort", "single_arm", "cohort", "case", "cohort", "single_arm"]
    counts = [(14, 30), (19, 33), (10, 14), (3, 10), (20, 22), (4, 5), (6, 10), (9, 12)]
    rows = [
        StudyRow(f"study-{n}", 2010 + n, *count, flags=frozenset({design, "press" if n == 4 else "paper"}))
        for n, (design, count) in enumerate(zip(classes, counts, strict=True))
    ]
    axes = {
        "design": [
            Choice("all", keep_all),
            Choice("cohort", with_any("cohort")),
            Choice("single_arm", with_any("single_arm")),
        ],
        "basis": [Choice("any", keep_all), Choice("no press", without("press"))],
        "cases": [Choice("in", keep_all), Choice("out", without("case"))],
    }
    methods = ("auto", "exact_total", "glmm", "bayes", "logit_iv")
    assert len(list(product(*axes.values()))) * len(methods) == 60
    return lambda: multiverse(rows, axes, methods, leave_out=False)


def main() -> None:
    """Print a line a task."""
    events, totals = thousand_studies()
    bcg_like = [(-0.9 + 0.1 * n, 0.02 + 0.03 * n) for n in range(13)]
    tasks: list[tuple[str, Callable[[], object], int, float | None]] = [
        ("glmm, 14 studies", lambda: pool_proportions(PRITZ_EVENTS, PRITZ_TOTALS, "glmm"), 200, 5),
        ("glmm, 1,000 studies", lambda: pool_proportions(events, totals, "glmm"), 20, 60),
        ("bayes, 4 studies", lambda: pool_proportions([5, 9, 11, 3], [20, 12, 30, 9], "bayes"), 100, 15),
        ("bayes, 3 studies, all events", lambda: pool_proportions([4, 6, 3], [4, 6, 3]), 100, 15),
        ("bayes, 14 studies", lambda: pool_proportions(PRITZ_EVENTS, PRITZ_TOTALS, "bayes"), 50, None),
        ("REML, 13 contrasts", lambda: pool_effects(*zip(*bcg_like, strict=True)), 200, None),
        ("multiverse, 60 universes", sixty_universes(), 10, 400),
    ]
    print(f"{'task':32}{'median ms':>12}{'target ms':>12}")
    for name, task, repeats, target in tasks:
        took = median_milliseconds(task, repeats)
        late = target is not None and took > target
        print(f"{name:32}{took:12.2f}{'' if target is None else target:>12}{'  missed' if late else ''}")


if __name__ == "__main__":
    main()
