"""The patients of the curated set, drawn: every figure is one that Plotly takes."""

from __future__ import annotations

import pytest

from comparison.presenters.timeline import timeline_chart, timeline_of
from evidence.models import Case
from tests.comparison.test_timeline import drawing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curated")]


def test_every_case_has_its_timeline() -> None:
    cases = list(Case.objects.with_everything())
    assert len(cases) > 100
    charts = [timeline_chart(timeline_of(case)) for case in cases]
    drawn = [chart for chart in charts if chart.figure is not None]
    for chart in drawn:
        drawing(chart)
        assert chart.table is not None
    assert len(drawn) > 80
