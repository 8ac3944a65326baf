"""The patients of the curated set, drawn: every figure is one that Plotly takes."""

from __future__ import annotations

import pytest

from comparison import explorer
from comparison.presenters.case_views import views_of
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


def test_every_view_of_the_explorer_is_drawn() -> None:
    matching = Case.objects.published()
    group = explorer.cohort(matching, explorer.overlapping_studies())
    views = views_of(matching, group.patients)
    assert [view.anchor for view in views] == [
        *("courses", "view-serum-igg4", "view-glucocorticoid-dose", "organs", "relapse")
    ]
    for view in views:
        drawing(view.chart)
        assert view.chart.table is not None
        assert view.chart.caption
