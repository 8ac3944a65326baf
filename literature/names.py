"""Authors as the papers print them, "van den Elshout M", taken apart for CSL-JSON."""

import re

# "MN", "J-P", "ÁB": capitals alone, four at most, with hyphens between them.
_INITIALS = re.compile(r"(?:[^\W\d_]-?){1,4}")
_SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "IV", "2nd", "3rd", "4th"})
# A country or short name at the end of a group's name looks like initials: "Pancreas Study Group UK".
_GROUP_WORDS = frozenset(
    {
        "administration",
        "agency",
        "association",
        "center",
        "centre",
        "clinic",
        "college",
        "committee",
        "company",
        "consortium",
        "department",
        "foundation",
        "group",
        "hospital",
        "initiative",
        "institute",
        "institutes",
        "investigators",
        "network",
        "organisation",
        "organization",
        "programme",
        "registry",
        "school",
        "society",
        "study",
        "team",
        "trial",
        "university",
    }
)


def csl_name(printed: str) -> dict[str, str]:
    """One author in CSL-JSON: family, given, particle and suffix, or the literal name of a group.

    A single capitalised word is a family name; several words without initials at the end are a group.
    """
    words = printed.split()
    if any(word.lower().strip(",.") in _GROUP_WORDS for word in words):
        return {"literal": " ".join(words)}
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".") in _SUFFIXES else ""
    if len(words) == 1:
        return _single_word(words[0])
    initials = words[-1]
    if not _are_initials(initials):
        return {"literal": " ".join([*words, suffix]).strip()}
    particle, family = _split_particle(words[:-1])
    name = {"family": family, "given": _with_points(initials)}
    if particle:
        name["non-dropping-particle"] = particle
    if suffix:
        name["suffix"] = suffix
    return name


def inverted(name: dict[str, str]) -> str:
    """A CSL name as RIS and BibTeX print it: "van den Elshout, M." or the literal name."""
    if "literal" in name:
        return name["literal"]
    family = " ".join(part for part in (name.get("non-dropping-particle"), name["family"]) if part)
    return ", ".join(part for part in (family, name.get("suffix"), name.get("given")) if part)


def _single_word(word: str) -> dict[str, str]:
    return {"family": word} if word[0].isupper() and "." not in word else {"literal": word}


def _are_initials(word: str) -> bool:
    return word.isupper() and _INITIALS.fullmatch(word) is not None


def _split_particle(words: list[str]) -> tuple[str, str]:
    """Leading words in lower case are a particle; a name that is all lower case keeps its last word as family."""
    count = 0
    while count < len(words) - 1 and words[count].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _with_points(initials: str) -> str:
    """ "MN" is "M. N.": every CSL style reads that as two initials, but "MN" as one name."""
    return re.sub(r"([^\W\d_])(?=[^\W\d_])", r"\1. ", initials).replace("-", ".-") + "."
