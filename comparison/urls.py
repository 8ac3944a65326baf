"""The addresses of the pages."""

from django.urls import path

from comparison.views import about, cases, compare, overview, studies, therapies

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("therapies/", therapies.therapy_list, name="therapy-list"),
    path("therapies/<str:slug>/", therapies.therapy_page, name="therapy-page"),
    path("studies/", studies.study_list, name="study-list"),
    path("studies/<str:slug>/", studies.study_page, name="study-page"),
    path("cases/", cases.case_list, name="case-list"),
    path("cases/<str:slug>/", cases.case_page, name="case-page"),
    path("compare/", compare.compare_page, name="compare"),
    path("methods/", about.methods, name="methods"),
    path("data/", about.data, name="data"),
]
