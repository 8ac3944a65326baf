"""The list of therapies and a therapy's page."""

from __future__ import annotations

import pytest
from django.test import Client

from comparison.presenters.therapy import partial_date
from evidence.choices import Basis, Design, Direction, Domain, Response
from evidence.models import Outcome
from foundation.models import RetiredSlug
from literature.choices import RetractionStatus
from tests import factories as make
from tests.comparison.pages import assert_constant_queries, assert_sound, read, words
from therapies.choices import Place
from therapies.models import Therapy

pytestmark = pytest.mark.django_db

LETTER = 'Letter "Efficacy of dupilumab", paragraph 1'
TOLD = (
    ("asthma_control", "Asthma control", Domain.EFFICACY, Direction.IMPROVED, "Bronchial asthma got better."),
    ("eosinophils", "Blood eosinophils", Domain.BIOMARKER, Direction.IMPROVED, "Counts dropped to 0 in all."),
    (
        "gland_enlargement",
        "Gland enlargement",
        Domain.EFFICACY,
        Direction.NO_CHANGE,
        "Glands stayed as they were.",
    ),
    ("serum_igg4", "Serum IgG4", Domain.BIOMARKER, Direction.NO_CHANGE, "Serum IgG4 did not move."),
    (
        "glucocorticoid_reduced",
        "Glucocorticoid dose reduced",
        Domain.STEROID_SPARING,
        Direction.MIXED,
        "Only limited tapering of glucocorticoid.",
    ),
)


@pytest.fixture
def mepolizumab() -> Therapy:
    """What the letter tells of mepolizumab, in words alone."""
    therapy = make.TherapyFactory(slug="mepolizumab", name="Mepolizumab")
    letter = make.StudyFactory(
        slug="ard-letter", label="ARD letter", design=Design.CASE_SERIES, enrolled=None, basis=Basis.FULL_TEXT
    )
    for position, (slug, name, domain, direction, statement) in enumerate(TOLD):
        make.FindingFactory(
            study=letter,
            therapy=therapy,
            outcome=make.OutcomeFactory(slug=slug, name=name, domain=domain, position=position),
            direction=direction,
            statement=statement,
            locator=LETTER,
            patients=None,
            position=position,
        )
    return therapy


def full_therapy(slug: str = "rituximab") -> Therapy:
    """A therapy with something in every part of its page."""
    therapy = Therapy.objects.filter(slug=slug).first()
    if therapy is None:
        therapy = make.TherapyFactory(slug=slug, name=slug.title(), place=Place.OFF_LABEL)
        mechanism = make.MechanismFactory(therapy=therapy)
        make.MechanismCitationFactory(mechanism=mechanism)
        make.RegulatoryStatusFactory(therapy=therapy)
        make.SafetyNoteFactory(therapy=therapy)
        make.TherapyCodeFactory(therapy=therapy)
    study = make.StudyFactory()
    arm = make.ArmFactory(study=study, therapy=therapy)
    result = make.ResultFactory(arm=arm)
    make.ResultFactory(arm=arm, quantity=True)
    make.ContrastFactory(study=study, arm=arm, versus=make.ArmFactory(study=study), outcome=result.outcome)
    make.FindingFactory(study=study, therapy=therapy, outcome=result.outcome)
    make.PublishedSynthesisFactory(therapy=therapy, outcome=result.outcome)
    case = make.CaseFactory(index_therapy=therapy)
    make.CaseOrganFactory(case=case)
    make.CaseComorbidityFactory(case=case)
    make.OverlapFactory(study_a=study, study_b=case.study)
    return therapy


def test_the_list_tells_amount_and_strongest_design_of_each_therapy(client: Client) -> None:
    full_therapy()
    make.TherapyFactory(name="Untried", place=Place.NO_EVIDENCE)
    html = read(client, "/therapies/")
    assert_sound(html)
    text = words(html)
    assert "Off-label, in use" in text
    assert "Rituximab" in text
    assert "no study" in text


def test_mepolizumab_tells_what_the_letter_told_each_with_its_source(
    client: Client, mepolizumab: Therapy
) -> None:
    html = read(client, "/therapies/mepolizumab/")
    assert_sound(html)
    text = words(html)
    findings = html[html.index('id="findings"') :]
    for slug, name, _, direction, statement in TOLD:
        place = findings.index(statement)
        block = findings[findings.rindex("<li", 0, place) : findings.index("</li>", place)]
        assert name in block
        assert Direction(direction).label in block
        assert "ARD letter" in block, slug
        assert "paragraph 1" in block
    assert "told in words only" in text
    assert "number of patients not reported" in text


