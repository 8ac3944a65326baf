"""Random patients."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from evidence import choices
from evidence.care import READER_ITEMS
from evidence.dataset import schema
from tests.evidence.dataset.strategies import (
    Names,
    addresses,
    maybe,
    of,
    record,
    regimens,
    relative_weeks,
    rows,
    some,
    text,
)


@composite
def responder_indices(draw: DrawFn, names: Names) -> list[Any]:
    """Scores of organs and totals, one for each week, organ and version."""
    found = {}
    for week, organ, version in draw(
        rows(
            st.tuples(
                relative_weeks, maybe(st.sampled_from(names.organs)), of(choices.ResponderIndexVersion)
            ),
            4,
        )
    ):
        flag = st.none() if organ is None else maybe(st.booleans())
        highest = 240 if organ is None else 3 if version == "ri_2018" else 4
        found[week, organ, version] = draw(
            record(
                schema.ResponderIndexRecord,
                week=st.just(week),
                organ=st.just(organ),
                version=st.just(version),
                score=st.integers(0, highest),
                symptomatic=flag,
                urgent=flag,
                damage=flag,
                as_reported=maybe(text),
            )
        )
    return list(found.values())


@composite
def cases(draw: DrawFn, names: Names, slug: str) -> Any:
    start, stop = sorted(draw(st.tuples(relative_weeks, relative_weeks)))
    relapse = draw(maybe(st.booleans()))
    follow_up = draw(maybe(st.integers(0, 2_000_000_000)))
    organs = draw(some(names.organs))
    course = regimens(
        names, schema.CourseRecord, start_week=maybe(st.just(start)), stop_week=maybe(st.just(stop))
    )
    return draw(
        record(
            schema.CaseRecord,
            slug=st.just(slug),
            index_therapy=st.sampled_from(names.therapies),
            age_years=maybe(st.floats(0, 90)),
            sex=of(choices.Sex),
            organs=st.just(organs),
            comorbidities=maybe(some(names.comorbidities)),
            prior_therapies=maybe(some(names.therapies)),
            courses=rows(course),
            measurements=rows(
                record(
                    schema.MeasurementRecord,
                    analyte=st.sampled_from(names.analytes),
                    week=relative_weeks,
                    value=st.floats(0, 1e11),
                    as_reported=maybe(text),
                )
            ),
            organ_responses=rows(
                record(
                    schema.OrganResponseRecord,
                    organ=st.sampled_from(organs),
                    response=of(choices.OrganChange),
                    week=maybe(relative_weeks),
                )
            )
            if organs
            else st.just([]),
            responder_index=responder_indices(names),
            response=of(choices.Response),
            steroid_effect=of(choices.SteroidEffect),
            relapse=st.just(relapse),
            relapse_week=maybe(st.integers(0, 5200 if follow_up is None else min(follow_up, 5200)))
            if relapse
            else st.none(),
            follow_up_weeks=st.just(follow_up),
            adverse_events=maybe(rows(text)),
            acr_eular_2019=maybe(of(choices.ClassificationStatus)),
            acr_eular_2019_score=maybe(st.integers(0, 101)),
            care=st.dictionaries(st.sampled_from(READER_ITEMS), st.booleans()),
            summary=text,
            locator=text,
            basis=maybe(of(choices.Basis)),
            read_at=maybe(addresses),
        )
    )
