"""Records as PubMed, EndNote, Zotero, Mendeley and publishers write them, read field by field."""

from typing import Any

import pytest

from literature.pasting import read_citations

NBIB = """
PMID- 25667206
OWN - NLM
STAT- MEDLINE
DCOM- 20150803
IS  - 1468-2060 (Electronic)
VI  - 74
IP  - 6
DP  - 2015 Jun
TI  - Rituximab for IgG4-related disease: a prospective, open-label trial with a title
      that runs over two lines.
PG  - 1171-7
LID - 10.1136/annrheumdis-2014-206605 [doi]
LID - annrheumdis-2014-206605 [pii]
AB  - OBJECTIVE: To evaluate
      AU  - this is no author
FAU - Carruthers, Mollie N
AU  - Carruthers MN
AD  - Massachusetts General Hospital, Boston.
CN  - IgG4-RD Consortium for
      Trials
FAU - van den Elshout, Marije
AU  - van den Elshout M
FAU - Smith, John A Jr
AU  - Smith JA Jr
LA  - eng
PT  - Clinical Trial
PT  - Journal Article
TA  - Ann Rheum Dis
JT  - Annals of the rheumatic diseases
JID - 0372355
PMC - PMC5119524
EIN - Ann Rheum Dis. 2016 Jan;75(1):300. PMID: 26659857
SO  - Ann Rheum Dis. 2015 Jun;74(6):1171-7. doi: 10.1136/annrheumdis-2014-206605.
"""
AHEAD_OF_PRINT = """PMID- 39000001
DP  - 2026 Nov 3
TI  - [Dupilumab bei IgG4-assoziierter Erkrankung].
AID - 10.1007/s00393-026-00001-1 [doi]
AU  - Müller K
AU  - et al.
DEP - 20261103
PST - aheadofprint
JT  - Rheumatology (Oxford, England)
"""
ENDNOTE = """TY  - JOUR
AU  - Carruthers, Mollie N
AU  - van den Elshout, M.
AU  - Smith, John A., Jr.
AU  - IgG4-RD Trial Investigators,
AN  - 25667206
C2  - PMC5119524
DA  - Jun
DO  - 10.1136/ANNRHEUMDIS-2014-206605
IS  - 6
KW  - PMID: 1
PY  - 2015
SP  - 1171-7
ST  - Rituximab
T2  - Ann Rheum Dis
TI  - Rituximab for
   IgG4-related disease
UR  - https://www.ncbi.nlm.nih.gov/pubmed/25667206
VL  - 74
ID  - 12
ER  -

"""
ZOTERO = """TY  - CPAPER
TI  - Obexelimab in IgG4-related disease
AU  - Perugino, Cory
C3  - Arthritis & Rheumatology
DA  - 2023/10/01/
PY  - 2023
M1  - suppl 9
N1  - PMID: 37000001 PMCID: PMC9999999
UR  - https://acrabstracts.org/abstract/x?a=1;b=2
ER  - """
EMBASE = "TY  - JOUR\nT1  - A trial\nA1  - Stone, J.\nJF  - Gut\nY1  - 2020//\nAN  - 20123456\nDB  - Embase\nER  - "
MENDELEY = r"""
@article{Carruthers2015,
author = {Carruthers, Mollie N and {van den Elshout}, M. and M{\"{u}}ller, J{\'{e}}r{\^{o}}me and
  {The {IgG4} Study Group} and Smith, Jr., John A. and others},
doi = {10.1136/annrheumdis-2014\_206605},
journal = {Annals of the Rheumatic Diseases},
month = {jun},
number = {6},
pages = {1171--1177},
pmid = {25667206},
title = {{Rituximab for {IgG4}-related disease: 50% of $\alpha$ \& {\ss}}},
url = {http://ard.bmj.com/cgi/x\_y?z=%20a},
volume = {74},
year = {2015}
}
"""
BIBLATEX = """@online{fda2025, title = {Approval of inebilizumab}, author = {{US Food and Drug Administration}},
  date = {2025-04-03}, url = {https://www.fda.gov/drugs/x}}"""
PREPRINT = """@misc{x, title={A preprint}, author={John Stone and Wallace, Zachary S}, year=2024, eprint={2401.00001},
  archivePrefix={medRxiv}, doi={10.1101/2024.01.01.1}}"""
PUBMED_EPRINT = "@article{x, title={A}, eprint={123}, eprinttype={pubmed}, year={n.d.}}"
CROSSREF_API = """{"status": "ok", "message-type": "work", "message": {"type": "journal-article", "title": ["A trial"],
  "DOI": "10.1000/X", "author": [{"given": "J. H.", "family": "STONE"}, {"name": "X Group"}]}}"""

RECORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "NBIB": (
        NBIB,
        {
            "title": "Rituximab for IgG4-related disease: a prospective, open-label trial with a title that runs"
            " over two lines",
            "authors": [
                "Carruthers MN",
                "IgG4-RD Consortium for Trials",
                "van den Elshout M",
                "Smith JA Jr",
            ],
            "journal": "Annals of the rheumatic diseases",
            "year": 2015,
            "volume": "74",
            "issue": "6",
            "pages": "1171-1177",
            "doi": "10.1136/annrheumdis-2014-206605",
            "pmid": "25667206",
            "pmcid": "PMC5119524",
            "csl_type": "article-journal",
            "authors_complete": True,
            "url": "",
        },
    ),
    "NBIB ahead of print, with authors cut short": (
        AHEAD_OF_PRINT,
        {
            "title": "[Dupilumab bei IgG4-assoziierter Erkrankung]",
            "authors": ["Müller K"],
            "authors_complete": False,
            "journal": "Rheumatology",
            "year": 2026,
            "volume": "",
            "pages": "",
            "doi": "10.1007/s00393-026-00001-1",
        },
    ),
    "RIS of EndNote": (
        ENDNOTE,
        {
            "title": "Rituximab for IgG4-related disease",
            "authors": ["Carruthers MN", "van den Elshout M", "Smith JA Jr.", "IgG4-RD Trial Investigators"],
            "journal": "Ann Rheum Dis",
            "year": 2015,
            "pages": "1171-1177",
            "pmid": "25667206",
            "pmcid": "PMC5119524",
            "doi": "10.1136/annrheumdis-2014-206605",
            "url": "",
        },
    ),
    "RIS of Zotero": (
        ZOTERO,
        {
            "csl_type": "paper-conference",
            "journal": "Arthritis & Rheumatology",
            "authors": ["Perugino C"],
            "year": 2023,
            "pmid": "37000001",
            "pmcid": "PMC9999999",
            "url": "https://acrabstracts.org/abstract/x?a=1;b=2",
        },
    ),
    "RIS of Embase, whose accession number is no PMID": (
        EMBASE,
        {"title": "A trial", "authors": ["Stone J"], "journal": "Gut", "year": 2020, "pmid": ""},
    ),
    "BibTeX of Mendeley": (
        MENDELEY,
        {
            "title": "Rituximab for IgG4-related disease: 50% of α & ß",
            "authors": [
                "Carruthers MN",
                "van den Elshout M",
                "Müller J",
                "The IgG4 Study Group",
                "Smith JA Jr.",
            ],
            "authors_complete": False,
            "journal": "Annals of the Rheumatic Diseases",
            "year": 2015,
            "issue": "6",
            "pages": "1171-1177",
            "doi": "10.1136/annrheumdis-2014_206605",
            "pmid": "25667206",
            "url": "http://ard.bmj.com/cgi/x_y?z=%20a",
        },
    ),
    "BibLaTeX of a web page": (
        BIBLATEX,
        {
            "csl_type": "webpage",
            "authors": ["US Food and Drug Administration"],
            "year": 2025,
            "url": "https://www.fda.gov/drugs/x",
        },
    ),
    "BibTeX of a preprint": (
        PREPRINT,
        {"csl_type": "article", "authors": ["Stone J", "Wallace ZS"], "journal": "medRxiv", "pmid": ""},
    ),
    "BibLaTeX that names PubMed": (PUBMED_EPRINT, {"pmid": "123", "year": None, "title": "A"}),
    "an answer of Crossref's API": (
        CROSSREF_API,
        {"csl_type": "article-journal", "doi": "10.1000/x", "authors": ["STONE JH", "X Group"]},
    ),
}


@pytest.mark.parametrize(("text", "fields"), RECORDS.values(), ids=RECORDS.keys())
def test_a_record_is_read_field_by_field(text: str, fields: dict[str, Any]) -> None:
    (citation,) = read_citations(text)
    assert {name: getattr(citation, name) for name in fields} == fields


SEVERAL = {
    "NBIB, parted by a blank line": f"{NBIB}\n{AHEAD_OF_PRINT}",
    "NBIB, parted by nothing": NBIB.strip() + "\n" + AHEAD_OF_PRINT,
    "RIS": f"{ENDNOTE}{ZOTERO}",
    "RIS without a last end": f"{ENDNOTE}{ZOTERO.removesuffix('ER  - ')}",
    "RIS with the line ends of Windows": f"{ENDNOTE}{ZOTERO}".replace("\n", "\r\n"),
    "BibTeX": f"{MENDELEY}{BIBLATEX}",
    "BibTeX with one key for two": f"{PREPRINT}\n{PUBMED_EPRINT}",
}


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL.keys())
def test_two_records_are_two_citations(text: str) -> None:
    first, second = read_citations(text)
    assert first.title and second.title and first.title != second.title