def test_words_come_before_the_empty_figures_where_nothing_is_counted(
    client: Client, mepolizumab: Therapy
) -> None:
    html = read(client, "/therapies/mepolizumab/")
    assert html.index('id="findings"') < html.index('id="efficacy"')
    assert "not evidence of safety" in html


def test_a_therapys_page_tells_each_figure_with_arm_design_and_source(client: Client) -> None:
    therapy = make.TherapyFactory(slug="rituximab", name="Rituximab")
    study = make.StudyFactory(label="Carruthers 2015", cited__doi="10.1136/annrheumdis-2014-206605")
    arm = make.ArmFactory(study=study, therapy=therapy, label="Rituximab 1 g twice")
    outcome = make.OutcomeFactory(slug="complete_remission", name="Complete remission")
    make.ResultFactory(arm=arm, outcome=outcome, definition="Responder Index 0")
    text = words(read(client, "/therapies/rituximab/"))
    assert "14 of 30 (47%, 95% CI 28 to 66)" in text
    assert "Responder Index 0" in text
    assert "Rituximab 1 g twice" in text
    assert "Single arm" in text
    assert "Carruthers 2015" in text
    assert "doi:10.1136/annrheumdis-2014-206605" in text


def test_every_part_of_a_full_page_is_drawn(client: Client) -> None:
    full_therapy()
    html = read(client, "/therapies/rituximab/")
    assert_sound(html)
    text = words(html)
    for part in (
        "3 April 2025",
        "hypersensitivity".capitalize(),
        "It blocks the signal.",
        "ATC",
        "share patients",
    ):
        assert part in text, part


def test_cases_are_counted_and_said_to_be_mostly_successes(client: Client) -> None:
    make.OutcomeFactory(slug="overall_response", name="Overall response")
    therapy = make.TherapyFactory(slug="dupilumab", name="Dupilumab")
    make.CaseFactory(index_therapy=therapy, response=Response.NO_RESPONSE)
    make.CaseFactory(index_therapy=therapy)
    text = words(read(client, "/therapies/dupilumab/"))
    assert "1 of 2 (50%" in text
    assert "Published cases are mostly successes" in text
    assert "Only case series and reports exist" in text


def test_nothing_of_a_draft_is_told(client: Client) -> None:
    therapy = make.TherapyFactory(slug="dupilumab", name="Dupilumab")
    draft = make.StudyFactory(draft=True, label="Secret 2026")
    outcome: Outcome = make.OutcomeFactory()
    make.ResultFactory(arm=make.ArmFactory(study=draft, therapy=therapy), outcome=outcome)
    make.FindingFactory(study=draft, therapy=therapy, outcome=outcome, statement="Unpublished words.")
    make.CaseFactory(study=draft, index_therapy=therapy)
    text = words(read(client, "/therapies/dupilumab/"))
    assert "Secret 2026" not in text
    assert "Unpublished words" not in text
    assert "No published patient with IgG4-RD was found" in text


def test_a_retracted_report_is_marked_at_its_figure_and_in_the_references(client: Client) -> None:
    therapy = make.TherapyFactory(slug="dupilumab", name="Dupilumab")
    study = make.StudyFactory(cited__retraction_status=RetractionStatus.RETRACTED)
    make.ResultFactory(arm=make.ArmFactory(study=study, therapy=therapy))
    html = read(client, "/therapies/dupilumab/")
    assert words(html).count("Retracted") >= 2


def test_a_renamed_therapy_is_found_by_its_old_address(client: Client) -> None:
    make.TherapyFactory(slug="mycophenolate")
    RetiredSlug.objects.create(kind="therapies.therapy", old="mmf", new="mycophenolate")
    response = client.get("/therapies/mmf/")
    assert response.status_code == 301
    assert response["Location"] == "/therapies/mycophenolate/"


def test_an_unknown_therapy_is_a_404_with_ways_on(client: Client) -> None:
    html = read(client, "/therapies/nothing/", 404)
    assert_sound(html)
    assert "Page not found" in html
    assert 'href="/therapies/"' in html


def test_a_therapys_page_takes_a_constant_number_of_queries(client: Client) -> None:
    assert_constant_queries(client, "/therapies/rituximab/", full_therapy)


def test_the_list_takes_a_constant_number_of_queries(client: Client) -> None:
    assert_constant_queries(client, "/therapies/", lambda: full_therapy(make.TherapyFactory().slug))


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("", "date not reported"),
        ("2025", "2025"),
        ("2025-04", "April 2025"),
        ("2025-12-03", "3 December 2025"),
    ],
)
def test_a_regulatory_date_is_as_exact_as_it_was_read(date: str, expected: str) -> None:
    assert partial_date(date) == expected
