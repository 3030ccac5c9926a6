"""Paths of the cards."""

from django.urls import path

from firstbell.web.cards import views

urlpatterns = [
    path("class/<int:class_id>/", views.cards_of_class, name="cards_class"),
    path("school/<int:org_id>/", views.cards_of_school, name="cards_school"),
    path("people/", views.cards_of_people, name="cards_people"),
]
