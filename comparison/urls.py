"""The addresses of the pages."""

from django.urls import path, re_path

from comparison.views import (
    about,
    cases,
    compare,
    drafts,
    like_mine,
    overview,
    sensitivity,
    studies,
    therapies,
)
from comparison.views.formats import as_data, or_as_data

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("therapies/", or_as_data("therapies")(therapies.therapy_list), name="therapy-list"),
    path("therapies/<str:slug>/", or_as_data("therapies")(therapies.therapy_page), name="therapy-page"),
    path("studies/", or_as_data("studies")(studies.study_list), name="study-list"),
    path("studies/<str:slug>/", or_as_data("studies")(studies.study_page), name="study-page"),
    path("cases/", or_as_data("cases")(cases.case_list), name="case-list"),
    path("cases/like-mine/", or_as_data("cases/like-mine")(like_mine.like_mine), name="cases-like-mine"),
    path("cases/preview/<uuid:draft>/", drafts.case_draft_preview, name="case-draft-preview"),
    path("cases/<str:slug>/", or_as_data("cases")(cases.case_page), name="case-page"),
    path("compare/", or_as_data("compare")(compare.compare_page), name="compare"),
    path("compare/sensitivity/", sensitivity.sensitivity_page, name="sensitivity"),
    path("methods/", about.methods, name="methods"),
    path("data/", about.data, name="data"),
    re_path(r"^(?P<page>cases/like-mine)\.(?P<extension>json|csv)$", as_data, name="like-mine-as-data"),
    re_path(
        r"^(?P<page>compare|studies|cases|therapies)\.(?P<extension>json|csv)$", as_data, name="list-as-data"
    ),
    re_path(
        r"^(?P<page>studies|cases|therapies)/(?P<slug>[a-z0-9][a-z0-9_-]*)\.(?P<extension>json)$",
        as_data,
        name="record-as-data",
    ),
]
