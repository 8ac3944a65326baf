"""Names that nothing bears, or that two things bear."""

from tests.evidence.dataset.bad import CASES, SCORE, STUDY, THERAPY, TRIAL, Bad, edited, repeated, updated

NAME_FAULTS = [
    Bad(
        "an unknown therapy",
        updated(STUDY, "arms", 0, "regimen", 0, therapy="rituxmab"),
        rf"{STUDY}: arms\[0\].regimen\[0\].therapy: 'rituxmab' is not in therapies/",
    ),
    Bad(
        "an unknown index therapy",
        updated(CASES, "cases", 0, index_therapy="x"),
        rf"{CASES}: cases\[0\].index_therapy: 'x' is not in therapies/",
    ),
    Bad(
        "an unknown therapy before",
        updated(CASES, "cases", 0, prior_therapies=["x"]),
        rf"{CASES}: cases\[0\].prior_therapies: 'x' is not in therapies/",
    ),
    Bad(
        "an unknown therapy of a course",
        updated(CASES, "cases", 0, "courses", 0, therapy="x"),
        rf"{CASES}: cases\[0\].courses\[0\].therapy: 'x' is not in therapies/",
    ),
    Bad(
        "an unknown therapy of a finding",
        updated(STUDY, "findings", 0, therapy="x"),
        rf"{STUDY}: findings\[0\].therapy: 'x' is not in therapies/",
    ),
    Bad(
        "an unknown outcome",
        updated(STUDY, "results", 0, outcome="survival"),
        rf"{STUDY}: results\[0\].outcome: 'survival' is not in the outcomes",
    ),
    Bad(
        "an unknown outcome of a finding",
        updated(STUDY, "findings", 0, outcome="x"),
        rf"{STUDY}: findings\[0\].outcome: 'x' is not in the outcomes",
    ),
    Bad(
        "an outcome of the other kind",
        updated(STUDY, "results", 0, outcome="serum_igg4"),
        rf"{STUDY}: results\[0\]: serum_igg4 is a quantity and needs value, statistic and n",
    ),
    Bad(
        "an unknown organ",
        updated(CASES, "cases", 0, organs=["soul"]),
        rf"{CASES}: cases\[0\].organs: 'soul' is not in the organs",
    ),
    Bad(
        "an unknown organ of a response",
        updated(CASES, "cases", 0, "organ_responses", 0, organ="soul"),
        rf"{CASES}: cases\[0\].organ_responses\[0\].organ: 'soul' is not in the organs",
    ),
    Bad(
        "an unknown organ of the Responder Index",
        updated(CASES, "cases", 0, responder_index=[{**SCORE, "organ": "soul"}]),
        rf"{CASES}: cases\[0\].responder_index\[0\].organ: 'soul' is not in the organs",
    ),
    Bad(
        "an unknown organ of a study",
        updated(STUDY, organs=["soul"]),
        rf"{STUDY}: organs\[0\]: 'soul' is not in the organs",
    ),
    Bad(
        "an unknown comorbidity",
        updated(CASES, "cases", 0, comorbidities=["x"]),
        rf"{CASES}: cases\[0\].comorbidities: 'x' is not in the comorbidities",
    ),
    Bad(
        "an unknown analyte",
        updated(CASES, "cases", 0, measurements=[{"analyte": "x", "week": 0, "value": 1}]),
        rf"{CASES}: cases\[0\].measurements\[0\].analyte: 'x' is not in the analytes",
    ),
    Bad(
        "an unknown arm",
        updated(STUDY, "results", 0, arm="placebo"),
        rf"{STUDY}: results\[0\].arm: 'placebo' is not in this study's arms",
    ),
    Bad(
        "an unknown arm of a contrast",
        updated(TRIAL, "contrasts", 0, versus="x"),
        rf"{TRIAL}: contrasts\[0\].versus: 'x' is not in this study's arms",
    ),
    Bad(
        "an unknown target",
        updated(THERAPY, "mechanisms", 0, target="x"),
        rf"{THERAPY}: mechanisms\[0\].target: 'x' is not in pathway/targets.yaml",
    ),
    Bad(
        "an unknown end of an edge",
        updated("pathway/edges.yaml", 0, source="x"),
        r"pathway/edges.yaml: \[0\].source: 'x' is not in targets",
    ),
    Bad(
        "an edge to itself",
        updated("pathway/edges.yaml", 0, source="st2", target="st2"),
        r"pathway/edges.yaml: \[0\]: an edge joins two different nodes",
    ),
    Bad(
        "an overlap with no study",
        updated("overlaps.yaml", 0, b="zz-2020"),
        r"overlaps.yaml: \[0\].b: 'zz-2020' is no study here",
    ),
    Bad(
        "an overlap given twice",
        repeated("overlaps.yaml"),
        r"overlaps.yaml: \[\d+\]: aip-diabetes-komagome-2012, hart-2013-b stands at \[0\] already",
    ),
    Bad(
        "a DOI twice",
        updated(TRIAL, "citations", 0, doi="10.1136/ANNRHEUMDIS-2014-206605"),
        rf"{TRIAL}: citations\[0\].doi: 10.1136/annrheumdis-2014-206605 stands in {STUDY}: citations\[0\] already",
    ),
    Bad(
        "a PMID twice",
        updated(TRIAL, "citations", 0, pmid="25667206"),
        rf"{TRIAL}: citations\[0\].pmid: 25667206 stands in {STUDY}: citations\[0\] already",
    ),
    Bad(
        "a title twice in a study",
        repeated(CASES, "citations"),
        rf"{CASES}: citations\[3\]: Dupilumab as a novel .+ stands at \[0\] already",
    ),
    Bad(
        "no primary citation",
        updated(STUDY, "citations", 0, role="comment"),
        rf"{STUDY}: citations: needs exactly one primary citation, has 0",
    ),
    Bad("an arm twice", repeated(STUDY, "arms"), rf"{STUDY}: arms\[1\]: 'rituximab' stands at \[0\] already"),
    Bad(
        "a result twice",
        repeated(STUDY, "results"),
        rf"{STUDY}: results\[9\]: rituximab, overall_response, 26, .+ stands at \[0\] already",
    ),
    Bad(
        "a country of disease twice",
        updated(STUDY, organs=["pancreas", "pancreas"]),
        rf"{STUDY}: organs\[1\]: 'pancreas' stands at \[0\] already",
    ),
    Bad(
        "a score of the Responder Index twice",
        updated(CASES, "cases", 0, responder_index=[SCORE, {**SCORE, "score": 2}]),
        rf"{CASES}: cases\[0\].responder_index\[1\]: pancreas, week 0, ri_2018 stands at \[0\] already",
    ),
    Bad(
        "a case in two studies",
        updated(CASES, "cases", 0, slug="yamamoto-2016-p1"),
        r"studies/yamamoto-2016.yaml: cases: 'yamamoto-2016-p1' stands in studies/simpson-2020.yaml already",
    ),
    Bad(
        "a mechanism twice",
        repeated(THERAPY, "mechanisms"),
        rf"{THERAPY}: mechanisms\[1\]: il4r, antagonist stands at \[0\] already",
    ),
    Bad(
        "a mechanism's citation twice",
        repeated(THERAPY, "mechanisms", 0, "citations"),
        rf"{THERAPY}: mechanisms\[0\].citations\[1\]: .+ stands at \[0\] already",
    ),
    Bad(
        "a code of two therapies",
        updated(THERAPY, codes={"atc": "L04AA24"}),
        r"therapies/dupilumab.yaml: codes: atc, L04AA24 stands in therapies/abatacept.yaml already",
    ),
    Bad(
        "a name of two therapies",
        updated(THERAPY, name="Abatacept"),
        rf"{THERAPY}: name: 'Abatacept' stands in therapies/abatacept.yaml already",
    ),
    Bad(
        "a target twice",
        repeated("pathway/targets.yaml"),
        r"pathway/targets.yaml: \[\d+\]: 'il33' stands at \[0\] already",
    ),
    Bad(
        "an edge twice",
        repeated("pathway/edges.yaml"),
        r"pathway/edges.yaml: \[\d+\]: il33, binds, st2, .+ stands at \[0\] already",
    ),
    Bad(
        "an outcome twice",
        repeated("vocabulary.yaml", "outcomes"),
        r"vocabulary.yaml: outcomes\[\d+\]: '(complete_remission|Complete remission)' stands at \[0\] already",
    ),
    Bad(
        "a design that the code lacks",
        edited("vocabulary.yaml", lambda words: words["designs"].append({"slug": "n_of_1", "level": 2})),
        r"vocabulary.yaml: designs: differs from Design in the code: .+",
    ),
    Bad(
        "another level",
        updated("vocabulary.yaml", "designs", 2, level=1),
        r"vocabulary.yaml: designs.randomised_trial.level: differs from OCEBM_LEVELS in the code",
    ),
    Bad(
        "a quantity without unit",
        edited("vocabulary.yaml", lambda words: words["outcomes"][5].pop("unit")),
        r"vocabulary.yaml: outcomes\[5\].unit: a quantity has a unit, a proportion has none",
    ),
    Bad(
        "a study that tells nothing",
        edited(STUDY, lambda study: (study.pop("results"), study.pop("findings"))),
        rf"{STUDY}: holds no result, contrast, finding, synthesis or case",
    ),
]
