"""Closed lists of therapies and of the disease map; data/vocabulary.yaml names the same slugs."""

from django.db import models


class DrugClass(models.TextChoices):
    """What kind of treatment a therapy is."""

    GLUCOCORTICOID = "glucocorticoid", "Glucocorticoid"
    MONOCLONAL_ANTIBODY = "monoclonal_antibody", "Monoclonal antibody"
    FUSION_PROTEIN = "fusion_protein", "Fusion protein"
    CONVENTIONAL_IMMUNOSUPPRESSANT = "conventional_immunosuppressant", "Conventional immunosuppressant"
    SMALL_MOLECULE_INHIBITOR = "small_molecule_inhibitor", "Targeted small molecule"
    ANTIBODY_FRAGMENT = "antibody_fragment", "Antibody fragment"
    HORMONAL_AGENT = "hormonal_agent", "Hormonal agent"
    ANTIMALARIAL = "antimalarial", "Antimalarial"
    CELL_THERAPY = "cell_therapy", "Cell therapy"
    PROCEDURE = "procedure", "Procedure"
    CONTROL = "control", "Control"


class Place(models.TextChoices):
    """A therapy's place in IgG4-RD today."""

    FIRST_LINE = "first_line", "First-line induction"
    APPROVED = "approved", "Approved for IgG4-RD"
    OFF_LABEL = "off_label", "Off-label, in use"
    INVESTIGATIONAL = "investigational", "Investigational"
    NO_EVIDENCE = "no_evidence", "No published patients found"
    CONTROL = "control", "Control"


class Action(models.TextChoices):
    """What a therapy does to its target."""

    INHIBITOR = "inhibitor", "inhibits"
    ANTAGONIST = "antagonist", "antagonises"
    AGONIST = "agonist", "activates"
    DEPLETING = "depleting", "depletes"
    BLOCKING = "blocking", "blocks"
    NEUTRALISING = "neutralising", "neutralises"
    MODULATING = "modulating", "modulates"


class Agency(models.TextChoices):
    """Who licenses medicines."""

    FDA = "FDA", "FDA (United States)"
    EMA = "EMA", "EMA (European Union)"
    PMDA = "PMDA", "PMDA (Japan)"
    NMPA = "NMPA", "NMPA (China)"
    MHRA = "MHRA", "MHRA (United Kingdom)"
    HEALTH_CANADA = "HealthCanada", "Health Canada"
    TGA = "TGA", "TGA (Australia)"
    SWISSMEDIC = "Swissmedic", "Swissmedic (Switzerland)"
    EC = "EC", "European Commission"


class CodeSystem(models.TextChoices):
    """Code systems in which a therapy may be named."""

    ATC = "atc", "ATC"
    RXNORM = "rxnorm", "RxNorm"
    UNII = "unii", "UNII"
    CHEMBL = "chembl", "ChEMBL"
    NCIT = "ncit", "NCI Thesaurus"


class Layer(models.TextChoices):
    """Layers of the disease map, left to right; drug targets stand apart, they act inside cells."""

    TRIGGER = "trigger", "Triggers"
    INNATE = "innate", "Innate cells"
    T_CELL = "t_cell", "T cells"
    CYTOKINE = "cytokine", "Cytokines"
    B_CELL = "b_cell", "B cells and plasma cells"
    ANTIBODY = "antibody", "Antibodies"
    STROMA = "stroma", "Fibrosis"
    DRUG_TARGET = "drug_target", "Targets inside cells"


class TargetKind(models.TextChoices):
    """What a node of the map is."""

    CYTOKINE = "cytokine", "Cytokine"
    RECEPTOR = "receptor", "Receptor"
    SURFACE_ANTIGEN = "surface_antigen", "Surface antigen"
    ENZYME = "enzyme", "Enzyme"
    INTRACELLULAR_PROTEIN = "intracellular_protein", "Intracellular protein"
    MATRIX_PROTEIN = "matrix_protein", "Matrix protein"
    TRANSCRIPTION_FACTOR = "transcription_factor", "Transcription factor"
    ANTIBODY = "antibody", "Antibody"
    CELL = "cell", "Cell"
    PROCESS = "process", "Process"


class Relation(models.TextChoices):
    """How one node drives another."""

    PRODUCES = "produces", "produces"
    EXPRESSES = "expresses", "expresses"
    PROMOTES = "promotes", "promotes"
    INHIBITS = "inhibits", "inhibits"
    DIFFERENTIATES_INTO = "differentiates_into", "differentiates into"
    BINDS = "binds", "binds"
    BECOMES = "becomes", "becomes"
    # Found together, without proof of cause.
    ASSOCIATED_WITH = "associated_with", "is associated with"


class EdgeEvidence(models.TextChoices):
    """The kind of observation behind an edge of the map."""

    IGG4RD_TISSUE = "igg4rd_tissue", "Tissue of patients with IgG4-RD"
    IGG4RD_BLOOD = "igg4rd_blood", "Blood of patients with IgG4-RD"
    IGG4RD_TREATED = "igg4rd_treated", "Treated patients with IgG4-RD"
    OTHER_DISEASE = "other_disease", "Another disease"
    IN_VITRO = "in_vitro", "In vitro"
    ANIMAL = "animal", "Animals"
    GENERAL = "general", "General immunology"
    HYPOTHESIS = "hypothesis", "Hypothesis"
