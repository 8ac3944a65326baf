"""The addresses of the pages."""

from django.urls import path

from comparison.views import therapies

urlpatterns = [
    path("therapies/", therapies.therapy_list, name="therapy-list"),
    path("therapies/<str:slug>/", therapies.therapy_page, name="therapy-page"),
]
