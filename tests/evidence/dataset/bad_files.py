"""Files that are no YAML, no text, no file, or not in their place."""

import os
from pathlib import Path

from tests.evidence.dataset.bad import STUDY, Bad, updated, written


def a_pipe(data: Path) -> None:
    (data / STUDY).unlink()
    os.mkfifo(data / STUDY)


def a_folder(data: Path) -> None:
    (data / STUDY).unlink()
    (data / STUDY).mkdir()


def a_loop(data: Path) -> None:
    (data / STUDY).unlink()
    (data / STUDY).symlink_to(data / STUDY)


def a_huge_file(data: Path) -> None:
    with (data / STUDY).open("ab") as file:
        file.truncate(50 * 1024 * 1024)


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 9)}]" for level in range(20)
)

YAML_FAULTS = [
    Bad("broken YAML", written(STUDY, "slug: [carruthers-2015"), rf"{STUDY}: is no valid YAML: line \d+: .+"),
    Bad("a tab", written(STUDY, "slug:\n\t- x"), rf"{STUDY}: is no valid YAML: line 2: .+"),
    Bad(
        "a stray byte",
        written(STUDY, "slug: caf\u00e9".encode("latin-1")),
        rf"{STUDY}: is not UTF-8 \(byte 9\)",
    ),
    Bad("UTF-16", written(STUDY, "slug: x".encode("utf-16")), rf"{STUDY}: is not UTF-8 \(byte 0\)"),
    Bad("a NUL", written(STUDY, "slug: a\x00b"), rf"{STUDY}: is no valid YAML: .+"),
    Bad("50 MB", a_huge_file, rf"{STUDY}: has 52,428,800 bytes; 2,097,152 is the most a file may have"),
    Bad(
        "a key twice",
        written(STUDY, "slug: a\nlabel: b\nslug: c"),
        rf"{STUDY}: .+ line 3: key 'slug' stands twice",
    ),
    Bad("a list as key", written(STUDY, "? [a]\n: b"), rf"{STUDY}: .+ line 1: a key is a word, not a list"),
    Bad(
        "an alias",
        written(STUDY, "a: &a b\nc: *a"),
        rf"{STUDY}: line 2: YAML aliases \(\*name\) are not used here",
    ),
    Bad("an alias bomb", written(STUDY, ALIASES), rf"{STUDY}: line 2: YAML aliases .+"),
    Bad(
        "a tag",
        written(STUDY, "a: !!python/object:os.system x"),
        rf"{STUDY}: line 1: YAML tags .+ are not used here",
    ),
    Bad(
        "an explicit number",
        written(STUDY, "a: !!int x"),
        rf"{STUDY}: line 1: YAML tags .+ are not used here",
    ),
    Bad(
        "10,000 levels", written(STUDY, "[" * 10_000), rf"{STUDY}: line 1: is nested more than 20 levels deep"
    ),
    Bad(
        "10,000 levels of keys",
        written(STUDY, "? " * 10_000),
        rf"{STUDY}: line 1: is nested more than 20 levels.+",
    ),
    Bad("two documents", written(STUDY, "a: b\n---\nc: d"), rf"{STUDY}: is no valid YAML: .+"),
    Bad("an empty file", written(STUDY, ""), rf"{STUDY}: is empty"),
    Bad("a comment alone", written(STUDY, "# later"), rf"{STUDY}: is empty"),
    Bad("a list for a mapping", written(STUDY, "- slug: a"), rf"{STUDY}: should be a mapping \(key: value\)"),
    Bad("a word for a mapping", written(STUDY, "later"), rf"{STUDY}: should be a mapping .+ \(got 'later'\)"),
    Bad("a mapping for a list", written("overlaps.yaml", "a: b"), r"overlaps.yaml: should be a list"),
]

FILE_FAULTS = [
    Bad("a folder named as a file", a_folder, rf"{STUDY}: is no regular file"),
    Bad("a loop of links", a_loop, rf"{STUDY}: cannot be read: Too many levels of symbolic links"),
    Bad("a pipe", a_pipe, rf"{STUDY}: is no regular file"),
    Bad(
        "another ending",
        lambda data: (data / STUDY).rename(data / "studies/x.yml"),
        r"studies/x.yml: is no .yaml file",
    ),
    Bad(
        "a missing list",
        lambda data: (data / "pathway/edges.yaml").unlink(),
        r"pathway/edges.yaml: is missing",
    ),
    Bad(
        "a missing vocabulary",
        lambda data: (data / "vocabulary.yaml").unlink(),
        r"vocabulary.yaml: is missing",
    ),
    Bad(
        "a name of its own",
        updated(STUDY, slug="x-2015"),
        rf"{STUDY}: slug: 'x-2015' differs from the file's name",
    ),
]
