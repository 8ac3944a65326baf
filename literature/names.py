"""Authors as the papers print them, "van den Elshout M", taken apart for CSL-JSON."""

import re
from collections.abc import Mapping

# "MN", "J-P", "ÁB": capitals alone, four at most, with hyphens between them.
_LONGEST = 4
_INITIALS = re.compile(rf"(?:[^\W\d_]-?){{1,{_LONGEST}}}")
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
        "division",
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
    if is_group(printed):
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


def is_group(name: str) -> bool:
    """Whether a word in the name says that it is a group, such as "Investigators" or "Hospital"."""
    return any(word.lower().strip(",.") in _GROUP_WORDS for word in name.split())


def inverted(name: dict[str, str]) -> str:
    """A CSL name as RIS and BibTeX print it: "van den Elshout, M." or the literal name."""
    if "literal" in name:
        return name["literal"]
    family = " ".join(part for part in (name.get("non-dropping-particle"), name["family"]) if part)
    return ", ".join(part for part in (family, name.get("suffix"), name.get("given")) if part)


def printed(name: Mapping[str, str]) -> str:
    """A CSL name as papers print it, "van den Elshout M": the inverse of `csl_name`.

    Given names become initials as the National Library of Medicine writes them: "Jean-Pierre" is "JP", while initials
    that the source printed with a hyphen keep it. A name without a family name is printed as it stands.
    """
    literal = name.get("literal") or name.get("name")
    family = " ".join(
        name[part] for part in ("dropping-particle", "non-dropping-particle", "family") if name.get(part)
    )
    if literal or not family:
        return " ".join((literal or name.get("given") or "").split())
    given, suffix = name.get("given", ""), name.get("suffix", "").lstrip(", ")
    words = given.split()
    # PubMed writes "Smith, John A Jr".
    if not suffix and len(words) > 1 and words[-1].rstrip(".") in _SUFFIXES:
        given, suffix = " ".join(words[:-1]), words[-1]
    parts = (family, initials(_without_shouting(family, given)), suffix)
    return " ".join(" ".join(part for part in parts if part).split())


def initials(given: str) -> str:
    """ "Mollie N." is "MN", four letters at most; a script without capitals keeps the name whole."""
    words = re.split(r"\s+|(?<=\.)(?=[^\W\d_])", given.strip())
    # "de" in "Maria de Lourdes" gives no initial.
    told = [word for index, word in enumerate(words) if index == 0 or not word.islower()]
    found = "".join(map(_initials_of, told))
    return "".join(re.findall(r"[^\W\d_]-?", found)[:_LONGEST]) or given.strip(" .-")


def _initials_of(word: str) -> str:
    letters = re.sub(r"[\u2010-\u2015]", "-", word.replace(".", ""))
    if _are_initials(letters):
        return letters
    firsts = [part[0].upper() for part in letters.split("-") if part]
    return "".join(one for one in firsts if len(one) == 1 and one.isupper())


def _without_shouting(family: str, given: str) -> str:
    """ZHANG, WEN: where the whole name is in capitals, a word of three letters is no three initials."""
    if not (family.isupper() and len(family) > 3):
        return given
    return " ".join(word.capitalize() if len(word) > 2 and word.isalpha() else word for word in given.split())


def _single_word(word: str) -> dict[str, str]:
    return {"family": word} if word[0].isupper() and "." not in word else {"literal": word}


def _are_initials(word: str) -> bool:
    # Each letter by itself: isupper() passes over those of a script without capitals.
    return _INITIALS.fullmatch(word) is not None and all(
        letter.isupper() for letter in word if letter.isalpha()
    )


def _split_particle(words: list[str]) -> tuple[str, str]:
    """Leading words in lower case are a particle; a name that is all lower case keeps its last word as family."""
    count = 0
    while count < len(words) - 1 and words[count].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _with_points(initials: str) -> str:
    """ "MN" is "M. N.": every CSL style reads that as two initials, but "MN" as one name."""
    return re.sub(r"([^\W\d_])(?=[^\W\d_])", r"\1. ", initials).replace("-", ".-") + "."
