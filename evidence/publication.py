"""SQL conditions for the revision triggers: which changed rows belong to published evidence."""

# What nobody reads in public.
NEVER = "FALSE"
STUDY_ITSELF = "changed.state = 'published'"
OF_STUDY = "changed.study_id IN (SELECT id FROM evidence_study WHERE state = 'published')"
OF_ARM = (
    "changed.arm_id IN (SELECT arm.id FROM evidence_arm AS arm "
    "JOIN evidence_study AS study ON study.id = arm.study_id WHERE study.state = 'published')"
)
OF_CASE = (
    "changed.case_id IN (SELECT patient.id FROM evidence_case AS patient "
    "JOIN evidence_study AS study ON study.id = patient.study_id WHERE study.state = 'published')"
)
OF_BOTH_STUDIES = (
    "changed.study_a_id IN (SELECT id FROM evidence_study WHERE state = 'published') "
    "AND changed.study_b_id IN (SELECT id FROM evidence_study WHERE state = 'published')"
)
OF_APPRAISAL = (
    "changed.appraisal_id IN (SELECT appraisal.id FROM evidence_appraisal AS appraisal "
    "JOIN evidence_study AS study ON study.id = appraisal.study_id WHERE study.state = 'published')"
)
