"""The vocabulary as people type it: by name, by synonym, or by slug; pure."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

PARTED_BY = re.compile(r"[,;\n]")


def folded(text: str) -> str:
    """Text as it is compared: any case, any run of spaces or hyphens."""
    return " ".join(re.split(r"[\s_-]+", text.casefold())).strip()


@dataclass(frozen=True)
class Terms:
    """One list of the vocabulary."""

    # How a message names it.
    called: str
    # Slug to name.
    names: Mapping[str, str]
    # Another name to slug.
    synonyms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for slug, name in self.names.items():
            found.setdefault(name, []).append(slug)
        return found

    @cached_property
    def _by_folded(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for slug, name in self.names.items():
            found.setdefault(folded(name), set()).add(slug)
            found.setdefault(folded(slug), set()).add(slug)
        others: dict[str, set[str]] = {}
        for other, slug in self.synonyms.items():
            others.setdefault(folded(other), set()).add(slug)
        # A synonym never takes the name of another term.
        return others | found

    def find(self, text: str) -> str | None:
        """The slug that text means; None where it means none, or more than one."""
        plain = text.strip()
        if plain in self.names:
            return plain
        exact = self._by_name.get(plain, [])
        found = exact or sorted(self._by_folded.get(folded(plain), ()))
        return found[0] if len(found) == 1 else None

    def written(self, slug: str) -> str:
        """A term as a field shows it: by name where that is read back as the same term."""
        name = self.names.get(slug, slug)
        readable = name == name.strip() and not PARTED_BY.search(name)
        return name if readable and self.find(name) == slug else slug

    def closest(self, text: str) -> str:
        """The name that was perhaps meant; empty where none is near."""
        plain, known = folded(text), list(self._by_folded)
        near = [name for name in known if plain and (name.startswith(plain) or plain in name.split())]
        near = near or difflib.get_close_matches(plain, known, n=1, cutoff=0.6)
        return self.names[min(self._by_folded[near[0]])] if near else ""


@dataclass(frozen=True)
class Vocabulary:
    """All lists, and the unit of each analyte."""

    therapies: Terms
    organs: Terms
    comorbidities: Terms
    analytes: Terms
    units: Mapping[str, str]

    def of(self, name: str) -> Terms:
        """The list of a name."""
        terms: Terms = getattr(self, name)
        return terms
